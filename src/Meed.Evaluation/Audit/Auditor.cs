using Meed.Evaluation.Rollouts;
using Meed.Rewards;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Evaluation.Audit;

/// <summary>Audits scored groups as they stream by; memory is bounded whatever their number.</summary>
/// <remarks>Counts, means, correlations and fits are over every row. Quantiles and plots are over seeded samples, and leaving a component out is tried on a sample of at most 4,096 groups.</remarks>
public sealed class Auditor
{
    private const int MostReasons = 1000;
    private const int MostSteps = 4096;
    private const int MostPairedRows = 256;
    private const int Examples = 5;
    private readonly AuditBaseline? _baseline;
    private readonly string? _secondName;
    private readonly GroupStream<Scored> _groups;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _index = [];
    private readonly long[] _componentRows = new long[ComponentFit.Most];
    private readonly double[] _componentMeans = new double[ComponentFit.Most];
    private readonly ComponentFit _fit = new();
    private readonly Reservoir<double> _rewards = new(65_536);
    private readonly Reservoir<(double, double)> _points = new(1500);
    private readonly Reservoir<Scored[]> _sampledGroups = new(4096);
    private readonly Correlation _lengthAll = new(), _repetitionAll = new(), _lengthWithin = new(), _repetitionWithin = new(), _secondWithin = new();
    private readonly Dictionary<string, (long Count, long Scored, double Sum)> _reasons = [];
    private readonly Dictionary<double, long> _flat = [];
    private readonly SortedDictionary<long, (long Rows, double Sum, double Length)> _steps = [];
    private readonly long[] _statuses = new long[Enum.GetValues<ScoreStatus>().Length];
    private readonly FrequentTexts _frequent = new(2048);
    private readonly ClusterCounter _clusters = new();
    private readonly ChangeCount _secondChanges = new();
    private readonly List<DisagreeingRow> _disagreeing = [];
    private long _rows, _scored, _groupCount, _alone, _noSignal, _duplicates, _apart, _truncated, _atMinimum, _atMaximum, _secondRows, _pairs, _opposite;
    private double _mean, _squares, _minimum = double.PositiveInfinity, _maximum = double.NegativeInfinity, _lengths, _repetitions;

