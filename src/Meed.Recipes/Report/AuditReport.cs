using System.Globalization;
using System.Text;
using Meed.Evaluation.Audit;
using Meed.Evaluation.Rollouts;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Report;

/// <summary>The page of an audit: what stands out, then every figure with its chart.</summary>
public static class AuditReport
{
    /// <summary>The page as text.</summary>
    /// <param name="audit">What was found.</param>
    /// <param name="title">What was audited, such as the file's name.</param>
    /// <param name="facts">Names and values for the head of the page: layout, baseline, reward.</param>
    public static string Render(AuditResult audit, string title, IReadOnlyList<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(facts);
        var page = new Page($"{title} · Meed audit");
        var findings = audit.Findings;
        var worst = findings.Count == 0 ? (FindingLevel?)null : findings[0].Level;
        string badge = worst switch { FindingLevel.Alarm => "<span class=\"badge bad\">alarm</span>", FindingLevel.Warning => "<span class=\"badge warn\">warning</span>", FindingLevel.Note => "<span class=\"badge\">notes</span>", _ => "<span class=\"badge good\">nothing stands out</span>" };
        page.Add($"<div class=\"over\">Meed audit {badge}</div><h1>{Svg.Escape(title)}</h1>");
        page.Add($"<ul class=\"facts\">{string.Concat(facts.Select(f => $"<li>{Svg.Escape(f.Name)} <b>{Svg.Escape(f.Value)}</b></li>"))}</ul>");
        foreach (var finding in findings)
        {
            page.Add($"<p class=\"note{(finding.Level == FindingLevel.Alarm ? " bad" : "")}\"><b>{finding.Level}.</b> {Svg.Escape(finding.Text)}</p>");
        }

        page.Add("<div class=\"tiles\">"
            + Page.Tile("mean reward", Scale.Figure(audit.Mean), audit.Baseline is { } b ? $"baseline {Scale.Figure(b.Mean)}" : $"{Scale.Figure(audit.Minimum)} to {Scale.Figure(audit.Maximum)}")
            + Page.Tile("groups without signal", Share(audit.NoSignal, audit.Groups), $"{Share(audit.AllAtMaximum, audit.Groups)} all at the largest")
            + Page.Tile("failed rows", Share(audit.Failed, audit.Rows), $"{audit.Failed:#,0} of {audit.Rows:#,0}", audit.Failed > 0.05 * audit.Rows ? "bad" : "")
            + Page.Tile("repeated in their group", Share(audit.Duplicates, audit.Scored), $"{audit.DuplicatesScoredApart:#,0} with another reward", audit.DuplicatesScoredApart > 0 ? "bad" : "")
            + "</div>");
        Clusters(page, audit);
        Rewards(page, audit);
        Components(page, audit);
        Disagreement(page, audit);
        Failures(page, audit);
        Repeated(page, audit);
        page.Add("<footer>Counts, means and correlations are over all rows; the histogram and the points are over samples. Correlations within groups are those of the differences from the group's mean, which is what training sees.</footer>");
        return page.ToString();
    }

    private static void Clusters(Page page, AuditResult audit)
    {
        if (audit.Baseline is not { } baseline)
        {
            return;
        }

        page.Section("New kinds of answer that earn much", $"Clusters of similar answers (word 5-grams, similarity 0.5 or more) among the {baseline.High:#,0} rows above the baseline's 75th percentile ({Scale.Figure(baseline.Threshold)}): at least 1 % of them, to at least three prompts, and at most half as frequent in the baseline's {baseline.Rows:#,0} rows.");
        if (baseline.Clusters.Count == 0)
        {
            page.Add("<div class=\"card\">None.</div>");
            return;
        }

        page.Add(Page.Table([">rows above", ">share of them", ">in the baseline", ">mean reward", "first answer"], baseline.Clusters.Select(c => (IReadOnlyList<string>)
            [$"{c.Rows:#,0}", Percent(c.ShareOfHigh), Percent(c.BaselineShare), Scale.Figure(c.Mean), $"<span class=\"answer\">{Svg.Escape(c.Example)}</span><span class=\"chips\"><span class=\"chip\">{Svg.Escape(c.Place)}</span></span>"])));
    }

