using System.Diagnostics;

namespace Meed.Rewards;

/// <summary>Counts the work one sample costs, so that a bound means the same on every machine.</summary>
/// <remarks>
/// One unit is about one character looked at or one arithmetic step, some nanoseconds. About every 65,536 units the counter also
/// looks at the cancellation token and the wall-clock back-stop, whose time starts at the first such look.
/// </remarks>
public struct Work
{
    private const long Stride = 65_536;
    private readonly CancellationToken _cancellation;
    private readonly TimeSpan _wall;
    private long _nextLook;
    private long _started;

    /// <summary>A counter with a limit in units.</summary>
    /// <param name="limit">Units the sample may use, at least 0.</param>
    /// <param name="wall">Wall-clock back-stop; zero or less means none.</param>
    /// <param name="cancellation">Stops the sample between two looks.</param>
    public Work(long limit, TimeSpan wall = default, CancellationToken cancellation = default)
    {
        Limit = Math.Max(0, limit);
        _wall = wall;
        _cancellation = cancellation;
        _nextLook = Math.Min(Limit + 1, Stride);
    }

    /// <summary>Units this sample may use.</summary>
    public long Limit { get; }

    /// <summary>Units used so far; may pass the limit by the last charge.</summary>
    public long Used { get; private set; }

    /// <summary>Stops the sample.</summary>
    internal readonly CancellationToken Cancellation => _cancellation;

    /// <summary>Wall-clock back-stop; zero or less means none.</summary>
    internal readonly TimeSpan Wall => _wall;

    /// <summary>Units left.</summary>
    public readonly long Left => Math.Max(0, Limit - Used);

    /// <summary>Takes units; throws <see cref="WorkExceededException"/> past the limit, which the scheduler turns into the minimum with reason <c>over_budget</c>.</summary>
    public void Charge(long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        Used = Used > long.MaxValue - units ? long.MaxValue : Used + units;
        if (Used >= _nextLook)
        {
            Look();
        }
    }

    private void Look()
    {
        if (Used > Limit)
        {
            throw new WorkExceededException(Limit);
        }

        _cancellation.ThrowIfCancellationRequested();
        long now = Stopwatch.GetTimestamp();
        if (_started == 0)
        {
            _started = now;
        }
        else if (_wall > TimeSpan.Zero && Stopwatch.GetElapsedTime(_started, now) > _wall)
        {
            throw new WallExceededException(_wall);
        }

        _nextLook = Math.Min(Limit + 1, Used + Stride);
    }
}

/// <summary>A sample used up its work limit. The policy's fault: the row scores the reward's minimum.</summary>
public sealed class WorkExceededException(long limit) : Exception($"The sample needed more than {limit} work units.");

/// <summary>The wall-clock back-stop fired. Not the policy's fault: the row is a <see cref="ScoreStatus.Timeout"/>.</summary>
public sealed class WallExceededException(TimeSpan limit) : Exception($"The sample took longer than {limit.TotalMilliseconds:0} ms of wall-clock time.");

/// <summary>One row that a verifier fills in.</summary>
public readonly ref struct ScoreRow(Scores scores, int row)
{
    private readonly Scores _scores = scores;
    private readonly int _row = row;

    /// <summary>Sets the value; the status becomes Ok.</summary>
    public void Set(double value, string? reason = null)
    {
        _scores.Values[_row] = value;
        _scores.Status[_row] = ScoreStatus.Ok;
        _scores.Reasons[_row] = reason;
    }

    /// <summary>The policy's fault: the reward's minimum with a counted reason.</summary>
    public void Fault(string reason) => Set(_scores.Schema.Minimum, reason);

    /// <summary>Not a number: the task's or our fault, or a sample that the reward does not concern.</summary>
    public void Fail(ScoreStatus status, string reason)
    {
        _scores.Values[_row] = 0;
        _scores.Status[_row] = status;
        _scores.Reasons[_row] = reason;
    }

    /// <summary>Sets one component.</summary>
    public void Component(int index, double value) => _scores.Component(index)[_row] = value;

    /// <summary>Sets the segments.</summary>
    public void Segments(IReadOnlyList<ScoreSegment> segments) => _scores.Segments[_row] = segments;
}
