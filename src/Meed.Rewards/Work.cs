namespace Meed.Rewards;

/// <summary>Counts the work one sample costs, so that a bound means the same on every machine.</summary>
/// <remarks>One unit is about one character looked at or one arithmetic step, some nanoseconds.</remarks>
public struct Work(long limit)
{
    /// <summary>Units this sample may use.</summary>
    public long Limit { get; } = limit;

    /// <summary>Units used so far.</summary>
    public long Used { get; private set; }

    /// <summary>Takes units; throws <see cref="WorkExceededException"/> past the limit, which the scheduler turns into the minimum with reason <c>over_budget</c>.</summary>
    public void Charge(long units)
    {
        Used += units;
        if (Used > Limit)
        {
            throw new WorkExceededException(Limit);
        }
    }
}

/// <summary>A sample used up its work limit. The policy's fault: the row scores the reward's minimum.</summary>
public sealed class WorkExceededException(long limit) : Exception($"The sample needed more than {limit} work units.");

/// <summary>One row that a verifier fills in.</summary>
public ref struct ScoreRow(Scores scores, int row)
{
    private readonly Scores _scores = scores;
    private readonly int _row = row;

    /// <summary>Sets the value; the status becomes Ok.</summary>
    public readonly void Set(double value, string? reason = null)
    {
        _scores.Values[_row] = value;
        _scores.Status[_row] = ScoreStatus.Ok;
        _scores.Reasons[_row] = reason;
    }

    /// <summary>The policy's fault: the reward's minimum with a counted reason.</summary>
    public readonly void Fault(string reason) => Set(_scores.Schema.Minimum, reason);

    /// <summary>Not a number: the task's or our fault.</summary>
    public readonly void Fail(ScoreStatus status, string reason)
    {
        _scores.Status[_row] = status;
        _scores.Reasons[_row] = reason;
    }

    /// <summary>Sets one component.</summary>
    public readonly void Component(int index, double value) => _scores.Component(index)[_row] = value;

    /// <summary>Sets the segments.</summary>
    public readonly void Segments(IReadOnlyList<ScoreSegment> segments) => _scores.Segments[_row] = segments;
}

/// <summary>A reward that a program decides, one sample at a time. The scheduler runs it over all cores.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public abstract class Verifier<TSample> : IReward<TSample>
{
    /// <inheritdoc/>
    public abstract RewardSchema Schema { get; }

    /// <summary>Judges one sample: charge the work as it is done, then fill in the row exactly once.</summary>
    /// <remarks>Called from several threads at once. An exception other than <see cref="WorkExceededException"/> makes the row a VerifierError.</remarks>
    protected abstract void Check(TSample sample, ref Work work, ref ScoreRow row);

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var scores = new Scores(Schema, samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var work = new Work(context.WorkLimit);
            var row = new ScoreRow(scores, i);
            try
            {
                Check(samples[i], ref work, ref row);
            }
            catch (WorkExceededException)
            {
                row.Fault("over_budget");
            }
        }

        return new ValueTask<Scores>(scores);
    }
}
