using System.Runtime.InteropServices;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.Rewards;

namespace Meed.RewardModels.Training;

/// <summary>A comparison of two encoded responses.</summary>
/// <param name="First">Row of one.</param>
/// <param name="Second">Row of the other.</param>
/// <param name="Probability">Probability that the first is better; ½ is a tie.</param>
/// <param name="Margin">How much better; 0 when it was not said.</param>
/// <param name="Source">Index of the source.</param>
/// <param name="Part">Train, validation or test.</param>
/// <param name="Cluster">Index of the prompt's opening; what shares one is resampled together.</param>
/// <param name="Position">1 where the first stood before the second in the file, −1 where it stood after, 0 where the layout makes the order mean nothing.</param>
public readonly record struct Comparison(int First, int Second, float Probability, float Margin, int Source, SplitPart Part, int Cluster, int Position);

/// <summary>What is known of an encoded response beside its encoding.</summary>
/// <param name="Length">Characters; frames or states where it has no text.</param>
/// <param name="Markdown">Marks of lists, headings, bold and code.</param>
/// <param name="Source">Index of the source.</param>
/// <param name="Part">Train, validation or test.</param>
/// <param name="Label">1 or 0 where it was labelled, NaN otherwise.</param>
/// <param name="Rating">Its rating; NaN where it has none.</param>
/// <param name="Mean">Mean of the numbers that it shows itself; NaN where it shows nothing.</param>
public readonly record struct ResponseFacts(int Length, int Markdown, int Source, SplitPart Part, float Label, float Rating, float Mean = float.NaN);

/// <summary>Preference rows, encoded: what reward models are trained and measured on.</summary>
/// <remarks>Texts are let go once they are encoded.</remarks>
public sealed class TrainingData
{
    private const int Rows = 1024;
    private readonly List<Comparison> _comparisons = [];
    private readonly List<ResponseFacts> _responses = [];
    private readonly List<int[]> _rankings = [];
    private readonly List<SplitPart> _rankingParts = [];
    private readonly List<string> _sources = [];
    private readonly Dictionary<SampleKey, int> _clusters = [];
    private readonly Dictionary<string, float[]> _attributes = [];
    private readonly List<(int Row, string Name, float Value)> _attributeValues = [];

    private TrainingData(RewardNetwork network) => Store = network.NewStore();

    /// <summary>The encoded responses.</summary>
    public SampleStore Store { get; }

    /// <summary>Comparisons of different responses.</summary>
    public IReadOnlyList<Comparison> Comparisons => _comparisons;

    /// <summary>Facts by row of the store.</summary>
    public IReadOnlyList<ResponseFacts> Responses => _responses;

    /// <summary>Rows of responses that were ranked or rated together, best first; only rows without equal ranks.</summary>
    public IReadOnlyList<int[]> Rankings => _rankings;

    /// <summary>Part of each ranking.</summary>
    public IReadOnlyList<SplitPart> RankingParts => _rankingParts;

    /// <summary>Names of the sources.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>Rows passed over because they had no text, and comparisons of a response with itself.</summary>
    public int Skipped { get; private set; }

