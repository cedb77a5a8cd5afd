namespace Meed.Rewards.Files;

/// <summary>What a run found. Sums are added in the order of the rows, so they do not depend on the number of threads.</summary>
public sealed class FileSummary
{
    private const int MostReasons = 1000;
    private readonly double[] _sums;
    private readonly long[] _counts;
    private readonly Dictionary<string, long> _reasons = [];
    private readonly long[] _status = new long[Enum.GetValues<ScoreStatus>().Length];
    private double _sum;

    internal FileSummary(RewardSchema schema)
    {
        Schema = schema;
        _sums = new double[schema.Components.Count];
        _counts = new long[schema.Components.Count];
    }

    /// <summary>The reward.</summary>
    public RewardSchema Schema { get; }

    /// <summary>Rows that were scored, whatever their status.</summary>
    public long Rows { get; private set; }

    /// <summary>Lines that were no samples.</summary>
    public long BadLines { get; private set; }

    /// <summary>Mean of the rows with a number; NaN when there is none.</summary>
    public double Mean => this[ScoreStatus.Ok] == 0 ? double.NaN : _sum / this[ScoreStatus.Ok];

    /// <summary>Rows with a status.</summary>
    public long this[ScoreStatus status] => _status[(int)status];

    /// <summary>Rows that failed: neither Ok nor NotApplicable.</summary>
    public long FailedRows => Rows - this[ScoreStatus.Ok] - this[ScoreStatus.NotApplicable];

    /// <summary>Bad lines and failed rows as a share of all lines.</summary>
    public double FailedShare => Rows + BadLines == 0 ? 0 : (double)(FailedRows + BadLines) / (Rows + BadLines);

    /// <summary>False when a wall-clock limit fired on some row.</summary>
    public bool Reproducible { get; private set; } = true;

    /// <summary>Rows that were not scored again: from the cache, or twice in one block. 0 without a cache.</summary>
    public long FromCache { get; internal set; }

    /// <summary>Time the run took.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Null when the run is a success; else one sentence: bad lines under strict, or too many failures.</summary>
    public string? Failure { get; internal set; }

    /// <summary>Mean of a component over the rows that have it; NaN when none has.</summary>
    public IReadOnlyList<(string Name, double Mean, long Rows)> Components
        => [.. Schema.Components.Select((name, c) => (name, _counts[c] == 0 ? double.NaN : _sums[c] / _counts[c], _counts[c]))];

    /// <summary>How often each reason was noted, most frequent first. Beyond the first thousand different ones they count as <c>(others)</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Reasons => [.. _reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)];

    internal void Add(Scores scores, int badLines)
    {
        BadLines += badLines;
        Rows += scores.Count;
        Reproducible &= scores.Reproducible;
        for (int row = 0; row < scores.Count; row++)
        {
            var status = scores.Status[row];
            _status[(int)status]++;
            _sum += status == ScoreStatus.Ok ? scores.Values[row] : 0;
            if (scores.Reasons[row] is { } reason)
            {
                ref long count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_reasons, reason);
                if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
                {
                    string key = _reasons.Count < MostReasons ? reason : "(others)";
                    _reasons[key] = _reasons.GetValueOrDefault(key) + 1;
                }
                else
                {
                    count++;
                }
            }
        }

        for (int c = 0; c < _sums.Length; c++)
        {
            foreach (double value in scores.Component(c))
            {
                if (!double.IsNaN(value))
                {
                    _sums[c] += value;
                    _counts[c]++;
                }
            }
        }
    }
}
