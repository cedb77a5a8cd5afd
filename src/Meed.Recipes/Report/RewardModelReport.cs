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
        if (results.Variants.Count > 0)
        {
            page.Section("Variants", "All on the same test comparisons. Log-odds of each are multiplied by one factor, fitted on the validation part; the lowest log loss there chose the one that the rest of this page shows.");
            page.Add($"<div class=\"card table\"><table><thead><tr><th>variant</th><th>encoder</th><th>objective</th><th>validation log loss</th><th>accuracy</th><th>log loss</th><th>calibration error</th><th>minus length</th><th>minus unigrams</th><th>seconds</th></tr></thead><tbody>{string.Concat(results.Variants.Select(Variant))}</tbody></table></div>");
        }

        page.Section("Test part", $"{results.Model}. Prompts of the test part never occur in training. Intervals are 95 %, bootstrapped over prompts; {results.Parts[0]:N0} comparisons for training, {results.Parts[1]:N0} for validation, {results.Parts[2]:N0} for testing.");
        page.Add($"<div class=\"card table\"><table><thead><tr><th>source</th><th>comparisons</th><th>accuracy</th><th>log loss</th><th>calibration error</th>{string.Concat(first.Rulers.Select(r => $"<th>{Svg.Escape(r.Name)}</th>"))}</tr></thead><tbody>{string.Concat(results.Sources.Select(Row))}</tbody></table></div>");
        page.Section("Against length", "Difference in accuracy to the length ruler, whose direction is learned on each source's training part: once with every comparison weighing the same, once with every prompt. McNemar's exact test on one comparison a prompt, adjusted after Holm over all rows, is about prompts.");
        page.Add($"<div class=\"card table\"><table><thead><tr><th>source</th><th>by comparisons</th><th>by prompts</th><th>only model right</th><th>only length right</th><th>p, Holm</th><th>detectable</th><th>verdict</th></tr></thead><tbody>{string.Concat(results.Sources.Select(Against))}</tbody></table></div>");
        page.Section("Calibration", "Stated probability of the side that the model prefers, and how often it was right, in groups of equal width.");
        page.Add("<div class=\"charts\">" + Page.Card("all test comparisons", new ScatterChart { Title = "calibration", XLabel = "stated", Diagonal = true, Format = NumberFormat.Percent, Groups = [new Series(first.Source, [.. first.Calibration.Select(b => (b[0], b[1]))])] }.Draw()) + "</div>");
    }

    /// <summary>What the comparison with length says, in words. "Better" without more is by prompts and by comparisons.</summary>
    public static string Verdict(SourceResult source)
    {
        int prompts = source.HolmPValue < 0.05 ? Math.Sign(source.OnlyModel - source.OnlyLength) : 0;
        int comparisons = source.Prompts == source.Comparisons ? prompts : Math.Sign(source.Rulers[0].Difference switch { { Low: > 0 } => 1, { High: < 0 } => -1, _ => 0 });
        string shows = double.IsNaN(source.Detectable) ? "too few prompts on which they differ" : string.Create(CultureInfo.InvariantCulture, $"it would show {100 * source.Detectable:F0} points");
        return (prompts, comparisons) switch
        {
            (0, 0) => $"the data cannot decide; {shows}",
            (0, _) => $"{Word(comparisons)} by comparisons; by prompts the data cannot decide: {shows}",
            (_, 0) => $"{Word(prompts)} by prompts; by comparisons the data cannot decide",
            _ when prompts == comparisons => $"{Word(prompts)} than length",
            _ => $"{Word(prompts)} by prompts, {Word(comparisons)} by comparisons",
        };
    }

    private static string Word(int sign) => sign > 0 ? "better" : "worse";

    /// <summary>A value with its interval, as shares.</summary>
    public static string Share(Interval value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value.Value:F1} % ({100 * value.Low:F1} to {100 * value.High:F1})");

    /// <summary>A difference with its interval, in points; empty where it was not measured.</summary>
    public static string Points(Interval value) => double.IsNaN(value.Value) ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * value.Value:+0.0;-0.0;0.0} ({100 * value.Low:+0.0;-0.0;0.0} to {100 * value.High:+0.0;-0.0;0.0})");

    /// <summary>A p-value.</summary>
    public static string PValue(double value) => value < 0.0001 ? "< 0.0001" : value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Row(SourceResult s)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Escape(s.Source)}</td><td class=\"n\">{s.Comparisons:N0} of {s.Prompts:N0} prompts</td><td>{Share(s.Accuracy)}</td><td>{s.LogLoss.Value:F3} ({s.LogLoss.Low:F3} to {s.LogLoss.High:F3})</td><td class=\"n\">{100 * s.CalibrationError:F1} %</td>");
        return text.Append(string.Concat(s.Rulers.Select(r => string.Create(CultureInfo.InvariantCulture, $"<td class=\"n\">{100 * r.Accuracy:F1} %</td>")))).Append("</tr>").ToString();
    }

    private static string Variant(VariantResult v)
    {
        var all = v.Sources[0];
        string unigrams = all.Rulers.FirstOrDefault(r => r.Name == "unigrams") is { } u ? Points(u.Difference) : "";
        string name = v.Chosen ? $"<b>{Svg.Escape(v.Name)}</b>" : Svg.Escape(v.Name);
        return string.Create(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{Svg.Escape(v.Encoder)}</td><td>{Svg.Escape(v.Objective)}</td><td class=\"n\">{v.ValidationLogLoss:F3}</td><td>{Share(all.Accuracy)}</td><td class=\"n\">{all.LogLoss.Value:F3}</td><td class=\"n\">{100 * all.CalibrationError:F1} %</td><td>{Points(all.Rulers[0].Difference)}</td><td>{unigrams}</td><td class=\"n\">{v.Seconds:F0}</td></tr>");
    }

    private static string Against(SourceResult s) => string.Create(CultureInfo.InvariantCulture,
        $"<tr><td>{Svg.Escape(s.Source)}</td><td>{Points(s.Rulers[0].Difference)}</td><td>{Points(s.LengthByPrompts)}</td><td class=\"n\">{s.OnlyModel}</td><td class=\"n\">{s.OnlyLength}</td><td class=\"n\">{PValue(s.HolmPValue)}</td><td class=\"n\">{(double.IsNaN(s.Detectable) ? "none" : string.Create(CultureInfo.InvariantCulture, $"{100 * s.Detectable:F0} points"))}</td><td>{Verdict(s)}</td></tr>");
}
