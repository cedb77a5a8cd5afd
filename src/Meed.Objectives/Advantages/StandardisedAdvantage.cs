namespace Meed.Objectives.Advantages;

/// <summary>GRPO's advantage: a reward's distance from its group's mean, in the group's standard deviations.</summary>
/// <remarks>
/// A_i = (r_i − mean(r)) / (std(r) + ε), over the valid rows of the group
/// <para>Shao et al. 2024 (DeepSeekMath), section 4.1.2, arXiv:2402.03300. The paper leaves the kind of deviation open; this is the sample deviation (divided by n − 1), as the common trainers use.</para>
/// <para>Rows that are not valid, and groups with fewer than two valid rows, get 0.</para>
/// </remarks>
public static class StandardisedAdvantage
{
    /// <summary>Advantage of each row.</summary>
    /// <param name="rewards">[B], finite where valid.</param>
    /// <param name="valid">[B] false where the row has no number; such rows take no part in the group's statistics.</param>
    /// <param name="groupOffsets">[P + 1] first row of each group, then B.</param>
    /// <param name="epsilon">Keeps groups of nearly equal rewards finite.</param>
    /// <returns>[B].</returns>
    public static float[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets, double epsilon = 1e-6)
    {
        Groups.Check(nameof(StandardisedAdvantage), rewards, valid, groupOffsets);
        var advantages = new float[rewards.Length];
        for (int g = 0; g + 1 < groupOffsets.Length; g++)
        {
            int start = groupOffsets[g], end = groupOffsets[g + 1];
            var (count, mean) = Groups.Mean(rewards[start..end], valid[start..end]);
            if (count < 2)
            {
                continue;
            }

            double squares = 0;
            for (int i = start; i < end; i++)
            {
                double off = rewards[i] - mean;
                squares += valid[i] ? off * off : 0;
            }

            double deviation = Math.Sqrt(squares / (count - 1));
            for (int i = start; i < end; i++)
            {
                advantages[i] = valid[i] ? (float)((rewards[i] - mean) / (deviation + epsilon)) : 0;
            }
        }

        return advantages;
    }
}
