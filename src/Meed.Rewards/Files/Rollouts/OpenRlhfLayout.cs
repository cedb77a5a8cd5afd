using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>Rollouts of OpenRLHF: the output of its batch inference, or recorded calls of its reward function or server.</summary>
/// <remarks>
/// The trainer itself keeps no rollouts (it logs one sample a step as text). Two layouts carry them:
/// <list type="bullet">
/// <item><c>{"input": prompt, "output": response, "reward": 0.5}</c>, one row a line, from <c>openrlhf.cli.batch_inference</c> with <c>--eval_task rm</c>, which releases had until
/// mid-2026 (removed by commit 6a981c8). <c>label</c> is read when it is there.</item>
/// <item><c>{"query": [..], "prompts": [..], "labels": [..], "rewards": [..]}</c>, one call a line: the request that <c>--reward.remote_url</c> receives and a <c>reward_func(queries, prompts, labels)</c>
/// sees, with the answer beside it; append each call to a file. The response is the query without its prompt. Numeric lists under <c>extra_logs</c> are components.</item>
/// </list>
/// Rows with the same prompt are one group.
/// <para>Sources: <c>openrlhf/cli/batch_inference.py</c> before commit 6a981c8; <c>openrlhf/utils/agent.py</c> and <c>openrlhf/cli/serve_rm.py</c>, commit 3c3be62.</para>
/// </remarks>
public static class OpenRlhfLayout
{
    internal static bool Fits(JsonElement row) => IsCall(row) || (row.TryGetProperty("input", out _) && row.TryGetProperty("output", out _) && row.TryGetProperty("reward", out _));

    internal static IEnumerable<RolloutRow> Read(RolloutRecord record) => IsCall(record.Json) ? Call(record) : Single(record);

    private static bool IsCall(JsonElement row) => (row.TryGetProperty("query", out var query) || row.TryGetProperty("queries", out query)) && query.ValueKind == JsonValueKind.Array;

    private static IEnumerable<RolloutRow> Single(RolloutRecord record)
    {
        string response = record.Text("response", "output");
        var prompt = record.Prompt("input");
        double reward = RolloutRecord.Number(record.Field("reward", "reward"), "reward");
        long? step = record.Step();
        yield return record.Row(record.Sample(response, prompt, record.Field("reference", "label")), record.Group(prompt, step), reward, step) with
        {
            Components = RolloutRecord.Numbers(record.Json, "input", "output", "reward", "label", "step"),
        };
    }

    private static IEnumerable<RolloutRow> Call(RolloutRecord record)
    {
        var queries = List(record, "query", "queries")!;
        var prompts = List(record, "prompts");
        var labels = List(record, "labels");
        var rewards = List(record, "rewards", "scores");
        var extra = record.Json.TryGetProperty("extra_logs", out var logs) && logs.ValueKind == JsonValueKind.Object
            ? logs.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Value.GetArrayLength() == queries.Count).Take(RolloutRecord.MostComponents).Select(p => (p.Name, Values: p.Value.EnumerateArray().ToList())).ToList()
            : [];
        foreach (var (name, list) in new[] { ("prompts", prompts), ("labels", labels), ("rewards", rewards) })
        {
            if (list is not null && list.Count != queries.Count)
            {
                throw new RolloutRowException($"'{name}' has {list.Count} entries, 'query' has {queries.Count}; a call has one each for every sample.");
            }
        }

        long? step = record.Step();
        for (int i = 0; i < queries.Count; i++)
        {
            string query = String(queries[i], "query");
            string prompt = prompts is null || prompts[i].ValueKind == JsonValueKind.Null ? "" : String(prompts[i], "prompts");
            string response = prompt.Length > 0 && query.StartsWith(prompt, StringComparison.Ordinal) ? query[prompt.Length..] : query;
            IReadOnlyList<Message> messages = prompt.Length > 0 ? [new Message("user", prompt)] : [];
            yield return record.Row(record.Sample(response, messages, labels is null ? default : labels[i]), record.Group(messages, step), rewards is null ? double.NaN : RolloutRecord.Number(rewards[i], "rewards"), step) with
            {
                Components = [.. extra.Where(e => e.Values[i].ValueKind is JsonValueKind.Number).Select(e => KeyValuePair.Create(e.Name, RolloutRecord.Number(e.Values[i], e.Name)))],
            };
        }
    }

    private static List<JsonElement>? List(RolloutRecord record, params ReadOnlySpan<string> keys)
    {
        var value = record.Field(keys[0], keys);
        return value.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Array => [.. value.EnumerateArray()],
            _ => throw new RolloutRowException($"'{keys[0]}' is {RolloutRecord.Words(value)}; it is a list with one entry for every sample."),
        };
    }

    private static string String(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new RolloutRowException($"'{name}' holds {RolloutRecord.Words(value)}; its entries are texts.");
}