    private static void Rewards(Page page, AuditResult audit)
    {
        page.Section("Rewards", $"{audit.Scored:#,0} rows with a reward in {audit.Groups:#,0} groups{(audit.Alone > 0 ? $" and {audit.Alone:#,0} alone" : "")}. {Share(audit.AtMaximum, audit.Scored)} of the rows are at the largest, {Share(audit.AtMinimum, audit.Scored)} at the smallest.");
        var cards = new StringBuilder();
        cards.Append(Page.Card("Rewards", new Histogram { Title = "Rewards", Values = audit.Rewards, XLabel = "reward" }.Draw(), $"deviation {Scale.Figure(audit.Deviation)}"));
        double signal = audit.Groups - audit.NoSignal, equal = audit.NoSignal - audit.AllAtMaximum - audit.AllAtMinimum;
        cards.Append(Page.Card("Groups", new BarChart
        {
            Title = "Groups by signal", Format = NumberFormat.Percent, Color = null,
            Bars = audit.Groups == 0 ? [] : [("with signal", signal / audit.Groups, null), ("all at the largest", (double)audit.AllAtMaximum / audit.Groups, null), ("all at the smallest", (double)audit.AllAtMinimum / audit.Groups, null), ("equal in between", equal / audit.Groups, null)],
        }.Draw(), $"{audit.Groups:#,0} groups"));
        cards.Append(Page.Card("Length and reward", new ScatterChart { Title = "Length and reward", XLabel = "characters of the response", Groups = [new Series("row", audit.Points)] }.Draw(), Correlation(audit, "length")));
        foreach (var chart in Steps(audit))
        {
            cards.Append(Page.Of(chart));
        }

        page.Add($"<div class=\"charts\">{cards}</div>");
        if (audit.Properties.Count > 0)
        {
            page.Add(Page.Table(["property", ">mean", ">correlation", ">within groups"], audit.Properties.Select(p => (IReadOnlyList<string>)[Svg.Escape(p.Name), Scale.Figure(p.Mean), Two(p.Overall), Two(p.WithinGroups)])));
        }
    }

    private static IEnumerable<LineChart> Steps(AuditResult audit)
    {
        if (audit.Steps.Count > 1)
        {
            yield return new LineChart { Title = "Mean reward by step", Lines = [new Series("mean reward", [.. audit.Steps.Select(s => ((double)s.Step, s.Mean))]) { Dots = audit.Steps.Count < 30 }] };
            yield return new LineChart { Title = "Mean length by step", Lines = [new Series("characters", [.. audit.Steps.Select(s => ((double)s.Step, s.Length))]) { Dots = audit.Steps.Count < 30, Color = 1 }] };
        }
    }

    private static void Components(Page page, AuditResult audit)
    {
        if (audit.Components.Count == 0)
        {
            return;
        }

        page.Section("Components", $"What each carries of the reward's variance within groups. As a weighted sum they explain {Percent(audit.Explained)} of it{(audit.Explained < 0.99 ? "; the rest is not linear (a gate, a product, a clip) or was not logged" : "")}. \"Without\" is the reward with the component taken off.");
        page.Add("<div class=\"charts\">"
            + Page.Card("Share of the variance within groups", new BarChart { Title = "Share of the variance", Format = NumberFormat.Percent, Bars = [.. audit.Components.Where(c => double.IsFinite(c.Share)).OrderByDescending(c => c.Share).Select(c => (c.Name, c.Share, ((double, double)?)null))] }.Draw())
            + Page.Card("Groups with another sign without it", new BarChart { Title = "Sign flips without the component", Format = NumberFormat.Percent, Color = 3, Bars = [.. audit.Components.Where(c => c.Without.Groups > 0).OrderByDescending(c => c.Share).Select(c => (c.Name, c.Without.SignShare, ((double, double)?)null))] }.Draw())
            + "</div>");
        page.Add(Page.Table(["component", ">mean", ">rows", ">fitted weight", ">share", ">correlation", ">without: ranking flips", ">without: sign flips"], audit.Components.Select(c => (IReadOnlyList<string>)
            [Svg.Escape(c.Name), Scale.Figure(c.Mean), $"{c.Rows:#,0}", Scale.Figure(c.Weight), Percent(c.Share), Two(c.Correlation), Percent(c.Without.RankingShare), Percent(c.Without.SignShare)])));
    }

    private static void Disagreement(Page page, AuditResult audit)
    {
        if (audit.Disagreement is not { } other)
        {
            return;
        }

        page.Section($"Against {other.Name}", $"{other.Rows:#,0} rows have both. Of {other.Pairs:#,0} pairs within groups that both order, {Share(other.Opposite, other.Pairs)} stand the other way round; correlation within groups {Two(other.Correlation)}.");
        ChangeCount changes = other.Changes;
        page.Add("<div class=\"charts\">" + Page.Card("Groups that would flip", new BarChart { Title = "Flips", Format = NumberFormat.Percent, Color = 1, Bars = changes.Groups == 0 ? [] : [("ranking", changes.RankingShare, null), ("some sign", changes.SignShare, null), ("rows' sign", changes.RowSignShare, null)] }.Draw(), $"{changes.Groups:#,0} groups") + "</div>");
        if (other.Examples.Count > 0)
        {
            page.Add(Page.Table(["row", ">advantage", $">by {other.Name}"], other.Examples.Select(e => (IReadOnlyList<string>)[Svg.Escape(e.Place), Scale.Figure(e.First), Scale.Figure(e.Second)])));
        }
    }

    private static void Failures(Page page, AuditResult audit)
    {
        if (audit.Reasons.Count == 0 && audit.Statuses.Count == 0)
        {
            return;
        }

        page.Section("Reasons", $"{Share(audit.Failed, audit.Rows)} of the rows failed{(audit.Truncated > 0 ? $", {Share(audit.Truncated, audit.Rows)} were cut off at their length limit" : "")}.");
        var rows = audit.Statuses.Select(s => (Name: $"status {Names.Kebab(s.Key.ToString())}", Count: s.Value, Mean: double.NaN)).Concat(audit.Reasons.Take(20).Select(r => (r.Name, r.Count, r.Mean)));
        page.Add(Page.Table(["reason", ">rows", ">share", ">mean reward"], rows.Select(r => (IReadOnlyList<string>)[$"<span class=\"prompt\">{Svg.Escape(r.Name)}</span>", $"{r.Count:#,0}", Share(r.Count, audit.Rows), Scale.Figure(r.Mean)])));
    }

    private static void Repeated(Page page, AuditResult audit)
    {
        if (audit.Repeated.Count == 0)
        {
            return;
        }

        page.Section("Answers that come again and again", "The same text, letter for letter, over all groups.");
        page.Add(Page.Table([">rows", ">mean reward", "answer"], audit.Repeated.Select(r => (IReadOnlyList<string>)[$"{r.Count:#,0}", Scale.Figure(r.Mean), $"<span class=\"answer\">{(r.Name.Length == 0 ? "<span class=\"chip\">empty</span>" : Svg.Escape(r.Name))}</span>"])));
    }

    private static string Correlation(AuditResult audit, string name) => audit.Properties.FirstOrDefault(p => p.Name == name) is { } p ? $"correlation {Two(p.Overall)}" : "";

    private static string Share(long part, long of) => of == 0 ? "–" : Percent((double)part / of);

    private static string Percent(double share) => Scale.Figure(share, NumberFormat.Percent);

    private static string Two(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');
}
