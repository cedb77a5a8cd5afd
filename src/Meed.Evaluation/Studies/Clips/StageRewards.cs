using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.RewardModels.Clips;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>What reward a few demonstrations give.</summary>
public enum DemonstratedReward : byte
{
    /// <summary>Nearness to the mean last frame.</summary>
    GoalFrame,

    /// <summary>Stages found in the demonstrations, each with the features that tell it.</summary>
    Stages,
}

/// <summary>Options of <see cref="StageRewards"/>.</summary>
public sealed record StageRewardsOptions
{
    /// <summary>Nearness to the last frame, or stages.</summary>
    public DemonstratedReward Method { get; init; }

    /// <summary>Demonstrations.</summary>
    public int Demonstrations { get; init; } = 5;

    /// <summary>Features a stage keeps.</summary>
    public int Features { get; init; } = 8;

    /// <summary>How much spread counts against a feature.</summary>
    public float Alpha { get; init; } = 0.5f;

    /// <summary>Deviation of the noise on every pixel.</summary>
    public float Noise { get; init; } = 0.05f;

    /// <summary>Deviation of a shadow that lies over the pixels of a frame by a pattern of its own and moves from frame to frame.</summary>
    public float Shadow { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => [.. StudyProblems.Of(1, ("Demonstrations", Demonstrations), ("Features", Features)), .. Noise >= 0 && Shadow >= 0 ? Array.Empty<string>() : [$"Noise is {Noise} and Shadow {Shadow}; both are 0 or more."]];
}

/// <summary>A reward from five unlabelled demonstrations that take red, green and blue in this order.</summary>
/// <remarks>
/// Features of a frame: its pixels less the frame's mean, which takes its shared brightness away. A shadow, if there is one, adds its pattern to all pixels with a strength that wanders along the clip and has deviation 1. Nothing is trained by gradients. Measures on 100 new clips, averaged: <c>reward_correlation</c>, rank correlation of the frames' reward with true progress; and on the demonstrations
/// <c>cut_error</c>, mean distance in frames of the found stage ends from the true ones (0 for the method without stages).
/// <para>"Unsupervised Perceptual Rewards for Imitation Learning" (atlas row 5).</para>
/// </remarks>
public sealed class StageRewards(StageRewardsOptions options) : IStudy
{
    private const int Stages = 3, Test = 100;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var draws = random.Split("world", 0);
        var world = new ClipWorld(new ClipOptions { Hesitation = 0.3, Noise = options.Noise }, draws);
        int[] targets = [0, 1, 2];
        Clip[] clips = [.. Enumerable.Range(0, options.Demonstrations).Select(_ => world.Play(targets, draws))];
        float[] shadow = FeaturePairs.Normal(world.FrameWidth, draws, options.Shadow);
        float[][][] frames = [.. clips.Select(c => Film(world, c, shadow, draws))];
        double cutError = 0;
        Func<float[], double> reward;
        if (options.Method == DemonstratedReward.Stages)
        {
            var stages = PerceptualStages.Learn(frames, Stages, options.Features, options.Alpha);
            reward = f => stages.Of(f);
            for (int i = 0; i < clips.Length; i++)
            {
                int[] cuts = PerceptualStages.Cut(frames[i], Stages);
                cutError += cuts.Select((c, k) => Math.Abs(c - Enumerable.Range(0, clips[i].Length).First(t => clips[i].StageAt(t) > k))).Average() / clips.Length;
            }
        }
        else
        {
            float[] goal = SmallNet.Mean([.. frames.Select(f => f[^1])]);
            reward = f => -f.Zip(goal, (a, b) => (a - b) * (double)(a - b)).Sum();
        }

        var test = random.Split("test", 0);
        double correlation = 0;
        for (int i = 0; i < Test; i++)
        {
            stop.ThrowIfCancellationRequested();
            var clip = world.Play(targets, test);
            double found = Correlation.Spearman([.. Film(world, clip, shadow, test).Select(reward)], [.. Enumerable.Range(0, clip.Length).Select(t => world.Progress(clip, t, targets))]);
            correlation += (double.IsNaN(found) ? 0 : found) / Test;
        }

        return new Dictionary<string, double> { ["reward_correlation"] = correlation, ["cut_error"] = cutError };
    }

    // Frames of a clip under a shadow whose strength wanders, less their mean.
    private static float[][] Film(ClipWorld world, Clip clip, float[] shadow, RandomStream random)
    {
        float[][] frames = world.Frames(clip, random);
        double strength = random.NextNormal();
        foreach (float[] frame in frames)
        {
            for (int i = 0; i < frame.Length; i++)
            {
                frame[i] += (float)strength * shadow[i];
            }

            float mean = frame.Average();
            for (int i = 0; i < frame.Length; i++)
            {
                frame[i] -= mean;
            }

            strength = (0.8 * strength) + (0.6 * random.NextNormal());
        }

        return frames;
    }
}
