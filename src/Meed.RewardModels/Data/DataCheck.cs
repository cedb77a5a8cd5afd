using System.Globalization;
using Meed.RewardModels.Observations;
using Meed.Rewards;

namespace Meed.RewardModels.Data;

/// <summary>What <c>meed data check</c> found in one or several files of preferences.</summary>
public sealed record DataCheck
{
    /// <summary>Rows read.</summary>
    public long Rows { get; init; }

    /// <summary>Comparisons.</summary>
    public long Pairs { get; init; }

    /// <summary>Comparisons without a winner.</summary>
    public long Ties { get; init; }

    /// <summary>Different prompts, by their opening.</summary>
    public long Prompts { get; init; }

    /// <summary>Comparisons whose two sides are the same text.</summary>
    public Finding Identical { get; init; } = new();

    /// <summary>Responses without a text.</summary>
    public Finding Empty { get; init; } = new();

    /// <summary>Comparisons that came before with the same result.</summary>
    public Finding Repeated { get; init; } = new();

    /// <summary>Comparisons that came before with the opposite result.</summary>
    public Finding Contradictions { get; init; } = new();

    /// <summary>Rows whose prompt stands in another split or file as well.</summary>
    public Finding Leaks { get; init; } = new();

    /// <summary>Rows that could not be read.</summary>
    public Finding Bad { get; init; } = new();

    /// <summary>Decided comparisons that were judged at least twice.</summary>
    public long JudgedTwice { get; init; }

    /// <summary>
    /// Estimated share of wrong labels, from comparisons judged twice: with independent errors of rate e two judgements differ with probability d = 2e(1 − e), so
    /// e = (1 − √(1 − 2d)) / 2. Null when none was judged twice.
    /// </summary>
    public double? LabelNoise { get; init; }

    /// <summary>Decided comparisons of texts of different length.</summary>
    public long LengthPairs { get; init; }

    /// <summary>Of them, those whose longer side won.</summary>
    public long LongerWins { get; init; }

    /// <summary>Decided comparisons whose order carries information, because the file does not put the better side first by its layout.</summary>
    public long PositionPairs { get; init; }

    /// <summary>Of them, those whose first side won.</summary>
    public long FirstWins { get; init; }

    /// <summary>True when something has to be mended before training.</summary>
    public bool HasProblems => Identical.Count + Empty.Count + Contradictions.Count + Leaks.Count + Bad.Count > 0;

    /// <summary>The 95 % Wilson interval of a share.</summary>
    public static (double Low, double High) Interval(long successes, long trials)
    {
        const double z = 1.959963984540054;
        if (trials == 0)
        {
            return (0, 1);
        }

        double p = (double)successes / trials, z2 = z * z / trials;
        double centre = (p + (z2 / 2)) / (1 + z2), half = z * Math.Sqrt((p * (1 - p) / trials) + (z2 / (4 * trials))) / (1 + z2);
        return (centre - half, centre + half);
    }

    /// <summary>Reads the files and checks them. Memory grows by some 50 bytes a comparison, not by the texts.</summary>
    /// <param name="files">The files; the same prompt in two of them is a leak, as are two splits of one file.</param>
    /// <param name="stop">Stops the reading.</param>
    public static DataCheck Run(IReadOnlyList<PreferenceFile> files, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var scan = new Scan();
        foreach (var file in files)
        {
            foreach (var row in file.Rows(scan.Bad.Add))
            {
                stop.ThrowIfCancellationRequested();
                scan.Take(file, row, files.Count > 1);
            }
        }

        return scan.Result();
    }

    private sealed class Scan
    {
        private readonly Dictionary<SampleKey, (int Wins, int Losses, int Ties)> _judged = [];
        private readonly Dictionary<SampleKey, string> _splits = [];
        private readonly Finding _identical = new(), _empty = new(), _repeated = new(), _contradictions = new(), _leaks = new();
        private ObservationShape? _shape;
        private long _rows, _pairs, _ties, _lengthPairs, _longer, _positionPairs, _first;

        public Finding Bad { get; } = new();

        public void Take(PreferenceFile file, PreferenceRow row, bool several)
        {
            _rows++;
            string place = string.Create(CultureInfo.InvariantCulture, $"{file.Path}:{row.Line}");
            if (Unseen(row, place) is { } unseen)
            {
                Bad.Add(unseen);
                return;
            }

            string split = several ? file.Path + (row.Split is { } named ? $" ({named})" : "") : row.Split ?? "";
            var opening = PromptSplit.KeyOf(row);
            if (!_splits.TryAdd(opening, split) && _splits[opening] != split)
            {
                _leaks.Add($"{place}: the prompt stands in {(_splits[opening].Length > 0 ? _splits[opening] : "another split")} too");
            }

            for (int i = 0; i < row.Responses.Count; i++)
            {
                if (row.Responses[i] is { Text: { } text, Observation: null } && string.IsNullOrWhiteSpace(text))
                {
                    _empty.Add($"{place}: response {i + 1} is empty");
                }
            }

            foreach (var pair in row.Pairs)
            {
                Take(row, pair, place, !file.Layout.BetterFirst);
            }
        }

