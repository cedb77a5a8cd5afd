using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Meed.Mutate;

/// <summary>Sums samples up, for the screen and as the page docs/mutation.md.</summary>
internal static class Report
{
    /// <summary>Why a survivor may stay, by the key of its place.</summary>
    public static IReadOnlyDictionary<string, string> Reasons(string root) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(root, "tools", "Meed.Mutate", "reasons.json")))!;

    /// <summary>One line about a sample.</summary>
    public static string Summary(Sample sample, IReadOnlyDictionary<string, string> reasons)
    {
        int run = sample.Run.Count, left = sample.Survivors.Count, equal = Equal(sample, reasons);
        return $"{run - left} of {run} caught ({Percent(run - left, run)}), {left} survived, {equal} of them with a reason; without these {Percent(run - left, run - equal)}";
    }

    /// <summary>Writes the page of all samples kept.</summary>
    /// <returns>0 when at least 95 % of the mutants of every sample that change something were caught, else 1.</returns>
    public static int Write(Options options, string root)
    {
        var reasons = Reasons(root);
        var samples = Sample.All(root);
        var text = new StringBuilder();
        text.AppendLine("# Mutation testing\n");
        text.AppendLine("A sign, constant, comparison, arithmetic operation or mask is changed, one at a time, and the short test tier of the same project runs: does a test fail?");
        text.AppendLine("Places are drawn by seed from all of the projects' code. Files named Catalog.cs or ending in Entries.cs are left out: they list methods with their atlas rows and hold no arithmetic. Text of exceptions is left out as well.\n");
        text.AppendLine("| seed | places | run | caught | share | change nothing | share without these | tests written for its survivors |\n| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var sample in samples)
        {
            int run = sample.Run.Count, caught = run - sample.Survivors.Count, equal = Equal(sample, reasons);
            text.AppendLine($"| {sample.Seed} | {sample.Sites} | {run} | {caught} | {Percent(caught, run)} | {equal} | {Percent(caught, run - equal)} | {(sample.Later ? "no" : "yes")} |");
        }

        text.AppendLine("\nA sample whose survivors get tests of their own says little about the rest; the share of a sample without such tests is the one that holds in general.");
        text.AppendLine("\"Change nothing\" counts survivors that change nothing that can be observed, or no result; the lists below say why for each. A mutant in the initialiser of a static field runs in a process of its own.");
        int endless = samples.Sum(static s => s.Run.Count(static v => v.Outcome == "caught (no end)")), crashed = samples.Sum(static s => s.Run.Count(static v => v.Outcome == "caught (crash)"));
        text.AppendLine($"{endless} of all were caught because a test took more than twenty times its steps and two million, {crashed} because the process ended.\n");
        text.AppendLine("Besides tests of single values there are records (tests/Meed.Rewards.Tests/Records): stored results of many inputs. A record notices that a result or its counted work changed; whether the result is right is known from the tests of values, from reading the records, and from the data measured in docs/rewards.\n");
        foreach (var sample in samples)
        {
            Write(text, sample, reasons);
        }

        File.WriteAllText(Path.Combine(root, options.Report!), text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd() + "\n");
        return samples.All(s => s.Run.Count - s.Survivors.Count >= 0.95 * (s.Run.Count - Equal(s, reasons))) ? 0 : 1;
    }

    private static void Write(StringBuilder text, Sample sample, IReadOnlyDictionary<string, string> reasons)
    {
        text.AppendLine($"## Seed {sample.Seed}\n");
        text.AppendLine("```\ndotnet build && dotnet run --project tools/Meed.Mutate -- " + $"--count {sample.Asked} --seed {sample.Seed}{(sample.Quick ? " --quick yes" : "")}{(sample.Later ? " --later yes" : "")} --report docs/mutation.md\n```\n");
        if (sample.Verdicts.Count < sample.Asked)
        {
            text.AppendLine($"{sample.Asked} were asked for; the time given ended after {sample.Verdicts.Count}, which are the first of the same random order.\n");
        }

        if (sample.Quick)
        {
            text.AppendLine($"This was a quick run: of the cases that reach a mutant, the short ones up to 400 ms together were run, so that long cases could catch more; {sample.Verdicts.Count - sample.Run.Count} mutants in initialisers of static fields were not run and do not count.\n");
        }

        Table(text, "project", sample.Projects.Select(p => (p, sample.Run.Where(v => v.File.StartsWith($"src/{p}/", StringComparison.Ordinal)))));
        Table(text, "kind", sample.Run.GroupBy(static v => v.Kind).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => (g.Key, g.AsEnumerable())));
        text.AppendLine("| survivor | change | why it may stay |\n| --- | --- | --- |");
        foreach (var v in sample.Survivors)
        {
            text.AppendLine($"| {v.File}:{v.Line} | `{v.Change!.Replace("|", "\\|", StringComparison.Ordinal)}` | {reasons.GetValueOrDefault(v.Key!, "a test is missing")} |");
        }

        text.AppendLine();
    }

    private static void Table(StringBuilder text, string of, IEnumerable<(string Name, IEnumerable<Verdict> Run)> groups)
    {
        text.AppendLine($"| {of} | run | caught |\n| --- | --- | --- |");
        foreach (var (name, run) in groups)
        {
            text.AppendLine($"| {name} | {run.Count()} | {run.Count(static v => !Sample.IsSurvivor(v.Outcome))} |");
        }

        text.AppendLine();
    }

    private static int Equal(Sample sample, IReadOnlyDictionary<string, string> reasons) => sample.Survivors.Count(v => reasons.ContainsKey(v.Key!));

    private static string Percent(int part, int whole) => (whole == 0 ? 0 : (double)part / whole).ToString("P1", CultureInfo.InvariantCulture);
}
