namespace Meed.Rewards.Combinators;

/// <summary>The weighted sum of its children; see <see cref="ScoreMath.Sum"/>. Segments are those of its children, times their weights.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Sum<TSample> : Combinator<TSample>
{
    private readonly double[] _weights;

    /// <summary>Children with one weight each; a weight may be negative, then the child is a penalty.</summary>
    public Sum(IReadOnlyList<IReward<TSample>> children, IReadOnlyList<double> weights)
        : base("sum", Slots.List(children), Range(children, weights).Low, Range(children, weights).High)
    {
        _weights = [.. weights];
    }

    /// <inheritdoc/>
    protected override double? WeightOf(int child) => _weights[child];

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        ScoreMath.Sum(Slots.Columns(children), _weights, result.Column, cause);
        for (int row = 0; row < result.Count; row++)
        {
            List<ScoreSegment>? segments = null;
            for (int c = 0; c < children.Length && result.Status[row] == ScoreStatus.Ok; c++)
            {
                if (children[c].Segments[row] is { } parts)
                {
                    segments ??= [];
                    segments.AddRange(parts.Select(p => p with { Value = p.Value * _weights[c] }));
                }
            }

            result.Segments[row] = segments;
        }
    }

    // When a child may be left out, the others carry its weight: the range is then that of a weighted mean, times the total weight.
    private static (double Low, double High) Range(IReadOnlyList<IReward<TSample>> children, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(children);
        ArgumentNullException.ThrowIfNull(weights);
        if (children.Count == 0 || children.Count != weights.Count || weights.Any(w => !double.IsFinite(w)))
        {
            throw new ArgumentException($"sum: {children.Count} children with weights [{string.Join(", ", weights)}]; each of at least one child has a finite weight.");
        }

        double low = 0, high = 0, total = 0, lowest = double.PositiveInfinity, highest = double.NegativeInfinity;
        for (int c = 0; c < children.Count; c++)
        {
            var (min, max, w) = (children[c].Schema.Minimum, children[c].Schema.Maximum, Math.Abs(weights[c]));
            if (weights[c] < 0)
            {
                (min, max) = (-max, -min);
            }

            if (w > 0)
            {
                total += w;
                low += w * min;
                high += w * max;
                lowest = Math.Min(lowest, min);
                highest = Math.Max(highest, max);
            }
        }

        return total > 0 && children.Any(c => c.Schema.MayNotApply) ? (Math.Min(0, total * lowest), Math.Max(0, total * highest)) : (low, high);
    }
}
