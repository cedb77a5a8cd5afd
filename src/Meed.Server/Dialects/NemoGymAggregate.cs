using System.Text.Json;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>NeMo-Gym's <c>POST /aggregate_metrics</c>: statistics over answers of <c>/verify</c>.</summary>
/// <remarks>
/// Request <c>{"verify_responses": […]}</c>. Per task (<c>_ng_task_index</c>): mean and best reward. Over all: mean reward and components, and the share
/// of rows that failed, which are left out of the means.
/// </remarks>
internal static class NemoGymAggregate
{
    public sealed record Result(IReadOnlyList<(string Task, int Count, double Mean, double Best)> Groups, IReadOnlyDictionary<string, double> Means, double FailedShare);

    public static Result Compute(JsonElement body, Profile profile)
    {
        Json.Object(body, "The body");
        var rows = Json.Required(body, "verify_responses", "NeMo-Gym sends {\"verify_responses\": [...]}.");
        if (rows.ValueKind != JsonValueKind.Array)
        {
            throw new RequestException($"\"verify_responses\" must be a list, not {Json.Kind(rows)}.");
        }

        string[] names = ["reward", .. profile.Schema.Components];
        var sums = new Dictionary<string, (double Sum, int Count)>(StringComparer.Ordinal);
        var groups = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        int failed = 0, total = 0;
        foreach (var row in rows.EnumerateArray())
        {
            Json.Object(row, "each verify response");
            total++;
            if (row.TryGetProperty("_ng_failure_class", out var failure) && failure.ValueKind == JsonValueKind.String)
            {
                failed++;
                continue;
            }

            foreach (string name in names)
            {
                if (row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
                {
                    var (sum, count) = sums.GetValueOrDefault(name);
                    sums[name] = (sum + Number(value, name), count + 1);
                }
            }

            if (row.TryGetProperty("_ng_task_index", out var task) && row.TryGetProperty("reward", out var reward) && reward.ValueKind == JsonValueKind.Number)
            {
                string key = task.ToString();
                if (!groups.TryGetValue(key, out var list))
                {
                    groups[key] = list = [];
                }

                list.Add(Number(reward, "reward"));
            }
        }

        return new Result(
            [.. groups.Select(g => (g.Key, g.Value.Count, g.Value.Average(), g.Value.Max()))],
            sums.ToDictionary(s => s.Key, s => s.Value.Sum / s.Value.Count, StringComparer.Ordinal),
            total == 0 ? 0 : (double)failed / total);
    }

    // Sums of what is in bounds stay finite, and NaN and the infinities cannot be written back.
    private static double Number(JsonElement value, string name) => value.TryGetDouble(out double number) && Math.Abs(number) <= 1e100
        ? number
        : throw new RequestException($"\"{name}\" of a verify response is no number between -1e100 and 1e100.");

    public static void Write(Utf8JsonWriter writer, Result result)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("group_level_metrics");
        foreach (var (task, count, mean, best) in result.Groups)
        {
            writer.WriteStartObject(task);
            writer.WriteNumber("count", count);
            writer.WriteNumber("mean/reward", mean);
            writer.WriteNumber("max/reward", best);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("agent_metrics");
        foreach (var (name, mean) in result.Means)
        {
            writer.WriteNumber($"mean/{name}", mean);
        }

        writer.WriteNumber("failed_share", result.FailedShare);
        writer.WriteEndObject();
        writer.WriteStartObject("key_metrics");
        writer.WriteNumber("mean/reward", result.Means.GetValueOrDefault("reward"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
