using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
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
                if (RunInfo.Read(folder).Kind == RewardModelRecipe.KindName)
                {
                    return await RewardModelCommand.RunAsync(terminal, p => RewardModelRun.Resume(folder, p, stop)).ConfigureAwait(false);
                }

                if (RunInfo.Read(folder).Kind == StudyRecipe.KindName)
                {
                    return await StudyCommand.RunAsync(terminal, p => StudyRun.Resume(folder, p, stop)).ConfigureAwait(false);
                }

                return await RunAsync(terminal, p => LanguageRun.ResumeAsync(folder, p, stop)).ConfigureAwait(false);
            }

            var document = Document(terminal, parsed.GetValue(recipe), parsed.GetValue(set)!, parsed.GetValue(seed));
            if (RewardModelReader.Fits(document))
            {
                return await RewardModelCommand.TrainAsync(terminal, RewardModelReader.Read(document, parsed.GetValue(recipe)!), runs, parsed.GetValue(budget), parsed.GetValue(check), stop).ConfigureAwait(false);
            }

            if (StudyReader.Fits(document))
            {
                return await StudyCommand.TrainAsync(terminal, StudyReader.Read(document, parsed.GetValue(recipe)!), runs, parsed.GetValue(budget), parsed.GetValue(check), stop).ConfigureAwait(false);
            }

            var bound = Read(terminal, parsed.GetValue(recipe), parsed.GetValue(set)!, parsed.GetValue(seed), parsed.GetValue(budget));
            if (parsed.GetValue(check))
            {
                terminal.Out.Write(DocumentWriter.ToYaml(RecipeReader.Resolve(bound)));
                return ExitCode.Ok;
            }

            return await RunAsync(terminal, p => LanguageRun.StartAsync(bound, runs, p, stop)).ConfigureAwait(false);
        });
        return (command, ["meed train recipes/countdown.yaml --budget 60s", "meed train recipes/countdown.yaml --seed 3 --set trainer.grpo.steps=50", "meed train --resume"]);
    }

    /// <summary>Reads a language recipe with its overrides.</summary>
    public static LanguageRecipe Read(Terminal terminal, string? recipe, IReadOnlyList<string> set, string? seed, string? budget)
    {
        var document = Document(terminal, recipe, set, seed);
        var bound = RecipeReader.Read(document, recipe!);
        if (budget is not null)
        {
            bound = Durations.TryParse(budget, out var time) && time >= TimeSpan.FromSeconds(5)
                ? bound.Within(time)
                : throw new UsageException($"--budget is '{budget}'; write a time of at least 5s, such as 60s or 5m.");
        }

        return bound;
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

        string? name = recipe is null ? null : AnyRecipe.Check(ReadFile(terminal, recipe), recipe);
        return RunIndex.Read(runs, out _).FirstOrDefault(r => (name is null || r.Name == name) && r.State is "interrupted" or "killed" or "failed")?.Folder
            ?? throw new UsageException($"No stopped run{(name is null ? "" : $" of '{name}'")} in {terminal.Short(runs)}. meed runs lists them.");
    }

    private static async Task<int> RunAsync(Terminal terminal, Func<IRunProgress, Task<LanguageResult>> run)
    {
        var clock = Stopwatch.StartNew();
        LanguageResult result;
        if (terminal.Interactive)
        {
            var live = new LiveProgress(clock);
            result = await live.ShowAsync(() => run(live)).ConfigureAwait(false);
        }
        else
        {
            result = await run(new PlainProgress(terminal.Out, clock)).ConfigureAwait(false);
        }

        string folder = terminal.Short(result.Folder);
        if (result.Interrupted)
        {
            terminal.Error.WriteLine($"Stopped at a checkpoint. Go on with: meed train --resume {folder}");
            return ExitCode.Interrupted;
        }

        Summary(terminal, result, folder);
        return ExitCode.Ok;
    }

    private static void Summary(Terminal terminal, LanguageResult result, string folder)
    {
        var o = terminal.Out;
        var pairs = result.Samples.Where(s => s.Phase is "before" or "after").GroupBy(s => s.Prompt).Where(g => g.Count() >= 2).Take(5).ToList();
        if (pairs.Count > 0)
        {
            o.WriteLine();
            Table.Write(o, ["prompt", "before", "", "after", ""], [.. pairs.Select(g =>
            {
                var before = g.First(s => s.Phase == "before");
                var after = g.Last(s => s.Phase == "after");
                return (IReadOnlyList<string>)[Progress.Flat(g.Key), Progress.Flat(before.Response), Verdict(before), Progress.Flat(after.Response), Verdict(after)];
            })]);
        }

        var info = RunInfo.Read(result.Folder);
        o.WriteLine();
        o.WriteLine($"{RunsCommand.Result(info)}  ({info.Step} steps, {Durations.Words(TimeSpan.FromSeconds(result.Seconds))})");
        o.WriteLine($"report  {Path.Combine(folder, RunReport.FileName)}");
    }

    private static string Verdict(RunSample sample) => (sample.Reward is { } reward ? reward.ToString("0.##", CultureInfo.InvariantCulture) : "failed") + (sample.Reason is { Length: > 0 } r ? $" {r}" : "");
}
