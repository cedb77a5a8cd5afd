using System.Globalization;
using System.Text;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Atlas;

/// <summary><c>docs/measured.md</c>: what each recorded recipe reached.</summary>
internal static class RecipesDocument
{
    /// <summary>The records of a checkout, by name.</summary>
    public static IReadOnlyList<RecipeRecord> Records(string checkout)
    {
        string folder = Path.Combine(checkout, "recipes", "results");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(RecipeRecord.Read)] : [];
    }

    /// <summary>The page.</summary>
    public static string Write(string checkout)
    {
        var text = new StringBuilder("# Recipes measured\n\nWritten by `meed docs` from `recipes/results/*.json`, which `meed runs <name> --record` writes from run folders.\n");
        foreach (var record in Records(checkout))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {record.Name}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"`for seed in {string.Join(' ', record.Runs.Select(r => r.Seed))}; do meed train recipes/{record.Name}.yaml --seed $seed; done; meed runs {record.Name} --record`\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{record.Machine}, {record.Date}, commit {record.Version.Split('+')[^1][..Math.Min(10, record.Version.Split('+')[^1].Length)]}, recipe {record.RecipeHash[..Math.Min(12, record.RecipeHash.Length)]}.\n\n");
            var measures = record.Measures;
            text.Append("| seed |").Append(string.Concat(measures.Select(m => $" {m} before | {m} after |"))).Append(" seconds | peak memory |\n");
            text.Append("| --- |").Append(string.Concat(measures.Select(_ => " --- | --- |"))).Append(" --- | --- |\n");
            foreach (var run in record.Runs)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {run.Seed} |").Append(string.Concat(measures.Select(m => $" {Share(run.Headline[m + " before"])} | {Share(run.Headline[m + " after"])} |")));
                text.Append(CultureInfo.InvariantCulture, $" {run.Seconds:F0} | {(run.PeakMegabytes > 0 ? $"{run.PeakMegabytes:F0} MB" : "")} |\n");
            }

            text.Append('\n');
            foreach (string other in record.Runs[0].Headline.Keys.Where(k => record.Runs.All(r => r.Headline.ContainsKey(k)) && !measures.Any(m => k == m + " before" || k == m + " after")))
            {
                double[] values = [.. record.Runs.Select(r => r.Headline[other])];
                text.Append(CultureInfo.InvariantCulture, $"{other}: {string.Join(", ", values.Select(v => v.ToString("0.###", CultureInfo.InvariantCulture)))}; mean {values.Average():0.###}.\n");
            }

            foreach (string measure in measures)
            {
                var (before, after, gain) = record.Summary(measure);
                text.Append(CultureInfo.InvariantCulture, $"{measure}: {Share(before.Mean)} before, {Share(after.Mean)} after; gain paired by seed {100 * gain.Mean:F1} points, 95 % interval {100 * gain.Low:F1} to {100 * gain.High:F1}.\n");
            }
        }

        return text.ToString();
    }

    internal static string Share(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} %");
}
