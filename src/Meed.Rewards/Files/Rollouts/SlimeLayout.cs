using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>Samples of slime, as JSON.</summary>
/// <remarks>
/// <c>--save-debug-rollout-data path_{rollout_id}.pt</c> stores <c>{"rollout_id": 3, "samples": [Sample.to_dict(), ...]}</c> with torch. Such a file holds Python objects that only
/// torch can load, and loading runs code from the file, so it is not read here: <c>clients/python/export_rollouts.py</c>, run where it was made, writes its samples as rows of JSON with
/// <c>rollout_id, group_index, index, prompt, response, response_length, label, reward, status, metadata</c>.
/// <c>reward</c> is a number or an object; then the reward key names its number, and its other numbers are components. <c>status</c> is <c>completed</c>, <c>truncated</c>, <c>aborted</c>, <c>failed</c> or <c>pending</c>.
/// Rows with the same <c>group_index</c> in the same rollout are one group.
/// <para>Source: <c>slime/observability/rollout_data_utils.py</c>, <c>save_debug_rollout_data</c>, and <c>slime/utils/types.py</c>, <c>Sample</c>, commit 624b824.</para>
/// </remarks>
public static class SlimeLayout
{
    internal static bool Fits(JsonElement row) => row.TryGetProperty("group_index", out _) && row.TryGetProperty("response", out _);

    internal static IEnumerable<RolloutRow> Read(RolloutRecord record)
    {
        string response = record.Text("response", "response");
        var prompt = record.Prompt("prompt");
        long? step = record.Step("rollout_id");
        var value = record.Field("reward", "reward");
        var components = new List<KeyValuePair<string, double>>();
        if (value.ValueKind == JsonValueKind.Object)
        {
            string? key = record.Options.RewardKey;
            components = RolloutRecord.Numbers(value, key is null ? [] : [key]);
            value = key is not null && value.TryGetProperty(key, out var chosen)
                ? chosen
                : throw new RolloutRowException(key is null
                    ? $"'reward' is an object; name its number with --reward-key ({string.Join(", ", components.Select(c => c.Key))})."
                    : $"'reward' has no '{key}'; it has {string.Join(", ", components.Select(c => c.Key))}.");
        }

        int tokens = record.Json.TryGetProperty("response_length", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out int count) && count > 0 ? count : 0;
        string status = record.Json.TryGetProperty("status", out var state) && state.ValueKind == JsonValueKind.String ? state.GetString()! : "";
        var row = record.Row(record.Sample(response, prompt, record.Field("reference", "label"), status == "truncated", tokens), record.Group(prompt, step, "group_index"), RolloutRecord.Number(value, "reward"), step);
        yield return row with { Components = components, Reason = status is "" or "completed" ? null : status };
    }
}
