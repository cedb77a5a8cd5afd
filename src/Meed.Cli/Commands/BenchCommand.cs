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
        var suite = new Argument<string>("suite") { Description = $"{string.Join(", ", names)}: what each counts stands in docs/benching.md. preferences takes any comparisons, judges verdicts of chat models." };
        var files = new Option<string[]>("--data", "-d") { Description = "Files in a layout that the suite reads, plain or .gz, or folders of .jsonl files; name=file gives its rows a source, for models that read one.", HelpName = "file", Required = true, AllowMultipleArgumentsPerToken = true };
        var reward = new Option<string[]>("--reward") { Description = "A reward: its name, a document, or the folder of a reward model, its run or its recipe's runs. The first is tested, others are compared with it. Without it the scores that the file brings along are.", HelpName = "reward", DefaultValueFactory = _ => [] };
        var layout = new Option<string?>("--layout") { Description = "The layout; found from the first row without it.", HelpName = "name" };
        var part = new Option<string?>("--part") { Description = "Only prompts of this part of the split by prompt: test, validation or train.", HelpName = "part" };
        var edits = new Option<int>("--edits") { Description = "Comparisons on which edits that keep the meaning are tried; 0 leaves them out.", HelpName = "n", DefaultValueFactory = _ => 400 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the resamples.", HelpName = "n" };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for bench.json, bench.md and bench.html.", HelpName = "folder" };
        var record = new Option<string?>("--record") { Description = "Store the figures under this name in docs/benches of a checkout, for meed docs.", HelpName = "name" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var judge = new Option<string?>("--judge-url") { Description = "Chat model for graders that ask one.", HelpName = "url" };
        var command = new Command("bench", "Bench a reward on labelled comparisons beside rulers.") { suite, reward, files, layout, part, edits, seed, output, record, json, judge };
        command.SetAction(async (parsed, _) =>
        {
            string name = parsed.GetValue(suite)!;
            string[] paths = [.. parsed.GetValue(files)!.SelectMany(f => Named(terminal, f) ?? Files(terminal.Full(f), name == JudgesSuite))];
            if (name == JudgesSuite)
            {
                return JudgesRun(terminal, parsed, paths, parsed.GetValue(seed), parsed.GetValue(output), parsed.GetValue(record), parsed.GetValue(json));
            }

            var chosen = BenchSuite.All.FirstOrDefault(s => s.Name == name) ?? throw new UsageException($"Unknown suite '{name}'. {Nearest.Hint(name, names)}");
            if (parsed.GetValue(edits) < 0)
            {
                throw new UsageException($"--edits is {parsed.GetValue(edits)}; write 0 or more.");
            }

            var data = BenchData.Load(chosen, paths, parsed.GetValue(layout), Part(parsed.GetValue(part)));
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

            Record(terminal, parsed.GetValue(record), new StoredBench { Command = Line(parsed), Bench = report });
            terminal.Out.Write(parsed.GetValue(json) ? report.ToJson() : markdown);
            return ExitCode.Ok;
        });
        return (command, ["meed bench preferences --reward runs/reward-model --data comparisons.jsonl --out bench", "meed bench rewardbench2 --reward '{ length: { max: 400 } }' --data reward-bench-2.jsonl", "meed bench judges --data judge-verdicts.csv"]);
    }

    /// <summary>The part of the split by prompt that an option names.</summary>
    public static SplitPart? Part(string? text) => text is null ? null
        : Enum.TryParse<SplitPart>(text, true, out var part) && !int.TryParse(text, out int _) ? part : throw new UsageException($"--part is '{text}'; write test, validation or train.");

    /// <summary>Stores figures for the generated page.</summary>
    public static void Record(Terminal terminal, string? name, StoredBench bench)
    {
        if (name is not null)
        {
            string checkout = Meed.Recipes.Reproductions.CodeHash.Checkout(terminal.Folder) ?? throw new UsageException("--record writes into a checkout of Meed: no Meed.slnx here or above.");
            string path = Path.Combine(checkout, StoredBench.Folder, name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 ? name + ".json" : throw new UsageException($"--record is '{name}'; it names a file."));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, bench.ToJson());
        }
    }

    /// <summary>The command as it can be typed again: quoted where needed, the data folder by its variable.</summary>
    public static string Line(ParseResult parsed)
    {
        string? data = Environment.GetEnvironmentVariable("MEED_DATA")?.TrimEnd('/');
        var words = new List<string> { "meed" };
        bool skip = false;
        foreach (string token in parsed.Tokens.Select(t => t.Value))
        {
            bool dropped = token is "--record" or "--out" or "-o";   // where it was written does not matter
            if (!skip && !dropped)
            {
                string word = data is { Length: > 0 } ? token.Replace(data + "/", "$MEED_DATA/", StringComparison.Ordinal) : token;
                words.Add(word.IndexOfAny([' ', '{', '[', '\'']) >= 0 ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : word);
            }

            skip = dropped;
        }

        return string.Join(' ', words);
    }

    /// <summary>A reward by its name, document or folder; the folder of a recipe's runs stands for its newest.</summary>
    public static RewardScorer Scorer(Terminal terminal, string reward, JudgeClient? client)
    {
        string path = terminal.Full(reward);
        if (reward.IndexOfAny(['{', '[', '\n']) < 0 && Directory.Exists(path))
        {
            var model = RewardModel.Load(Newest(path));
            string folder = Path.GetFileName(path.TrimEnd(Path.DirectorySeparatorChar));
            return new RewardScorer(folder == model.Info.Name ? folder : $"{model.Info.Name} {folder}", model);
        }

        var document = ScoreCommand.Document(terminal, reward, client);
        return new RewardScorer(reward.Length <= 40 ? reward : document.Reward.Schema.Name, document.Reward);
    }

    // The runs of a recipe stand for the newest of them that has a model.
    internal static string Newest(string folder) => Holds(folder) ? folder : Directory.EnumerateDirectories(folder).Where(Holds).Max(StringComparer.Ordinal) ?? folder;

    internal static bool Holds(string folder) => File.Exists(Path.Combine(folder, RewardModelInfo.FileName)) || File.Exists(Path.Combine(folder, "reward-model", RewardModelInfo.FileName));

    // name=file: the source is said.
    private static string[]? Named(Terminal terminal, string given)
    {
        int equals = given.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !Path.Exists(terminal.Full(given)) ? [given[..(equals + 1)] + terminal.Full(given[(equals + 1)..])] : null;
    }

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

    private static int JudgesRun(Terminal terminal, ParseResult parsed, string[] paths, ulong seed, string? output, string? record, bool json)
    {
        var results = JudgeResult.Of([.. paths.SelectMany(JudgeVerdicts.Read)], seed);
        string markdown = JudgeResult.Markdown(results), text = JsonSerializer.Serialize(results, BenchJson.Options) + "\n";
        if (output is not null)
        {
            string folder = terminal.Full(output);
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "judges.md"), markdown);
            File.WriteAllText(Path.Combine(folder, "judges.json"), text);
            File.WriteAllText(Path.Combine(folder, "judges.html"), BenchPage.Render(results));
        }

        Record(terminal, record, new StoredBench { Command = Line(parsed), Judges = results });
        terminal.Out.Write(json ? text : markdown);
        return ExitCode.Ok;
    }
}
