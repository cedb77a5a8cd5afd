namespace Meed.Objectives.Advantages;

/// <summary>RLOO's advantage: a reward minus the mean of the other rewards of its group, an unbiased baseline.</summary>
/// <remarks>
/// A_i = r_i − (1 / (n − 1))·Σ_{j≠i} r_j, over the n valid rows of the group
/// <para>Kool et al. 2019; Ahmadian et al. 2024, Eq. 8, arXiv:2402.14740.</para>
/// <para>Rows that are not valid, and groups with fewer than two valid rows, get 0.</para>
/// </remarks>
public static class LeaveOneOutAdvantage
{
    /// <summary>Advantage of each row.</summary>
    /// <inheritdoc cref="StandardisedAdvantage.Compute"/>
    public static float[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets)
    {
        Groups.Check(nameof(LeaveOneOutAdvantage), rewards, valid, groupOffsets);
        var advantages = new float[rewards.Length];
        for (int g = 0; g + 1 < groupOffsets.Length; g++)
        {
            int start = groupOffsets[g], end = groupOffsets[g + 1];
            var (count, mean) = Groups.Mean(rewards[start..end], valid[start..end]);
            for (int i = start; i < end; i++)
            {
                advantages[i] = valid[i] && count > 1 ? (float)((rewards[i] - mean) * count / (count - 1)) : 0;
            }
        }

        return advantages;
    }
}
