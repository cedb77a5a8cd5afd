using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>Scored samples: what <c>meed score --keep prompt --keep response</c> writes, or any rows that have a response and a reward.</summary>
/// <remarks>
/// <c>{"prompt": .., "response": .., "reference": .., "reward": 0.5, "status": "Ok", "reason": .., "components": {"math": 1}, "group": .., "step": ..}</c>.
/// Prompt, response and reference are found under their usual names (as by <c>meed score</c>), the reward as <c>reward</c> or <c>score</c>, the group as <c>group</c>, <c>group_id</c>, <c>prompt_id</c> or <c>uid</c>;
/// without one, rows with the same prompt in the same step are a group.
/// </remarks>
public static class ScoredLayout
{
    internal static IEnumerable<RolloutRow> Read(RolloutRecord record)
    {
        string response = record.Text("response", "response", "completion", "output", "prediction", "generation", "generated_text");
        var prompt = record.Prompt("prompt", "messages", "question", "problem", "instruction", "input", "query");
        var reference = record.Field("reference", "reference", "ground_truth", "gold", "answer", "target", "label", "solution");
        long? step = record.Step();
        double reward = RolloutRecord.Number(record.Field("reward", "reward", "score"), "reward");
        bool truncated = record.Json.TryGetProperty("truncated", out var cut) && cut.ValueKind == JsonValueKind.True;
        var row = record.Row(record.Sample(response, prompt, reference, truncated), record.Group(prompt, step, "group", "group_id", "prompt_id", "uid"), reward, step);
        var status = record.Json.TryGetProperty("status", out var state) && state.ValueKind == JsonValueKind.String && Enum.TryParse<ScoreStatus>(state.GetString()!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : row.Status;
        yield return row with
        {
            Status = status == ScoreStatus.Ok && double.IsNaN(reward) ? ScoreStatus.Unset : status,
            Reward = status == ScoreStatus.Ok ? reward : double.NaN,
            Reason = record.Json.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null,
            Components = record.Json.TryGetProperty("components", out var components) && components.ValueKind == JsonValueKind.Object ? RolloutRecord.Numbers(components) : [],
        };
    }
}
