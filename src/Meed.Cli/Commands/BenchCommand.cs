using System.CommandLine;
using System.Text.Json;
using Meed.Evaluation.Bench;
using Meed.Judges;
using Meed.Recipes.Report;
using Meed.RewardModels;
using Meed.RewardModels.Data;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed bench</c>: whether a reward deserves trust, on comparisons with labels.</summary>
internal static class BenchCommand
{
    private const string JudgesSuite = "judges";

    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        string[] names = [.. BenchSuite.All.Select(s => s.Name), JudgesSuite];
        var suite = new Argument<string>("suite") { Description = string.Join("; ", BenchSuite.All.Select(s => $"{s.Name}: {s.Summary}")) + "; judges: verdicts of chat models against labels." };
        var files = new Option<string[]>("--data", "-d") { Description = "Files in a layout that the suite reads, plain or .gz, or folders of .jsonl files.", HelpName = "file", Required = true, AllowMultipleArgumentsPerToken = true };
        var reward = new Option<string[]>("--reward") { Description = "A reward: its name, a document, or the folder of a reward model, its run or its recipe's runs. The first is tested, others are compared with it. Without it the scores that the file brings along are.", HelpName = "reward", DefaultValueFactory = _ => [] };
        var layout = new Option<string?>("--layout") { Description = "The layout; found from the first row without it.", HelpName = "name" };
        var part = new Option<string?>("--part") { Description = "Only prompts of this part of the split by prompt: test, validation or train.", HelpName = "part" };
        var edits = new Option<int>("--edits") { Description = "Comparisons on which edits that keep the meaning are tried; 0 leaves them out.", HelpName = "n", DefaultValueFactory = _ => 400 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the resamples.", HelpName = "n" };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for bench.json, bench.md and bench.html.", HelpName = "folder" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var judge = new Option<string?>("--judge-url") { Description = "Chat model for graders that ask one.", HelpName = "url" };
        var command = new Command("bench", "Bench a reward on labelled comparisons, beside rulers that know nothing.") { suite, reward, files, layout, part, edits, seed, output, json, judge };
        command.SetAction(async (parsed, _) =>
        {
            string name = parsed.GetValue(suite)!;
            string[] paths = [.. parsed.GetValue(files)!.SelectMany(f => Files(terminal.Full(f), name == JudgesSuite))];
            if (name == JudgesSuite)
            {
                return JudgesRun(terminal, paths, parsed.GetValue(seed), parsed.GetValue(output), parsed.GetValue(json));
            }

            var chosen = BenchSuite.All.FirstOrDefault(s => s.Name == name) ?? throw new UsageException($"Unknown suite '{name}'. {Nearest.Hint(name, names)}");
            SplitPart? wanted = parsed.GetValue(part) is { } text ? Enum.TryParse<SplitPart>(text, true, out var p) && !int.TryParse(text, out int _) ? p : throw new UsageException($"--part is '{text}'; write test, validation or train.") : null;
            if (parsed.GetValue(edits) < 0)
            {
                throw new UsageException($"--edits is {parsed.GetValue(edits)}; write 0 or more.");
            }

            var data = BenchData.Load(chosen, paths, parsed.GetValue(layout), wanted);
            using var client = ScoreCommand.Client(parsed.GetValue(judge));
            var scorers = parsed.GetValue(reward)!.Select(r => (BenchScorer)Scorer(terminal, r, client)).ToList();
            if (scorers.Count == 0)
            {
                scorers.AddRange(StoredScores.Of(data));
            }

            if (data.HasTexts)
            {
                scorers.AddRange(NullRulers.All);
            }
            else if (scorers.Count == 0)
            {
                throw new UsageException($"{string.Join(", ", data.Files)} has neither texts nor scores.");
            }

            var report = await BenchRunner.RunAsync(data, scorers, new BenchOptions { TransformationPairs = parsed.GetValue(edits), Seed = parsed.GetValue(seed) }, stop).ConfigureAwait(false);
            string markdown = BenchMarkdown.Write(report);
            if (parsed.GetValue(output) is { } folder)
            {
                folder = terminal.Full(folder);
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, "bench.json"), report.ToJson());
                File.WriteAllText(Path.Combine(folder, "bench.md"), markdown);
                File.WriteAllText(Path.Combine(folder, "bench.html"), BenchPage.Render(report));
            }

            terminal.Out.Write(parsed.GetValue(json) ? report.ToJson() : markdown);
            return ExitCode.Ok;
        });
        return (command, ["meed bench preferences --reward runs/reward-model --data comparisons.jsonl --out bench", "meed bench rewardbench2 --reward '{ length: { max: 400 } }' --data reward-bench-2.jsonl", "meed bench judges --data judge-verdicts.csv"]);
    }

    /// <summary>A reward by its name, document or folder.</summary>
    public static RewardScorer Scorer(Terminal terminal, string reward, JudgeClient? client)
    {
        string path = terminal.Full(reward);
        if (reward.IndexOfAny(['{', '[', '\n']) < 0 && Directory.Exists(path))
        {
            path = Newest(path);
            var model = RewardModel.Load(path);
            string folder = Path.GetFileName(path.TrimEnd(Path.DirectorySeparatorChar));
            return new RewardScorer(folder == model.Info.Name ? folder : $"{model.Info.Name} {folder}", model);
        }

        var document = ScoreCommand.Document(terminal, reward, client);
        return new RewardScorer(reward.Length <= 40 ? reward : document.Reward.Schema.Name, document.Reward);
    }

    // The runs of a recipe stand for the newest of them that has a model.
    private static string Newest(string folder) => Holds(folder) ? folder : Directory.EnumerateDirectories(folder).Where(Holds).Max(StringComparer.Ordinal) ?? folder;

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, RewardModelInfo.FileName)) || File.Exists(Path.Combine(folder, "reward-model", RewardModelInfo.FileName));

    // A folder stands for its files of JSON lines, in the order of their names; verdicts of judges may be tables too.
    private static string[] Files(string path, bool tables)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] endings = tables ? [".jsonl", ".csv"] : [".jsonl"];
        string[] found = [.. Directory.EnumerateFiles(path).Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal) || f.EndsWith(e + ".gz", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new UsageException($"{path} holds no {string.Join(" or ", endings)} file, plain or .gz.");
    }

    private static int JudgesRun(Terminal terminal, string[] paths, ulong seed, string? output, bool json)
    {
        var results = JudgeResult.Of([.. paths.SelectMany(JudgeVerdicts.Read)], seed);
        string markdown = JudgeResult.Markdown(results), text = JsonSerializer.Serialize(results, s_json) + "\n";
        if (output is not null)
        {
            string folder = terminal.Full(output);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "judges.md"), markdown);
            File.WriteAllText(Path.Combine(folder, "judges.json"), text);
        }

        terminal.Out.Write(json ? text : markdown);
        return ExitCode.Ok;
    }

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
