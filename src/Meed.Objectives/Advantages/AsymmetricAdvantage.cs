namespace Meed.Objectives.Advantages;

/// <summary>A-GRAE: GRPO's advantage reweighted by how often the group and the batch succeed, with correct answers muted while they are rare.</summary>
/// <remarks>
/// m = mean reward of the batch, p = mean reward of the group, A = <see cref="StandardisedAdvantage"/>
/// <para>A' = (1 − m)·A / (2·(1 − √p)) + m·A / (2·√p);  A'' = A'·min(1, m / α) where A' &gt; 0, A' otherwise</para>
/// <para>The first part favours groups that often succeed and rules while m is small; the second favours groups that seldom do and takes over as m grows. "Unveiling Implicit Advantage Symmetry" (atlas row 155).</para>
/// <para>Rewards lie in 0..1. A group with p = 0 or p = 1 has A = 0 and stays 0.</para>
/// </remarks>
public static class AsymmetricAdvantage
{
    /// <summary>Advantage of each row.</summary>
    /// <param name="rewards">[B], 0..1 where valid.</param>
    /// <param name="valid">[B] false where the row has no number; such rows take no part in any mean.</param>
    /// <param name="groupOffsets">[P + 1] first row of each group, then B.</param>
    /// <param name="alpha">Batch mean reward from which on correct answers count in full, above 0.</param>
    /// <param name="epsilon">As in <see cref="StandardisedAdvantage.Compute"/>.</param>
    /// <returns>[B].</returns>
    public static float[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> valid, ReadOnlySpan<int> groupOffsets, double alpha = 0.5, double epsilon = 1e-6)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        var advantages = StandardisedAdvantage.Compute(rewards, valid, groupOffsets, epsilon);
        for (int i = 0; i < rewards.Length; i++)
        {
            if (valid[i] && rewards[i] is < 0 or > 1)
            {
                throw new ArgumentException($"AsymmetricAdvantage: the reward of row {i} is {rewards[i]}; success rates need rewards in 0..1.", nameof(rewards));
            }
        }

        double batch = Groups.Mean(rewards, valid).Mean;
        double mute = Math.Min(1, batch / alpha);
        for (int g = 0; g + 1 < groupOffsets.Length; g++)
        {
            int start = groupOffsets[g], end = groupOffsets[g + 1];
            double root = Math.Sqrt(Groups.Mean(rewards[start..end], valid[start..end]).Mean);
            if (root is <= 0 or >= 1)
            {
                continue;   // every advantage of the group is 0
            }

            double weight = ((1 - batch) / (2 * (1 - root))) + (batch / (2 * root));
            for (int i = start; i < end; i++)
            {
                advantages[i] = (float)(advantages[i] * weight * (advantages[i] > 0 ? mute : 1));
            }
        }

        return advantages;
    }
}