    /// <summary>Names of the criteria that responses were rated by.</summary>
    public IReadOnlyList<string> Attributes => [.. _attributeValues.Select(a => a.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Comparisons of a part, by index.</summary>
    public int[] Of(SplitPart part) => [.. Enumerable.Range(0, _comparisons.Count).Where(i => _comparisons[i].Part == part)];

    /// <summary>Encodes rows for a network.</summary>
    /// <param name="rows">The rows, each with whether the better response comes first by its layout, and its part.</param>
    /// <param name="network">The network.</param>
    /// <param name="stop">Stops the reading.</param>
    public static TrainingData Read(IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> rows, RewardNetwork network, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(network);
        var data = new TrainingData(network);
        var batch = new List<(PreferenceRow, bool, SplitPart)>(Rows);
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            batch.Add(row);
            if (batch.Count == Rows)
            {
                data.Add(batch);
            }
        }

        data.Add(batch);
        return data;
    }

    /// <summary>Rating by a criterion of each row, NaN where there is none.</summary>
    public float[] Attribute(string name)
    {
        if (!_attributes.TryGetValue(name, out var values) || values.Length != Store.Count)
        {
            values = new float[Store.Count];
            Array.Fill(values, float.NaN);
            foreach (var (row, own, value) in _attributeValues)
            {
                if (own == name)
                {
                    values[row] = value;
                }
            }

            _attributes[name] = values;
        }

        return values;
    }

    private void Add(List<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> batch)
    {
        var inputs = new List<RewardInput>();
        var firsts = new List<int>();
        foreach (var (row, _, _) in batch)
        {
            firsts.Add(inputs.Count);
            if (row.Responses.All(r => r.CanBeJudged))
            {
                inputs.AddRange(row.Responses.Select(r => RewardInput.Of(row, r)));
            }
        }

        int start = Store.Add(inputs);
        for (int b = 0; b < batch.Count; b++)
        {
            int count = (b + 1 < batch.Count ? firsts[b + 1] : inputs.Count) - firsts[b];
            if (count == 0)
            {
                Skipped++;
                continue;
            }

            Add(batch[b].Row, batch[b].BetterFirst, batch[b].Part, start + firsts[b]);
        }

        batch.Clear();
    }

    private void Add(PreferenceRow row, bool betterFirst, SplitPart part, int first)
    {
        int source = _sources.IndexOf(row.Source);
        if (source < 0)
        {
            source = _sources.Count;
            _sources.Add(row.Source);
        }

        ref int cluster = ref CollectionsMarshal.GetValueRefOrAddDefault(_clusters, PromptSplit.KeyOf(row), out bool known);
        cluster = known ? cluster : _clusters.Count - 1;
        for (int i = 0; i < row.Responses.Count; i++)
        {
            var r = row.Responses[i];
            var seen = r.Observation is null ? null : Store.Seen(first + i);
            _responses.Add(new ResponseFacts(r.Text is { Length: > 0 } text ? text.Length : seen?.Shape.Steps ?? 0, Markdown(r.Text ?? ""), source, part, r.Label is { } l ? l ? 1 : 0 : float.NaN, (float)(r.Rating ?? double.NaN), (float)(seen?.Mean ?? double.NaN)));
            foreach (var (name, value) in r.Attributes)
            {
                _attributeValues.Add((first + i, name, (float)value));
            }
        }

        foreach (var pair in row.Pairs)
        {
            if (row.Responses[pair.First].IsSame(row.Responses[pair.Second]))
            {
                Skipped++;
                continue;
            }

            int position = betterFirst ? 0 : pair.First < pair.Second ? 1 : -1;
            _comparisons.Add(new Comparison(first + pair.First, first + pair.Second, (float)pair.Probability, (float)pair.Margin, source, part, cluster, position));
        }

        Rank(row, part, first);
    }

    private void Rank(PreferenceRow row, SplitPart part, int first)
    {
        double[]? worth = row.Responses.All(r => r.Rank is not null) ? [.. row.Responses.Select(r => -r.Rank!.Value)]
            : row.Responses.All(r => r.Rating is not null) ? [.. row.Responses.Select(r => r.Rating!.Value)]
            : row.Responses.Count == 2 && row.Pairs is [{ IsTie: false } only] ? [.. Enumerable.Range(0, 2).Select(i => (i == only.First) == (only.Probability > 0.5) ? 1.0 : 0.0)] : null;
        if (worth is not null && worth.Length > 1 && worth.Distinct().Count() == worth.Length)
        {
            _rankings.Add([.. Enumerable.Range(0, worth.Length).OrderByDescending(i => worth[i]).Select(i => first + i)]);
            _rankingParts.Add(part);
        }
    }

    private static int Markdown(string text)
    {
        int marks = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var t = line.TrimStart();
            marks += t.StartsWith("- ") || t.StartsWith("* ") || t.StartsWith("#") || t.StartsWith("```") || t.StartsWith("|") ? 1 : 0;
            marks += t.Length > 2 && char.IsAsciiDigit(t[0]) && (t[1] == '.' || (char.IsAsciiDigit(t[1]) && t[2] == '.')) ? 1 : 0;
        }

        for (int i = text.IndexOf("**", StringComparison.Ordinal); i >= 0; i = text.IndexOf("**", i + 2, StringComparison.Ordinal))
        {
            marks++;
        }

        return marks;
    }
}
