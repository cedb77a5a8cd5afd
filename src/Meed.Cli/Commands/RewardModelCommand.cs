using System.Diagnostics;
using System.Globalization;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed train</c> for recipes of the kind reward-model.</summary>
internal static class RewardModelCommand
{
    public static async Task<int> TrainAsync(Terminal terminal, RewardModelRecipe recipe, string runs, string? budget, bool check, CancellationToken stop)
    {
        if (budget is not null)
        {
            throw new UsageException("A reward-model recipe takes no --budget. Train for fewer epochs: --set trainer.epochs=1.");
        }

        if (check)
        {
            terminal.Out.Write(DocumentWriter.ToYaml(RewardModelReader.Resolve(recipe)));
            return ExitCode.Ok;
        }

        return await RunAsync(terminal, p => RewardModelRun.Start(recipe, runs, p, stop)).ConfigureAwait(false);
    }

    public static async Task<int> RunAsync(Terminal terminal, Func<IRunProgress, (string Folder, RewardModelResults Results)> run)
    {
        var clock = Stopwatch.StartNew();
        var (folder, results) = await Task.Run(() => run(new PlainProgress(terminal.Out, clock))).ConfigureAwait(false);
        Write(terminal, results);
        string shown = terminal.Short(folder);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"reward  {{ model: {{ path: {Path.Combine(shown, "reward-model")} }} }}");
        terminal.Out.WriteLine($"report  {Path.Combine(shown, RunReport.FileName)}  ({Durations.Words(clock.Elapsed)})");
        return ExitCode.Ok;
    }

    private static void Write(Terminal terminal, RewardModelResults results)
    {
        var o = terminal.Out;
        o.WriteLine();
        if (results.Sources.Count == 0)
        {
            o.WriteLine("No test comparisons: nothing was measured. A prompt whose hash falls into bucket 0 of 5 is one.");
            return;
        }

        var c = CultureInfo.InvariantCulture;
        Table.Write(o, ["source", "test", "accuracy", "log loss", .. results.Sources[0].Rulers.Select(r => r.Name == "length, direction from training" ? "length" : r.Name), "p against length"], [.. results.Sources.Select(s => (IReadOnlyList<string>)
        [
            s.Source, s.Comparisons.ToString("N0", c), string.Create(c, $"{100 * s.Accuracy.Value:F1} ±{50 * (s.Accuracy.High - s.Accuracy.Low):F1}"), s.LogLoss.Value.ToString("F3", c),
            .. s.Rulers.Select(r => string.Create(c, $"{100 * r.Accuracy:F1}")), string.Create(c, $"{RewardModelReport.PValue(s.HolmPValue)}"),
        ])]);
        o.WriteLine();
        foreach (var s in results.Sources)
        {
            o.WriteLine($"{s.Source}: {RewardModelReport.Verdict(s)}");
        }
    }
}
