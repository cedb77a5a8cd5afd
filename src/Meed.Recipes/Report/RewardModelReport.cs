using System.Globalization;
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
            page.Section("Variants", "All on the same test comparisons. Log-odds of each are multiplied by one factor, fitted on the validation part; the lowest log loss there chose the one that the rest of this page shows. Differences are in points of accuracy, every comparison weighing the same.");
            page.Add(Page.Table(["variant", "encoder", "objective", ">validation log loss", ">accuracy", ">log loss", ">calibration error", ">minus length", ">minus unigrams", ">seconds"], results.Variants.Select(Variant), stacked: false));
        }

        page.Section("Test part", $"{results.Model}. Prompts of the test part never occur in training. Intervals are 95 %, bootstrapped over prompts; {results.Parts[0]:N0} comparisons for training, {results.Parts[1]:N0} for validation, {results.Parts[2]:N0} for testing.");
        page.Add(Page.Table(["source", ">comparisons", ">accuracy", ">log loss, nats", ">calibration error", .. first.Rulers.Select(r => ">" + r.Name)], results.Sources.Select(Row), stacked: false));
        page.Section("Against length", "Difference in accuracy to the length ruler, in points, whose direction is learned on each source's training part: once with every comparison weighing the same, once with every prompt. McNemar's exact test on one comparison a prompt, adjusted after Holm over all rows, is about prompts.");
        page.Add(Page.Table(["source", ">by comparisons", ">p, Holm", ">by prompts", ">only model right", ">only length right", ">p, Holm", ">detectable", "verdict"], results.Sources.Zip(Verdicts(results.Sources), ByComparisons(results.Sources)).Select(Against)));
        page.Section("Calibration", "Stated probability of the side that the model prefers, and how often it was right, in groups of equal width.");
        page.Add("<div class=\"charts\">" + Page.Card("all test comparisons", new ScatterChart { Title = "calibration", XLabel = "stated", Diagonal = true, Format = NumberFormat.Percent, Groups = [new Series(first.Source, [.. first.Calibration.Select(b => (b[0], b[1]))])] }.Draw()) + "</div>");
    }

    /// <summary>Two-sided p-values of the difference to length by comparisons, adjusted after Holm over the given rows: its normal approximation with the standard error of the bootstrap over prompts.</summary>
    public static double[] ByComparisons(IReadOnlyList<SourceResult> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Holm.Adjust([.. sources.Select(s => s.Rulers[0].Difference).Select(d => d.Value == 0 ? 1 : d.High > d.Low ? 2 * Normal.Cumulative(-Math.Abs(d.Value) * 2 * Normal.Quantile(0.975) / (d.High - d.Low)) : 0)]);
    }

    /// <summary>What the comparison with length says of each row, in words. "Better" without more is by prompts and by comparisons, both adjusted over the rows.</summary>
    public static string[] Verdicts(IReadOnlyList<SourceResult> sources)
    {
        double[] byComparisons = ByComparisons(sources);
        return [.. sources.Select((s, i) => Verdict(s, byComparisons[i]))];
    }

    private static string Verdict(SourceResult source, double byComparisons)
    {
        int prompts = source.HolmPValue < 0.05 ? Math.Sign(source.OnlyModel - source.OnlyLength) : 0;
        int comparisons = source.Prompts == source.Comparisons ? prompts : byComparisons < 0.05 ? Math.Sign(source.Rulers[0].Difference.Value) : 0;
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

    // The interval under its value, so that many columns fit.
    private static string Cell(string value) => value.Replace(" (", "<br>(", StringComparison.Ordinal);

    private static IReadOnlyList<string> Row(SourceResult s) =>
    [
        Svg.Escape(s.Source), Cell(string.Create(CultureInfo.InvariantCulture, $"{s.Comparisons:N0} ({s.Prompts:N0} prompts)")), Cell(Share(s.Accuracy)),
        Cell(string.Create(CultureInfo.InvariantCulture, $"{s.LogLoss.Value:F3} ({s.LogLoss.Low:F3} to {s.LogLoss.High:F3})")), Percent(s.CalibrationError), .. s.Rulers.Select(r => Percent(r.Accuracy)),
    ];

    private static IReadOnlyList<string> Variant(VariantResult v)
    {
        var all = v.Sources[0];
        return
        [
            v.Chosen ? $"<b>{Svg.Escape(v.Name)}</b>" : Svg.Escape(v.Name), Svg.Escape(v.Encoder), Svg.Escape(v.Objective), Nats(v.ValidationLogLoss), Cell(Share(all.Accuracy)), Nats(all.LogLoss.Value), Percent(all.CalibrationError),
            Cell(Points(all.Rulers[0].Difference)), all.Rulers.FirstOrDefault(r => r.Name == "unigrams") is { } unigrams ? Cell(Points(unigrams.Difference)) : "", v.Seconds.ToString("F0", CultureInfo.InvariantCulture),
        ];
    }

    private static IReadOnlyList<string> Against((SourceResult Source, string Verdict, double ByComparisons) row) => Against(row.Source, row.Verdict, row.ByComparisons);

    private static IReadOnlyList<string> Against(SourceResult s, string verdict, double byComparisons) =>
    [
        Svg.Escape(s.Source), Points(s.Rulers[0].Difference), Svg.Escape(PValue(byComparisons)), Points(s.LengthByPrompts), s.OnlyModel.ToString(CultureInfo.InvariantCulture), s.OnlyLength.ToString(CultureInfo.InvariantCulture),
        Svg.Escape(PValue(s.HolmPValue)), double.IsNaN(s.Detectable) ? "none" : string.Create(CultureInfo.InvariantCulture, $"{100 * s.Detectable:F0} points"), verdict,
    ];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static string Nats(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
