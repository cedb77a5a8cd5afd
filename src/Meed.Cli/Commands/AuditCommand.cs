using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Meed.Evaluation.Audit;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Cli.Commands;

/// <summary><c>meed audit</c>: looks for what is wrong with a reward in the groups it scored.</summary>
internal static class AuditCommand
{
    private const int RowsPerBatch = 512;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new Finite(), new JsonStringEnumConverter() },
    };

    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var input = new RolloutInput();
        var baseline = new Option<string[]>("--baseline") { Description = "Earlier rollouts; new kinds of well-paid answers are looked for. May be repeated.", HelpName = "file", DefaultValueFactory = _ => [] };
        var reward = new Option<string?>("--reward") { Description = "A second reward, applied to every row: where do the two disagree?", HelpName = "reward" };
        var second = new Option<string?>("--second") { Description = "The second reward is this number of the rows.", HelpName = "component" };
        var html = new Option<string?>("--html") { Description = "Write a self-contained page.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var alarm = new Option<bool>("--fail-on-alarm") { Description = "Exit 1 on an alarm." };
        var command = new Command("audit", "Look for what is wrong with a reward in scored groups.");
        input.AddTo(command);
        foreach (Option option in new Option[] { baseline, reward, second, html, json, alarm })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, _) =>
        {
            input.Share(parsed);
            if (parsed.GetValue(reward) is not null && parsed.GetValue(second) is not null)
            {
                throw new UsageException("--reward and --second both name the second reward; give one of them.");
            }

            var document = parsed.GetValue(reward) is { } text ? ScoreCommand.Document(terminal, text) : null;
            if (document is not null && document.Reward.Schema.Scope != RewardScope.Sample)
            {
                throw new UsageException($"The reward '{document.Reward.Schema.Name}' depends on other rows; an audit applies a second reward row by row. meed rescore takes rewards of a group.");
            }

            var options = input.Options(terminal, parsed);
            var reader = RolloutInput.Reader(terminal, options);
            string[] before = [.. parsed.GetValue(baseline)!.Select(terminal.Full)];
            try
            {
                var result = await RunAsync(terminal, options, reader, before, document, parsed.GetValue(second), stop).ConfigureAwait(false);
                string name = string.Join(", ", options.Inputs.Select(i => i == "-" ? "stdin" : Path.GetFileName(i)));
                if (parsed.GetValue(html) is { } page)
                {
                    Disk.ReplaceText(terminal.Full(page), AuditReport.Render(result, name, Facts(result, reader, before, document)));
                }

                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(JsonSerializer.Serialize(result with { Rewards = [], Points = [] }, s_json));
                }
                else
                {
                    AuditView.Write(terminal.Out, result, name, reader);
                }

                int code = input.Finish(terminal, parsed, reader, result.Failed);
                return code == ExitCode.Ok && parsed.GetValue(alarm) && result.Findings.Any(f => f.Level == FindingLevel.Alarm) ? ExitCode.Failed : code;
            }
            catch (FileScoringException e)
            {
                throw new UsageException(e.Message);
            }
        });
        return (command, ["meed audit rollouts/*.jsonl --html audit.html", "meed audit rollouts/200.jsonl --baseline rollouts/1.jsonl --fail-on-alarm", "meed score a.jsonl --reward r.yaml --keep prompt --keep response --out - | meed audit"]);
    }

    private static async Task<AuditResult> RunAsync(Terminal terminal, RolloutOptions options, RolloutReader reader, string[] before, RewardDocument<TextSample>? document, string? second, CancellationToken stop)
    {
        // The baseline is laid out as its own first row says; where fields stand is said once for both.
        var baselineOptions = options with { Inputs = before };
        AuditBaseline? baseline = null;
        if (before.Length > 0)
        {
            var first = RolloutInput.Reader(terminal, baselineOptions);
            try
            {
                baseline = AuditBaseline.Of(first.Rows(stop));
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message);
            }
        }

        var auditor = new Auditor(baseline, document?.Reward.Schema.Name ?? second);
        var batch = new List<RolloutRow>();
        async Task Flush()
        {
            var scores = await document!.Reward.ScoreAsync(batch.ConvertAll(r => r.Sample), RewardContext.Default, stop).ConfigureAwait(false);
            for (int i = 0; i < batch.Count; i++)
            {
                auditor.Add(batch[i], scores.Status[i] == ScoreStatus.Ok ? scores.Values[i] : double.NaN);
            }

            batch.Clear();
        }

        foreach (var row in reader.Rows(stop))
        {
            if (document is null)
            {
                auditor.Add(row, second is null ? double.NaN : row.Components.Where(c => c.Key == second).Select(c => c.Value).DefaultIfEmpty(double.NaN).First());
                continue;
            }

            batch.Add(row);
            if (batch.Count == RowsPerBatch)
            {
                await Flush().ConfigureAwait(false);
            }
        }

        if (batch.Count > 0)
        {
            await Flush().ConfigureAwait(false);
        }

        return auditor.Finish(() => new RolloutReader(baselineOptions).Rows(stop));
    }

    private static List<(string, string)> Facts(AuditResult result, RolloutReader reader, string[] before, RewardDocument<TextSample>? document)
    {
        var facts = new List<(string, string)>
        {
            ("rows", $"{result.Rows:#,0}"),
            ("groups", $"{result.Groups:#,0}"),
            ("layout", string.Join(", ", reader.Formats.Select(f => f.ToString().ToLowerInvariant()))),
        };
        if (reader.BadLines > 0)
        {
            facts.Add(("bad lines", $"{reader.BadLines:#,0}"));
        }

        if (before.Length > 0)
        {
            facts.Add(("baseline", string.Join(", ", before.Select(Path.GetFileName))));
        }

        if (document is not null)
        {
            facts.Add(("second reward", $"{document.Reward.Schema.Name} {document.Hash[..Math.Min(19, document.Hash.Length)]}"));
        }

        return facts;
    }

    /// <summary>JSON has no NaN: what is no number is null.</summary>
    private sealed class Finite : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
