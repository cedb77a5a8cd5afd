using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of rewards that only wrap another one.</summary>
public sealed record OfOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }
}

/// <summary>Differences of neighbouring segments; see <see cref="ScoreMath.Delta"/>. The value is their sum, which is the first segment's value.</summary>
/// <remarks>A row without segments keeps the child's value.</remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Delta<TSample>(IReward<TSample> child) : Combinator<TSample>("delta", [(".of", child)], child.Schema.Minimum, child.Schema.Maximum)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        for (int row = 0; row < result.Count; row++)
        {
            result.Status[row] = children[0].Status[row];
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
            result.Values[row] = children[0].Values[row];
            if (cause[row] < 0 && children[0].Segments[row] is { Count: > 0 } segments)
            {
                var steps = segments.Select(s => s.Value).ToArray();
                var deltas = new double[steps.Length];
                ScoreMath.Delta(steps, deltas);
                result.Segments[row] = [.. segments.Zip(deltas, (s, d) => s with { Value = d })];
                result.Values[row] = steps[0];
            }
        }
    }
}
