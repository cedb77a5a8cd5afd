using System.Text;
using System.Text.Json;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Report;

/// <summary>The samples of a run: the same prompts before and after, and some from on the way, each with its scores.</summary>
public static class SampleTable
{
    /// <summary>Most prompts shown.</summary>
    public const int MaxRows = 24;

    /// <summary>Adds the section.</summary>
    public static void Add(Page page, string folder)
    {
        ArgumentNullException.ThrowIfNull(page);
        var samples = Read(folder);
        page.Section("Samples", "The same prompts answered before and after training, with the score of every component.");
        var pairs = samples.Where(s => s.Phase is "before" or "after").GroupBy(s => s.Prompt).Take(MaxRows).ToList();
        double best = samples.Count == 0 ? 1 : samples.Max(s => s.Reward ?? double.NegativeInfinity);
        if (pairs.Count == 0)
        {
            page.Add("<p class=\"note\">No before and after samples: the run ended earlier.</p>");
        }
        else
        {
            var rows = new StringBuilder();
            foreach (var pair in pairs)
            {
                rows.Append($"<tr><td class=\"prompt\" data-k=\"prompt\">{Svg.Escape(pair.Key)}</td><td data-k=\"before\">{Cell(pair.FirstOrDefault(s => s.Phase == "before"), best)}</td><td data-k=\"after\">{Cell(pair.FirstOrDefault(s => s.Phase == "after"), best)}</td></tr>");
            }

            page.Add($"<div class=\"card table\"><table class=\"stack\"><thead><tr><th>prompt</th><th>before</th><th>after</th></tr></thead><tbody>{rows}</tbody></table></div>");
        }

        var onTheWay = samples.Where(s => s.Phase == "train").ToList();
        if (onTheWay.Count > 0)
        {
            var shown = onTheWay.Where((_, i) => i % Math.Max(1, onTheWay.Count / 30) == 0).Take(30);
            var rows = string.Concat(shown.Select(s => $"<tr><td class=\"n\" data-k=\"step\">{s.Step}</td><td class=\"prompt\" data-k=\"prompt\">{Svg.Escape(s.Prompt)}</td><td data-k=\"answer\">{Cell(s, best)}</td></tr>"));
            page.Add($"<details class=\"card\" style=\"margin-top:14px\"><summary>On the way: {onTheWay.Count} samples drawn while training</summary><div class=\"table\"><table class=\"stack\"><thead><tr><th class=\"n\">step</th><th>prompt</th><th>answer</th></tr></thead><tbody>{rows}</tbody></table></div></details>");
        }
    }

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
