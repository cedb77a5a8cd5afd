using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>A reward that maps its child's value through a rising or falling function; rows without a number keep their status.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public abstract class Shape<TSample> : Combinator<TSample>
{
    /// <summary>A mapping of one child; its range is that of <paramref name="map"/> at the ends of the child's range, so <paramref name="map"/> is monotone.</summary>
    protected Shape(string name, IReward<TSample> child, Func<double, double> map)
        : base(name, [(".of", child)], Math.Min(map(child.Schema.Minimum), map(child.Schema.Maximum)), Math.Max(map(child.Schema.Minimum), map(child.Schema.Maximum)))
    {
        Map = map;
    }

    /// <summary>The function.</summary>
    protected Func<double, double> Map { get; }

    /// <summary>True when the function also maps the values of segments.</summary>
    protected virtual bool MapsSegments => false;

    /// <inheritdoc/>
    protected sealed override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        ArgumentNullException.ThrowIfNull(children);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(cause);
        for (int row = 0; row < result.Count; row++)
        {
            var status = children[0].Status[row];
            result.Status[row] = status;
            cause[row] = status == ScoreStatus.Ok ? -1 : 0;
            if (status == ScoreStatus.Ok)
            {
                result.Values[row] = Map(children[0].Values[row]);
                if (MapsSegments && children[0].Segments[row] is { } segments)
                {
                    result.Segments[row] = [.. segments.Select(s => s with { Value = Map(s.Value) })];
                }
            }
        }
    }
}

/// <summary>Options of <c>clip</c>.</summary>
public sealed record ClipOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Lowest value; null leaves the child's.</summary>
    public double? Min { get; init; }

    /// <summary>Highest value; null leaves the child's.</summary>
    public double? Max { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Min is null && Max is null)
        {
            yield return "Min and max are both missing; give at least one.";
        }

        if (Min > Max)
        {
            yield return $"Min is {Min}, above max, which is {Max}.";
        }
    }
}

/// <summary>The child's value kept within bounds, its segments too.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Clip<TSample>(IReward<TSample> child, double minimum, double maximum)
    : Shape<TSample>("clip", child, x => ScoreMath.Clip(x, minimum, maximum))
{
    /// <inheritdoc/>
    protected override bool MapsSegments => true;
}

/// <summary>Options of <c>scale</c>.</summary>
public sealed record ScaleOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>What the value is multiplied by.</summary>
    public double By { get; init; } = 1;

    /// <summary>What is added afterwards.</summary>
    public double Add { get; init; }
}

/// <summary>factor·x + offset of the child's value and of its segments.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Scale<TSample>(IReward<TSample> child, double factor, double offset = 0)
    : Shape<TSample>("scale", child, x => ScoreMath.Scale(x, factor, offset))
{
    /// <inheritdoc/>
    protected override bool MapsSegments => true;
}

/// <summary>Options of <c>sigmoid</c>.</summary>
public sealed record SigmoidOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>The value that becomes 0.5, such as the score of a reference answer.</summary>
    public double Center { get; init; }

    /// <summary>The distance from the centre at which the value is 0.73.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Width > 0))
        {
            yield return $"Width is {Width}; write a positive number.";
        }
    }
}

/// <summary>The child's value through a sigmoid: bounded, steep near the centre. (Reward Shaping to Mitigate Reward Hacking in RLHF.)</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Sigmoid<TSample>(IReward<TSample> child, double center = 0, double width = 1)
    : Shape<TSample>("sigmoid", child, x => ScoreMath.Sigmoid(x, center, width));

/// <summary>Options of <c>power</c>.</summary>
public sealed record PowerOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>The exponent, above 0.</summary>
    public double Exponent { get; init; } = 2;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Exponent > 0))
        {
            yield return $"Exponent is {Exponent}; write a positive number.";
        }
    }
}

/// <summary>sign(x)·|x|^exponent of the child's value.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Power<TSample>(IReward<TSample> child, double exponent)
    : Shape<TSample>("power", child, x => ScoreMath.Power(x, exponent));

/// <summary>Options of <c>tiers</c>.</summary>
public sealed record TiersOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Rising thresholds.</summary>
    public IReadOnlyList<double> At { get; init; } = [];

    /// <summary>Values from below the first threshold up: one more than thresholds, never falling.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (At.Count == 0 || At.Zip(At.Skip(1)).Any(p => p.First >= p.Second))
        {
            yield return $"At is [{string.Join(", ", At)}]; write rising thresholds.";
        }

        if (Values.Count != At.Count + 1 || Values.Zip(Values.Skip(1)).Any(p => p.First > p.Second))
        {
            yield return $"Values is [{string.Join(", ", Values)}]; write {At.Count + 1} values that never fall, one more than thresholds.";
        }
    }
}

/// <summary>Steps instead of a slope: the value of the highest threshold that the child reaches.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Tiers<TSample>(IReward<TSample> child, IReadOnlyList<double> at, IReadOnlyList<double> values)
    : Shape<TSample>("tiers", child, x => ScoreMath.Tier(x, at as double[] ?? [.. at], values as double[] ?? [.. values]));
