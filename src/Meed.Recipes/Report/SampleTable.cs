using System.Globalization;
using System.Text;
using System.Text.Json;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Report;

/// <summary>The samples of a run: the same prompts before and after, and some from on the way, each with its scores.</summary>
public static class SampleTable
{
    /// <summary>Most prompts shown.</summary>
    public const int MaxRows = 24;

    /// <summary>Adds the section where the run drew samples.</summary>
    public static void Add(Page page, string folder)
    {
        ArgumentNullException.ThrowIfNull(page);
        var samples = Read(folder);
        if (samples.Count == 0)
        {
            return;
        }

        page.Section("Samples", "The same prompts answered before and after training, with the score of every component.");
        var pairs = samples.Where(s => s.Phase is "before" or "after").GroupBy(s => s.Prompt).Take(MaxRows).ToList();
        double best = samples.Max(s => s.Reward ?? double.NegativeInfinity);
        if (pairs.Count == 0)
        {
            page.Add("<p class=\"note\">No before and after samples: the run ended earlier.</p>");
        }
        else
        {
            page.Add(Page.Table(["prompt", "before", "after"], pairs.Select(pair => (IReadOnlyList<string>)
                [Prompt(pair.Key), Cell(pair.FirstOrDefault(s => s.Phase == "before"), best), Cell(pair.FirstOrDefault(s => s.Phase == "after"), best)])));
        }

        var onTheWay = samples.Where(s => s.Phase == "train").ToList();
        if (onTheWay.Count > 0)
        {
            var shown = onTheWay.Where((_, i) => i % Math.Max(1, onTheWay.Count / 30) == 0).Take(30);
            string table = Page.Table([">step", "prompt", "answer"], shown.Select(s => (IReadOnlyList<string>)[s.Step.ToString(CultureInfo.InvariantCulture), Prompt(s.Prompt), Cell(s, best)]));
            page.Add($"<details class=\"card\"><summary>On the way: {onTheWay.Count} samples drawn while training</summary>{table.Replace("card table", "table", StringComparison.Ordinal)}</details>");
        }
    }

    private static string Prompt(string text) => $"<span class=\"prompt\">{Svg.Escape(text)}</span>";

    private static string Cell(RunSample? sample, double best)
    {
        if (sample is null)
        {
            return "<span class=\"chip\">not sampled</span>";
        }

        var chips = new StringBuilder();
        string tone = sample.Reward is { } value ? value >= best ? "good" : "" : "bad";
        chips.Append($"<span class=\"chip {tone}\">reward {(sample.Reward is { } r ? Scale.Figure(r) : "failed")}</span>");
        foreach (var (name, component) in sample.Components ?? new Dictionary<string, double>())
        {
            chips.Append($"<span class=\"chip\">{Svg.Escape(name)} {Scale.Figure(component)}</span>");
        }

        if (sample.Reason is { Length: > 0 } reason)
        {
            chips.Append($"<span class=\"chip\">{Svg.Escape(reason)}</span>");
        }

        string answer = sample.Response.Length > 2000 ? sample.Response[..2000] + " …" : sample.Response;
        return $"<span class=\"answer\">{(answer.Length == 0 ? "<span class=\"chip\">empty</span>" : Svg.Escape(answer))}</span><span class=\"chips\">{chips}</span>";
    }

    private static List<RunSample> Read(string folder)
    {
        string path = Path.Combine(folder, "samples.jsonl");
        var result = new List<RunSample>();
        if (!File.Exists(path))
        {
            return result;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
        {
            try
            {
                result.Add(RunSample.FromLine(line));
            }
            catch (JsonException)
            {
                break;   // a last line that a crash cut off
            }
        }

        return result;
    }
}
