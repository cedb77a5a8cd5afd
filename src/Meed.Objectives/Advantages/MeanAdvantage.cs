namespace Meed.Objectives.Advantages;

/// <summary>Dr. GRPO's advantage: a reward's distance from its group's mean, not divided by anything.</summary>
/// <remarks>
/// A_i = r_i − mean(r), over the valid rows of the group
/// <para>Liu et al. 2025, "Understanding R1-Zero-like training", arXiv:2503.20783: dividing by the deviation favours prompts that are almost always or almost never solved.</para>
/// <para>Rows that are not valid, and groups with fewer than two valid rows, get 0.</para>
/// </remarks>
public static class MeanAdvantage
{
    /// <summary>Advantage of each row.</summary>
    /// <inheritdoc cref="StandardisedAdvantage.Compute"/>
    public static float[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets)
    {
        Groups.Check(nameof(MeanAdvantage), rewards, valid, groupOffsets);
        var advantages = new float[rewards.Length];
        for (int g = 0; g + 1 < groupOffsets.Length; g++)
        {
            int start = groupOffsets[g], end = groupOffsets[g + 1];
            var (count, mean) = Groups.Mean(rewards[start..end], valid[start..end]);
            for (int i = start; i < end; i++)
            {
                advantages[i] = valid[i] && count > 1 ? (float)(rewards[i] - mean) : 0;
            }
        }

        return advantages;
    }
}
