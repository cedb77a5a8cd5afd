namespace Meed.Rewards;

/// <summary>A half-open range of a response with a value, such as one reasoning step.</summary>
/// <param name="Start">First index.</param>
/// <param name="End">One past the last index.</param>
/// <param name="Value">The segment's value.</param>
/// <param name="Unit">What the indices count: character, token, step, turn or frame.</param>
public readonly record struct ScoreSegment(int Start, int End, double Value, SegmentUnit Unit);

/// <summary>What the indices of a <see cref="ScoreSegment"/> count.</summary>
public enum SegmentUnit : byte
{
    /// <summary>UTF-16 code units of the response.</summary>
    Character,

    /// <summary>Tokens.</summary>
    Token,

    /// <summary>Reasoning steps.</summary>
    Step,

    /// <summary>Turns of a dialogue.</summary>
    Turn,

    /// <summary>Frames of a clip.</summary>
    Frame,
}

/// <summary>Scores of a batch: one column of values, one of statuses, one per component, reasons and segments.</summary>
public sealed class Scores
{
    private readonly double[] _values;
    private readonly ScoreStatus[] _status;
    private readonly double[][] _components;
    private readonly string?[] _reasons;
    private readonly IReadOnlyList<ScoreSegment>?[] _segments;
    private readonly long[] _work;

    private Scores(RewardSchema schema, Scores shared)
    {
        Schema = schema;
        (_values, _status, _components, _reasons, _segments, _work) = (shared._values, shared._status, shared._components, shared._reasons, shared._segments, shared._work);
        Reproducible = shared.Reproducible;
    }

