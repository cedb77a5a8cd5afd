using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Records;

/// <summary>Values, parts, reasons and counted work of the catalog's rewards, for answers right, half right and wrong, and for edits of them.</summary>
public class RewardRecordTests
{
    private static readonly string[] s_pieces = [" ", "\n", ",", ".", "[", "]", "{", "}", "\"", ":", "<answer>", "</answer>", "<think>", "</think>", "1", "0", "-", "a", "The ", "<", ">", "(", ")", "null", "cat", "*", "1.5"];
    private static readonly RewardRegistry<TextSample> s_registry = Catalog.TextRewards();
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
            read = RewardDocuments.Parse(document, s_registry);
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
        reward = RewardDocuments.Parse(document, s_registry).Reward;
        string[] edits = [.. responses.SelectMany(static r => Record.Edits(r.Length > 400 ? r[..400] : r, 12, s_pieces))];
        yield return $"  edits {Record.Digest(Results(reward, row, edits, context))}";
        foreach (string key in (string[])["reference", "item"])
        {
            if (row.GetProperty(key).ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number)
            {
                yield return $"  {key} {Record.Digest(Near(row.GetProperty(key)).SelectMany(v => Results(RewardDocuments.Parse(document, s_registry).Reward, With(row, key, v), responses, context)))}";
            }
        }

        yield return $"  options {Record.Digest(Near(row.GetProperty("reward")).SelectMany(v => Under(v.GetRawText(), row, responses, context)))}";
    }

    /// <summary>The document and its results; its problems without the names that are known, which grow with the catalog.</summary>
    private static string[] Under(string document, JsonElement row, string[] responses, RewardContext context)
    {
        try
        {
            var reward = RewardDocuments.Parse(document, s_registry).Reward;
            return [$"{Record.Show(reward.Schema.Minimum)}..{Record.Show(reward.Schema.Maximum)}", .. Results(reward, row, responses, context)];
        }
        catch (DocumentException e)
        {
            return [Regex.Replace(e.Message, "(Did you mean|Known:).*", "")];
        }
    }

    /// <summary>About 20 JSON values near one: a number lower, higher, negative or 0, a text emptied or doubled, an entry left out, doubled, exchanged or emptied.</summary>
    private static IEnumerable<JsonElement> Near(JsonElement value)
    {
        int places = Places(JsonNode.Parse(value.GetRawText())!).Count(), step = Math.Max(1, places * 5 / 20);
        for (int n = 0; n < places * 5; n += step)
        {
            var root = new JsonObject { ["root"] = JsonNode.Parse(value.GetRawText()) };
            var node = Places(root["root"]!).ElementAt(n / 5);
            Change(node, n % 5);
            yield return JsonDocument.Parse(root["root"]?.ToJsonString() ?? "null").RootElement;
        }
    }

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject map => map.Where(static f => f.Value is not null).SelectMany(static f => Places(f.Value!)).Prepend(node),
        JsonArray list => list.Where(static i => i is not null).SelectMany(static i => Places(i!)).Prepend(node),
        _ => [node],
    };

    private static void Change(JsonNode node, int what)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.Number:
                double x = node.GetValue<double>();
                node.ReplaceWith(what switch { 0 => x - 1, 1 => x + 1, 2 => -x, 3 => 0, _ => x * 1.5 });
                break;
            case JsonValueKind.String:
                string s = node.GetValue<string>();
                node.ReplaceWith(what switch { 0 => "", 1 => s + s, 2 => s.ToUpperInvariant(), 3 => " " + s, _ => s.Length > 1 ? s[1..] : "b" });
                break;
            case JsonValueKind.Array when node.AsArray() is { Count: > 0 } list:
                switch (what)
                {
                    case 0: list.Clear(); break;
                    case 1: list.RemoveAt(list.Count - 1); break;
                    case 2: list.RemoveAt(0); break;
                    case 3: list.Add(list[0]?.DeepClone()); break;
                    default: list.Add(null); break;
                }

                break;
            case JsonValueKind.Object when node.AsObject() is { Count: > 0 } map:
                string key = map.ElementAt(what % map.Count).Key;
                if (what < 3)
                {
                    map.Remove(key);
                }
                else
                {
                    map[key] = what == 3 ? null : "text";
                }

                break;
            case JsonValueKind.True or JsonValueKind.False:
                node.ReplaceWith(!node.GetValue<bool>());
                break;
        }
    }

    private static JsonElement With(JsonElement row, string key, JsonElement value)
    {
        var node = JsonNode.Parse(row.GetRawText())!;
        node[key] = JsonNode.Parse(value.GetRawText());
        return JsonDocument.Parse(node.ToJsonString()).RootElement;
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
