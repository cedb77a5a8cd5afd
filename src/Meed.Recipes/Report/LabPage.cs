using System.Globalization;
using Meed.Evaluation.Lab;

namespace Meed.Recipes.Report;

/// <summary>The page of the over-optimisation lab.</summary>
public static class LabPage
{
    /// <summary>The page as text.</summary>
    public static string Render(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new Page("Over-optimisation");
        page.Add($"<div class=\"over\">Lab</div><h1>How far can a proxy be pushed?</h1><p class=\"lead\">{report.Options.Seeds} worlds with a known gold reward, proxies learned from noisy labels of it.</p>");
        var stop = report.Stops.First(s => s.Rule.StartsWith("fitted", StringComparison.Ordinal));
        var never = report.Stops.First(s => s.Rule.StartsWith("never", StringComparison.Ordinal));
        page.Add("<div class=\"tiles\">" + Page.Tile("oracle's stop", F(report.Stops[0].Gold), "gold above the start") + Page.Tile("recommended stop loses", F(stop.Lost.Value), $"95 % interval {F(stop.Lost.Low)} to {F(stop.Lost.High)}", "good") + Page.Tile("never stopping loses", F(never.Lost.Value), $"95 % interval {F(never.Lost.Low)} to {F(never.Lost.High)}", "bad") + "</div>");
        foreach (var (heading, lead, rl) in ((string, string, bool)[])[("Best-of-n, proxies of graded quality", "Gold above the start against √KL; bands are 95 % intervals over worlds, dashed lines the fit d·(α − β·d).", false), ("Reinforcement learning and remedies", "The same for policies that move; the fit is d·(α − β·ln d).", true)])
        {
            var chosen = report.Curves.Where(c => c.Name.StartsWith("RL", StringComparison.Ordinal) == rl).ToList();
            page.Section(heading, lead);
            page.Add(Page.Hero(new LineChart
            {
                Title = "Gold above the start", XLabel = "√KL",
                Lines = [.. chosen.Select((c, i) => new Series(c.Name, [.. c.Points.Select(p => (p.Distance, p.Gold.Value))]) { Color = i, Band = rl ? null : [.. c.Points.Select(p => (p.Distance, p.Gold.Low, p.Gold.High))] }),
                    .. rl ? [] : chosen.Select((c, i) => new Series($"fit of {c.Name}", [.. c.Points.Select(p => (p.Distance, c.Fit.At(p.Distance)))]) { Color = i, Dashed = true })],
            }));
            page.Add(Page.Hero(new LineChart { Title = "What was optimised, in deviations at the start", XLabel = "√KL", Lines = [.. chosen.Select((c, i) => new Series(c.Name, [.. c.Points.Select(p => (p.Distance, p.Proxy))]) { Color = i })] }));
        }

        MarkdownTables.Add(page, LabMarkdown.Write(report));
        page.Add("<footer>meed lab over-optimisation</footer>");
        return page.ToString();
    }

    /// <summary>The page of a best-of-n study.</summary>
    public static string Render(IReadOnlyList<BestOfNCurve> curves, int prompts)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var page = new Page("Best-of-n");
        page.Add("<div class=\"over\">Lab</div><h1>Best-of-n by gold</h1><p class=\"lead\">Mean gold of the answer that each scorer likes best among n.</p>");
        page.Add(Page.Hero(new LineChart { Title = "Mean gold of the chosen answer", XLabel = "n", Lines = [.. curves.Select(c => new Series(c.Scorer, [.. c.Gold.Select((g, i) => (i + 1.0, g.Value))]))] }));
        page.Add($"<div class=\"charts\">{Page.Card("Gain from the first to all answers", new BarChart { Title = "Gain", Color = null, Bars = [.. curves.Select(c => (c.Scorer, c.Gain.Value, ((double, double)?)(c.Gain.Low, c.Gain.High)))] }.Draw())}</div>");
        MarkdownTables.Add(page, LabMarkdown.Write(curves, prompts));
        page.Add("<footer>meed lab best-of-n</footer>");
        return page.ToString();
    }

    private static string F(double value) => value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');
}
