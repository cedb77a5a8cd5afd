using Meed.RewardModels.Data;

namespace Meed.RewardModels.Curation;

/// <summary>Options of <see cref="LengthGap"/>.</summary>
public sealed record LengthGapOptions
{
    /// <summary>Largest ratio of the winner's characters to the loser's; above 1.</summary>
    public double Ratio { get; init; } = 2;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Ratio > 1))
        {
            yield return $"Ratio is {Ratio}; it is above 1.";
        }
    }
}

/// <summary>Leaves out comparisons whose winner is much longer, so that length is not learned for quality.</summary>
/// <remarks>"InternLM-XComposer2.5-Reward" (atlas row 7) removes pairs whose chosen response is significantly longer; by how much is left open there and an option here. Ties and rows whose winner is shorter stay.</remarks>
public sealed class LengthGap(LengthGapOptions options) : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(training);
        return [.. training.Where(r => !Decided(r) || Keeps(r))];
    }

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

    private bool Keeps(PreferenceRow row)
    {
        var pair = row.Pairs[0];
        int first = row.Responses[pair.First].Text?.Length ?? 0, second = row.Responses[pair.Second].Text?.Length ?? 0;
        var (winner, loser) = pair.Probability > 0.5 ? (first, second) : (second, first);
        return Keeps(winner, loser, int.MaxValue, options.Ratio);
    }
}
