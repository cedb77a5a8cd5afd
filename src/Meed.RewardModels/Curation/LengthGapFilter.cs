namespace Meed.RewardModels.Curation;

/// <summary>Leaves out comparisons whose winner is much longer than the loser, from which a reward model would learn length.</summary>
/// <remarks>"InternLM-XComposer2.5-Reward" (atlas row 7) removes pairs whose chosen response is significantly longer; by how much is left open there and an option here.</remarks>
public static class LengthGapFilter
{
    /// <summary>True when a comparison stays.</summary>
    /// <param name="chosen">Length of the winner, in tokens or characters.</param>
    /// <param name="rejected">Length of the loser.</param>
    /// <param name="gap">Most that the winner may be longer, in the same unit, 0 or more.</param>
    /// <param name="ratio">Most that the winner may be longer as a multiple of the loser, 1 or more; infinite for no such bound.</param>
    public static bool Keeps(int chosen, int rejected, int gap, double ratio = double.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chosen);
        ArgumentOutOfRangeException.ThrowIfNegative(rejected);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        ArgumentOutOfRangeException.ThrowIfLessThan(ratio, 1);
        return chosen - rejected <= gap && (double.IsPositiveInfinity(ratio) || chosen <= ratio * rejected);
    }
}
