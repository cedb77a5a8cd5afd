using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.RewardModels.Progress;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What an agent is rewarded by.</summary>
public enum CriticReward : byte
{
    /// <summary>1 at the goal.</summary>
    Sparse,

    /// <summary>The same, and the change of progress that a critic sees between two frames.</summary>
    Delta,
}

/// <summary>Options of <see cref="ProgressCritic"/>.</summary>
public sealed record ProgressCriticOptions
{
    /// <summary>The goal alone, or with the critic's changes of progress.</summary>
    public CriticReward Method { get; init; }

    /// <summary>Successful clips that the critic learns from.</summary>
    public int Clips { get; init; } = 80;

    /// <summary>Updates of the critic, 64 pairs each.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>Learning rate of the critic.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Episodes of the agent for each goal.</summary>
    public int Episodes { get; init; } = 40;

    /// <summary>Cells of a side of the room.</summary>
    public int Size { get; init; } = 7;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps), ("Episodes", Episodes)).Concat(new ClipOptions { Size = Size }.Problems());
}

/// <summary>A critic of two frames and a goal, learned from clips, as a dense reward of an agent.</summary>
/// <remarks>
/// The critic says the signed change of progress, as a share of what is left, and whether the goal is reached, from pairs in order, reversed, static and with a goal that does not fit; it is asked about both orders of two frames and half their difference counts. The agent learns by tabular Q-learning (rate 0.5,
/// discount 0.95, 0.2 random actions, at most 30 steps) for each of the four goals; the dense reward is added as it is, and subtracts nothing. Measures: <c>success</c>, share of its episodes that reach the goal;
/// <c>delta_correlation</c> with the true change on new clips; <c>mismatch</c>, mean absolute change where the goal does not fit.
/// <para>VLAC (atlas row 215).</para>
/// </remarks>
public sealed class ProgressCritic(ProgressCriticOptions options) : IStudy
{
    private const int Batch = 64, MostSteps = 30;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Size = options.Size, Hesitation = 0.3 }, draws);
        Clip[] clips = [.. Enumerable.Range(0, options.Clips).Select(i => world.Play([i % ClipWorld.Colours], draws))];
        float[][][] frames = [.. clips.Select(c => world.Frames(c, draws))];
        int[] lengths = [.. clips.Select(c => c.Length)];
        string[] goals = [.. clips.Select(c => $"{c.Targets[0]}")];

        var net = new SmallNet("critic", random.Split("weights", 0), (2 * world.FrameWidth) + (2 * ClipWorld.Colours), 96, 2);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            ProgressPair[] pairs = [.. Enumerable.Range(0, Batch / 4).SelectMany(_ => ProgressPairs.Sample(lengths, goals, order.NextInt(clips.Length), order))];
            var said = net.Forward(SmallNet.Matrix([.. pairs.Select(p => Input(frames[p.Clip][p.From], frames[p.Clip][p.To], clips[p.Goal].Targets))]));
            var done = said.Select(1, 1);
            var label = Tensor.From([.. pairs.Select(p => (float)p.Done)]);
            return (said.Select(1, 0) - Tensor.From([.. pairs.Select(p => (float)p.Delta)])).Square().Mean() - (0.1f * ((label * done.LogSigmoid()) + ((1f - label) * (-done).LogSigmoid())).Mean());
        }, stop);

        var test = random.Split("test", 0);
        List<double> said = [], truth = [], mismatch = [];
        for (int i = 0; i < 60; i++)
        {
            var clip = world.Play([i % ClipWorld.Colours], test);
            float[][] seen = world.Frames(clip, test);
            for (int k = 0; k < 5; k++)
            {
                int a = test.NextInt(clip.Length), b = test.NextInt(clip.Length);
                said.Add(Delta(net, seen[a], seen[b], clip.Targets));
                double before = world.Progress(clip, a, clip.Targets), after = world.Progress(clip, b, clip.Targets), left = 1 - Math.Min(before, after);
                truth.Add(left > 0 ? (after - before) / left : 0);
                mismatch.Add(Math.Abs(Delta(net, seen[a], seen[b], [(clip.Targets[0] + 1 + (k % 3)) % ClipWorld.Colours])));
            }
        }

        return new Dictionary<string, double> { ["success"] = Learn(world, net, random.Split("agent", 0), stop), ["delta_correlation"] = Correlation.Pearson(said, truth), ["mismatch"] = mismatch.Average() };
    }

    private double Learn(ClipWorld world, SmallNet net, RandomStream random, CancellationToken stop)
    {
        int successes = 0;
        for (int goal = 0; goal < ClipWorld.Colours; goal++)
        {
            var values = new double[world.Cells, ClipWorld.Actions];
            var known = new Dictionary<(int, int), double>();
            for (int episode = 0; episode < options.Episodes; episode++)
            {
                stop.ThrowIfCancellationRequested();
                int cell = random.NextInt(world.Cells);
                for (int t = 0; t < MostSteps && cell != world.Objects[goal]; t++)
                {
                    int action = random.NextDouble() < 0.2 ? random.NextInt(ClipWorld.Actions) : Best(values, cell, random);
                    int next = world.Move(cell, action);
                    bool reached = next == world.Objects[goal];
                    double reward = reached ? 1 : 0;
                    if (options.Method == CriticReward.Delta)
                    {
                        if (!known.TryGetValue((cell, next), out double delta))
                        {
                            delta = Delta(net, world.Frame(cell, 0), world.Frame(next, reached ? 1 << goal : 0), [goal]);
                            known[(cell, next)] = delta;
                        }

                        reward += delta;
                    }

                    double future = reached ? 0 : Enumerable.Range(0, ClipWorld.Actions).Max(a => values[next, a]);
                    values[cell, action] += 0.5 * (reward + (0.95 * future) - values[cell, action]);
                    cell = next;
                }

                successes += cell == world.Objects[goal] ? 1 : 0;
            }
        }

        return (double)successes / (ClipWorld.Colours * options.Episodes);
    }

    private static int Best(double[,] values, int cell, RandomStream random)
    {
        double most = Enumerable.Range(0, ClipWorld.Actions).Max(a => values[cell, a]);
        int[] best = [.. Enumerable.Range(0, ClipWorld.Actions).Where(a => values[cell, a] == most)];
        return best[random.NextInt(best.Length)];
    }

    // Both orders are asked, so that going there and back adds up to nothing.
    private static double Delta(SmallNet net, float[] from, float[] to, int[] goal) => Math.Clamp((net.Apply([Input(from, to, goal)])[0] - net.Apply([Input(to, from, goal)])[0]) / 2, -1, 1);

    private static float[] Input(float[] from, float[] to, int[] goal) => SmallNet.Join(from, to, ClipWorld.Words(goal));
}
