using Meed.Numerics;

namespace Meed.RewardModels.Progress;

/// <summary>Two frames of clips and what a critic should say about them.</summary>
/// <param name="Clip">Clip of both frames.</param>
/// <param name="From">The first frame.</param>
/// <param name="To">The second frame.</param>
/// <param name="Goal">Clip whose goal is shown.</param>
/// <param name="Delta">Signed change of progress as a share of what was left at the earlier frame, −1 to 1.</param>
/// <param name="Done">1 where the second frame completes the shown goal.</param>
public readonly record struct ProgressPair(int Clip, int From, int To, int Goal, double Delta, double Done);

/// <summary>Samples pairs of frames in order, reversed, static and with a goal that does not fit; measures how well values follow time.</summary>
/// <remarks>
/// For frames i &lt; j of a clip whose last frame is T: δ = (j − i) / (T − i), the share of the way left at i, and −δ for the pair turned around. It depends on where the two frames are and not on where the clip began. Along a clip, progress follows as p ← p + (1 − p)·δ.
/// <para>"A Vision-Language-Action-Critic Model for Robotic Real-World Reinforcement Learning", arXiv:2509.15937 (atlas row 215): a signed progress change and a completion flag from two frames and a goal.</para>
/// </remarks>
public static class ProgressPairs
{
    /// <summary>Four pairs from one clip, one of each kind.</summary>
    /// <param name="lengths">Frames of each clip.</param>
    /// <param name="goals">Goal of each clip; a mismatch takes a clip of another goal.</param>
    /// <param name="clip">The clip.</param>
    /// <param name="random">Draws.</param>
    public static IReadOnlyList<ProgressPair> Sample(IReadOnlyList<int> lengths, IReadOnlyList<string> goals, int clip, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(goals);
        ArgumentNullException.ThrowIfNull(random);
        int frames = lengths[clip];
        if (frames < 2)
        {
            throw new ArgumentException($"ProgressPairs: clip {clip} has {frames} frames; a pair needs two.", nameof(lengths));
        }

        int first = random.NextInt(frames - 1), second = random.NextInt(first + 1, frames);
        double delta = (double)(second - first) / (frames - 1 - first), end = second == frames - 1 ? 1 : 0;
        int[] others = [.. Enumerable.Range(0, goals.Count).Where(g => goals[g] != goals[clip])];
        var pairs = new List<ProgressPair>
        {
            new(clip, first, second, clip, delta, end),
            new(clip, second, first, clip, -delta, first == frames - 1 ? 1 : 0),
            new(clip, second, second, clip, 0, end),
        };
        if (others.Length > 0)
        {
            pairs.Add(new ProgressPair(clip, first, second, others[random.NextInt(others.Length)], 0, 0));
        }

        return pairs;
    }

    /// <summary>Value-order correlation: Spearman's rank correlation of values with time, −1 to 1; equal values share a rank. 0 where all are equal.</summary>
    public static double OrderCorrelation(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int n = values.Count;
        double[] ranks = [.. values.Select(v => values.Count(x => x < v) + ((values.Count(x => x == v) - 1) / 2.0))];
        double mean = (n - 1) / 2.0, both = 0, own = 0, time = 0;
        for (int i = 0; i < n; i++)
        {
            both += (ranks[i] - mean) * (i - mean);
            own += (ranks[i] - mean) * (ranks[i] - mean);
            time += (i - mean) * (i - mean);
        }

        return own == 0 || time == 0 ? 0 : both / Math.Sqrt(own * time);
    }
}
