using System.Globalization;
using System.Text;
using Meed.Recipes.Runs;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Report;

/// <summary>Writes <c>report.html</c> of a run from what stands in its folder.</summary>
public static class RunReport
{
    /// <summary>File name in a run folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the report and returns its path.</summary>
    public static string Write(string folder)
    {
        string path = Path.Combine(folder, FileName);
        Disk.ReplaceText(path, Render(folder));
        return path;
    }

    /// <summary>The page as text; needs no write access.</summary>
    public static string Render(string folder)
    {
        var info = RunInfo.Read(folder);
        var metrics = MetricTable.Read(folder);
        var page = new Page($"{info.Name} · seed {info.Seed} · Meed run");
        Head(page, info);
        page.Add($"<div class=\"tiles\">{string.Concat(Tiles(info, metrics))}</div>");
        RewardModelReport.Add(page, folder);
        Evaluation(page, info, metrics);

        foreach (string phase in metrics.Series.Select(s => s.Phase).Distinct().Where(p => p != "evaluate").OrderBy(p => p == "train" ? 0 : 1))
        {
            Curves(page, metrics, phase);
        }

        SampleTable.Add(page, folder);

        string recipe = Path.Combine(folder, "recipe.yaml");
        if (File.Exists(recipe))
        {
            page.Section("Recipe", "As it ran, with every default and override filled in.");
            page.Add($"<details class=\"card\"><summary>recipe.yaml</summary><pre>{Svg.Escape(File.ReadAllText(recipe))}</pre></details>");
        }

        page.Add($"<footer>Meed {Svg.Escape(info.Version.Split('+')[0])} · the same recipe and seed on {Svg.Escape(info.Machine?.Class ?? "the same machine class")} give the same numbers{(info.ClockBound ? ", except that a time budget ended this run" : "")}.</footer>");
        return page.ToString();
    }

