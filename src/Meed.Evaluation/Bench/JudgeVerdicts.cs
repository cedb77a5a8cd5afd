using System.IO.Compression;
using System.Text.Json;
using Meed.Evaluation.Statistics;
using Meed.RewardModels.Data;
using Meed.Rewards.Text;

namespace Meed.Evaluation.Bench;

/// <summary>A judge's verdict on two responses.</summary>
/// <param name="Judge">Judge and, where there is one, its prompt.</param>
/// <param name="Subset">Data set of the item.</param>
/// <param name="Item">Key of the item, the same for every judge.</param>
/// <param name="Gold">The label: 1 or 2, 0 a tie.</param>
/// <param name="Verdict">What it said with response 1 shown first: 1, 2, 0 a tie; −1 unreadable.</param>
/// <param name="Swapped">What it said with response 2 shown first, in the same numbering; null when it was not asked.</param>
/// <param name="Lengths">Characters of both responses; null when the texts are not at hand.</param>
public sealed record JudgeVerdict(string Judge, string Subset, ulong Item, int Gold, int Verdict, int? Swapped, (int First, int Second)? Lengths);

/// <summary>Reads verdicts of judges: LLMBar's <c>judge-verdicts.csv</c> and PandaLM's test set with its two judges.</summary>
public static class JudgeVerdicts
{
    private static readonly string[] s_endings = [".jsonl.gz", ".jsonl"];
    private static readonly Dictionary<string, string> s_texts = new() { ["Natural"] = "natural", ["LLMEval^2"] = "processed-llmeval2", ["MT-Bench"] = "processed-mt-bench", ["FairEval"] = "processed-faireval" };

    /// <summary>Every verdict of a file.</summary>
    /// <exception cref="PreferenceException">The file holds none.</exception>
    public static IReadOnlyList<JudgeVerdict> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} does not exist.");
        }

        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file);
        string text = reader.ReadToEnd();
        var verdicts = text.TrimStart().StartsWith('{') ? PandaLm(path, text) : LlmBar(path, text);
        return verdicts.Count > 0 ? verdicts : throw new PreferenceException($"{path} has no verdicts.");
    }

    // dataset, judge, strategy, idx, gold_label, winner_original_order, winner_swapped_order; both winners in the numbering of the original order, empty where unreadable.
    private static List<JudgeVerdict> LlmBar(string path, string text)
    {
        var rows = DelimitedRows.Read(text, ',');
        string[] need = ["dataset", "judge", "strategy", "idx", "gold_label", "winner_original_order", "winner_swapped_order"];
        var header = rows.Count == 0 ? [] : rows[0].Select(f => f.Value).ToList();
        if (need.FirstOrDefault(n => !header.Contains(n)) is { } missing)
        {
            throw new PreferenceException($"{path} has no column {missing}. Verdicts are a CSV with {string.Join(", ", need)}, or PandaLM's test set as JSON lines.");
        }

        int[] at = [.. need.Select(n => header.IndexOf(n))];
        var lengths = new Dictionary<string, List<(int, int)>>();
        var result = new List<JudgeVerdict>();
        for (int line = 1; line < rows.Count; line++)
        {
            if (rows[line].Count < header.Count)
            {
                throw new PreferenceException($"{path}:{line + 1}: {rows[line].Count} columns; the header has {header.Count}.");
            }

            string Cell(int k) => rows[line][at[k]].Value;
            string set = Cell(0);
            if (!lengths.TryGetValue(set, out var texts))
            {
                lengths[set] = texts = Lengths(path, set);
            }

            int gold = Label(Cell(4)), idx = int.TryParse(Cell(3), out int i) ? i : -1;
            if (gold < 0)
            {
                throw new PreferenceException($"{path}:{line + 1}: gold_label is '{Cell(4)}'; it is 1 or 2.");
            }

            result.Add(new JudgeVerdict($"{Cell(1)} {Cell(2)}", set, PromptSplit.KeyOf([new Rewards.Message("user", $"{set} {Cell(3)}")]).High, gold, Label(Cell(5)), Label(Cell(6)), idx >= 0 && idx < texts.Count ? texts[idx] : null));
        }

        return result;
    }

    private static List<JudgeVerdict> PandaLm(string path, string text)
    {
        var result = new List<JudgeVerdict>();
        int line = 0;
        foreach (string raw in text.Split('\n'))
        {
            line++;
            if (string.IsNullOrWhiteSpace(raw))
            {
                continue;
            }

            try
            {
                PandaLmRow(result, raw, $"{path}:{line}");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
            {
                throw new PreferenceException($"{path}:{line}: the row is no row of PandaLM's test set, an object with instruction, input, response1, response2 and annotators: [0, 1 or 2, ..]. It begins {(raw.Length <= 80 ? raw : raw[..80] + "…")}");
            }
        }

        return result;
    }

    private static void PandaLmRow(List<JudgeVerdict> result, string raw, string place)
    {
        using var json = JsonDocument.Parse(raw);
        var row = json.RootElement;
        if (!row.TryGetProperty("annotators", out var annotators) || !row.TryGetProperty("response1", out var first) || !row.TryGetProperty("response2", out var second))
        {
            throw new PreferenceException($"{place}: a row of PandaLM's test set has annotators, response1 and response2.");
        }

        int[] votes = [.. annotators.EnumerateArray().Select(a => a.GetInt32())];
        var most = votes.GroupBy(v => v).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).ToList();
        int gold = most.Count == 0 ? throw new FormatException() : most[0].Count() > 1 || votes.Length == 1 ? most[0].Key : 0;
        ulong item = PromptSplit.KeyOf([new Rewards.Message("user", row.GetProperty("instruction").ToString() + "\n" + row.GetProperty("input"))]).High;
        foreach (var judge in row.EnumerateObject().Where(p => p.Name.StartsWith("judge_", StringComparison.Ordinal)))
        {
            result.Add(new JudgeVerdict(judge.Name["judge_".Length..], "pandalm", item, gold, Label(judge.Value.ToString()), null, (first.ToString().Length, second.ToString().Length)));
        }
    }

    private static List<(int, int)> Lengths(string path, string set)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string? file = s_texts.TryGetValue(set, out string? name) ? s_endings.Select(e => Path.Combine(folder, name + e)).FirstOrDefault(File.Exists) : null;
        return file is null ? [] : [.. PreferenceFile.Open(file).Rows().Select(r => (r.Responses[0].Text!.Length, r.Responses[1].Text!.Length))];
    }

    private static int Label(string text) => text.Trim() switch { "1" => 1, "2" => 2, "0" or "Tie" or "tie" => 0, _ => -1 };
}

