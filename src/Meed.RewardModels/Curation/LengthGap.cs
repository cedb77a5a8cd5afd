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
/// <remarks>By <see cref="LengthGapFilter"/>. Ties and rows whose winner is shorter stay.</remarks>
public sealed class LengthGap(LengthGapOptions options) : PreferenceCuration
{
    /// <inheritdoc/>
    public override IReadOnlyList<PreferenceRow> Apply(IReadOnlyList<PreferenceRow> training, CurationTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(training);
        return [.. training.Where(r => !Decided(r) || Keeps(r))];
    }

    private bool Keeps(PreferenceRow row)
    {
        var pair = row.Pairs[0];
        int first = row.Responses[pair.First].Text?.Length ?? 0, second = row.Responses[pair.Second].Text?.Length ?? 0;
        var (winner, loser) = pair.Probability > 0.5 ? (first, second) : (second, first);
        return LengthGapFilter.Keeps(winner, loser, int.MaxValue, options.Ratio);
    }
}
