using System.Globalization;
using Meed.Evaluation.Bench;

namespace Meed.Recipes.Report;

/// <summary>The page of a bench: the verdict against every ruler, subsets, what the choices go with, calibration, edits.</summary>
public static class BenchPage
{
    /// <summary>The page as text.</summary>
    public static string Render(BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var tested = report.Scorers.FirstOrDefault(s => !s.IsRuler) ?? report.Scorers[0];
        var page = new Page($"{report.Suite}: {tested.Name}");
        page.Add($"<div class=\"over\">Bench {Svg.Escape(report.Suite)}</div><h1>{Svg.Escape(tested.Name)}</h1><p class=\"lead\">{Svg.Escape(report.Verdict.Length > 0 ? report.Verdict : report.Summary)}</p>");
        page.Add("<ul class=\"facts\">" + string.Concat(new[] { ("files", string.Join(", ", report.Files)), ("items", N(report.Items)), ("comparisons", N(report.Comparisons)), ("prompts", N(report.Prompts)), ("data", report.Hash) }
            .Select(f => $"<li>{f.Item1} <b>{Svg.Escape(f.Item2)}</b></li>")) + "</ul>");
        var rulers = report.Scorers.Where(s => s.IsRuler && s.Name != "random").OrderByDescending(s => s.Overall.Value).ToList();
        var against = rulers.Count > 0 ? report.Paired.FirstOrDefault(p => p.Second == rulers[0].Name) : null;
        page.Add("<div class=\"tiles\">" + Page.Tile(report.Headline, BenchMarkdown.Share(tested.Overall.Value), $"95 % interval {BenchMarkdown.Range(tested.Overall)}")
            + (rulers.Count > 0 ? Page.Tile($"best ruler: {rulers[0].Name}", BenchMarkdown.Share(rulers[0].Overall.Value), BenchMarkdown.Range(rulers[0].Overall)) : "")
            + (against is null ? "" : Page.Tile("against it", BenchMarkdown.Points(against.Difference.Value), $"points, p {BenchMarkdown.P(against.HolmP)}: {against.Verdict}", against.Verdict == "better" ? "good" : against.Verdict == "worse" ? "bad" : ""))
            + (report.Transformations.Count > 0 ? Page.Tile("worst edit", BenchMarkdown.Points(-report.Transformations.Max(t => t.Drop.Value)), report.Transformations.MaxBy(t => t.Drop.Value)!.Name) : "") + "</div>");

        page.Section("Every scorer on the same items", "Bars with 95 % intervals; rulers know nothing about quality.");
        page.Add("<div class=\"charts\">" + Page.Card(report.Headline, new BarChart { Title = report.Headline, Format = NumberFormat.Percent, Color = null, Bars = [.. report.Scorers.Take(16).Select(s => (s.Name, s.Overall.Value, ((double, double)?)(s.Overall.Low, s.Overall.High)))] }.Draw())
            + (tested.Calibration is { } c ? Page.Card("Calibration", new ScatterChart { Title = "Calibration", Format = NumberFormat.Percent, Diagonal = true, XLabel = "stated confidence", Groups = [new Series(tested.Name, [.. c.Bins.Select(b => (b.Confidence, b.Accuracy))])] }.Draw(), $"error {c.Error.Value.ToString("0.000", CultureInfo.InvariantCulture)}") : "")
            + (report.Subsets.Count > 1 ? Page.Card("By subset", new BarChart { Title = "By subset", Format = NumberFormat.Percent, Bars = [.. tested.Subsets.Take(30).Select(s => (s.Name, s.Accuracy.Value, ((double, double)?)(s.Accuracy.Low, s.Accuracy.High)))] }.Draw()) : "")
            + (report.Transformations.Count > 0 ? Page.Card("Points lost by edits", new BarChart { Title = "Points lost by edits", Format = NumberFormat.Percent, Color = 3, Bars = [.. report.Transformations.OrderByDescending(t => t.Drop.Value).Take(14).Select(t => (t.Name, t.Drop.Value, ((double, double)?)(t.Drop.Low, t.Drop.High)))] }.Draw()) : "") + "</div>");

        MarkdownTables.Add(page, BenchMarkdown.Write(report));
        page.Add($"<footer>meed bench {Svg.Escape(report.Suite)} · data {report.Hash}</footer>");
        return page.ToString();
    }

    /// <summary>The page of judges' verdicts.</summary>
    public static string Render(IReadOnlyList<JudgeResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var page = new Page("Judges");
        page.Add("<div class=\"over\">Bench judges</div><h1>Can these judges be trusted?</h1><p class=\"lead\">Verdicts against labels: agreement beyond habit, what turns with the order, what goes with length.</p>");
        const int Most = 16;
        string Aside(int all, string order) => all > Most ? $"{order} {Most} of {all}, 95 % intervals" : "95 % intervals";
        var byKappa = results.Where(r => double.IsFinite(r.Kappa.Value)).OrderByDescending(r => r.Kappa.Value).ToList();
        var turned = byKappa.Where(r => double.IsFinite(r.Flips)).ToList();
        page.Add("<div class=\"charts\">" + Page.Card("Cohen's kappa", new BarChart { Title = "Cohen's kappa", Bars = [.. byKappa.Take(Most).Select(r => (r.Judge, r.Kappa.Value, ((double, double)?)(r.Kappa.Low, r.Kappa.High)))] }.Draw(), Aside(byKappa.Count, "largest"))
            + (turned.Count > 0 ? Page.Card("Verdicts that turn with the order", new BarChart { Title = "Turns with the order", Format = NumberFormat.Percent, Color = 3, Bars = [.. turned.Take(Most).Select(r => (r.Judge, r.Flips, ((double, double)?)null))] }.Draw(), turned.Count > Most ? "the same judges" : "") : "") + "</div>");
        MarkdownTables.Add(page, JudgeResult.Markdown(results));
        page.Add("<footer>meed bench judges</footer>");
        return page.ToString();
    }

    private static string N(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
