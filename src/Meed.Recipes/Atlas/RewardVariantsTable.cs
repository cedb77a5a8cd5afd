using System.Globalization;
using System.Text;
using Meed.Evaluation.Statistics;
using Meed.Recipes.Report;
using Meed.Recipes.Training;

namespace Meed.Recipes.Atlas;

/// <summary>The tables of a recipe with variants: one row a variant, then accuracy by source.</summary>
internal static class RewardVariantsTable
{
    /// <summary>What the columns of this page count.</summary>
    public const string Units = """

        **Units.** A test comparison is a pair of responses that one side won; a prompt may have one or, as in best-of-n samples, fifty. Accuracy, log loss and calibration weigh every comparison the same, and so do the differences "by comparisons".
        "By prompts" weighs every prompt the same. McNemar's exact test takes one comparison a prompt, drawn by the seed, so that its items are independent: its p-value is about prompts. The p-value by comparisons is that of the difference over the
        standard error of a bootstrap over prompts. Both are adjusted after Holm over the rows of their table. "Better than length" without more means p below 0.05 both ways. Intervals are 95 %, bootstrapped over prompts, not adjusted. Where nothing is
        decided, "it would show" names the difference that this many prompts show in 80 % of such studies.
        In the tables with a row a variant, the log-odds of each are multiplied by one factor, fitted on the validation part; the bold row has the lowest log loss there. No choice inside a run looks at the test part; the list of variants itself grew over several runs whose tables were known, so a single row that stands out there is weaker evidence than its interval says.

        """;