    /// <summary>How a metric's values are written.</summary>
    public static NumberFormat FormatOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string last = name[(name.LastIndexOf('/') + 1)..];
        return last.StartsWith("pass@", StringComparison.Ordinal) || last.Contains("share", StringComparison.OrdinalIgnoreCase) || last.Contains("accuracy", StringComparison.OrdinalIgnoreCase) || last is "failed" or "truncated" or "no_signal"
            ? NumberFormat.Percent
            : last.EndsWith("seconds", StringComparison.Ordinal) ? NumberFormat.Seconds : NumberFormat.Plain;
    }

    private static void Head(Page page, RunInfo info)
    {
        string tone = info.State switch { "finished" => "good", "failed" or "killed" => "bad", "running" => "", _ => "warn" };
        page.Add($"<div class=\"over\">Meed run <span class=\"badge {tone}\">{info.State}</span></div><h1>{Svg.Escape(info.Name)}</h1>");
        var facts = new List<(string, string)>
        {
            ("seed", info.Seed.ToString(CultureInfo.InvariantCulture)),
            ("started", info.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"),
            ("took", Durations.Words(TimeSpan.FromSeconds(info.Seconds))),
            ("machine", info.Machine?.Class ?? "unknown"),
            ("recipe", info.RecipeHash.Length > 12 ? info.RecipeHash[..12] : info.RecipeHash),
        };
        if (info.Version.Contains('+', StringComparison.Ordinal))
        {
            facts.Add(("commit", info.Version[(info.Version.IndexOf('+', StringComparison.Ordinal) + 1)..][..Math.Min(10, info.Version.Length - info.Version.IndexOf('+', StringComparison.Ordinal) - 1)]));
        }

        page.Add($"<ul class=\"facts\">{string.Concat(facts.Select(f => $"<li>{f.Item1} <b>{Svg.Escape(f.Item2)}</b></li>"))}</ul>");
        if (info.Message is { Length: > 0 } message)
        {
            page.Add($"<p class=\"note {(info.Status == RunStatus.Failed ? "bad" : "")}\">{Svg.Escape(message)}</p>");
        }
    }

    private static IEnumerable<string> Tiles(RunInfo info, MetricTable metrics)
    {
        foreach (string name in info.Headline.Keys.Where(k => k.EndsWith(" after", StringComparison.Ordinal)))
        {
            string stem = name[..^6];
            var format = FormatOf(stem);
            double after = info.Headline[name];
            if (!info.Headline.TryGetValue($"{stem} before", out double before))
            {
                yield return Page.Tile(Title(stem), Scale.Figure(after, format), UnitOf(stem));
                continue;
            }

            double gain = after - before;
            string points = Scale.Difference(Math.Abs(gain), format);
            yield return Page.Tile(Title(stem), $"<small>{Scale.Figure(before, format)} → </small>{Scale.Figure(after, format)}", gain == 0 ? "unchanged" : $"{(gain > 0 ? "up" : "down")} {points}", gain > 0 ? "good" : gain < 0 ? "bad" : "");
        }

        foreach (var (name, value) in info.Headline.Where(p => !p.Key.EndsWith(" after", StringComparison.Ordinal) && !(p.Key.EndsWith(" before", StringComparison.Ordinal) && info.Headline.ContainsKey(p.Key[..^7] + " after"))))
        {
            yield return Page.Tile(Title(name), Scale.Figure(value, FormatOf(name)), UnitOf(name));
        }

        if (info.Step == 0)
        {
            yield return Page.Tile("took", Durations.Words(TimeSpan.FromSeconds(info.Seconds)));
            yield break;
        }

        yield return Page.Tile("steps", Scale.Figure(info.Step), $"in {Durations.Words(TimeSpan.FromSeconds(info.Seconds))}");
        var speed = metrics["train", "time/tokens_per_second"];
        if (speed.Count > 0)
        {
            yield return Page.Tile("tokens a second", Scale.Figure(speed.Average(p => p.Value)), "mean while training");
        }
    }

    private static void Evaluation(Page page, RunInfo info, MetricTable metrics)
    {
        var curves = metrics.Series.Where(s => s.Phase == "evaluate" && !(metrics[s.Phase, s.Name].Count == 1 && info.Headline.ContainsKey(s.Name))).Select(s => s.Name).ToList();   // one value that is a tile is no curve
        if (curves.Count == 0)
        {
            return;
        }

        var passes = curves.Where(n => n.StartsWith("pass@", StringComparison.Ordinal)).ToList();
        page.Section("Held-out items", metrics["evaluate", "train loss after epoch"].Count > 0 ? "Loss on the validation part, whose prompts never occur in training." : "Measured with the task's own reward on items that never occur in training.");
        if (passes.Count > 0)
        {
            page.Add(Page.Hero(new LineChart { Title = "Share of held-out items solved", Format = NumberFormat.Percent, Lines = [.. passes.Select(n => new Series(n, metrics["evaluate", n]) { Dots = true })] }));
        }

        Cards(page, metrics, "evaluate", curves.Except(passes), smooth: false);
    }

    private static void Curves(Page page, MetricTable metrics, string phase)
    {
        page.Section(phase switch { "train" => "Training", "warm-start" => "Warm start", _ => phase });
        Cards(page, metrics, phase, metrics.Series.Where(s => s.Phase == phase).Select(s => s.Name), smooth: true);
    }

    // One card a curve, the parts of a step's time in one chart; what never changed is a line of text.
    private static void Cards(Page page, MetricTable metrics, string phase, IEnumerable<string> names, bool smooth)
    {
        var cards = new StringBuilder();
        var constant = new List<string>();
        var shares = new List<string>();
        foreach (string name in names)
        {
            var points = metrics[phase, name];
            if (name.StartsWith("time/", StringComparison.Ordinal) && name is not ("time/tokens_per_second" or "time/step_seconds"))
            {
                shares.Add(name);
            }
            else if (points.Count > 1 && points.All(p => p.Value == points[0].Value))
            {
                constant.Add($"<li>{Svg.Escape(Title(name))} <b>{Scale.Figure(points[0].Value, FormatOf(name))}</b></li>");
            }
            else
            {
                cards.Append(Page.Of(new LineChart { Title = Title(name), XLabel = name.EndsWith("after epoch", StringComparison.Ordinal) ? "epoch" : "step", Format = FormatOf(name), Lines = [new Series(Title(name), points) { Smooth = smooth, Dots = !smooth }] }, UnitOf(name)));
            }
        }

        if (shares.Count > 0)
        {
            cards.Append(Page.Of(new LineChart { Title = "share of time", Format = NumberFormat.Percent, Lines = [.. shares.Select(n => new Series(n["time/".Length..], LineChart.Smoothed(metrics[phase, n])))] }));
        }

        page.Add($"<div class=\"charts\">{cards}</div>");
        if (constant.Count > 0)
        {
            page.Add($"<ul class=\"facts\"><li>never changed:</li>{string.Concat(constant)}</ul>");
        }
    }

    /// <summary>The unit of a metric's values; empty for shares, rewards and what has none.</summary>
    public static string UnitOf(string name) => name switch
    {
        "entropy" or "kl" => "nats a token",
        "kl/answer" or "kl/answer at best gold" => "nats an answer",
        "posterior_kl" or "answer_entropy" => "nats",
        "length" or "length/mean" => "tokens",
        _ => "",
    };

    private static string Title(string name) => name switch
    {
        "time/tokens_per_second" => "tokens a second",
        "time/step_seconds" => "seconds a step",
        "train loss after epoch" => "validation loss",
        "refit loss after epoch" => "loss on training and validation part",
        _ => name.Replace('_', ' '),
    };
}
