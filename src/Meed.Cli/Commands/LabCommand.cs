using System.CommandLine;
using System.Text.Json;
using Meed.Evaluation.Bench;
using Meed.Evaluation.Lab;
using Meed.Recipes.Report;

namespace Meed.Cli.Commands;

/// <summary><c>meed lab</c>: what happens when a reward is optimised.</summary>
internal static class LabCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var defaults = new LabOptions();
        var output = new Option<string?>("--out", "-o") { Description = "Folder for the tables and the page.", HelpName = "folder" };
        var record = new Option<string?>("--record") { Description = "Store the figures under this name in docs/benches of a checkout, for meed docs.", HelpName = "name" };
        var seeds = new Option<int>("--seeds") { Description = "Worlds.", HelpName = "n", DefaultValueFactory = _ => defaults.Seeds };
        var labels = new Option<int[]>("--labels") { Description = "Labelled pairs of the graded proxies.", HelpName = "n", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. defaults.Labels] };
        var noise = new Option<double>("--noise") { Description = "Share of turned labels.", HelpName = "share", DefaultValueFactory = _ => defaults.Noise };
        var seed = new Option<ulong>("--seed") { Description = "First seed.", HelpName = "n" };
        var over = new Command("over-optimisation", "Graded proxies of a known gold reward, pushed by best-of-n and by reinforcement learning; remedies; when to stop.") { seeds, labels, noise, seed, output, record };
        over.SetAction(parsed =>
        {
            var options = defaults with { Seeds = parsed.GetValue(seeds), Labels = parsed.GetValue(labels)!, Noise = parsed.GetValue(noise), Seed = parsed.GetValue(seed) };
            string problems = string.Join(' ', options.Problems());
            var report = problems.Length == 0 ? OverOptimisationLab.Run(options, stop) : throw new UsageException(problems);
            BenchCommand.Record(terminal, parsed.GetValue(record), new StoredBench { Command = BenchCommand.Line(parsed), Lab = report });
            return Write(terminal, parsed.GetValue(output), "over-optimisation", JsonSerializer.Serialize(report, BenchJson.Options), LabMarkdown.Write(report), LabPage.Render(report));
        });

        var file = new Argument<string>("file") { Description = "Prompts with several answers and a gold score each, such as ratings or the layout best-of-n." };
        var reward = new Option<string[]>("--reward") { Description = "Rewards that choose: names, documents or reward models' folders.", HelpName = "reward", DefaultValueFactory = _ => [] };
        var part = new Option<string?>("--part") { Description = "Only prompts of this part of the split by prompt: test, validation or train.", HelpName = "part" };
        var best = new Command("best-of-n", "Mean gold of the answer that a reward likes best among n, beside rulers.") { file, reward, part, output, record };
        best.SetAction(async (parsed, _) =>
        {
            var data = BenchData.Load(new PreferencesSuite(), [terminal.Full(parsed.GetValue(file)!)], part: BenchCommand.Part(parsed.GetValue(part)));
            BenchScorer[] scorers = [.. parsed.GetValue(reward)!.Select(r => BenchCommand.Scorer(terminal, r, null)), .. NullRulers.All];
            var curves = await BestOfNStudy.RunAsync(data.Items, scorers, stop).ConfigureAwait(false);
            BenchCommand.Record(terminal, parsed.GetValue(record), new StoredBench { Command = BenchCommand.Line(parsed), BestOfN = curves, Prompts = data.Items.Count });
            return Write(terminal, parsed.GetValue(output), "best-of-n", JsonSerializer.Serialize(curves, BenchJson.Options), LabMarkdown.Write(curves, data.Items.Count), LabPage.Render(curves, data.Items.Count));
        });
        var command = new Command("lab", "What happens when a reward is optimised.") { over, best };
        return (command, ["meed lab over-optimisation --out lab", "meed lab best-of-n answers.jsonl --reward runs/reward-model"]);
    }

    private static int Write(Terminal terminal, string? output, string name, string json, string markdown, string page)
    {
        if (output is not null)
        {
            string folder = terminal.Full(output);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name + ".json"), json + "\n");
            File.WriteAllText(Path.Combine(folder, name + ".md"), markdown);
            File.WriteAllText(Path.Combine(folder, name + ".html"), page);
        }

        terminal.Out.Write(markdown);
        return ExitCode.Ok;
    }
}