        public DataCheck Result()
        {
            long twice = 0;
            double agreeing = 0, comparisons = 0;
            foreach (var (wins, losses, _) in _judged.Values)
            {
                long n = wins + losses;
                if (n >= 2)
                {
                    twice++;
                    comparisons += n * (n - 1) / 2.0;
                    agreeing += (wins * (wins - 1) / 2.0) + (losses * (losses - 1) / 2.0);
                }
            }

            double differ = comparisons == 0 ? 0 : Math.Min(0.5, 1 - (agreeing / comparisons));
            return new DataCheck
            {
                Rows = _rows, Pairs = _pairs, Ties = _ties, Prompts = _splits.Count,
                Identical = _identical, Empty = _empty, Repeated = _repeated, Contradictions = _contradictions, Leaks = _leaks, Bad = Bad,
                JudgedTwice = twice, LabelNoise = twice == 0 ? null : (1 - Math.Sqrt(1 - (2 * differ))) / 2,
                LengthPairs = _lengthPairs, LongerWins = _longer, PositionPairs = _positionPairs, FirstWins = _first,
            };
        }

        private void Take(PreferenceRow row, PreferencePair pair, string place, bool position)
        {
            _pairs++;
            _ties += pair.IsTie ? 1 : 0;
            if (row.Responses[pair.First].IsSame(row.Responses[pair.Second]))
            {
                _identical.Add($"{place}: both sides are the same {(row.Responses[pair.First].Observation is null ? "text" : "response")}");
                return;
            }

            if (Whole(row.Responses[pair.First]) is not { } first || Whole(row.Responses[pair.Second]) is not { } second)
            {
                return;
            }

            bool firstWins = pair.Probability > 0.5;
            Remember(row, pair, place, first, second, firstWins);
            if (pair.IsTie)
            {
                return;
            }

            int firstLength = row.Responses[pair.First].Text?.Length ?? 0, secondLength = row.Responses[pair.Second].Text?.Length ?? 0;
            if (firstLength != secondLength)
            {
                _lengthPairs++;
                _longer += firstLength > secondLength == firstWins ? 1 : 0;
            }

            if (position)
            {
                _positionPairs++;
                _first += pair.First < pair.Second == firstWins ? 1 : 0;
            }
        }

        // Opens what the row shows: what is wrong with it, or null. All of a file have the sizes of the first; only the number of states may differ.
        private string? Unseen(PreferenceRow row, string place)
        {
            foreach (var source in ((ObservationSource?[])[row.Observation, .. row.Responses.Select(r => r.Observation)]).OfType<ObservationSource>())
            {
                try
                {
                    var shape = source.Load().Shape;
                    shape = shape.Kind == ObservationKind.States ? shape with { Steps = 1 } : shape;
                    _shape ??= shape;
                    if (shape != _shape)
                    {
                        return $"{place}: the row shows {shape}, the first one shows {_shape}; a model reads one size";
                    }
                }
                catch (PreferenceException e)
                {
                    return e.Message;
                }
            }

            return null;
        }

        // A response's text, and a key of what it shows where it shows something; null where it has neither.
        private static string? Whole(RatedResponse response) => response.Observation is { } seen ? $"{response.Text}\u0003{seen.Key}" : response.Text;

        private void Remember(PreferenceRow row, PreferencePair pair, string place, string first, string second, bool firstWins)
        {
            SampleKey a = PromptSplit.Hash(first), b = PromptSplit.Hash(second), prompt = row.Observation is null ? PromptSplit.WholeKeyOf(row.Prompt) : PromptSplit.KeyOf(row);
            bool ordered = (a.High, a.Low).CompareTo((b.High, b.Low)) < 0;
            var (low, high) = ordered ? (a, b) : (b, a);
            var key = new SampleKey(unchecked((prompt.High * 31) + (low.High * 17) + high.High), unchecked((prompt.Low * 31) + (low.Low * 17) + high.Low));
            var (wins, losses, ties) = _judged.GetValueOrDefault(key);
            bool lowWins = ordered == firstWins;
            string who = pair.Annotator is { } annotator ? $" by annotator {annotator}" : "";
            if (pair.IsTie)
            {
                ties++;
            }
            else
            {
                if ((lowWins ? losses : wins) > 0)
                {
                    _contradictions.Add($"{place}: the same two texts were judged the other way before{who}");
                }
                else if (wins + losses > 0)
                {
                    _repeated.Add($"{place}: the same comparison came before{who}");
                }

                (wins, losses) = lowWins ? (wins + 1, losses) : (wins, losses + 1);
            }

            _judged[key] = (wins, losses, ties);
        }
    }
}

/// <summary>A kind of finding: how often, and the first few places.</summary>
public sealed class Finding
{
    private const int Shown = 5;
    private readonly List<string> _examples = [];

    /// <summary>How often.</summary>
    public long Count { get; private set; }

    /// <summary>The first few, each with file and line.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Counts one more.</summary>
    public void Add(string example)
    {
        Count++;
        if (_examples.Count < Shown)
        {
            _examples.Add(example);
        }
    }
}
