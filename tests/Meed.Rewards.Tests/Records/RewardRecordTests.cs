using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Records;

/// <summary>Values, parts, reasons and counted work of the catalog's rewards, for answers right, half right and wrong, and for edits of them.</summary>
public class RewardRecordTests
{
    private static readonly string[] s_pieces = [" ", "\n", ",", ".", "[", "]", "{", "}", "\"", ":", "<answer>", "</answer>", "<think>", "</think>", "1", "0", "-", "a", "The ", "<", ">", "(", ")", "null", "cat", "*", "1.5"];
    private static readonly Lazy<JsonElement[]> s_rows = new(() => [.. File.ReadLines(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records/rewards.jsonl")).Where(static l => l.Length > 0).Select(static l => JsonDocument.Parse(l).RootElement)]);

    /// <summary>Twice the parts: these cases are longer.</summary>
    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, 2 * Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Score_AnswersAndEdits_AreThoseOfTheRecord(int part) => Record.Check("rewards", part, s_rows.Value.Where((_, i) => i % (2 * Record.Parts) == part).SelectMany(Lines));

    private static IEnumerable<string> Lines(JsonElement row)
    {
        string document = row.GetProperty("reward").GetRawText();
        RewardDocument<TextSample>? read = null;
        string? problems = null;
        try
        {
            read = RewardDocuments.Parse(document, Catalog.TextRewards());
        }
        catch (DocumentException e)
        {
            problems = e.Message;
        }

        if (read is null)
        {
            yield return $"{document} => {problems}";
            yield break;
        }

        var s = read.Reward.Schema;
        yield return $"{document} => {s.Name} {s.Version} [{string.Join(' ', s.Components)}] {Record.Show(s.Minimum)}..{Record.Show(s.Maximum)} {s.Scope} {s.Deterministic} {s.MayNotApply} {s.DependsOnStep} {read.Hash[..12]}";
        string[] responses = [.. row.GetProperty("responses").EnumerateArray().Select(static r => r.GetString()!)];
        var context = new RewardContext { Step = row.TryGetProperty("step", out var step) ? step.GetInt64() : 0, Seed = 5, Threads = 1 };
        var reward = read.Reward;
        string[] values = Results(reward, row, responses, context);
        for (int i = 0; i < responses.Length; i++)
        {
            string work = i < 3 && s.Scope == RewardScope.Sample ? $" work {Needed(reward, row, responses[i], context)}" : "";
            yield return $"  {responses[i]} => {values[i]}{work}";
        }

        // A fresh reward for the edits: some carry statistics from batch to batch.
        reward = RewardDocuments.Parse(document, Catalog.TextRewards()).Reward;
        string[] edits = [.. responses.SelectMany(static r => Record.Edits(r.Length > 400 ? r[..400] : r, 12, s_pieces))];
        yield return $"  edits {Record.Digest(Results(reward, row, edits, context))}";
    }

    private static string[] Results(IReward<TextSample> reward, JsonElement row, string[] responses, RewardContext context)
    {
        var scores = Score(reward, row, responses, context with { GroupOffsets = responses.Length > 4 ? new[] { 0, 3, responses.Length } : new[] { 0, responses.Length } });
        return [.. Enumerable.Range(0, responses.Length).Select(i => scores.Status[i] == ScoreStatus.Ok
            ? $"{Record.Show(scores[i])} {scores.Reasons[i]} [{string.Join(' ', Enumerable.Range(0, scores.Schema.Components.Count).Select(c => Record.Show(scores.Component(c)[i])))}]"
            : $"{scores.Status[i]} {scores.Reasons[i]}")];
    }

    private static Scores Score(IReward<TextSample> reward, JsonElement row, string[] responses, RewardContext context)
    {
        var pattern = new TextSample
        {
            Reference = row.GetProperty("reference") is { ValueKind: not JsonValueKind.Null } reference ? reference : default,
            Item = row.GetProperty("item") is { ValueKind: not JsonValueKind.Null } item ? item : default,
            ResponseTokens = row.TryGetProperty("tokens", out var tokens) ? tokens.GetInt32() : 0,
        };
        return reward.ScoreAsync([.. responses.Select(r => pattern with { Response = r })], context).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The smallest work limit under which the answer is scored as without one.</summary>
    private static long Needed(IReward<TextSample> reward, JsonElement row, string response, RewardContext context)
    {
        string full = Results(reward, row, [response], context)[0];
        long low = 0, high = 65_536;
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (Results(reward, row, [response], context with { WorkLimit = middle })[0] == full)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
