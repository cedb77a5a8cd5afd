using Meed.Numerics;
using Meed.Objectives.Advantages;
using Meed.Objectives.Losses;
using Meed.RewardModels.Clips;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>The inverse model that rewards a world model.</summary>
public enum InverseModel : byte
{
    /// <summary>Random weights.</summary>
    Random,

    /// <summary>Trained to name the action between two frames.</summary>
    Trained,
}

/// <summary>Options of <see cref="InverseRewards"/>.</summary>
public sealed record InverseRewardsOptions
{
    /// <summary>Random or trained.</summary>
    public InverseModel Method { get; init; }

    /// <summary>Clean steps that the inverse model learns from.</summary>
    public int Labelled { get; init; } = 800;

    /// <summary>Updates by the reward; each samples 16 rollouts for each of 8 starts.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Learning rate of these updates.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Labelled", Labelled), ("Steps", Steps));
}

/// <summary>A world model that often ignores its actions learns to follow them from a reward: whether an inverse model reads the asked actions from its frames.</summary>
/// <remarks>
/// The world model gives the agent's move (four ways or none) from its cell and the action; half the actions of its 6,000 training steps were recorded wrong. Rollouts have four steps; the reward is the share of steps
/// whose recovered action is the asked one; group-relative advantages of 16. Measures: <c>action_following</c>, sampled moves that are what the action does, over all cells and actions; <c>frame_nll</c>, mean negative
/// log-likelihood of the true moves.
/// <para>"Reinforcement Learning with Inverse Rewards for World Model Post-training" (atlas row 158).</para>
/// </remarks>
public sealed class InverseRewards(InverseRewardsOptions options) : IStudy
{
    private const int Group = 16, Starts = 8, Length = 4, Data = 6000;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Noise = 0.1f }, draws);
        (int Cell, int Action, int Move)[] data = [.. Enumerable.Range(0, Data).Select(_ => draws.NextInt(world.Cells) is var c && draws.NextInt(ClipWorld.Actions) is var a ? (c, draws.NextBool() ? a : draws.NextInt(ClipWorld.Actions), MoveOf(world, c, a)) : default)];
        (int Cell, int Action)[] labelled = [.. Enumerable.Range(0, options.Labelled).Select(_ => (draws.NextInt(world.Cells), draws.NextInt(ClipWorld.Actions)))];

        var weights = random.Split("weights", 0);
        SmallNet model = new("model", weights, world.Cells + ClipWorld.Actions, 64, ClipWorld.Actions), inverse = new("inverse", weights, 2 * world.FrameWidth, 64, ClipWorld.Actions);
        var order = random.Split("order", 0);
        SmallNet.Fit(model.Parameters, 800, 3e-3f, _ =>
        {
            var batch = SmallNet.Draw(data, 64, order);
            return Ops.CrossEntropy(model.Forward(SmallNet.Matrix([.. batch.Select(b => Input(world, b.Cell, b.Action))])), [.. batch.Select(b => b.Move)]).Mean();
        }, stop);
        if (options.Method == InverseModel.Trained)
        {
            var own = random.Split("inverse", 0);
            SmallNet.Fit(inverse.Parameters, 600, 2e-3f, _ =>
            {
                var batch = SmallNet.Draw(labelled, 64, own);

                // Where a wall stops the move, the frames show none.
                return Ops.CrossEntropy(inverse.Forward(SmallNet.Matrix([.. batch.Select(b => SmallNet.Join(world.Frame(b.Cell, 0, own), world.Frame(world.Move(b.Cell, b.Action), 0, own)))])),
                    [.. batch.Select(b => MoveOf(world, b.Cell, b.Action))]).Mean();
            }, stop);
        }

        var before = Measure(world, model, random.Split("test", 0));
        var rollouts = random.Split("rollouts", 0);
        SmallNet.Fit(model.Parameters, options.Steps, options.LearningRate, _ => RewardLoss(world, model, inverse, rollouts), stop);
        var after = Measure(world, model, random.Split("test", 0));
        return new Dictionary<string, double> { ["action_following"] = after.Following, ["frame_nll"] = after.Nll, ["following_before"] = before.Following, ["nll_before"] = before.Nll };
    }

    private static Tensor RewardLoss(ClipWorld world, SmallNet model, SmallNet inverse, RandomStream random)
    {
        int rows = Starts * Group;
        var cells = new int[rows];
        var asked = new int[rows][];
        for (int s = 0; s < Starts; s++)
        {
            int start = random.NextInt(world.Cells);
            int[] actions = [.. Enumerable.Range(0, Length).Select(_ => random.NextInt(ClipWorld.Actions))];
            for (int g = 0; g < Group; g++)
            {
                (cells[(s * Group) + g], asked[(s * Group) + g]) = (start, actions);
            }
        }

        var recovered = new int[rows][];
        var inputs = new List<float[]>();
        var moves = new List<int>();
        var old = new List<float>();
        for (int r = 0; r < rows; r++)
        {
            recovered[r] = new int[Length];
        }

        for (int t = 0; t < Length; t++)
        {
            float[][] now = [.. cells.Select((c, r) => Input(world, c, asked[r][t]))];
            float[] logits;
            using (Tape.WithoutGradients())
            {
                logits = model.Forward(SmallNet.Matrix(now)).LogSoftmax().ToArray();
            }

            var shown = new float[rows][];
            for (int r = 0; r < rows; r++)
            {
                double[] p = [.. logits.AsSpan(r * ClipWorld.Actions, ClipWorld.Actions).ToArray().Select(v => Math.Exp(v))];
                int move = random.NextIndex(p), next = world.Move(cells[r], move);
                shown[r] = SmallNet.Join(world.Frame(cells[r], 0, random), world.Frame(next, 0, random));
                inputs.Add(now[r]);
                moves.Add(move);
                old.Add(logits[(r * ClipWorld.Actions) + move]);
                cells[r] = next;
            }

            float[] named = inverse.Apply(shown);
            for (int r = 0; r < rows; r++)
            {
                var own = named.AsSpan(r * ClipWorld.Actions, ClipWorld.Actions);
                recovered[r][t] = own.IndexOf(own.ToArray().Max());
            }
        }

        double[] rewards = [.. recovered.Select((a, r) => ActionRewards.Agreement(a, asked[r]))];
        bool[] valid = [.. rewards.Select(_ => true)];
        float[] advantages = GroupAdvantage.Compute(rewards, valid, [.. Enumerable.Range(0, Starts + 1).Select(s => s * Group)], AdvantageKind.Standardised);
        var logProbs = model.Forward(SmallNet.Matrix(inputs)).LogSoftmax().Gather([.. moves]).Reshape(Length, rows).Transpose(0, 1);                       // [B, T]
        return ClippedSurrogate.Loss(logProbs, Tensor.From([.. old], Length, rows).Transpose(0, 1), Tensor.From(advantages)).Mean();
    }

    private static (double Following, double Nll) Measure(ClipWorld world, SmallNet model, RandomStream random)
    {
        double follows = 0, nll = 0;
        int count = 0;
        for (int cell = 0; cell < world.Cells; cell++)
        {
            for (int action = 0; action < ClipWorld.Actions; action++)
            {
                float[] logits = model.Apply([Input(world, cell, action)]);
                double top = logits.Max(), sum = logits.Sum(v => Math.Exp(v - top));
                double[] p = [.. logits.Select(v => Math.Exp(v - top) / sum)];
                int truth = MoveOf(world, cell, action);
                follows += Enumerable.Range(0, 10).Count(_ => random.NextIndex(p) == truth) / 10.0;
                nll -= Math.Log(Math.Max(1e-12, p[truth]));
                count++;
            }
        }

        return (follows / count, nll / count);
    }

    // What the agent is seen to do: nothing where a wall stops it.
    private static int MoveOf(ClipWorld world, int cell, int action) => world.Move(cell, action) == cell ? 4 : action;

    private static float[] Input(ClipWorld world, int cell, int action)
    {
        var input = new float[world.Cells + ClipWorld.Actions];
        input[cell] = 1;
        input[world.Cells + action] = 1;
        return input;
    }
}
