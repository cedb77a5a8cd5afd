using Meed.Numerics;

namespace Meed.RewardModels.Progress;

/// <summary>A clip cut at a frame, with an instruction and the grade it deserves.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Frames">Frames kept from its beginning.</param>
/// <param name="Instruction">Clip whose instruction is shown with it.</param>
/// <param name="Grade">1 nothing done to 5 done.</param>
public readonly record struct GradedClip(int Clip, int Frames, int Instruction, int Grade);

/// <summary>Makes failures from successes: another instruction, or an end before completion.</summary>
/// <remarks>
/// "RoboReward: General-Purpose Vision-Language Reward Models for Robotics" (atlas row 176). With another instruction, the grade follows the share of its subgoals that the clip reaches; with a cut, the share of frames.
/// Grade = 1 + ⌊4·share⌋, so that only a whole success earns 5.
/// </remarks>
public static class CounterfactualClips
{
    /// <summary>The grade of a share of what was asked.</summary>
    public static int Grade(double share) => 1 + (int)Math.Floor(4 * Math.Clamp(share, 0, 1));

    /// <summary>The success itself, a cut of it, and it under another instruction.</summary>
    /// <param name="lengths">Frames of each clip; all are successes.</param>
    /// <param name="reached">Share of instruction j's subgoals that clip i reaches, [i][j].</param>
    /// <param name="clip">The clip.</param>
    /// <param name="random">Draws.</param>
    public static IReadOnlyList<GradedClip> Augment(IReadOnlyList<int> lengths, IReadOnlyList<double[]> reached, int clip, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(reached);
        ArgumentNullException.ThrowIfNull(random);
        int frames = lengths[clip];
        var made = new List<GradedClip> { new(clip, frames, clip, 5) };
        if (frames > 1)
        {
            int kept = random.NextInt(1, frames);
            made.Add(new GradedClip(clip, kept, clip, Grade((double)kept / frames)));
        }

        int[] others = [.. Enumerable.Range(0, lengths.Count).Where(j => j != clip && reached[clip][j] < 1)];
        if (others.Length > 0)
        {
            int other = others[random.NextInt(others.Length)];
            made.Add(new GradedClip(clip, frames, other, Grade(reached[clip][other])));
        }

        return made;
    }

    /// <summary>Mean absolute error of grades, the measure of its benchmark.</summary>
    public static double MeanAbsoluteError(IReadOnlyList<double> predicted, IReadOnlyList<int> grades)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(grades);
        return predicted.Count == grades.Count && grades.Count > 0 ? predicted.Zip(grades, (p, g) => Math.Abs(p - g)).Average()
            : throw new ArgumentException($"CounterfactualClips: {predicted.Count} predictions for {grades.Count} grades.", nameof(grades));
    }
}
