using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Meed.Mutate;

/// <summary>Prints the outcome and, when asked, writes it as Markdown.</summary>
internal static class Report
{
    /// <returns>True when at least 95 % of the mutants were caught and every survivor has a reason.</returns>
    public static bool Write(Options options, int sites, IReadOnlyList<(Site Site, string Outcome)> results, string root)
    {
        string reasonsPath = Path.Combine(root, "tools", "Meed.Mutate", "reasons.json");
        var reasons = File.Exists(reasonsPath) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(reasonsPath))! : [];
        var survivors = results.Where(r => r.Outcome is "survived" or "not reached").ToList();
        int caught = results.Count - survivors.Count;
        double share = results.Count == 0 ? 0 : (double)caught / results.Count;
        var text = new StringBuilder();
        text.AppendLine("# Mutation testing\n");
        text.AppendLine($"Of {sites} places in {string.Join(" and ", options.Projects)} where a sign, constant, comparison, arithmetic operation or mask can be changed, {results.Count} were drawn with seed {options.Seed} and run.");
        if (results.Count < options.Count)
        {
            text.AppendLine($"{options.Count} were asked for; the time given ended before the others, which come later in the same random order.");
        }

        text.AppendLine("Files named Catalog.cs are left out: they list methods with their atlas rows and hold no arithmetic. Text of exceptions is left out as well.");
        text.AppendLine("Tests were written with survivors of this sample in sight, so another seed gives a lower share.\n");
        text.AppendLine($"The short test tier of the same project caught {caught} of them: {share.ToString("P1", CultureInfo.InvariantCulture)}.\n");
        text.AppendLine("| project | run | caught |\n| --- | --- | --- |");
        foreach (var project in options.Projects)
        {
            var own = results.Where(r => r.Site.File.StartsWith($"src/{project}/", StringComparison.Ordinal)).ToList();
            text.AppendLine($"| {project} | {own.Count} | {own.Count(r => r.Outcome is not ("survived" or "not reached"))} |");
        }

        text.AppendLine();
        text.AppendLine("```\ndotnet build && dotnet run --project tools/Meed.Mutate -- " + $"--count {options.Count} --seed {options.Seed} --report docs/mutation.md\n```\n");
        text.AppendLine("| kind | run | caught |\n| --- | --- | --- |");
        foreach (var group in results.GroupBy(r => r.Site.Kind).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"| {group.Key} | {group.Count()} | {group.Count(r => r.Outcome is not ("survived" or "not reached"))} |");
        }

        bool reasoned = true;
        text.AppendLine("\n## Survivors\n");
        text.AppendLine("| place | change | why it may stay |\n| --- | --- | --- |");
        foreach (var (site, _) in survivors)
        {
            bool known = reasons.TryGetValue(site.Key, out var reason);
            reasoned &= known;
            string change = site.Key[(site.File.Length + 2)..].Replace("|", "\\|", StringComparison.Ordinal);
            text.AppendLine($"| {site.File}:{site.Line} | `{change}` | {(known ? reason : "a test is missing")} |");
        }

        Console.WriteLine($"{caught} of {results.Count} caught ({share.ToString("P1", CultureInfo.InvariantCulture)}), {survivors.Count} survived");
        if (options.Report is { } path)
        {
            File.WriteAllText(Path.Combine(root, path), text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        return share >= 0.95 && reasoned;
    }
}
