using System.Globalization;
using System.Text;
using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>A bench as Markdown, for terminals and documents.</summary>
public static class BenchMarkdown
{
    /// <summary>The report as tables.</summary>
    /// <param name="report">The report.</param>
    /// <param name="edits">Most edits to list, the costliest first.</param>
    public static string Write(BenchReport report, int edits = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {report.Suite}\n\n{Capital(report.Summary)}.\n\n{string.Join(", ", report.Files)}{(report.ByDocumentation ? " (layout by documentation)" : "")}: {report.Items:N0} items, {report.Comparisons:N0} comparisons, {report.Prompts:N0} prompts");
        text.Append(report.Ties > 0 ? string.Create(CultureInfo.InvariantCulture, $", {report.Ties:N0} undecided ones left out") : "").Append(report.Bad > 0 ? string.Create(CultureInfo.InvariantCulture, $", {report.Bad:N0} unreadable rows left out") : "").Append(".\n\n");
        text.Append(report.Verdict is { Length: > 0 } verdict ? verdict + "\n\n" : "");
        int digits = report.Suite == "rewardmath" ? 2 : 1;   // as published
        string[] groups = [.. report.Scorers.SelectMany(s => s.Groups.Select(g => g.Name)).Distinct()];
        Table(text, ["scorer", report.Headline, "95 % interval", .. groups, "ties", "failed"], report.Scorers.Select(s => (string[])
            [Ruler(s), Share(s.Overall.Value, digits), Range(s.Overall), .. groups.Select(g => s.Groups.FirstOrDefault(x => x.Name == g) is { } found ? g == "mrr" || g.StartsWith("kappa", StringComparison.Ordinal) ? Three(found.Value) : Share(found.Value, digits) : "–"), Count(s.TiedPairs), Count(s.Failed)]));
        if (report.Paired.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {report.Paired[0].First} against the others\n\nThe same items, exact McNemar over comparisons, Holm-corrected; the interval draws whole prompts. Detectable: what this many prompts find four times in five.\n\n");
            Table(text, ["against", "difference", "95 % interval", "only the first right", "only the other right", "p", "p (Holm)", "detectable", "verdict"], report.Paired.Select(p => (string[])
                [p.Second, Points(p.Difference.Value), $"{Points(p.Difference.Low)} to {Points(p.Difference.High)}", Count(p.OnlyFirst), Count(p.OnlySecond), P(p.P), P(p.HolmP), Points(p.Detectable).TrimStart('+'), p.Verdict]));
        }

        if (report.Subsets.Count > 1)
        {
            text.Append("\n## Subsets\n\n");
            Table(text, ["subset", "n", .. report.Scorers.Select(s => s.Name)], report.Subsets.Select(name => (string[])
                [name, Count(report.Scorers[0].Subsets.FirstOrDefault(x => x.Name == name)?.Count ?? 0), .. report.Scorers.Select(s => s.Subsets.FirstOrDefault(x => x.Name == name) is { } f ? Share(f.Accuracy.Value) : "–")]));
        }

        var felt = report.Scorers.Where(s => s.Sensitivity is not null).ToList();
        if (felt.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## What the choices go with\n\nThe longer response is the better one in {Share(felt[0].Sensitivity!.LongerIsBetter)} of the comparisons.\n\n");
            Table(text, ["scorer", "chooses longer", "right where longer is better", "right where shorter is better", "right at equal length", "length correlation", "chooses more markdown", "markdown correlation", "chooses first"], felt.Select(s => (string[])
                [Ruler(s), Share(s.Sensitivity!.ChoosesLonger), Share(s.Sensitivity.WhereLongerIsBetter), Share(s.Sensitivity.WhereShorterIsBetter), Share(s.Sensitivity.NearEqualLength), Two(s.Sensitivity.LengthCorrelation), Share(s.Sensitivity.ChoosesMarkdown), Two(s.Sensitivity.MarkdownCorrelation), Share(s.Sensitivity.ChoosesFirst)]));
        }

        var stated = report.Scorers.Where(s => s.Calibration is not null).ToList();
        if (stated.Count > 0)
        {
            text.Append("\n## Calibration\n\nMargins as probabilities, σ(k · margin), k fitted on the other half of the prompts. Knowing nothing gives a Brier score of 0.25 and a log loss of 0.693.\n\n");
            Table(text, ["scorer", "calibration error", "Brier", "log loss", "k"], stated.Select(s => (string[])
                [s.Name, $"{Three(s.Calibration!.Error.Value)} ({Three(s.Calibration.Error.Low)} to {Three(s.Calibration.Error.High)})", $"{Three(s.Calibration.Brier.Value)} ({Three(s.Calibration.Brier.Low)} to {Three(s.Calibration.Brier.High)})", $"{Three(s.Calibration.LogLoss.Value)} ({Three(s.Calibration.LogLoss.Low)} to {Three(s.Calibration.LogLoss.High)})", s.Calibration.Scale.ToString("0.###", CultureInfo.InvariantCulture)]));
        }

        if (report.Contrast is { } contrast)
        {
            text.Append("\n## Does it read the prompt?\n\nThe best answer under its own prompt against the best answer of another prompt. A reward that does not read the prompt is at 50 % against near-identical prompts.\n\n");
            Table(text, ["the other prompt", "own answer scores higher", "95 % interval", "comparisons"], [["near-identical", Share(contrast.Near.Value), Range(contrast.Near), Count(contrast.NearCount)], ["unrelated", Share(contrast.Far.Value), Range(contrast.Far), Count(contrast.FarCount)]]);
        }

        if (report.Probes.Count > 0)
        {
            text.Append("\n## What its features hold\n\nLinear probes on the frozen last hidden state, five-fold by prompt. Drives: rank correlation of the reward with how near a response lies to those that have the attribute.\n\n");
            Table(text, ["attribute", "responses", "base rate", "probe", "95 % interval", "certainty", "drives the reward"], report.Probes.Select(p => (string[])
                [p.Attribute, Count(p.Count), Share(p.BaseRate), Share(p.Accuracy.Value), Range(p.Accuracy), Two(p.Certainty), Two(p.Drives)]));
        }

        if (report.Transformations.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Edits that keep the meaning\n\n{report.Transformations.Count} edits on {report.TransformationPairs:N0} comparisons, both responses edited alike; accuracy before less after{(edits < report.Transformations.Count ? $"; the {edits} that cost most" : "")}.\n\n");
            Table(text, ["edit", "touches", "changed", "accuracy", "drop", "95 % interval", "winner turned", "p (Holm)"], report.Transformations.OrderByDescending(t => t.Drop.Value).ThenByDescending(t => t.Turned).Take(edits).Select(t => (string[])
                [t.Name, t.Group, Share(t.Changed), Share(t.Accuracy), Points(t.Drop.Value), $"{Points(t.Drop.Low)} to {Points(t.Drop.High)}", Share(t.Turned), P(t.HolmP)]));
        }

        return text.ToString();
    }

    /// <summary>A share as a percentage.</summary>
    public static string Share(double value, int digits = 1) => double.IsNaN(value) ? "–" : (100 * value).ToString(digits == 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture).Replace('-', '−') + " %";

    /// <summary>A difference of shares in points.</summary>
    public static string Points(double value) => double.IsNaN(value) ? "–" : (100 * value).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    /// <summary>A p-value.</summary>
    public static string P(double value) => double.IsNaN(value) ? "–" : value < 0.001 ? "< 0.001" : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>An interval of a share.</summary>
    public static string Range(Interval interval) => double.IsNaN(interval.Low) ? "–" : $"{Share(interval.Low)} to {Share(interval.High)}";

    internal static void Table(StringBuilder text, IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        text.Append("| ").AppendJoin(" | ", header.Select(Cell)).Append(" |\n|").Append(string.Concat(header.Select((_, i) => i == 0 ? " --- |" : " ---: |"))).Append('\n');
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");
        }
    }

    internal static string Two(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');

    internal static string Three(double value) => double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);

    internal static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ruler(ScorerResult s) => s.IsRuler ? $"*{s.Name}*" : s.Name;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
