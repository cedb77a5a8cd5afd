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
        _components = new double[schema.Components.Count][];
        for (int i = 0; i < _components.Length; i++)
        {
            _components[i] = new double[count];
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
}
