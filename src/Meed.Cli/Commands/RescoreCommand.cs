using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meed.Evaluation.Rollouts;
using Meed.Recipes.Report;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Cli.Commands;

/// <summary><c>meed rescore</c>: applies another reward to rollouts and says what it changes.</summary>
internal static class RescoreCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var input = new RolloutInput();
        var reward = new Option<string>("--reward") { Description = "The new reward: its name, a document file, or the document itself.", HelpName = "reward", Required = true };
        var baseline = new Option<string?>("--baseline-reward") { Description = "The old reward, applied anew in place of the numbers in the file.", HelpName = "reward" };
        var output = new Option<string?>("--out", "-o") { Description = "Output file, one line a row, group by group; - for standard output.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for every core. The result is the same.", HelpName = "n" };
        var seed = new Option<ulong>("--seed") { Description = "Seed, for rewards that draw.", HelpName = "n" };
        var command = new Command("rescore", "What would another reward have taught a trainer's run?");
        input.AddTo(command);
        foreach (Option option in new Option[] { reward, baseline, output, json, threads, seed })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, _) =>
        {
            input.Share(parsed);
            var document = ScoreCommand.Document(terminal, parsed.GetValue(reward)!);
            var old = parsed.GetValue(baseline) is { } text ? ScoreCommand.Document(terminal, text) : null;
            var options = input.Options(terminal, parsed);
            var reader = RolloutInput.Reader(terminal, options);
            string? path = parsed.GetValue(output) is { } o && o != "-" ? terminal.Full(o) : parsed.GetValue(output);
            if (path is not null && options.Inputs.Contains(path))
            {
                throw new UsageException($"Output '{terminal.Short(path)}' is also an input; write to another file.");
            }

            RescoreResult result;
            try
            {
                result = await RunAsync(document, old, reader, path, new RescoreOptions { Threads = parsed.GetValue(threads), Seed = parsed.GetValue(seed) }, stop).ConfigureAwait(false);
            }
            catch (FileScoringException e)
            {
                throw new UsageException(e.Message);
            }

            var to = path == "-" ? terminal.Error : terminal.Out;
            if (parsed.GetValue(json))
            {
                to.WriteLine(Json(result, reader, document, old));
            }
            else
            {
                Write(to, result, reader, document, old);
            }

            return input.Finish(terminal, parsed, reader, result.Failed);
        });
        return (command, ["meed rescore rollouts/7.jsonl --format verl --reward reward-v2.yaml", "meed rescore rollouts/*.jsonl --reward v2.yaml --baseline-reward v1.yaml --out rescored.jsonl"]);
    }

    private static async Task<RescoreResult> RunAsync(RewardDocument<TextSample> document, RewardDocument<TextSample>? old, RolloutReader reader, string? path, RescoreOptions options, CancellationToken stop)
    {
        string part = path + ".part";
        bool file = path is not null and not "-";
        Stream? stream = path is null ? null : file ? new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16) : Console.OpenStandardOutput();
        try
        {
            Rescorer rescorer;
            string[] names = [];
            var line = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            try
            {
                rescorer = new Rescorer(document.Reward, old?.Reward, options)
                {
                    OnRow = stream is null ? null : row =>
                    {
                        WriteRow(json, row, names);
                        line.Write("\n"u8);
                        stream.Write(line.WrittenSpan);
                        line.ResetWrittenCount();
                    },
                };
                names = [.. rescorer.Components];
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message);
            }

            var result = await rescorer.RunAsync(reader.Rows(stop), stop).ConfigureAwait(false);
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            if (file)
            {
                File.Move(part, path!, overwrite: true);
            }

            return result;
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            if (file)
            {
                File.Delete(part);
            }
        }
    }

    private static void WriteRow(Utf8JsonWriter json, RescoredRow row, string[] names)
    {
        json.Reset();
        json.WriteStartObject();
        json.WriteString("file", Path.GetFileName(row.Row.File));
        json.WriteNumber("line", row.Row.Line);
        json.WriteString("group", row.Row.Group.High.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        Number(json, "before", row.Before);
        Number(json, "reward", row.After);
        json.WriteString("status", row.Status.ToString());
        if (row.Reason is not null)
        {
            json.WriteString("reason", row.Reason);
        }

        if (names.Length > 0)
        {
            json.WriteStartObject("components");
            for (int c = 0; c < names.Length; c++)
            {
                if (!double.IsNaN(row.Components[c]))
                {
                    json.WriteNumber(names[c], row.Components[c]);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void Write(TextWriter o, RescoreResult result, RolloutReader reader, RewardDocument<TextSample> document, RewardDocument<TextSample>? old)
    {
        o.WriteLine($"rollouts    {result.Rows:#,0} rows in {result.Groups:#,0} groups{RolloutInput.Layouts(reader)}");
        o.WriteLine($"reward      {document.Reward.Schema.Name} {Short(document.Hash)}");
        o.WriteLine($"against     {(old is null ? "the rewards in the file" : $"{old.Reward.Schema.Name} {Short(old.Hash)}")}");
        o.WriteLine($"mean        {Figure(result.MeanBefore)} -> {Figure(result.MeanAfter)}");
        o.WriteLine($"no signal   {result.Total.NoSignalBefore:#,0} -> {result.Total.NoSignalAfter:#,0} of {result.Total.Groups:#,0} groups have equal rewards");
        foreach (var (status, count) in result.Statuses)
        {
            o.WriteLine($"{Names.Kebab(status.ToString()),-20} {count,10:#,0}");
        }

        if (result.WithoutBefore > 0)
        {
            o.WriteLine($"{"no old reward",-20} {result.WithoutBefore,10:#,0}");
        }

        if (reader.BadLines > 0)
        {
            o.WriteLine($"{"bad lines",-20} {reader.BadLines,10:#,0}");
        }

        if (result.Torn > 0)
        {
            o.WriteLine($"{"torn groups",-20} {result.Torn,10:#,0}  their rows stand too far apart in the file");
        }

        o.WriteLine();
        var rows = new List<IReadOnlyList<string>> { Line("total", result.Total) };
        foreach (var component in result.Components)
        {
            rows.Add(Line($"{component.Name} alone", component.Alone));
            if (component.Own is { } own)
            {
                rows.Add(Line($"{component.Name} against itself before", own));
            }

            if (component.Without is { } without && result.Components.Count > 1)
            {
                rows.Add(Line($"without {component.Name}", without));
            }
        }

        Table.Write(o, ["new reward against the old", ">groups", ">ranking flips", ">sign flips", ">rows with another sign"], rows);
        if (!result.Reproducible)
        {
            o.WriteLine("A wall-clock limit fired: these scores may differ next time.");
        }
    }

    private static string[] Line(string name, ChangeCount count) => [Table.Cut(name, 40), $"{count.Groups:#,0}", Percent(count.RankingShare), Percent(count.SignShare), Percent(count.RowSignShare)];

    private static string Json(RescoreResult result, RolloutReader reader, RewardDocument<TextSample> document, RewardDocument<TextSample>? old)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("document", document.Hash);
            json.WriteString("baseline", old?.Hash);
            json.WriteNumber("rows", result.Rows);
            json.WriteNumber("badLines", reader.BadLines);
            json.WriteNumber("failedRows", result.Failed);
            json.WriteNumber("groups", result.Groups);
            json.WriteNumber("tornGroups", result.Torn);
            Number(json, "meanBefore", result.MeanBefore);
            Number(json, "meanAfter", result.MeanAfter);
            Count(json, "total", result.Total);
            json.WriteStartArray("components");
            foreach (var component in result.Components)
            {
                json.WriteStartObject();
                json.WriteString("name", component.Name);
                Count(json, "alone", component.Alone);
                Count(json, "own", component.Own);
                Count(json, "without", component.Without);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Count(Utf8JsonWriter json, string name, ChangeCount? count)
    {
        if (count is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("groups", count.Groups);
        json.WriteNumber("rows", count.Rows);
        json.WriteNumber("rankingFlips", count.RankingFlips);
        json.WriteNumber("signFlips", count.SignFlips);
        json.WriteNumber("rowSignFlips", count.RowSignFlips);
        json.WriteNumber("noSignalBefore", count.NoSignalBefore);
        json.WriteNumber("noSignalAfter", count.NoSignalAfter);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Short(string hash) => hash[..Math.Min(19, hash.Length)];

    private static string Figure(double value) => Scale.Figure(value).Replace('−', '-').Replace('\u202f', ',');

    private static string Percent(double share) => double.IsNaN(share) ? "–" : $"{100 * share:0.0} %";
}