    /// <summary>Appends the tables.</summary>
    public static void Write(StringBuilder text, RewardModelResults results)
    {
        var c = CultureInfo.InvariantCulture;
        var variants = results.Variants;
        var pool = variants.Select(v => v.Sources[0]).ToList();
        double[] holm = Holm.Adjust([.. pool.Select(s => s.PValue)]);
        text.Append(c, $"\n## {results.Name}: every encoder and objective\n\n`MEED_DATA=.. meed train recipes/{results.Name}.yaml --seed {results.Seed}; meed runs {results.Name} --record`\n\n");
        text.Append(c, $"{results.Machine}, {results.Date}, {results.Seconds:F0} s in all, recipe {results.RecipeHash[..Math.Min(12, results.RecipeHash.Length)]}. {results.Parts[0]:N0} comparisons for training, {results.Parts[1]:N0} for validation (ties included); {pool[0].Comparisons:N0} decided test comparisons on {pool[0].Prompts:N0} prompts.\n\n");
        text.Append("| variant | encoder | objective | accuracy | log loss | calibration error | minus length by comparisons, points | minus length by prompts, points | p (Holm), by prompts | minus unigrams by comparisons, points | validation log loss | numbers it holds | seconds |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (int i = 0; i < variants.Count; i++)
        {
            var (v, s) = (variants[i], pool[i]);
            string name = v.Chosen ? $"**{v.Name}**" : v.Name;
            string unigrams = s.Rulers.FirstOrDefault(r => r.Name == "unigrams") is { } u ? RewardModelReport.Points(u.Difference) : "";
            string seconds = v.PretrainSeconds > 0 ? string.Create(c, $"{v.Seconds:F0} + {v.PretrainSeconds:F0} next-token") : v.Seconds.ToString("F0", c);
            text.Append(c, $"| {name} | {v.Encoder} | {v.Objective} | {RewardModelReport.Share(s.Accuracy)} | {s.LogLoss.Value:F3} ({s.LogLoss.Low:F3} to {s.LogLoss.High:F3}) | {100 * s.CalibrationError:F1} % | {RewardModelReport.Points(s.Rulers[0].Difference)} | {RewardModelReport.Points(s.LengthByPrompts)} | {RewardModelReport.PValue(holm[i])} | {unigrams} | {v.ValidationLogLoss:F4} | {(v.Parameters > 0 ? v.Parameters.ToString("N0", c) : "")} | {seconds} |\n");
        }

        text.Append('\n').Append(Summary(results, holm));
        foreach (var v in variants.Where(v => v.Members.Count > 0))
        {
            text.Append(c, $"{v.Name} takes, by the validation part, {string.Join("; ", v.Members.GroupBy(m => m.Value).Select(g => $"{g.Key} for {string.Join(", ", g.Select(m => m.Key))}"))}.\n");
        }

        text.Append('\n');
        if (pool.Count > 0 && variants[0].Sources.Count > 1)
        {
            BySource(text, variants);
        }
    }

    // What the pool decides and what it cannot, in sentences.
    private static string Summary(RewardModelResults results, double[] holm)
    {
        var c = CultureInfo.InvariantCulture;
        var variants = results.Variants;
        var pool = variants.Select(v => v.Sources[0]).ToList();
        string Names(Func<int, bool> which) => string.Join(", ", Enumerable.Range(0, variants.Count).Where(which).Select(i => variants[i].Name)) is { Length: > 0 } names ? names : "none";
        bool ByPrompts(int i, int sign) => holm[i] < 0.05 && Math.Sign(pool[i].OnlyModel - pool[i].OnlyLength) == sign;
        double[] adjusted = RewardModelReport.ByComparisons(pool);
        bool ByComparisons(int i, int sign) => adjusted[i] < 0.05 && Math.Sign(pool[i].Rulers[0].Difference.Value) == sign;
        bool Unigrams(int i, int sign) => pool[i].Rulers.FirstOrDefault(r => r.Name == "unigrams") is { } u && (sign > 0 ? u.Difference.Low > 0 : u.Difference.High < 0);
        double[] open = [.. Enumerable.Range(0, variants.Count).Where(i => holm[i] >= 0.05).Select(i => 100 * pool[i].Detectable).Where(double.IsFinite)];
        var chosen = variants.First(v => v.Chosen);
        var unigrams = pool[0].Rulers.FirstOrDefault(r => r.Name == "unigrams");
        var text = new StringBuilder();
        text.Append(c, $"Length, in the direction that wins on each source's training part, reaches {100 * pool[0].Rulers[0].Accuracy:F1} %{(unigrams is null ? "" : string.Create(c, $", a model of single words {100 * unigrams.Accuracy:F1} %"))}. The validation part chose {chosen.Name}: {RewardModelReport.Share(chosen.Sources[0].Accuracy)}.\n");
        text.Append(c, $"Against length by prompts, adjusted over the {variants.Count} rows: better are {Names(i => ByPrompts(i, 1))}; worse are {Names(i => ByPrompts(i, -1))}.");
        text.Append(open.Length == 0 ? "\n" : string.Create(c, $" For the others the data cannot decide: they would show a difference of {open.Min():F0} to {open.Max():F0} points.\n"));
        text.Append(c, $"By comparisons, adjusted likewise: better are {Names(i => ByComparisons(i, 1))}; worse are {Names(i => ByComparisons(i, -1))}. An interval as wide as that of {chosen.Name} shows a difference of {Shown(chosen.Sources[0].Rulers[0].Difference):F1} points in 80 % of such studies.\n");
        text.Append(unigrams is null ? "" : $"Against single words by comparisons, not adjusted, the interval lies above 0 for {Names(i => Unigrams(i, 1))}, below 0 for {Names(i => Unigrams(i, -1))}.\n");
        return text.ToString();
    }

    // 1.96 + 0.84 standard errors, the interval being 2 · 1.96 of them wide.
    private static double Shown(Interval difference) => 100 * (Normal.Quantile(0.975) + Normal.Quantile(0.8)) * (difference.High - difference.Low) / (2 * Normal.Quantile(0.975));

    private static void BySource(StringBuilder text, IReadOnlyList<VariantResult> variants)
    {
        var c = CultureInfo.InvariantCulture;
        var sources = variants[0].Sources.Skip(1).ToList();
        double[][] p = [.. variants.Select(v => v.Sources.Skip(1).Select(s => s.PValue).ToArray())];
        double[] holm = Holm.Adjust([.. p.SelectMany(x => x)]);
        text.Append(c, $"Accuracy by source in %, in brackets minus length by comparisons in points; bold where McNemar by prompts, adjusted after Holm over all {holm.Length} cells, is below 0.05:\n\n");
        text.Append(c, $"| variant |{string.Concat(sources.Select(s => $" {s.Source} |"))}\n| --- |{string.Concat(sources.Select(_ => " --- |"))}\n");
        text.Append(c, $"| length |{string.Concat(sources.Select(s => string.Create(c, $" {100 * s.Rulers[0].Accuracy:F1} |")))}\n");
        if (sources[0].Rulers.Any(r => r.Name == "unigrams"))
        {
            text.Append(c, $"| single words |{string.Concat(sources.Select(s => string.Create(c, $" {100 * s.Rulers.First(r => r.Name == "unigrams").Accuracy:F1} |")))}\n");
        }

        for (int i = 0; i < variants.Count; i++)
        {
            text.Append(c, $"| {(variants[i].Chosen ? $"**{variants[i].Name}**" : variants[i].Name)} |");
            for (int k = 0; k < sources.Count; k++)
            {
                var s = variants[i].Sources[k + 1];
                string cell = string.Create(c, $"{100 * s.Accuracy.Value:F1} ({100 * s.Rulers[0].Difference.Value:+0.0;-0.0;0.0})");
                text.Append(holm[(i * sources.Count) + k] < 0.05 ? $" **{cell}** |" : $" {cell} |");
            }

            text.Append('\n');
        }
    }
}
