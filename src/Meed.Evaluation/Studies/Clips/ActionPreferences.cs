using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How a policy of action chunks is trained on.</summary>
public enum ChunkTraining : byte
{
    /// <summary>It goes on imitating.</summary>
    Cloning,

    /// <summary>It learns from pairs of its own chunks, ranked by a world model and by nearness to the demonstration.</summary>
    Preferences,
}

/// <summary>Options of <see cref="ActionPreferences"/>.</summary>
public sealed record ActionPreferencesOptions
{
    /// <summary>Cloning or preferences.</summary>
    public ChunkTraining Method { get; init; }

    /// <summary>Demonstrated chunks.</summary>
    public int Demonstrations { get; init; } = 400;

    /// <summary>Steps of random motion that the world model learns from.</summary>
    public int Motion { get; init; } = 2000;

    /// <summary>Updates after the first 600 of imitation.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Learning rate of these updates.</summary>
    public float LearningRate { get; init; } = 2e-4f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Demonstrations", Demonstrations), ("Motion", Motion), ("Steps", Steps));
}

/// <summary>A point reaches goals in the plane under a wind that the demonstrations only half correct.</summary>
/// <remarks>
/// A chunk is four moves; the policy is a normal distribution of fixed deviation 0.1 around a perceptron's output. Demonstrations aim at the goal with noise 0.1 and against half the wind. The world model, learned from
/// random motion, predicts where a chunk ends. Reward of a chunk: minus the distance of that end from the goal, less 0.2 times its mean deviation from the demonstration; best and worst of eight sampled chunks make a
/// pair for direct preference optimisation (β = 1). Measure: <c>distance</c>, mean distance from 300 new goals after two chunks.
/// <para>NORA-1.5 (atlas row 144).</para>
/// </remarks>
public sealed class ActionPreferences(ActionPreferencesOptions options) : IStudy
{
    private const int Batch = 32, Moves = 4, Candidates = 8, Test = 300;
    private const float Deviation = 0.1f, Beta = 1f;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        double angle = draws.NextDouble() * 2 * Math.PI;
        double[] wind = [0.08 * Math.Cos(angle), 0.08 * Math.Sin(angle)];
        var demonstrations = Enumerable.Range(0, options.Demonstrations).Select(_ => Demonstrate(Place(draws), Place(draws), wind, draws)).ToArray();
        var motion = Enumerable.Range(0, options.Motion).Select(_ => Place(draws) is var p && Enumerable.Range(0, 2 * Moves).Select(_ => (float)(0.5 * draws.NextNormal())).ToArray() is var c ? (From: p, Chunk: c, To: Follow(p, c, wind, draws)) : default).ToArray();

        var weights = random.Split("weights", 0);
        SmallNet policy = new("policy", weights, 4, 64, 2 * Moves), world = new("world", weights, 2 + (2 * Moves), 64, 2);
        var order = random.Split("order", 0);
        SmallNet.Fit(world.Parameters, 600, 3e-3f, _ =>
        {
            var batch = SmallNet.Draw(motion, 64, order);
            return (world.Forward(SmallNet.Matrix([.. batch.Select(b => SmallNet.Join(b.From, b.Chunk))])) - SmallNet.Matrix([.. batch.Select(b => b.To)])).Square().Mean();
        }, stop);

        Tensor Imitate(RandomStream from)
        {
            var batch = SmallNet.Draw(demonstrations, Batch, from);
            return (policy.Forward(SmallNet.Matrix([.. batch.Select(b => SmallNet.Join(b.From, b.Goal))])) - SmallNet.Matrix([.. batch.Select(b => b.Chunk)])).Square().Mean();
        }

        SmallNet.Fit(policy.Parameters, 600, 2e-3f, _ => Imitate(order), stop);
        double[][] reference = [.. demonstrations.Select(d => policy.Apply([SmallNet.Join(d.From, d.Goal)]).Select(v => (double)v).ToArray())];
        var later = random.Split("later", 0);
        SmallNet.Fit(policy.Parameters, options.Steps, options.LearningRate, _ => options.Method == ChunkTraining.Cloning ? Imitate(later) : Prefer(policy, world, demonstrations, reference, later), stop);

        var test = random.Split("test", 0);
        double distance = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            float[] at = Place(test), goal = Place(test);
            for (int k = 0; k < 2; k++)
            {
                at = Follow(at, policy.Apply([SmallNet.Join(at, goal)]), wind, test);
            }

            distance += Math.Sqrt(((at[0] - goal[0]) * (double)(at[0] - goal[0])) + ((at[1] - goal[1]) * (double)(at[1] - goal[1]))) / Test;
        }

        return new Dictionary<string, double> { ["distance"] = distance };
    }

    private static Tensor Prefer(SmallNet policy, SmallNet world, (float[] From, float[] Goal, float[] Chunk)[] demonstrations, double[][] reference, RandomStream random)
    {
        List<float[]> states = [], chosen = [], rejected = [], centres = [];
        foreach (int i in Enumerable.Range(0, Batch).Select(_ => random.NextInt(demonstrations.Length)))
        {
            var (from, goal, shown) = demonstrations[i];
            float[][] chunks = [.. Enumerable.Range(0, Candidates).Select(_ => reference[i].Select(m => (float)(m + (Deviation * random.NextNormal()))).ToArray())];
            float[] ends = world.Apply([.. chunks.Select(c => SmallNet.Join(from, c))]);
            double[] rewards = [.. chunks.Select((c, k) => ActionRewards.GoalAndDeviation([ends[2 * k], ends[(2 * k) + 1]], [goal[0], goal[1]], [.. c.Select(v => (double)v)], [.. shown.Select(v => (double)v)], 0.2))];
            if (ActionRewards.Pair(rewards) is not { } pair)
            {
                continue;
            }

            states.Add(SmallNet.Join(from, goal));
            chosen.Add(chunks[pair.Chosen]);
            rejected.Add(chunks[pair.Rejected]);
            centres.Add([.. reference[i].Select(v => (float)v)]);
        }

        // Log-probabilities of normal chunks, less those of the policy before.
        var now = policy.Forward(SmallNet.Matrix(states));
        var before = SmallNet.Matrix(centres);
        Tensor Ratio(List<float[]> chunks)
        {
            var x = SmallNet.Matrix(chunks);
            return ((x - before).Square().Sum(1) - (x - now).Square().Sum(1)) * (1 / (2 * Deviation * Deviation));
        }

        return BradleyTerry.Loss(Ratio(chosen) * Beta, Ratio(rejected) * Beta).Mean();
    }

    private static (float[] From, float[] Goal, float[] Chunk) Demonstrate(float[] from, float[] goal, double[] wind, RandomStream random) =>
        (from, goal, [.. Enumerable.Range(0, 2 * Moves).Select(k => (float)(((goal[k % 2] - from[k % 2]) / Moves) - (wind[k % 2] / 2) + (0.1 * random.NextNormal())))]);

    private static float[] Place(RandomStream random) => [(float)((2 * random.NextDouble()) - 1), (float)((2 * random.NextDouble()) - 1)];

    private static float[] Follow(float[] from, float[] chunk, double[] wind, RandomStream random)
    {
        var at = (float[])from.Clone();
        for (int m = 0; m < Moves; m++)
        {
            at[0] += chunk[2 * m] + (float)(wind[0] + (0.02 * random.NextNormal()));
            at[1] += chunk[(2 * m) + 1] + (float)(wind[1] + (0.02 * random.NextNormal()));
        }

        return at;
    }
}
