using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Rows that a statistic is taken over.</summary>
public enum StatisticOver : byte
{
    /// <summary>The batch.</summary>
    Batch,

    /// <summary>The row's group.</summary>
    Group,

    /// <summary>All batches that <see cref="IStatefulReward.Update"/> was called with.</summary>
    Running,
}

/// <summary>Options of <c>normalise</c>.</summary>
public sealed record NormaliseOptions
{
    /// <summary>The reward.</summary>
    public DocumentNode? Of { get; init; }

    /// <summary>Rows that mean and deviation are taken over.</summary>
    public StatisticOver Over { get; init; } = StatisticOver.Group;

    /// <summary>False only takes the mean off.</summary>
    public bool Deviate { get; init; } = true;

    /// <summary>Largest absolute value of the result.</summary>
    public double Limit { get; init; } = 10;

    /// <summary>Added to the deviation.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Limit > 0))
        {
            yield return $"Limit is {Limit}; write a positive number.";
        }

        if (!(Epsilon > 0))
        {
            yield return $"Epsilon is {Epsilon}; write a small positive number.";
        }
    }
}

/// <summary>(x − mean) / (deviation + ε) of the child's value, over its batch, its group or everything seen so far.</summary>
/// <remarks>
/// Deviations are the population's. Running statistics change only through <see cref="IStatefulReward.Update"/>, by Welford's method;
/// before the first update they are mean 0 and deviation 1.
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Normalise<TSample> : Combinator<TSample>
{
    private readonly Lock _lock = new();
    private readonly StatisticOver _over;
    private readonly bool _deviate;
    private readonly double _limit;
    private readonly double _epsilon;
    private long _count;
    private double _mean;
    private double _squares;

    /// <summary>A normalised reward.</summary>
    /// <param name="child">The reward.</param>
    /// <param name="over">Rows that mean and deviation are taken over.</param>
    /// <param name="deviate">False only takes the mean off.</param>
    /// <param name="limit">Largest absolute value of the result.</param>
    /// <param name="epsilon">Added to the deviation.</param>
    public Normalise(IReward<TSample> child, StatisticOver over, bool deviate = true, double limit = 10, double epsilon = 1e-6)
        : base("normalise", [(".of", child)], -limit, limit, over switch { StatisticOver.Batch => RewardScope.Batch, StatisticOver.Group => RewardScope.Group, _ => RewardScope.Sample })
    {
        (_over, _deviate, _limit, _epsilon) = (over, deviate, limit, epsilon);
    }

    /// <inheritdoc/>
    protected override bool OwnState => _over == StatisticOver.Running;

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        if (_over == StatisticOver.Running)
        {
            double mean, deviation;
            lock (_lock)
            {
                mean = _mean;
                deviation = _count > 0 ? Math.Sqrt(_squares / _count) : 1;
            }

            for (int row = 0; row < result.Count; row++)
            {
                result.Status[row] = children[0].Status[row];
                result.Values[row] = result.Status[row] == ScoreStatus.Ok ? ScoreMath.Clip((children[0].Values[row] - mean) / (_deviate ? deviation + _epsilon : 1), -_limit, _limit) : 0;
            }
        }
        else
        {
            ScoreMath.Standardise(children[0].Column, _over == StatisticOver.Batch ? [0, result.Count] : context.Groups(result.Count), _epsilon, _limit, _deviate, result.Column);
        }

        for (int row = 0; row < result.Count; row++)
        {
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : 0;
        }
    }

    /// <inheritdoc/>
    protected override void UpdateOwn(Scores[] children)
    {
        if (_over != StatisticOver.Running)
        {
            return;
        }

        lock (_lock)
        {
            for (int row = 0; row < children[0].Count; row++)
            {
                if (children[0].Status[row] == ScoreStatus.Ok)
                {
                    double x = children[0].Values[row], d = x - _mean;
                    _mean += d / ++_count;
                    _squares += d * (x - _mean);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void SaveOwn(BinaryWriter to)
    {
        lock (_lock)
        {
            to.Write(_count);
            to.Write(_mean);
            to.Write(_squares);
        }
    }

    /// <inheritdoc/>
    protected override void LoadOwn(BinaryReader from)
    {
        lock (_lock)
        {
            _count = from.ReadInt64();
            _mean = from.ReadDouble();
            _squares = from.ReadDouble();
        }
    }
}
