using Meed.Numerics;
using Meed.RewardModels.Progress;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>How progress is estimated.</summary>
public enum ProgressEstimate : byte
{
    /// <summary>Regressed from one frame.</summary>
    FrameIndex,

    /// <summary>Hops between frames: from the frame before, from the start and from the goal, fused.</summary>
    Hops,
}

/// <summary>Options of <see cref="HopEstimates"/>.</summary>
public sealed record HopEstimatesOptions
{
    /// <summary>One frame or fused hops.</summary>
    public ProgressEstimate Method { get; init; }

    /// <summary>Demonstrations.</summary>
    public int Clips { get; init; } = 60;

    /// <summary>Updates of 64 frames or pairs of frames.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps));
}

/// <summary>Progress along long clips in a room of 11 × 11 cells, from demonstrations whose frames are labelled by their place in time.</summary>
/// <remarks>
/// Both estimators are the same perceptron over two frames and the words; the one of single frames sees its frame twice. The goal picture of a hop is the last frame of a training clip with the same object. Truth: the
/// share of the shortest way that is behind the agent. Measures on 60 new clips: <c>progress_mae</c>; <c>order_correlation</c> with time.
/// <para>Robo-Dopamine (atlas row 190).</para>
/// </remarks>
public sealed class HopEstimates(HopEstimatesOptions options) : IStudy
{
    private const int Batch = 64, Test = 60;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Size = 11, Hesitation = 0.6 }, draws);
        Clip[] clips = [.. Enumerable.Range(0, options.Clips).Select(i => world.Play([i % ClipWorld.Colours], draws))];
        float[][][] frames = [.. clips.Select(c => world.Frames(c, draws))];
        bool hops = options.Method == ProgressEstimate.Hops;

        var net = new SmallNet("progress", random.Split("weights", 0), (2 * world.FrameWidth) + (2 * ClipWorld.Colours), 64, 1);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            var inputs = new float[Batch][];
            var labels = new float[Batch];
            for (int b = 0; b < Batch; b++)
            {
                int clip = order.NextInt(clips.Length), last = clips[clip].Length - 1, to = order.NextInt(last + 1);

                // A third of the pairs are neighbours, a third begin at the start, a third at the goal.
                int from = !hops ? to : order.NextInt(3) switch { 0 => Math.Max(0, to - 1), 1 => 0, _ => last };
                double p = (double)from / last, q = (double)to / last;
                inputs[b] = SmallNet.Join(frames[clip][from], frames[clip][to], ClipWorld.Words(clips[clip].Targets));
                labels[b] = (float)(hops ? HopProgress.Label(p, q) : q);
            }

            return (net.Forward(SmallNet.Matrix(inputs)).Select(1, 0) - Tensor.From(labels)).Square().Mean();
        }, stop);

        var test = random.Split("test", 0);
        double error = 0, ordered = 0, count = 0;
        for (int i = 0; i < Test; i++)
        {
            var clip = world.Play([i % ClipWorld.Colours], test);
            float[][] seen = world.Frames(clip, test);
            float[] words = ClipWorld.Words(clip.Targets), goal = frames[i % ClipWorld.Colours][^1];
            var said = new double[clip.Length];
            float[] alone = net.Apply([.. seen.Select((f, t) => SmallNet.Join(hops ? seen[Math.Max(0, t - 1)] : f, f, words))]);
            float[] fromStart = hops ? net.Apply([.. seen.Select(f => SmallNet.Join(seen[0], f, words))]) : alone, fromGoal = hops ? net.Apply([.. seen.Select(f => SmallNet.Join(goal, f, words))]) : alone;
            for (int t = hops ? 1 : 0; t < clip.Length; t++)
            {
                said[t] = hops ? HopProgress.Fuse(said[t - 1], Hop(alone[t]), Hop(fromStart[t]), Math.Min(0, Hop(fromGoal[t]))) : Math.Clamp(alone[t], 0, 1);
            }

            for (int t = 0; t < clip.Length; t++)
            {
                int end = world.Objects[clip.Targets[0]];
                error += Math.Abs(said[t] - Math.Clamp(1 - ((double)world.Steps(clip.Cells[t], end) / world.Steps(clip.Cells[0], end)), 0, 1));
                count++;
            }

            ordered += ProgressPairs.OrderCorrelation(said) / Test;
        }

        return new Dictionary<string, double> { ["progress_mae"] = error / count, ["order_correlation"] = ordered };
    }

    private static double Hop(float said) => Math.Clamp(said, -1, 1);
}