    /// <summary>An audit.</summary>
    /// <param name="baseline">Earlier rollouts to compare with; null for none.</param>
    /// <param name="second">Name of a second reward, whose value comes with each row; null for none.</param>
    /// <param name="maxRows">Rows held at most while their groups are incomplete.</param>
    public Auditor(AuditBaseline? baseline = null, string? second = null, int maxRows = 65_536)
    {
        (_baseline, _secondName) = (baseline, second);
        _groups = new GroupStream<Scored>(maxRows);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="second">Its value by the second reward; NaN when it has none.</param>
    public void Add(RolloutRow row, double second = double.NaN)
    {
        ArgumentNullException.ThrowIfNull(row);
        _rows++;
        _statuses[(int)row.Status]++;
        _truncated += row.Sample.Truncated ? 1 : 0;
        bool scored = row.Status == ScoreStatus.Ok;
        if (row.Reason is { } reason)
        {
            string key = _reasons.ContainsKey(reason) || _reasons.Count < MostReasons ? reason : "(others)";
            var (count, with, sum) = _reasons.GetValueOrDefault(key);
            _reasons[key] = (count + 1, with + (scored ? 1 : 0), sum + (scored ? row.Reward : 0));
        }

        if (!scored)
        {
            return;
        }

        string response = row.Sample.Response;
        ulong[] grams = Shingles.Of(response);
        double repetition = Shingles.Repetition(grams), reward = row.Reward;
        Count(reward, response.Length, repetition);
        if (row.Step is { } step && (_steps.ContainsKey(step) || _steps.Count < MostSteps))
        {
            var (rows, sum, length) = _steps.GetValueOrDefault(step);
            _steps[step] = (rows + 1, sum + reward, length + response.Length);
        }

        ulong hash = Hash(response);
        _frequent.Add(hash, response, reward);
        if (_baseline?.IsHigh(reward) == true)
        {
            _clusters.Add(grams, reward, response, Place(row), Prompt(row));
        }

        _groups.Add(row.Group, new Scored(reward, response.Length, repetition, second, hash, Values(row), _secondName is null ? "" : Place(row)), 1, Close);
    }

    /// <summary>Closes the audit.</summary>
    /// <param name="baselineAgain">Reads the baseline once more, to see how often new clusters were there already; needed when there is a baseline.</param>
    public AuditResult Finish(Func<IEnumerable<RolloutRow>>? baselineAgain = null)
    {
        _groups.Finish(Close);
        var (weights, shares, correlations, explained) = _fit.Solve(_names.Count);
        var without = Without(weights);
        return new AuditResult
        {
            Rows = _rows, Scored = _scored, Groups = _groupCount, Alone = _alone, Torn = _groups.Torn,
            Mean = _scored == 0 ? double.NaN : _mean, Deviation = _scored == 0 ? double.NaN : Math.Sqrt(_squares / _scored),
            Minimum = _scored == 0 ? double.NaN : _minimum, Maximum = _scored == 0 ? double.NaN : _maximum, AtMinimum = _atMinimum, AtMaximum = _atMaximum,
            Rewards = [.. _rewards.Items.Order()], Points = _points.Items,
            NoSignal = _noSignal, AllAtMaximum = _flat.GetValueOrDefault(_maximum), AllAtMinimum = _maximum > _minimum ? _flat.GetValueOrDefault(_minimum) : 0,
            Duplicates = _duplicates, DuplicatesScoredApart = _apart,
            Repeated = [.. _frequent.Top(8, Math.Max(3, _scored / 1000)).Select(t => new CountedReward(t.Text, t.Count, t.Mean))],
            Components = [.. _names.Select((name, c) => new ComponentAudit(name, _componentRows[c], _componentRows[c] == 0 ? double.NaN : _componentMeans[c], weights[c], shares[c], correlations[c], without[c]))],
            Explained = _names.Count == 0 ? double.NaN : explained,
            Properties = _scored == 0 ? [] :
            [
                new PropertyAudit("length", _lengths / _scored, _lengthAll.Value, _lengthWithin.Value),
                new PropertyAudit("repetition", _repetitions / _scored, _repetitionAll.Value, _repetitionWithin.Value),
            ],
            Statuses = [.. Enum.GetValues<ScoreStatus>().Where(s => s != ScoreStatus.Ok && _statuses[(int)s] > 0).Select(s => KeyValuePair.Create(s, _statuses[(int)s]))],
            Reasons = [.. _reasons.Select(r => new CountedReward(r.Key, r.Value.Count, r.Value.Scored == 0 ? double.NaN : r.Value.Sum / r.Value.Scored)).OrderByDescending(r => r.Count).ThenBy(r => r.Name, StringComparer.Ordinal)],
            Truncated = _truncated,
            Steps = _steps.Count < 2 ? [] : [.. _steps.Select(s => new StepAudit(s.Key, s.Value.Rows, s.Value.Sum / s.Value.Rows, s.Value.Length / s.Value.Rows))],
            Disagreement = _secondName is null ? null : new DisagreementAudit(_secondName, _secondRows, _pairs, _opposite, _secondWithin.Value, _secondChanges, _disagreeing),
            Baseline = _baseline is null ? null : Compare(_baseline, baselineAgain ?? throw new ArgumentNullException(nameof(baselineAgain), "An audit with a baseline reads it twice.")),
        };
    }

    private void Count(double reward, double length, double repetition)
    {
        _scored++;
        double delta = reward - _mean;
        _mean += delta / _scored;
        _squares += delta * (reward - _mean);
        (_minimum, _atMinimum) = reward < _minimum ? (reward, 1) : (_minimum, _atMinimum + (reward == _minimum ? 1 : 0));
        (_maximum, _atMaximum) = reward > _maximum ? (reward, 1) : (_maximum, _atMaximum + (reward == _maximum ? 1 : 0));
        _rewards.Add(reward);
        _points.Add((length, reward));
        (_lengths, _repetitions) = (_lengths + length, _repetitions + repetition);
        _lengthAll.Add(length, reward);
        _repetitionAll.Add(repetition, reward);
    }

    // Components of the reward itself; "sum.math" stands inside "sum" and would count twice.
    private double[] Values(RolloutRow row)
    {
        var values = new double[_names.Count];
        Array.Fill(values, double.NaN);
        foreach (var (name, value) in row.Components)
        {
            if (name.Contains('.', StringComparison.Ordinal) && row.Components.Any(c => name.StartsWith(c.Key + ".", StringComparison.Ordinal)))
            {
                continue;
            }

            if (!_index.TryGetValue(name, out int c))
            {
                if (_names.Count == ComponentFit.Most)
                {
                    continue;
                }

                c = _names.Count;
                _index[name] = c;
                _names.Add(name);
                values = [.. values, double.NaN];
            }

            values[c] = value;
            _componentRows[c]++;
            _componentMeans[c] += (value - _componentMeans[c]) / _componentRows[c];
        }

        return values;
    }

    private void Close(IReadOnlyList<Scored> group)
    {
        if (group.Count < 2)
        {
            _alone++;
            return;
        }

        _groupCount++;
        var rows = group.ToArray();
        if (Array.TrueForAll(rows, r => r.Reward == rows[0].Reward))
        {
            _noSignal++;
            if (_flat.ContainsKey(rows[0].Reward) || _flat.Count < MostReasons)
            {
                _flat[rows[0].Reward] = _flat.GetValueOrDefault(rows[0].Reward) + 1;
            }
        }

        var first = new Dictionary<ulong, double>();
        foreach (var row in rows)
        {
            if (!first.TryAdd(row.Hash, row.Reward))
            {
                _duplicates++;
                _apart += first[row.Hash] == row.Reward ? 0 : 1;
            }
        }

        double mean = rows.Average(r => r.Reward), length = rows.Average(r => r.Length), repetition = rows.Average(r => r.Repetition);
        var means = new double[_names.Count];
        for (int c = 0; c < means.Length; c++)
        {
            means[c] = rows.Average(r => r.Component(c));
        }

        var centred = new double[_names.Count];
        foreach (var row in rows)
        {
            _lengthWithin.AddCentred(row.Length - length, row.Reward - mean);
            _repetitionWithin.AddCentred(row.Repetition - repetition, row.Reward - mean);
            for (int c = 0; c < centred.Length; c++)
            {
                centred[c] = row.Component(c) - means[c];
            }

            _fit.Add(row.Reward - mean, centred);
        }

        _sampledGroups.Add(rows.Length > MostPairedRows ? rows[..MostPairedRows] : rows);
        if (_secondName is not null)
        {
            Second([.. rows.Where(r => !double.IsNaN(r.Second))]);
        }
    }

    private void Second(Scored[] rows)
    {
        _secondRows += rows.Length;
        if (rows.Length < 2)
        {
            return;
        }

        _secondChanges.Add(Array.ConvertAll(rows, r => r.Reward), Array.ConvertAll(rows, r => r.Second));
        double first = rows.Average(r => r.Reward), second = rows.Average(r => r.Second);
        foreach (var row in rows)
        {
            double a = row.Reward - first, b = row.Second - second;
            _secondWithin.AddCentred(a, b);
            if (a * b < 0)
            {
                _disagreeing.Add(new DisagreeingRow(row.Place, a, b));
                if (_disagreeing.Count > 4 * Examples)
                {
                    Keep();
                }
            }
        }

        Keep();
        int n = Math.Min(rows.Length, MostPairedRows);
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                double product = (rows[i].Reward - rows[j].Reward) * (rows[i].Second - rows[j].Second);
                _pairs += product != 0 ? 1 : 0;
                _opposite += product < 0 ? 1 : 0;
            }
        }

