using System.Globalization;
using System.Text;
using Meed.Recipes.Atlas;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Runs;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Report;

/// <summary>The page of a reproduction: the claim, what was compared, every seed, curves of both arms, the verdict.</summary>
public static class ReproductionReport
{
    /// <summary>The page as text.</summary>
    public static string Render(Reproduction reproduction, Reproduced reproduced)
    {
        ArgumentNullException.ThrowIfNull(reproduction);
        ArgumentNullException.ThrowIfNull(reproduced);
        var result = reproduced.Result;
        var format = reproduction.Measure.Unit == MeasureUnit.Share ? NumberFormat.Percent : NumberFormat.Plain;
        var page = new Page($"Row {result.Row}: {result.Name}");
        string tone = result.Outcome switch { Outcome.Held => "good", Outcome.NotHeld => "bad", _ => "warn" };
        page.Add($"<div class=\"over\">Reproduction of row {result.Row} <span class=\"badge {tone}\">{Names.Kebab(result.Outcome.ToString())}</span></div><h1>{Svg.Escape(result.Claim)}</h1>");
        page.Add($"<p class=\"lead\">{Svg.Escape(AtlasTable.Rows[result.Row].Title)}</p>");
        page.Add("<ul class=\"facts\">" + string.Concat(
            new[] { ("measure", result.Measure), ("asked", $"{result.Direction} by more than {Scale.Difference(result.Margin, format)}"), ("seeds", string.Join(", ", result.Seeds.Select(s => s.Seed))), ("took", Durations.Words(TimeSpan.FromSeconds(result.Seconds))), ("budget", Durations.Words(TimeSpan.FromSeconds(result.BudgetSeconds))), ("machine", result.Machine) }
            .Select(f => $"<li>{f.Item1} <b>{Svg.Escape(f.Item2)}</b></li>")) + "</ul>");
        page.Add("<div class=\"tiles\">"
            + Page.Tile(result.Arms[0], Scale.Figure(result.Seeds.Average(s => s.Control), format), "without the mechanism, mean")
            + Page.Tile(result.Arms[1], Scale.Figure(result.Seeds.Average(s => s.Mechanism), format), "with the mechanism, mean")
            + Page.Tile("difference", Scale.Difference(result.Difference, format), $"95 % interval {Scale.Difference(result.Low, format)} to {Scale.Difference(result.High, format)}", tone == "warn" ? "" : tone) + "</div>");

        page.Section("Every seed", "Both arms of a seed share data, updates and samples; the interval is Student's t over the paired differences.");
        var seeds = new StringBuilder();
        foreach (var seed in result.Seeds)
        {
            seeds.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{seed.Seed}</td><td class=\"n\">{Scale.Figure(seed.Control, format)}</td><td class=\"n\">{Scale.Figure(seed.Mechanism, format)}</td><td class=\"n\">{Scale.Difference(seed.Mechanism - seed.Control, format)}</td></tr>");
        }

        page.Add($"<div class=\"charts\"><figure class=\"card\"><figcaption>{Svg.Escape(result.Measure)} by seed</figcaption><div class=\"table\"><table><thead><tr><th class=\"n\">seed</th><th class=\"n\">{Svg.Escape(result.Arms[0])}</th><th class=\"n\">{Svg.Escape(result.Arms[1])}</th><th class=\"n\">difference</th></tr></thead><tbody>{seeds}</tbody></table></div></figure>"
            + Page.Card("Means with 95 % intervals", new BarChart { Title = "Means", Format = format, Color = null, Bars = [Bar(result.Arms[0], result.Seeds.Select(s => s.Control)), Bar(result.Arms[1], result.Seeds.Select(s => s.Mechanism)), ("difference", result.Difference, (result.Low, result.High))] }.Draw())
            + Page.Card("Pairs", new ScatterChart { Title = "Pairs", Format = format, Diagonal = true, XLabel = result.Arms[0], Groups = [new Series("seed", [.. result.Seeds.Select(s => (s.Control, s.Mechanism))])] }.Draw(), $"above the line: {result.Arms[1]} larger") + "</div>");

        Curves(page, reproduced);
        page.Section("The difference between the arms", $"The only keys in which the two recipes differ; the file names them as switches: {string.Join(", ", reproduction.Switches)}.");
        page.Add(Page.Table(["key", .. result.Arms], reproduction.Differences.Select(d => (IReadOnlyList<string>)[Code(d.Path), Code(d.First ?? "absent"), Code(d.Second ?? "absent")])));
        if (reproduction.Tuning is { Length: > 0 } tuning)
        {
            page.Section("Tuning", tuning);
        }

        page.Add($"<footer>meed reproduce {result.Row} · recipe {result.RecipeHash[..12]} · code {result.CodeHash[..Math.Min(12, result.CodeHash.Length)]} {Svg.Escape(result.Commit)}</footer>");
        return page.ToString();
    }

    private static string Code(string text) => $"<code>{Svg.Escape(text)}</code>";

    private static (string, double, (double, double)?) Bar(string name, IEnumerable<double> values)
    {
        var (mean, low, high) = StudentT.Interval([.. values]);
        return (name, mean, (low, high));
    }

    // Mean over seeds with the 95 % interval as a band, both arms in one chart.
    private static void Curves(Page page, Reproduced reproduced)
    {
        var arms = new[] { reproduced.Control, reproduced.Mechanism }.Select(folders => folders.Select(MetricTable.Read).ToList()).ToArray();
        var names = arms[0].Count == 0 ? [] : arms[0][0].Series.Where(s => s.Phase is "evaluate" or "train" && !RunFolder.IsTiming(s.Name)).OrderBy(s => s.Phase == "evaluate" ? 0 : 1).ToList();
        if (names.Count == 0)
        {
            return;
        }

        page.Section("Curves", "Mean over seeds; the band is the 95 % interval of the mean.");
        var cards = new StringBuilder();
        foreach (var (phase, name) in names)
        {
            var format = RunReport.FormatOf(name);
            var lines = arms.Select((tables, arm) => Band(reproduced.Result.Arms[arm], tables.Select(t => t[phase, name]).ToList(), format == NumberFormat.Percent)).ToList();
            if (lines.SelectMany(l => l.Points).Select(p => p.Y).Distinct().Count() < 2)
            {
                continue;   // never changed in either arm
            }

            cards.Append(Page.Of(new LineChart { Title = (phase == "evaluate" ? "held-out " : "") + name.Replace('_', ' '), Format = format, Lines = lines }, RunReport.UnitOf(name)));
        }

        page.Add($"<div class=\"charts\">{cards}</div>");
    }

    private static Series Band(string name, List<IReadOnlyList<(double Step, double Value)>> runs, bool share)
    {
        var points = new List<(double, double)>();
        var band = new List<(double, double, double)>();
        foreach (var step in runs.SelectMany(r => r).GroupBy(p => p.Step).OrderBy(g => g.Key))
        {
            var values = step.Select(p => p.Value).Where(double.IsFinite).ToList();
            if (values.Count >= 2)
            {
                var (mean, low, high) = StudentT.Interval(values);
                points.Add((step.Key, mean));
                band.Add(share ? (step.Key, Math.Max(0, low), Math.Min(1, high)) : (step.Key, low, high));
            }
        }

        return new Series(name, points) { Band = band.Count <= LineChart.MaxPoints ? band : [.. band.Where((_, i) => i % (band.Count / LineChart.MaxPoints + 1) == 0)] };
    }
}
