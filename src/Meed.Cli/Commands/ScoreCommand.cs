using System.CommandLine;
using System.Diagnostics;
using Meed.Judges;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Rewards;
using Meed.Rewards.Caching;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;

namespace Meed.Cli.Commands;

/// <summary><c>meed score</c>: scores files of samples with a reward document.</summary>
internal static class ScoreCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var files = new Argument<string[]>("files") { Description = "JSONL files, plain or .gz; - is standard input.", Arity = ArgumentArity.ZeroOrMore };
        var reward = new Option<string>("--reward") { Description = "A reward: its name, a document file, the document itself, or the folder of a reward model, its run or its recipe's runs.", HelpName = "reward", Required = true };
        var map = new Option<string[]>("--map") { Description = "Where a field stands: --map response=outputs.text. May be repeated.", HelpName = "field=path", DefaultValueFactory = _ => [] };
        var keep = new Option<string[]>("--keep") { Description = "A path of the row to copy into the output. May be repeated.", HelpName = "path", DefaultValueFactory = _ => [] };
        var output = new Option<string?>("--out", "-o") { Description = "Output file, .gz for gzip, - for standard output; without it only the summary.", HelpName = "file" };
        var strict = new Option<bool>("--strict") { Description = "Exit 1 when any line is no sample." };
        var maxFailed = new Option<string?>("--max-failed") { Description = "Exit 1 when more lines fail, such as 5%.", HelpName = "share" };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for every core. The output is the same.", HelpName = "n" };
        var seed = new Option<ulong>("--seed") { Description = "Seed, for rewards that draw.", HelpName = "n" };
        var cache = new Option<string?>("--cache") { Description = "A file that keeps scores by content; rows scored before are not scored again.", HelpName = "file" };
        var explain = new Option<bool>("--explain") { Description = "Take one sample's score apart; without --row and --id the first one. Reads stdin without a file." };
        var row = new Option<long?>("--row") { Description = "With --explain: the line of the sample, from 1.", HelpName = "n" };
        var id = new Option<string?>("--id") { Description = "With --explain: the sample whose id is this; path=value for another field.", HelpName = "value" };
        var json = new Option<bool>("--json") { Description = "With --explain: print JSON." };
        var judge = new Option<string?>("--judge-url") { Description = "Chat model for graders that ask one: an OpenAI-compatible address. Its key is read from MEED_JUDGE_KEY.", HelpName = "url" };
        var command = new Command("score", "Score samples in files with a reward.") { files, reward, map, keep, output, strict, maxFailed, threads, seed, cache, explain, row, id, json, judge };
        command.SetAction(async (parsed, _) =>
        {
            double share = 1;
            if (parsed.GetValue(maxFailed) is { } text && !FileScorerOptions.TryShare(text, out share))
            {
                throw new UsageException($"--max-failed is '{text}'; write a share such as 5% or 0.05.");
            }

            string[] inputs = [.. parsed.GetValue(files)!.Select(f => f == "-" ? f : terminal.Full(f))];
            var (line, sought) = (parsed.GetValue(row), parsed.GetValue(id));
            if (!parsed.GetValue(explain) && (inputs.Length == 0 || line is not null || sought is not null || parsed.GetValue(json)))
            {
                throw new UsageException(inputs.Length == 0 ? "meed score needs a file of samples; - is standard input. See meed score --help." : "--row, --id and --json go with --explain.");
            }

            using var client = Client(parsed.GetValue(judge));
            var document = Document(terminal, parsed.GetValue(reward)!, client);
            if (parsed.GetValue(explain))
            {
                var found = Find(inputs, Pairs(parsed.GetValue(map)!), line, sought, stop);
                return await Explain.RunAsync(terminal, document, found, new RewardContext { Seed = parsed.GetValue(seed) }, parsed.GetValue(json), stop).ConfigureAwait(false);
            }

            using var store = Store(terminal, parsed.GetValue(cache));
            var options = new FileScorerOptions
            {
                Inputs = inputs, Output = parsed.GetValue(output) is { } o && o != "-" ? terminal.Full(o) : parsed.GetValue(output),
                Map = Pairs(parsed.GetValue(map)!), Keep = parsed.GetValue(keep)!, Strict = parsed.GetValue(strict), MaxFailed = share, Threads = parsed.GetValue(threads), Seed = parsed.GetValue(seed), DocumentHash = document.Hash, Cache = store,
            };
            return await RunAsync(terminal, document, options, stop).ConfigureAwait(false);
        });
        return (command, ["meed score answers.jsonl --reward numeric --map response=solution --out scores.jsonl", "meed score a.jsonl.gz --reward '{sum: [{countdown: {}}, {length: {max: 64}, weight: 0.1}]}' --max-failed 5%", "meed score answers.jsonl --reward reward.yaml --explain --row 17"]);
    }

    /// <summary>A client of the judge at an address; null without one.</summary>
    public static JudgeClient? Client(string? url)
    {
        if (url is null)
        {
            return null;
        }

        var options = new JudgeOptions { Url = url };
        return options.Problems().FirstOrDefault() is { } problem ? throw new UsageException($"--judge-url: {problem}") : new JudgeClient(options);
    }

    /// <summary>A reward from a name, a file, a reward model's folder or inline text; graders that ask a chat model ask the judge.</summary>
    public static RewardDocument<TextSample> Document(Terminal terminal, string reward, JudgeClient? judge = null)
    {
        string path = terminal.Full(reward);
        bool plain = reward.IndexOfAny(['{', '[', '\n']) < 0, file = plain && File.Exists(path);
        if (plain && Directory.Exists(path) && BenchCommand.Newest(path) is var model && BenchCommand.Holds(model))
        {
            // A reward model's folder, the run that trained it, or the runs of a recipe.
            return RewardDocuments.Bind(YamlReader.Read($"model: {{ path: {System.Text.Json.JsonSerializer.Serialize(model)} }}", "--reward"), RewardCatalog.All, "--reward");
        }

        var root = file ? YamlReader.Read(File.ReadAllText(path), reward) : YamlReader.Read(reward, "--reward");
        if (!file && root.Kind == NodeKind.Scalar && (reward.Contains('/', StringComparison.Ordinal) || reward.EndsWith(".yaml", StringComparison.Ordinal) || reward.EndsWith(".json", StringComparison.Ordinal)))
        {
            throw new UsageException($"The reward file {reward} does not exist.");
        }

        return RewardDocuments.Bind(root, judge is null ? RewardCatalog.All : RewardCatalog.All.With(new JudgeEndpoint(judge)), file ? reward : "--reward");
    }

    private static ScoreStore? Store(Terminal terminal, string? path)
    {
        try
        {
            return path is null ? null : ScoreStore.Open(terminal.Full(path));
        }
        catch (ScoreStoreException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static FoundRow Find(string[] inputs, Dictionary<string, string> map, long? line, string? id, CancellationToken stop)
    {
        if (line is not null && id is not null)
        {
            throw new UsageException("--row and --id both name the sample; give one of them.");
        }

        if (line < 1)
        {
            throw new UsageException($"--row is {line}; lines count from 1.");
        }

        var problems = FileScorerOptions.MapProblems(map).ToList();
        if (problems.Count > 0)
        {
            throw new UsageException(string.Join(Environment.NewLine, problems));
        }

        try
        {
            inputs = inputs.Length == 0 ? ["-"] : inputs;
            int equals = id?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            return id is null ? RowFinder.ByLine(inputs, map, line ?? 0, stop)
                : equals > 0 ? RowFinder.ById(inputs, map, id[..equals], id[(equals + 1)..], stop)
                : RowFinder.ById(inputs, map, "id", id, stop);
        }
        catch (FileScoringException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<int> RunAsync(Terminal terminal, RewardDocument<TextSample> document, FileScorerOptions options, CancellationToken stop)
    {
        const int MostShown = 20;
        long shown = 0;
        bool line = false;
        var clock = Stopwatch.StartNew();
        var lastLine = TimeSpan.Zero;
        FileScorer scorer;
        try
        {
            scorer = new FileScorer(document.Reward, options)
            {
                OnBadLine = bad =>
                {
                    if (shown++ < MostShown)
                    {
                        terminal.Error.WriteLine(new BadLine(bad.File == "-" ? "stdin" : terminal.Short(bad.File), bad.Line, bad.Problem));
                    }
                },
                OnProgress = p =>
                {
                    string done = p.BytesTotal > 0 ? $"{100.0 * p.BytesRead / p.BytesTotal:0} %  " : "";
                    string text = $"{done}{p.Rows:#,0} rows  {p.Rows / Math.Max(1e-3, p.Elapsed.TotalSeconds):#,0} rows/s";
                    if (terminal.Interactive)
                    {
                        terminal.Error.Write($"\r{text}   ");
                        line = true;
                    }
                    else if (clock.Elapsed - lastLine > TimeSpan.FromSeconds(10))
                    {
                        lastLine = clock.Elapsed;
                        terminal.Error.WriteLine(text);
                    }
                },
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }

        FileSummary summary;
        try
        {
            summary = await scorer.RunAsync(stop).ConfigureAwait(false);
        }
        catch (FileScoringException e)
        {
            Newline(terminal, line);
            terminal.Error.WriteLine(e.Message);
            return e.Message.StartsWith("Output", StringComparison.Ordinal) ? ExitCode.Failed : ExitCode.Usage;
        }

        Newline(terminal, line);
        if (options.Cache?.Notice is { } notice)
        {
            terminal.Error.WriteLine(notice);
        }

        if (shown > MostShown)
        {
            terminal.Error.WriteLine($"... and {shown - MostShown:#,0} more bad lines.");
        }

        // Scores on standard output leave the summary to standard error.
        Summary(options.Output == "-" ? terminal.Error : terminal.Out, document, summary);
        if (summary.Failure is { } failure)
        {
            terminal.Error.WriteLine(failure);
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    private static void Summary(TextWriter o, RewardDocument<TextSample> document, FileSummary summary)
    {
        o.WriteLine($"rows        {summary.Rows:#,0} in {Durations.Words(summary.Elapsed)} ({summary.Rows / Math.Max(1e-3, summary.Elapsed.TotalSeconds):#,0} rows/s)");
        o.WriteLine($"reward      {summary.Schema.Name} {document.Hash[..Math.Min(19, document.Hash.Length)]}");
        if (summary.FromCache > 0)
        {
            o.WriteLine($"from cache  {summary.FromCache:#,0}");
        }

        o.WriteLine($"mean        {Scale.Figure(summary.Mean)}");
        foreach (var (name, mean, rows) in summary.Components)
        {
            o.WriteLine($"  {name,-18} {Scale.Figure(mean),10}{(rows == summary.Rows ? "" : $"  over {rows:#,0} rows")}");
        }

        foreach (var status in Enum.GetValues<ScoreStatus>().Where(s => s != ScoreStatus.Ok && summary[s] > 0))
        {
            o.WriteLine($"{Names.Kebab(status.ToString()),-20} {summary[status],10:#,0}");
        }

        if (summary.BadLines > 0)
        {
            o.WriteLine($"{"bad lines",-20} {summary.BadLines,10:#,0}");
        }

        if (summary.Reasons.Count > 0)
        {
            o.WriteLine("reasons");
            foreach (var (reason, count) in summary.Reasons.Take(12))
            {
                o.WriteLine($"  {reason,-18} {count,10:#,0}");
            }
        }

        if (!summary.Reproducible)
        {
            o.WriteLine("A wall-clock limit fired: these scores may differ next time.");
        }
    }

    internal static Dictionary<string, string> Pairs(string[] settings)
    {
        var result = new Dictionary<string, string>();
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == setting.Length - 1)
            {
                throw new UsageException($"--map is '{setting}'; write field=path, such as response=outputs.text.");
            }

            result[setting[..equals]] = setting[(equals + 1)..];
        }

        return result;
    }

    private static void Newline(Terminal terminal, bool line)
    {
        if (line)
        {
            terminal.Error.WriteLine();
        }
    }
}
