using System.CommandLine;
using System.Globalization;
using Meed.RewardModels.Data;

namespace Meed.Cli.Commands;

/// <summary><c>meed data</c>: what stands in files of preferences.</summary>
internal static class DataCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var files = new Argument<string[]>("files") { Description = "Files of preferences in any known layout, plain or .gz. Several are taken for splits of one set.", Arity = ArgumentArity.OneOrMore };
        var layout = new Option<string?>("--layout") { Description = "The layout; found from the first row without it.", HelpName = "name" };
        var strict = new Option<bool>("--strict") { Description = "Exit 1 when something has to be mended." };
        var check = new Command("check", "Contradictions, identical sides, leaks between splits, label noise, imbalance of length and position.") { files, layout, strict };
        check.SetAction(parsed =>
        {
            PreferenceFile[] open = [.. parsed.GetValue(files)!.Select(f => PreferenceFile.Open(terminal.Full(f), null, parsed.GetValue(layout)))];
            var found = DataCheck.Run(open, stop);
            Write(terminal.Out, open, found);
            return parsed.GetValue(strict) && found.HasProblems ? ExitCode.Failed : ExitCode.Ok;
        });
        var command = new Command("data", "Check preferences before a reward model learns them.") { check };
        return (command, ["meed data check preferences.jsonl", "meed data check train.jsonl test.jsonl --strict"]);
    }

    private static void Write(TextWriter o, IReadOnlyList<PreferenceFile> files, DataCheck d)
    {
        var c = CultureInfo.InvariantCulture;
        o.WriteLine($"layout  {string.Join(", ", files.Select(f => f.Layout.Name + (f.Layout.ByDocumentation ? " (by documentation)" : "")).Distinct())}");
        o.WriteLine(string.Create(c, $"{d.Rows:N0} rows, {d.Pairs:N0} comparisons ({d.Ties:N0} ties), {d.Prompts:N0} different openings of prompts"));
        o.WriteLine();
        foreach (var (what, finding) in ((string, Finding)[])[("rows that cannot be read", d.Bad), ("identical sides", d.Identical), ("empty responses", d.Empty), ("contradictions", d.Contradictions), ("repeated comparisons", d.Repeated), ("prompts in two splits", d.Leaks)])
        {
            o.WriteLine(string.Create(c, $"{what,-26}{finding.Count,9:N0}"));
            foreach (string example in finding.Examples)
            {
                o.WriteLine($"    {example}");
            }
        }

        o.WriteLine();
        o.WriteLine(d.LabelNoise is { } noise
            ? string.Create(c, $"label noise    {noise:P1} of labels wrong, if judges err independently ({d.JudgedTwice:N0} comparisons were judged twice)")
            : "label noise    cannot be estimated: no comparison was judged twice");
        o.WriteLine(Share("longer side wins", d.LongerWins, d.LengthPairs, "that much a ruler of length alone would reach"));
        if (d.PositionPairs > 0)
        {
            o.WriteLine(Share("first side wins", d.FirstWins, d.PositionPairs, "50 % where position does not matter"));
        }
    }

    private static string Share(string what, long part, long of, string remark)
    {
        var (low, high) = DataCheck.Interval(part, of);
        return string.Create(CultureInfo.InvariantCulture, $"{what,-17}{(of == 0 ? 0 : (double)part / of):P1} of {of:N0} (95 % interval {low:P1} to {high:P1}); {remark}");
    }
}
