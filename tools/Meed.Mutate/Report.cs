using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Meed.Mutate;

/// <summary>Prints the outcome and, when asked, writes it as Markdown.</summary>
internal static class Report
{
    /// <summary>True when no test noticed the mutant.</summary>
    public static bool Survived(string outcome) => outcome is "survived" or "not reached";

    /// <returns>True when at least 95 % of the mutants that can be noticed were caught.</returns>
    public static bool Write(Options options, int sites, IReadOnlyList<(Site Site, string Outcome)> results, string root)
    {
        string reasonsPath = Path.Combine(root, "tools", "Meed.Mutate", "reasons.json");
        var reasons = File.Exists(reasonsPath) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(reasonsPath))! : [];
        var survivors = results.Where(r => Survived(r.Outcome)).ToList();
        int caught = results.Count(r => r.Outcome.StartsWith("caught", StringComparison.Ordinal));
        int run = survivors.Count + caught;
        int equal = survivors.Count(s => reasons.ContainsKey(s.Site.Key));
        string share = Percent(caught, run), shareOfNoticeable = Percent(caught, run - equal);
        var text = new StringBuilder();
        text.AppendLine("# Mutation testing\n");
        text.AppendLine($"Of {sites} places in {string.Join(" and ", options.Projects)} where a sign, constant, comparison, arithmetic operation or mask can be changed, {results.Count} were drawn with seed {options.Seed} and run.");
        if (results.Count < options.Count)
        {
            text.AppendLine($"{options.Count} were asked for; the time given ended before the others, which come later in the same random order.");
        }

        text.AppendLine("Files named Catalog.cs or ending in Entries.cs are left out: they list methods with their atlas rows and hold no arithmetic. Text of exceptions is left out as well.\n");
        int skipped = results.Count(r => r.Outcome == "skipped");
        if (options.Quick)
        {
            text.AppendLine($"This was a quick run: of the cases that reach a mutant, the short ones up to 400 ms together were run, so that long cases could catch more; {skipped} mutants in initialisers of static fields were not run and do not count.\n");
        }

        results = [.. results.Where(r => r.Outcome != "skipped")];
        text.AppendLine($"The short test tier of the same project caught {caught} of them: {share}.");
        text.AppendLine($"{equal} of the survivors change nothing that can be observed, or not a result; the list below says why for each. Without these the share is {shareOfNoticeable}.");
        text.AppendLine($"{results.Count(r => r.Outcome == "caught (no end)")} were caught because a test took more than twenty times its steps and two million, {results.Count(r => r.Outcome == "caught (crash)")} because the process ended.\n");
        text.AppendLine("Besides tests of single values there are records (tests/Meed.Rewards.Tests/Records): stored results of many inputs. A record notices that a result or its counted work changed; whether the result is right is known from the tests of values, from reading the records, and from the data measured in docs/rewards.");
        text.AppendLine("Before there were records and with every place of Meed.Rewards run once, 61.2 % of 10,517 were caught. A sample whose survivors get tests of their own says little about the rest: the share of a seed not used before is the one that holds in general.\n");
        text.AppendLine("| project | run | caught |\n| --- | --- | --- |");
        foreach (var project in options.Projects)
        {
            var own = results.Where(r => r.Site.File.StartsWith($"src/{project}/", StringComparison.Ordinal)).ToList();
            text.AppendLine($"| {project} | {own.Count} | {own.Count(r => !Survived(r.Outcome))} |");
        }

        text.AppendLine();
        text.AppendLine("```\ndotnet build && dotnet run --project tools/Meed.Mutate -- " + $"--count {options.Count} --seed {options.Seed}{(options.Quick ? " --quick yes" : "")} --report docs/mutation.md\n```\n");
        text.AppendLine("| kind | run | caught |\n| --- | --- | --- |");
        foreach (var group in results.GroupBy(r => r.Site.Kind).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"| {group.Key} | {group.Count()} | {group.Count(r => !Survived(r.Outcome))} |");
        }

        text.AppendLine("\n## Survivors\n");
        text.AppendLine("| place | change | why it may stay |\n| --- | --- | --- |");
        foreach (var (site, _) in survivors)
        {
            text.AppendLine($"| {site.File}:{site.Line} | `{site.Change.Replace("|", "\\|", StringComparison.Ordinal)}` | {reasons.GetValueOrDefault(site.Key, "a test is missing")} |");
        }

        Console.WriteLine($"{caught} of {run} caught ({share}), {survivors.Count} survived, {equal} of them with a reason; without these {shareOfNoticeable}");
        if (options.Report is { } path)
        {
            File.WriteAllText(Path.Combine(root, path), text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        return caught >= 0.95 * (run - equal);
    }

    private static string Percent(int part, int whole) => (whole == 0 ? 0 : (double)part / whole).ToString("P1", CultureInfo.InvariantCulture);
}
