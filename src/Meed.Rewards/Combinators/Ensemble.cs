using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>ensemble</c>.</summary>
public sealed record EnsembleOptions
{
    /// <summary>The members.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>How their values become one.</summary>
    public EnsembleRule By { get; init; } = EnsembleRule.Mean;

    /// <summary>Standard deviations taken off by mean-minus-deviation.</summary>
    public double K { get; init; } = 1;

    /// <summary>Members that must have a number; 0 asks for all.</summary>
    public int Quorum { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(K >= 0))
        {
            yield return $"K is {K}; write 0 or more.";
        }

        if (Quorum < 0)
        {
            yield return $"Quorum is {Quorum}; write 0 (all members) or more.";
        }
    }
}

/// <summary>Several rewards of the same thing as one; see <see cref="ScoreMath.Ensemble"/>. Under the quorum a row fails.</summary>
/// <remarks>Helping or Herding? Reward Model Ensembles Mitigate but do not Eliminate Reward Hacking: mean, median, min and mean − k·std.</remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Ensemble<TSample> : Combinator<TSample>
{
    private readonly EnsembleRule _by;
    private readonly double _k;
    private readonly int _quorum;

    /// <summary>An ensemble.</summary>
    /// <param name="members">At least one member.</param>
    /// <param name="by">How their values become one.</param>
    /// <param name="k">Standard deviations taken off by <see cref="EnsembleRule.MeanMinusDeviation"/>.</param>
    /// <param name="quorum">Members that must have a number; 0 asks for all.</param>
    public Ensemble(IReadOnlyList<IReward<TSample>> members, EnsembleRule by = EnsembleRule.Mean, double k = 1, int quorum = 0)
        : base("ensemble", Slots.List(members), Low(members, by, k), Slots.Range(members, x => x.Min(), x => x.Max()).High)
    {
        if (quorum > members.Count)
        {
            throw new ArgumentException($"quorum is {quorum}, but there are only {members.Count} members.");
        }

        _by = by;
        _k = k;
        _quorum = quorum == 0 ? members.Count : quorum;
    }

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        ScoreMath.Ensemble(Slots.Columns(children), _by, _k, _quorum, result.Column, cause);
        for (int row = 0; row < result.Count; row++)
        {
            if (cause[row] >= 0 && result.Status[row] != ScoreStatus.NotApplicable)
            {
                int with = children.Count(c => c.Status[row] == ScoreStatus.Ok);
                result.Reasons[row] = $"{with} of {children.Length} members scored, {_quorum} must";
            }
        }
    }

    // The population deviation of values within [a, b] is at most (b − a) / 2, and their mean is at least a.
    private static double Low(IReadOnlyList<IReward<TSample>> members, EnsembleRule by, double k)
    {
        var (low, _) = Slots.Range(members, x => x.Min(), x => x.Max());
        double high = members.Max(m => m.Schema.Maximum);
        return by == EnsembleRule.MeanMinusDeviation ? low - k * (high - low) / 2 : low;
    }
}
