using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>otherwise</c>.</summary>
public sealed record OtherwiseOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>The value of rows that failed.</summary>
    public double? Value { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Value is null)
        {
            yield return "Value is missing; write the number that failed rows get.";
        }
    }
}

/// <summary>A value for rows that failed. Nothing else turns a failure into a number. NotApplicable is no failure and stays.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Otherwise<TSample>(IReward<TSample> child, double value)
    : Combinator<TSample>("otherwise", [(".of", child)], Math.Min(value, child.Schema.Minimum), Math.Max(value, child.Schema.Maximum))
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        for (int row = 0; row < result.Count; row++)
        {
            var status = children[0].Status[row];
            bool failed = status is not (ScoreStatus.Ok or ScoreStatus.NotApplicable);
            result.Status[row] = failed ? ScoreStatus.Ok : status;
            result.Values[row] = failed ? value : children[0].Values[row];
            result.Segments[row] = failed ? null : children[0].Segments[row];
            cause[row] = status == ScoreStatus.NotApplicable ? 0 : -1;
        }
    }
}
