using System.CommandLine;
using System.Text.Json;
using Meed.Recipes.Report;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed runs</c>: lists run folders.</summary>
internal static class RunsCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        var name = new Argument<string?>("name") { Description = "Only runs of this name.", Arity = ArgumentArity.ZeroOrOne };
        var root = new Option<string>("--root") { Description = "The folder that holds the runs.", DefaultValueFactory = _ => "runs", HelpName = "folder" };
        var last = new Option<int>("--last") { Description = "How many to show, newest first.", DefaultValueFactory = _ => 20, HelpName = "n" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var report = new Option<bool>("--report") { Description = "Write report.html of the newest one anew and print its path." };
        var record = new Option<bool>("--record") { Description = "Store what the recipe reached over its seeds in recipes/results, for the docs." };
        var command = new Command("runs", "List runs, newest first.") { name, root, last, json, report, record };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(name), terminal.Full(parsed.GetValue(root)!), parsed.GetValue(last), parsed.GetValue(json), parsed.GetValue(report), parsed.GetValue(record)));
        return (command, ["meed runs", "meed runs countdown --last 5"]);
    }

    private static int Run(Terminal terminal, string? name, string root, int last, bool json, bool report, bool record)
    {
        if (!Directory.Exists(root))
        {
            throw new UsageException($"{terminal.Short(root)} does not exist: no runs here yet. meed train writes some, --root names another folder.");
        }

        var all = RunIndex.Read(root, out var unreadable);
        foreach (string problem in unreadable)
        {
            terminal.Error.WriteLine(problem);
        }

        var runs = all.Where(r => name is null || r.Name == name).Take(last).ToList();
        if (runs.Count == 0 && name is not null && all.Count > 0)
        {
            throw new UsageException($"No run is called '{name}'. {Nearest.Hint(name, [.. all.Select(r => r.Name).Distinct()])}");
        }

        if (record)
        {
            string checkout = CodeHash.Checkout(terminal.Folder) ?? throw new UsageException("--record writes into a checkout of Meed: no Meed.slnx here or above.");
            if (name is not null && all.Where(r => r.Name == name && r.Status == RunStatus.Finished).MaxBy(r => r.Started) is { } newest && Path.Combine(newest.Folder, RewardModelResults.FileName) is var held && File.Exists(held))
            {
                string results = Path.Combine(checkout, "recipes", "reward-models", name + ".json");
                RewardModelResults.Read(held).Write(results);
                terminal.Out.WriteLine($"wrote {terminal.Short(results)}");
                return ExitCode.Ok;
            }

            string path = Path.Combine(checkout, "recipes", "results", (name ?? throw new UsageException("--record needs the name of a recipe, as in meed runs countdown --record.")) + ".json");
            RecipeRecord.Of(name, all).Write(path);
            terminal.Out.WriteLine($"wrote {terminal.Short(path)}");
            return ExitCode.Ok;
        }

        if (report && runs.Count > 0)
        {
            terminal.Out.WriteLine(terminal.Short(RunReport.Write(runs[0].Folder)));
            return ExitCode.Ok;
        }

        if (json)
        {
            foreach (var run in runs)
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(new { run.Name, run.Seed, State = run.State, run.Started, run.Step, run.Seconds, run.Headline, run.Folder }, s_json));
            }

            return ExitCode.Ok;
        }

        Table.Write(terminal.Out, ["started (UTC)", "name", ">seed", "state", ">steps", ">took", "result", "folder"], [.. runs.Select(r => (IReadOnlyList<string>)
            [r.Started.ToString("yyyy-MM-dd HH:mm"), r.Name, r.Seed.ToString(), r.State, r.Step.ToString(), Durations.Words(TimeSpan.FromSeconds(r.Seconds)), Result(r), terminal.Short(r.Folder)])]);
        if (all.Count > runs.Count)
        {
            terminal.Out.WriteLine($"{runs.Count} of {all.Count} runs.");
        }

        return ExitCode.Ok;
    }

    /// <summary>The figures of a run in one line: <c>pass@1 19.2 % → 63.4 %</c>.</summary>
    public static string Result(RunInfo run)
    {
        var parts = new List<string>();
        foreach (var (key, value) in run.Headline)
        {
            string stem = key.EndsWith(" after", StringComparison.Ordinal) ? key[..^6] : key;
            string number = Scale.Figure(value, RunReport.FormatOf(stem));
            if (key.EndsWith(" before", StringComparison.Ordinal) && run.Headline.ContainsKey(key[..^7] + " after"))
            {
                continue;
            }

            parts.Add(run.Headline.TryGetValue($"{stem} before", out double before) && stem != key ? $"{stem} {Scale.Figure(before, RunReport.FormatOf(stem))} → {number}" : $"{stem} {number}");
        }

        return string.Join(", ", parts);
    }

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
}