    /// <summary>An unscored batch.</summary>
    public Scores(RewardSchema schema, int count)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Schema = schema;
        _values = new double[count];
        _status = new ScoreStatus[count];
        _reasons = new string?[count];
        _segments = new IReadOnlyList<ScoreSegment>?[count];
        _work = new long[count];
        _components = new double[schema.Components.Count][];
        for (int i = 0; i < _components.Length; i++)
        {
            _components[i] = new double[count];
            Array.Fill(_components[i], double.NaN);
        }
    }

    /// <summary>The reward that made them.</summary>
    public RewardSchema Schema { get; }

    /// <summary>Rows.</summary>
    public int Count => _values.Length;

    /// <summary>The score of a row; throws unless its status is Ok.</summary>
    public double this[int row] => _status[row] == ScoreStatus.Ok
        ? _values[row]
        : throw new InvalidOperationException($"Scores[{row}] of '{Schema.Name}' has no number: its status is {_status[row]}{(_reasons[row] is { } r ? $" ({r})" : "")}. Look at Status first, or use Resolve.");

    /// <summary>Raw values, [Count]; meaningful only where <see cref="Status"/> is Ok.</summary>
    public Span<double> Values => _values;

    /// <summary>Status of each row.</summary>
    public Span<ScoreStatus> Status => _status;

    /// <summary>Values of one component, [Count]; NaN where the component was not evaluated.</summary>
    public Span<double> Component(int index) => _components[index];

    /// <summary>Values of one component by name.</summary>
    public Span<double> Component(string name)
    {
        for (int i = 0; i < Schema.Components.Count; i++)
        {
            if (Schema.Components[i] == name)
            {
                return _components[i];
            }
        }

        throw new ArgumentException($"'{Schema.Name}' has no component '{name}'. Known: {string.Join(", ", Schema.Components)}.", nameof(name));
    }

    /// <summary>Why a row scored what it did; null when nothing was noted. Short and countable, such as <c>unparsed</c>.</summary>
    public Span<string?> Reasons => _reasons;

    /// <summary>Work units each row used, [Count].</summary>
    public Span<long> Work => _work;

    /// <summary>False when a wall-clock limit fired: another run may score that row.</summary>
    public bool Reproducible { get; set; } = true;

    /// <summary>Values of parts of the response; null where the reward gave none.</summary>
    public Span<IReadOnlyList<ScoreSegment>?> Segments => _segments;

    /// <summary>Share of rows that are neither Ok nor NotApplicable.</summary>
    public double FailedShare()
    {
        int failed = 0;
        foreach (var s in _status)
        {
            failed += s is ScoreStatus.Ok or ScoreStatus.NotApplicable ? 0 : 1;
        }

        return Count == 0 ? 0 : (double)failed / Count;
    }

    /// <summary>Mean of the Ok rows; NaN when there is none.</summary>
    public double Mean()
    {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_status[i] == ScoreStatus.Ok)
            {
                sum += _values[i];
                n++;
            }
        }

        return n == 0 ? double.NaN : sum / n;
    }

    /// <summary>How often each reason was noted, most frequent first, then by name.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> CountReasons()
    {
        var counts = new Dictionary<string, int>();
        foreach (var reason in _reasons)
        {
            if (reason is not null)
            {
                counts[reason] = counts.GetValueOrDefault(reason) + 1;
            }
        }

        return [.. counts.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)];
    }

    /// <summary>Rewards and which of them count, [Count] each, for a trainer.</summary>
    /// <remarks>A row that is NotApplicable never counts. Rows that do not count carry 0.</remarks>
    /// <exception cref="InvalidOperationException">A row failed and <paramref name="whenFailed"/> is <see cref="WhenFailed.Throw"/>.</exception>
    public (float[] Rewards, bool[] Valid) Resolve(WhenFailed whenFailed = WhenFailed.Mask)
    {
        var (values, valid) = ResolveDouble(whenFailed);
        return (Array.ConvertAll(values, v => (float)v), valid);
    }

    /// <summary><see cref="Resolve"/> in double precision.</summary>
    public (double[] Rewards, bool[] Valid) ResolveDouble(WhenFailed whenFailed = WhenFailed.Mask)
    {
        var rewards = new double[Count];
        var valid = new bool[Count];
        for (int i = 0; i < Count; i++)
        {
            switch (_status[i])
            {
                case ScoreStatus.Ok:
                    rewards[i] = _values[i];
                    valid[i] = true;
                    break;
                case ScoreStatus.NotApplicable:
                    break;
                default:
                    if (whenFailed == WhenFailed.Throw)
                    {
                        _ = this[i];
                    }

                    valid[i] = whenFailed == WhenFailed.Minimum;
                    rewards[i] = valid[i] ? Schema.Minimum : 0;
                    break;
            }
        }

        return (rewards, valid);
    }

    /// <summary>Throws when more than a share of the rows failed; names the counts by status and the most frequent reasons.</summary>
    /// <param name="share">Largest share of failed rows, 0 to 1.</param>
    /// <param name="step">Training step, for the message.</param>
    public void RequireFailedAtMost(double share = 0.05, long step = 0)
    {
        if (FailedShare() <= share)
        {
            return;
        }

        var statuses = _status.Where(s => s is not (ScoreStatus.Ok or ScoreStatus.NotApplicable)).CountBy(s => s).OrderByDescending(s => s.Value);
        throw new InvalidOperationException(
            $"Step {step}: {100 * FailedShare():0.#} % of the rows of '{Schema.Name}' failed, at most {100 * share:0.#} % may. " +
            $"Statuses: {string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}"))}. Reasons: {string.Join(", ", CountReasons().Take(5).Select(r => $"{r.Key} {r.Value}"))}.");
    }

    /// <summary>The same rows under another schema with as many components; memory is shared.</summary>
    internal Scores As(RewardSchema schema) => new(schema, this);

    /// <summary>Copies one row of other scores, components by position, into a row of these.</summary>
    internal void CopyRow(Scores from, int source, int target)
    {
        _values[target] = from._values[source];
        _status[target] = from._status[source];
        _reasons[target] = from._reasons[source];
        _segments[target] = from._segments[source];
        _work[target] = from._work[source];
        for (int c = 0; c < _components.Length; c++)
        {
            _components[c][target] = from._components[c][source];
        }
    }

    /// <summary>Values and statuses as a column for <see cref="ScoreMath"/>; it shares their memory.</summary>
    public ScoreColumn Column => new(_values, _status);

    /// <summary>Hands every row to the trace as the node at <paramref name="path"/>.</summary>
    internal void Report(RewardContext context, string path)
    {
        if (context.Trace is null)
        {
            return;
        }

        for (int i = 0; i < Count; i++)
        {
            context.Trace.Node(context.RowOf(i), path, _status[i] == ScoreStatus.Ok ? _values[i] : double.NaN, _status[i], _work[i], _reasons[i]);
        }
    }
}

/// <summary>What a trainer does with rows that carry no number.</summary>
public enum WhenFailed : byte
{
    /// <summary>The row does not count: neither for the loss nor for its group's statistics.</summary>
    Mask,

    /// <summary>The row counts with the reward's stated minimum.</summary>
    Minimum,

    /// <summary>The first failed row stops the run.</summary>
    Throw,
}
