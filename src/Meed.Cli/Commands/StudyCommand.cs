using System.Diagnostics;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed train</c> for recipes of the kind study.</summary>
internal static class StudyCommand
{
    public static async Task<int> TrainAsync(Terminal terminal, StudyRecipe recipe, string runs, string? budget, bool check, CancellationToken stop)
    {
        if (budget is not null)
        {
            throw new UsageException("A study takes no --budget. Change its own options: --set study.<name>.<key>=<value>.");
        }

        if (check)
        {
            terminal.Out.Write(DocumentWriter.ToYaml(StudyReader.Resolve(recipe)));
            return ExitCode.Ok;
        }

        return await RunAsync(terminal, p => StudyRun.Start(recipe, runs, p, stop)).ConfigureAwait(false);
    }

    public static async Task<int> RunAsync(Terminal terminal, Func<IRunProgress, (string Folder, IReadOnlyDictionary<string, double> Measures)> run)
    {
        var clock = Stopwatch.StartNew();
        var (folder, measures) = await Task.Run(() => run(new PlainProgress(terminal.Out, clock))).ConfigureAwait(false);
        terminal.Out.WriteLine();
        Table.Write(terminal.Out, ["measure", ">value"], [.. measures.Select(m => (IReadOnlyList<string>)[m.Key, Scale.Figure(m.Value, RunReport.FormatOf(m.Key))])]);
        terminal.Out.WriteLine($"report  {Path.Combine(terminal.Short(folder), RunReport.FileName)}  ({Durations.Words(clock.Elapsed)})");
        return ExitCode.Ok;
    }
}
