using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>anneal</c>.</summary>
public sealed record AnnealOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>The weight at the start.</summary>
    public double From { get; init; } = 1;

    /// <summary>The weight at the end.</summary>
    public double To { get; init; }

    /// <summary>The step up to which the weight is From.</summary>
    public long Start { get; init; }

    /// <summary>The step from which the weight is To.</summary>
    public long End { get; init; } = 100;

    /// <summary>How the weight moves.</summary>
    public AnnealShape Shape { get; init; } = AnnealShape.Linear;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (End < Start)
        {
            yield return $"End is step {End}, before start, which is {Start}.";
        }

        if (Shape == AnnealShape.Exponential && !(From > 0 && To > 0))
        {
            yield return $"Shape is exponential from {From} to {To}; both must be positive.";
        }
    }
}

/// <summary>The child's value times a weight that moves with the training step.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Anneal<TSample>(IReward<TSample> child, double from, double to, long start, long end, AnnealShape shape = AnnealShape.Linear)
    : Combinator<TSample>("anneal", [(".of", child)],
        new[] { from * child.Schema.Minimum, to * child.Schema.Minimum, from * child.Schema.Maximum, to * child.Schema.Maximum }.Min(),
        new[] { from * child.Schema.Minimum, to * child.Schema.Minimum, from * child.Schema.Maximum, to * child.Schema.Maximum }.Max(), stepped: true)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        double weight = ScoreMath.Anneal(context.Step, from, to, start, end, shape);
        for (int row = 0; row < result.Count; row++)
        {
            result.Status[row] = children[0].Status[row];
            result.Values[row] = weight * children[0].Values[row];
            result.Segments[row] = children[0].Segments[row]?.Select(s => s with { Value = weight * s.Value }).ToArray();
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
        }
    }
}
