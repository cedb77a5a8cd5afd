using Meed.Numerics;
using Meed.RewardModels.Progress;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>Where progress labels come from.</summary>
public enum ProgressLabel : byte
{
    /// <summary>The share of frames gone by.</summary>
    FrameIndex,

    /// <summary>Annotated stages and their mean shares of time.</summary>
    Stages,
}

/// <summary>Options of <see cref="StageLabels"/>.</summary>
public sealed record StageLabelsOptions
{
    /// <summary>Frame index or stages.</summary>
    public ProgressLabel Method { get; init; }

    /// <summary>Demonstrations.</summary>
    public int Clips { get; init; } = 60;

    /// <summary>Updates of 64 frames.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Of(LearningRate, ("Clips", Clips), ("Steps", Steps));
}

/// <summary>Progress of a frame, learned from demonstrations of two stages at very different speeds.</summary>
/// <remarks>
/// Each stage hesitates with its own probability up to 0.8. Truth: stages done, plus the share of the present stage's shortest way that is behind the agent, over two. Measures on 60 new clips: <c>progress_mae</c>, mean
/// absolute error over frames; <c>stage_accuracy</c>, whether the prediction lies on the right side of the half.
/// <para>SARM (atlas row 231).</para>
/// </remarks>
public sealed class StageLabels(StageLabelsOptions options) : IStudy
{
    private const int Batch = 64, Test = 60;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.8 }, draws);
        Clip[] clips = [.. Enumerable.Range(0, options.Clips).Select(_ => world.Play(ClipWorld.Pair(draws), draws))];
        float[][][] frames = [.. clips.Select(c => world.Frames(c, draws))];
        double[] shares = StageProgress.MeanShares([.. clips.Select(c => c.Durations())]);
        (int Clip, int Frame, float Label)[] labelled =
        [
            .. clips.SelectMany((c, i) =>
            {
                double[] labels = options.Method == ProgressLabel.Stages ? StageProgress.Labels(c.Durations(), shares) : [.. Enumerable.Range(1, c.Length).Select(t => (double)t / c.Length)];
                return labels.Select((y, t) => (i, t, (float)y));
            }),
        ];

        var net = new SmallNet("progress", random.Split("weights", 0), world.FrameWidth + (2 * ClipWorld.Colours), 64, 1);
        var order = random.Split("order", 0);
        SmallNet.Fit(net.Parameters, options.Steps, options.LearningRate, _ =>
        {
            var batch = SmallNet.Draw(labelled, Batch, order);
            var said = net.Forward(SmallNet.Matrix([.. batch.Select(b => SmallNet.Join(frames[b.Clip][b.Frame], ClipWorld.Words(clips[b.Clip].Targets)))])).Select(1, 0);
            return (said + 0.5f - Tensor.From([.. batch.Select(b => b.Label)])).Square().Mean();
        }, stop);

        var test = random.Split("test", 0);
        double error = 0, right = 0, count = 0;
        for (int i = 0; i < Test; i++)
        {
            var clip = world.Play(ClipWorld.Pair(test), test);
            float[] said = net.Apply([.. world.Frames(clip, test).Select(f => SmallNet.Join(f, ClipWorld.Words(clip.Targets)))]);
            for (int t = 0; t < clip.Length - 1; t++)
            {
                int stage = clip.StageAt(t), begin = stage == 0 ? clip.Cells[0] : world.Objects[clip.Targets[0]], goal = world.Objects[clip.Targets[stage]];
                double truth = (stage + Math.Clamp(1 - ((double)world.Steps(clip.Cells[t], goal) / world.Steps(begin, goal)), 0, 1)) / 2, predicted = Math.Clamp(said[t] + 0.5, 0, 1);
                error += Math.Abs(predicted - truth);
                right += predicted >= 0.5 == stage > 0 ? 1 : 0;
                count++;
            }
        }

        return new Dictionary<string, double> { ["progress_mae"] = error / count, ["stage_accuracy"] = right / count };
    }
}
