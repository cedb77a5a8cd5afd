using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>What verl writes into <c>trainer.rollout_data_dir</c> and <c>trainer.validation_data_dir</c>: one file a step, <c>{global_steps}.jsonl</c>.</summary>
/// <remarks>
/// <c>{"input": prompt, "output": response, "gts": ground truth, "score": reward, "step": 7, ...}</c>, and one column for each key of the reward function's extra infos.
/// Texts are decoded without special tokens; older versions have no <c>gts</c>. Rows carry no group: those with the same <c>input</c> in the same step are one
/// (rows that name a <c>uid</c> are grouped by it).
/// <para>Source: <c>verl/trainer/ppo/ray_trainer.py</c>, <c>RayPPOTrainer._dump_generations</c> and <c>_log_rollout_data</c>, commit b178a3c.</para>
/// </remarks>
public static class VerlLayout
{
    internal static bool Fits(JsonElement row) => row.TryGetProperty("output", out _) && (row.TryGetProperty("gts", out _) || (row.TryGetProperty("input", out _) && row.TryGetProperty("score", out _)));

    internal static IEnumerable<RolloutRow> Read(RolloutRecord record)
    {
        string response = record.Text("response", "output");
        var prompt = record.Prompt("input");
        long? step = record.Step();
        double reward = RolloutRecord.Number(record.Field("reward", "score"), "score");
        yield return record.Row(record.Sample(response, prompt, record.Field("reference", "gts")), record.Group(prompt, step, "uid"), reward, step) with
        {
            Components = RolloutRecord.Numbers(record.Json, "input", "output", "gts", "score", "step"),
        };
    }
}
