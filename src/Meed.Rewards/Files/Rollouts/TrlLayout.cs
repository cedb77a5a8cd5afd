using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>The completions table of TRL's GRPO and RLOO trainers (<c>log_completions=True</c>), as JSON.</summary>
/// <remarks>
/// Columns: <c>step</c>, <c>prompt</c>, <c>completion</c>, one column a reward function under its name, the columns of <c>log_extra</c>, <c>advantage</c>.
/// TRL writes the table as Parquet, <c>completions/completions_00010.parquet</c>, which is not read here: <c>clients/python/export_rollouts.py</c> turns it into rows of JSON.
/// The table that Weights &amp; Biases keeps of it, <c>{"columns": [...], "data": [[...], ...]}</c> in one line, is read as it is.
/// <para>There is no total and no reference. The total is the sum of the numeric columns, each with weight 1 as in TRL's default <c>reward_weights</c>, or with the given weights;
/// a missing value (the function returned None) is left out. A reference has to be logged by <c>log_extra</c> and mapped.
/// Rows with the same prompt in the same step are one group.</para>
/// <para>Source: <c>trl/trainer/grpo_trainer.py</c>, <c>GRPOTrainer.log</c>, commit f2cd577.</para>
/// </remarks>
public static class TrlLayout
{
    internal static bool Fits(JsonElement row) => IsTable(row)
        ? row.GetProperty("columns").EnumerateArray().Any(c => c.ValueKind == JsonValueKind.String && c.ValueEquals("completion"))
        : row.TryGetProperty("completion", out _) && row.TryGetProperty("advantage", out _);

    internal static bool IsTable(JsonElement row) => row.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array && row.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array;

    internal static IEnumerable<RolloutRow> Read(RolloutRecord record)
    {
        var response = record.Field("response", "completion");
        string text = response.ValueKind == JsonValueKind.Array ? Last(response) : record.Text("response", "completion");
        var prompt = record.Prompt("prompt");
        long? step = record.Step();
        var columns = RolloutRecord.Numbers(record.Json, "step", "prompt", "completion", "advantage");
        double reward = double.NaN;
        if (record.Options.Map.ContainsKey("reward"))
        {
            reward = RolloutRecord.Number(record.Field("reward"), record.Options.Map["reward"]);
        }
        else
        {
            var weights = record.Options.Weights;
            var counted = columns.Where(c => weights.Count == 0 || weights.ContainsKey(c.Key)).ToList();
            reward = counted.Count == 0 ? double.NaN : counted.Sum(c => c.Value * (weights.Count == 0 ? 1 : weights[c.Key]));
        }

        var reference = record.Options.Map.ContainsKey("reference") ? record.Field("reference") : default;
        yield return record.Row(record.Sample(text, prompt, reference), record.Group(prompt, step), reward, step) with { Components = columns };
    }

    private static string Last(JsonElement messages)
    {
        var last = messages.EnumerateArray().LastOrDefault();
        return last.ValueKind == JsonValueKind.Object && last.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : throw new RolloutRowException("The last message of the completion has no text under 'content'.");
    }
}
