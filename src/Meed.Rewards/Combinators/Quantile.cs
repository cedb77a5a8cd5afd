using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>quantile</c>.</summary>
public sealed record QuantileOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Rows to rank among: group or batch.</summary>
    public StatisticOver Over { get; init; } = StatisticOver.Group;

    /// <summary>Reference values to rank among instead of other rows.</summary>
    public IReadOnlyList<double> Among { get; init; } = [];

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Over == StatisticOver.Running)
        {
            yield return "Over is running; ranks are taken over group or batch, or among reference values.";
        }
    }
}

/// <summary>The child's rank as a number between 0 and 1: among its group, its batch or fixed reference values.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Quantile<TSample>(IReward<TSample> child, StatisticOver over, IReadOnlyList<double>? among = null)
    : Combinator<TSample>("quantile", [(".of", child)], 0, 1, among is { Count: > 0 } ? RewardScope.Sample : over == StatisticOver.Batch ? RewardScope.Batch : RewardScope.Group)
{
    private readonly double[] _among = [.. (among ?? []).Order()];

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        if (_among.Length == 0)
        {
            ScoreMath.Quantile(children[0].Column, over == StatisticOver.Batch ? [0, result.Count] : context.Groups(result.Count), result.Column);
        }

        for (int row = 0; row < result.Count; row++)
        {
            if (_among.Length > 0)
            {
                result.Status[row] = children[0].Status[row];
                result.Values[row] = result.Status[row] == ScoreStatus.Ok ? ScoreMath.QuantileIn(_among, children[0].Values[row]) : 0;
            }

            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
        }
    }
}