/// <summary>How far a judge can be trusted.</summary>
/// <param name="Judge">The judge.</param>
/// <param name="Items">Items it judged.</param>
/// <param name="Unreadable">Verdicts that could not be read; they count as wrong.</param>
/// <param name="Accuracy">Share of right verdicts over both orders, with its clustered 95 % interval.</param>
/// <param name="Kappa">Agreement with the labels beyond chance, over readable verdicts, with its clustered 95 % interval.</param>
/// <param name="BaseRate">What naming the labels' most frequent value would reach.</param>
/// <param name="Flips">Share of items whose verdict turns with the order; NaN where only one order was asked.</param>
/// <param name="ChoosesFirst">Share of verdicts for the response shown first.</param>
/// <param name="RightInBoth">Share of items right in both orders.</param>
/// <param name="ChoosesLonger">Share of verdicts for the longer response; NaN without texts.</param>
/// <param name="LongerIsBetter">Share of labels for the longer response.</param>
/// <param name="LengthEffect">Accuracy where the longer one is right less accuracy where the shorter one is, with its interval.</param>
public sealed record JudgeResult(string Judge, int Items, int Unreadable, Interval Accuracy, Interval Kappa, double BaseRate, double Flips, double ChoosesFirst, double RightInBoth, double ChoosesLonger, double LongerIsBetter, Interval LengthEffect)
{
    /// <summary>One result a judge, the most accurate first.</summary>
    public static IReadOnlyList<JudgeResult> Of(IReadOnlyList<JudgeVerdict> verdicts, ulong seed = 0, int resamples = 400)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        return [.. verdicts.GroupBy(v => v.Judge).Select(g => One(g.Key, [.. g], seed, resamples)).OrderByDescending(r => r.Accuracy.Value)];
    }

    private static JudgeResult One(string judge, List<JudgeVerdict> verdicts, ulong seed, int resamples)
    {
        // One entry a verdict: both orders where both were asked.
        var gold = new List<int>();
        var said = new List<int>();
        var keys = new List<ulong>();
        var first = new List<bool?>();
        var longer = new List<(bool Said, bool Right)?>();
        foreach (var v in verdicts)
        {
            Add(v, v.Verdict, 1);
            if (v.Swapped is { } swapped)
            {
                Add(v, swapped, 2);
            }
        }

        double[] right = [.. gold.Select((g, i) => g == said[i] ? 1.0 : 0)];
        int[] readable = [.. Enumerable.Range(0, said.Count).Where(i => said[i] >= 0)];
        ulong[] clusters = [.. readable.Select(i => keys[i])];
        var kappa = ClusteredBootstrap.Of(clusters, items => CohenKappa.Of([.. items.Select(k => gold[readable[k]])], [.. items.Select(k => said[readable[k]])]).Kappa, seed, resamples);
        int[] sized = [.. Enumerable.Range(0, said.Count).Where(i => longer[i] is not null)];
        double Gap(IReadOnlyList<int> items) => items.Where(k => longer[sized[k]]!.Value.Right).Select(k => right[sized[k]]).DefaultIfEmpty(double.NaN).Average() - items.Where(k => !longer[sized[k]]!.Value.Right).Select(k => right[sized[k]]).DefaultIfEmpty(double.NaN).Average();
        var both = verdicts.Where(v => v.Swapped is >= 0 && v.Verdict >= 0).ToList();
        var asked = verdicts.Where(v => v.Swapped is not null).ToList();
        return new JudgeResult(judge, verdicts.Count, said.Count(s => s < 0), ClusteredBootstrap.Mean(right, [.. keys], seed, resamples: resamples), kappa,
            gold.GroupBy(g => g).Max(g => (double)g.Count()) / gold.Count,
            both.Count == 0 ? double.NaN : both.Average(v => v.Verdict != v.Swapped ? 1.0 : 0),
            first.Where(f => f is not null).Select(f => f!.Value ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average(),
            asked.Count == 0 ? double.NaN : asked.Average(v => v.Verdict == v.Gold && v.Swapped == v.Gold ? 1.0 : 0),
            sized.Where(i => said[i] > 0).Select(i => longer[i]!.Value.Said ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average(),
            sized.Select(i => longer[i]!.Value.Right ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average(),
            sized.Length == 0 ? Interval.None : ClusteredBootstrap.Of([.. sized.Select(i => keys[i])], Gap, seed, resamples));

        void Add(JudgeVerdict v, int verdict, int shownFirst)
        {
            gold.Add(v.Gold);
            said.Add(verdict);
            keys.Add(v.Item);
            first.Add(verdict > 0 ? verdict == shownFirst : null);
            longer.Add(v.Lengths is { } l && l.First != l.Second && v.Gold > 0 && verdict >= 0 ? (verdict == (l.First > l.Second ? 1 : 2), v.Gold == (l.First > l.Second ? 1 : 2)) : null);
        }
    }

    /// <summary>The results as a Markdown table.</summary>
    public static string Markdown(IReadOnlyList<JudgeResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new System.Text.StringBuilder();
        BenchMarkdown.Table(text, ["judge", "items", "accuracy", "95 % interval", "base rate", "kappa", "95 % interval", "turns with the order", "right in both", "chooses first", "chooses longer", "longer is right", "length effect", "unreadable"], results.Select(r => (string[])
            [r.Judge, BenchMarkdown.Count(r.Items), BenchMarkdown.Share(r.Accuracy.Value), BenchMarkdown.Range(r.Accuracy), BenchMarkdown.Share(r.BaseRate), BenchMarkdown.Two(r.Kappa.Value), $"{BenchMarkdown.Two(r.Kappa.Low)} to {BenchMarkdown.Two(r.Kappa.High)}", BenchMarkdown.Share(r.Flips), BenchMarkdown.Share(r.RightInBoth),
             BenchMarkdown.Share(r.ChoosesFirst), BenchMarkdown.Share(r.ChoosesLonger), BenchMarkdown.Share(r.LongerIsBetter), BenchMarkdown.Points(r.LengthEffect.Value), BenchMarkdown.Count(r.Unreadable)]));
        return text.ToString();
    }
}
