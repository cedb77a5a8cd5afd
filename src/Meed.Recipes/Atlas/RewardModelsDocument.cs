using System.Globalization;
using System.Text;
using Meed.Recipes.Report;
using Meed.Recipes.Training;

namespace Meed.Recipes.Atlas;

/// <summary><c>docs/reward-models-measured.md</c>: what recorded reward-model recipes reached.</summary>
internal static class RewardModelsDocument
{
    /// <summary>Folder of recorded results in a checkout.</summary>
    public const string Folder = "recipes/reward-models";

    /// <summary>The page.</summary>
    public static string Write(string checkout)
    {
        var text = new StringBuilder("# Reward models measured\n\nWritten by `meed docs` from `recipes/reward-models/*.json`, which `meed runs <name> --record` writes from run folders. How to read it: [reward-models.md](reward-models.md).\n");
        string folder = Path.Combine(checkout, Folder);
        var all = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(RewardModelResults.Read).ToList() : [];
        text.Append(RewardVariantsTable.Units);
        foreach (var r in all.Where(r => r.Variants.Count > 0))
        {
            RewardVariantsTable.Write(text, r);
        }

        foreach (var r in all.Where(r => r.Sources.Count > 0))
        {
            string chosen = r.Variants.FirstOrDefault(v => v.Chosen) is { } v ? $", the chosen one: {v.Name}" : "";
            text.Append(CultureInfo.InvariantCulture, $"\n## {r.Name}{chosen}\n\n`{(NeedsData(checkout, r.Name) ? "MEED_DATA=.. " : "")}meed train recipes/{r.Name}.yaml --seed {r.Seed}; meed runs {r.Name} --record`\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{r.Model}; {r.Machine}, {r.Date}, {r.Seconds:F0} s, recipe {r.RecipeHash[..Math.Min(12, r.RecipeHash.Length)]}. Comparisons: {r.Parts[0]:N0} training, {r.Parts[1]:N0} validation, {r.Parts[2]:N0} test (ties included).\n\n");
            text.Append(CultureInfo.InvariantCulture, $"| source | test comparisons (prompts) | accuracy | log loss | calibration error |{string.Concat(r.Sources[0].Rulers.Select(x => $" {x.Name} |"))}\n| --- | --- | --- | --- | --- |{string.Concat(r.Sources[0].Rulers.Select(_ => " --- |"))}\n");
            foreach (var s in r.Sources)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {s.Source} | {s.Comparisons:N0} ({s.Prompts:N0}) | {RewardModelReport.Share(s.Accuracy)} | {s.LogLoss.Value:F3} ({s.LogLoss.Low:F3} to {s.LogLoss.High:F3}) | {100 * s.CalibrationError:F1} % |");
                text.Append(string.Concat(s.Rulers.Select(x => string.Create(CultureInfo.InvariantCulture, $" {100 * x.Accuracy:F1} % |")))).Append('\n');
            }

            text.Append("\n| source | minus length by comparisons, points | p (Holm), by comparisons | minus length by prompts, points | prompts: only model right | only length right | p (Holm), by prompts | against length | minus unigrams by comparisons, points |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
            string[] verdicts = RewardModelReport.Verdicts(r.Sources);
            double[] byComparisons = RewardModelReport.ByComparisons(r.Sources);
            foreach (var (i, s) in r.Sources.Index())
            {
                string unigrams = s.Rulers.FirstOrDefault(x => x.Name == "unigrams") is { } u ? RewardModelReport.Points(u.Difference) : "";
                text.Append(CultureInfo.InvariantCulture, $"| {s.Source} | {RewardModelReport.Points(s.Rulers[0].Difference)} | {RewardModelReport.PValue(byComparisons[i])} | {RewardModelReport.Points(s.LengthByPrompts)} | {s.OnlyModel} | {s.OnlyLength} | {RewardModelReport.PValue(s.HolmPValue)} | {verdicts[i]} | {unigrams} |\n");
            }
        }

        return text.ToString();
    }

    // A generated world needs no data sets.
    private static bool NeedsData(string checkout, string name) => Path.Combine(checkout, "recipes", $"{name}.yaml") is var recipe && (!File.Exists(recipe) || File.ReadAllText(recipe).Contains("${MEED_DATA}", StringComparison.Ordinal));
}
