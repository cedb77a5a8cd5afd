using System.CommandLine;
using System.Diagnostics;
using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed train</c>: runs a recipe.</summary>
internal static class TrainCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var recipe = new Argument<string?>("recipe") { Description = "The recipe, a YAML file.", Arity = ArgumentArity.ZeroOrOne };
        var set = new Option<string[]>("--set") { Description = "Change a key: --set trainer.grpo.steps=50. May be repeated.", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var seed = new Option<string?>("--seed") { Description = "Seed of everything.", HelpName = "n" };
        var budget = new Option<string?>("--budget") { Description = "Train within a time, such as 60s: shorter, and not reproducible.", HelpName = "time" };
        var resume = new Option<string?>("--resume") { Description = "Go on with a stopped run: its folder, or the newest stopped one.", HelpName = "folder", Arity = ArgumentArity.ZeroOrOne };
        var root = new Option<string>("--runs") { Description = "Where run folders go.", DefaultValueFactory = _ => "runs", HelpName = "folder" };
        var check = new Option<bool>("--check") { Description = "Only check the recipe and print it with every default." };
        var command = new Command("train", "Train a policy or a reward model, or run a study.") { recipe, set, seed, budget, resume, root, check };
        command.SetAction(async (parsed, _) =>
        {
            string runs = terminal.Full(parsed.GetValue(root)!);
            if (parsed.GetResult(resume) is { Implicit: false })
            {
                if (parsed.GetValue(set)!.Length > 0 || parsed.GetValue(seed) is not null || parsed.GetValue(budget) is not null)
                {
                    throw new UsageException("--resume goes on with the recipe of the run; it takes no --set, --seed or --budget.");
                }

                string folder = Stopped(terminal, parsed.GetValue(resume), parsed.GetValue(recipe), runs);
                var stopped = RecipeKinds.OfRun(folder);
                return await RunAsync(terminal, stopped, p => stopped.ResumeAsync(folder, p, stop)).ConfigureAwait(false);
            }

            var bound = Read(terminal, parsed.GetValue(recipe), parsed.GetValue(set)!, parsed.GetValue(seed), parsed.GetValue(budget));
            if (parsed.GetValue(check))
            {
                terminal.Out.Write(DocumentWriter.ToYaml(bound.Resolve()));
                return ExitCode.Ok;
            }

            return await RunAsync(terminal, bound, p => bound.StartAsync(runs, p, stop)).ConfigureAwait(false);
        });
        return (command, ["meed train recipes/countdown.yaml --budget 60s", "meed train recipes/countdown.yaml --seed 3 --set trainer.grpo.steps=50", "meed train --resume"]);
    }

    /// <summary>Reads a recipe with its overrides.</summary>
    public static Recipe Read(Terminal terminal, string? recipe, IReadOnlyList<string> set, string? seed, string? budget)
    {
        var bound = RecipeKinds.Read(Document(terminal, recipe, set, seed), recipe!);
        if (budget is null)
        {
            return bound;
        }

        if (bound.NoBudget is { } reason)
        {
            throw new UsageException(reason);
        }

        return Durations.TryParse(budget, out var time) && time >= TimeSpan.FromSeconds(5)
            ? bound.Within(time)
            : throw new UsageException($"--budget is '{budget}'; write a time of at least 5s, such as 60s or 5m.");
    }

    private static DocumentNode Document(Terminal terminal, string? recipe, IReadOnlyList<string> set, string? seed)
    {
        if (recipe is null)
        {
            throw new UsageException("meed train needs a recipe, such as meed train recipes/countdown.yaml.");
        }

        var document = ReadFile(terminal, recipe);
        foreach (string setting in set)
        {
            document = Overrides.Apply(document, setting);
        }

        return seed is null ? document : Overrides.Apply(document, $"seed={seed}");
    }

    private static DocumentNode ReadFile(Terminal terminal, string recipe)
    {
        string path = terminal.Full(recipe);
        return File.Exists(path) ? YamlReader.Read(File.ReadAllText(path), recipe) : throw new UsageException($"{recipe} does not exist. Name a recipe file, such as recipes/countdown.yaml.");
    }

    private static string Stopped(Terminal terminal, string? folder, string? recipe, string runs)
    {
        if (folder is null && recipe is not null && Directory.Exists(terminal.Full(recipe)))
        {
            folder = recipe;
        }

        if (folder is not null)
        {
            RunInfo info;
            try
            {
                info = RunInfo.Read(terminal.Full(folder));
            }
            catch (IOException e)
            {
                throw new UsageException(e.Message);
            }

            return info.State switch
            {
                "finished" => throw new UsageException($"{folder} is finished; there is nothing to go on with."),
                "running" => throw new UsageException($"{folder} is being worked on by process {info.Process}."),
                _ => info.Folder,
            };
        }

        string? name = recipe is null ? null : RecipeKinds.Read(ReadFile(terminal, recipe), recipe).Name;
        return RunIndex.Read(runs, out _).FirstOrDefault(r => (name is null || r.Name == name) && r.State is "interrupted" or "killed" or "failed")?.Folder
            ?? throw new UsageException($"No stopped run{(name is null ? "" : $" of '{name}'")} in {terminal.Short(runs)}. meed runs lists them.");
    }

    private static async Task<int> RunAsync(Terminal terminal, Recipe recipe, Func<IRunProgress, Task<RunEnd>> run)
    {
        var clock = Stopwatch.StartNew();
        RunEnd end;
        if (terminal.Interactive && recipe.ManySteps)
        {
            var live = new LiveProgress(clock);
            end = await live.ShowAsync(() => run(live)).ConfigureAwait(false);
        }
        else
        {
            end = await run(new PlainProgress(terminal.Out, clock)).ConfigureAwait(false);
        }

        if (end.Interrupted)
        {
            terminal.Error.WriteLine($"Stopped at a checkpoint. Go on with: meed train --resume {terminal.Short(end.Folder)}");
            return ExitCode.Interrupted;
        }

        RunSummary.Write(terminal, end);
        return ExitCode.Ok;
    }
}