        void Keep()
        {
            var kept = _disagreeing.OrderBy(d => d.First * d.Second).Take(Examples).ToList();
            _disagreeing.Clear();
            _disagreeing.AddRange(kept);
        }
    }

    private ChangeCount[] Without(double[] weights)
    {
        var counts = new ChangeCount[_names.Count];
        for (int c = 0; c < counts.Length; c++)
        {
            counts[c] = new ChangeCount();
            if (double.IsNaN(weights[c]))
            {
                continue;
            }

            foreach (var rows in _sampledGroups.Items)
            {
                // The fit knows weights to about nine figures; what it leaves of an equal reward is no difference.
                double grain = 1e-7 * Math.Max(1e-300, rows.Max(r => Math.Abs(r.Reward)) + Math.Abs(weights[c]));
                counts[c].Add(Array.ConvertAll(rows, r => r.Reward), Array.ConvertAll(rows, r => Math.Round((r.Reward - (weights[c] * r.Component(c))) / grain) * grain));
            }
        }

        return counts;
    }

    private BaselineAudit Compare(AuditBaseline baseline, Func<IEnumerable<RolloutRow>> again)
    {
        const double LeastShare = 0.01;   // of the rows above the threshold
        const int LeastPrompts = 3;       // answers to one prompt resemble one another anyway
        var candidates = _clusters.Clusters.Where(c => c.Count + c.Missed >= LeastShare * _clusters.Texts && c.Prompts >= LeastPrompts).ToList();
        var before = candidates.ToDictionary(c => c, _ => 0L);
        long rows = 0;
        if (candidates.Count > 0)
        {
            foreach (var row in again())
            {
                rows++;
                uint[] signature = MinHash.Signature(Shingles.Of(row.Sample.Response));
                foreach (var candidate in candidates)
                {
                    before[candidate] += MinHash.Similarity(candidate.Signature, signature) >= ClusterCounter.Threshold ? 1 : 0;
                }
            }
        }

        // New: at least twice as frequent as in the baseline.
        var found = candidates
            .Select(c => new NewCluster(c.Count, (double)c.Count / _clusters.Texts, (double)c.Count / _scored, (double)before[c] / Math.Max(1, rows), c.Sum / c.Count, c.Example, c.Place))
            .Where(c => c.BaselineShare < 0.5 * c.ShareOfAll)
            .OrderByDescending(c => c.Rows).ThenBy(c => c.Place, StringComparer.Ordinal).ToList();
        return new BaselineAudit(baseline.Rows, baseline.Mean, baseline.Threshold, _clusters.Texts, found, found.Count > 0 && _mean > baseline.Mean + (1e-12 * Math.Abs(baseline.Mean)));
    }

    private static string Place(RolloutRow row) => $"{Path.GetFileName(row.File)}:{row.Line}";

    // The prompt itself, which may come again in later steps; the group where rows carry no prompt.
    private static ulong Prompt(RolloutRow row) => row.Sample.Prompt.Count == 0 ? row.Group.High : Hash(string.Join('\n', row.Sample.Prompt.Select(m => m.Content)));

    private static ulong Hash(string text)
    {
        ulong hash = (ulong)text.Length;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return Shingles.Mix(hash);
    }

    /// <summary>What an audit keeps of a row until its group is complete.</summary>
    private sealed record Scored(double Reward, double Length, double Repetition, double Second, ulong Hash, double[] Components, string Place)
    {
        public double Component(int c) => c < Components.Length && !double.IsNaN(Components[c]) ? Components[c] : 0;
    }
}
