using System.Globalization;
using System.Text;
using Meed.Evaluation.Statistics;
using Meed.Recipes.Training;

namespace Meed.Recipes.Report;

/// <summary>The part of a run's report that a reward model adds: what it reached on each source, beside rulers.</summary>
public static class RewardModelReport
{
    /// <summary>Adds the section where the run has results.</summary>
    public static void Add(Page page, string folder)
    {
        string path = Path.Combine(folder, RewardModelResults.FileName);
        if (!File.Exists(path))
        {
            return;
        }

        var results = RewardModelResults.Read(path);
        if (results.Sources.Count == 0)
        {
            page.Add("<p class=\"note\">No test comparisons: nothing was measured.</p>");
            return;
        }

        var first = results.Sources[0];
        page.Section("Test part", $"{results.Model}. Prompts of the test part never occur in training. Intervals are 95 %, bootstrapped over prompts; {results.Parts[0]:N0} comparisons for training, {results.Parts[1]:N0} for validation, {results.Parts[2]:N0} for testing.");
        page.Add($"<div class=\"card table\"><table><thead><tr><th>source</th><th>comparisons</th><th>accuracy</th><th>log loss</th><th>calibration error</th>{string.Concat(first.Rulers.Select(r => $"<th>{Svg.Escape(r.Name)}</th>"))}</tr></thead><tbody>{string.Concat(results.Sources.Select(Row))}</tbody></table></div>");
        page.Section("Against length", "Difference in accuracy to the length ruler, whose direction is learned on each source's training part. McNemar's exact test on one comparison a prompt, adjusted after Holm over all rows.");
        page.Add($"<div class=\"card table\"><table><thead><tr><th>source</th><th>difference</th><th>only model right</th><th>only length right</th><th>p, Holm</th><th>detectable</th><th>verdict</th></tr></thead><tbody>{string.Concat(results.Sources.Select(Against))}</tbody></table></div>");
        page.Section("Calibration", "Stated probability of the side that the model prefers, and how often it was right, in groups of equal width.");
        page.Add("<div class=\"charts\">" + Page.Card("all test comparisons", new ScatterChart { Title = "calibration", XLabel = "stated", Diagonal = true, Format = NumberFormat.Percent, Groups = [new Series(first.Source, [.. first.Calibration.Select(b => (b[0], b[1]))])] }.Draw()) + "</div>");
    }

    /// <summary>What the comparison with length says, in words.</summary>
    public static string Verdict(SourceResult source) => source.HolmPValue < 0.05 ? source.OnlyModel > source.OnlyLength ? "better than length" : "worse than length"
        : double.IsNaN(source.Detectable) ? "the data cannot decide; too few prompts on which they differ"
        : string.Create(CultureInfo.InvariantCulture, $"the data cannot decide; it would show {100 * source.Detectable:F0} points");

    /// <summary>A value with its interval, as shares.</summary>
    public static string Share(Interval value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value.Value:F1} % ({100 * value.Low:F1} to {100 * value.High:F1})");

    /// <summary>A difference with its interval, in points.</summary>
    public static string Points(Interval value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value.Value:+0.0;-0.0;0.0} ({100 * value.Low:+0.0;-0.0;0.0} to {100 * value.High:+0.0;-0.0;0.0})");

    /// <summary>A p-value.</summary>
    public static string PValue(double value) => value < 0.0001 ? "< 0.0001" : value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Row(SourceResult s)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Escape(s.Source)}</td><td class=\"n\">{s.Comparisons:N0} of {s.Prompts:N0} prompts</td><td>{Share(s.Accuracy)}</td><td>{s.LogLoss.Value:F3} ({s.LogLoss.Low:F3} to {s.LogLoss.High:F3})</td><td class=\"n\">{100 * s.CalibrationError:F1} %</td>");
        return text.Append(string.Concat(s.Rulers.Select(r => string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\">{100 * r.Accuracy:F1} %</td>")))).Append("</tr>").ToString();
    }

    private static string Against(SourceResult s) => string.Create(CultureInfo.InvariantCulture,
        $"<tr><td>{Svg.Escape(s.Source)}</td><td>{Points(s.Rulers[0].Difference)}</td><td class=\"n\">{s.OnlyModel}</td><td class=\"n\">{s.OnlyLength}</td><td class=\"n\">{PValue(s.HolmPValue)}</td><td class=\"n\">{(double.IsNaN(s.Detectable) ? "none" : string.Create(CultureInfo.InvariantCulture, $"{100 * s.Detectable:F0} points"))}</td><td>{Verdict(s)}</td></tr>");
}
