using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>RewardBench 2: one or more right responses and several wrong ones. Dataset card of allenai/reward-bench-2. By documentation.</summary>
public sealed class RewardBench2Layout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "reward-bench-2";

    /// <inheritdoc/>
    public override string Shape => "prompt, chosen: [text], rejected: [text], num_correct, num_incorrect, subset";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("chosen", JsonValueKind.Array), ("rejected", JsonValueKind.Array), ("num_correct", JsonValueKind.Number));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        string[] models = row.TryGetProperty("models", out var m) && m.ValueKind == JsonValueKind.Array ? [.. m.EnumerateArray().Select(x => x.ToString())] : [];
        var responses = Sides(row, true).Concat(Sides(row, false)).Select((r, i) => r with { Model = i < models.Length ? models[i] : null }).ToArray();
        int right = (int)Number(row, "num_correct");
        if (right != responses.Count(r => r.Label == true))
        {
            throw new FormatException($"\"num_correct\" is {right}; \"chosen\" has {responses.Count(r => r.Label == true)} texts");
        }

        return new PreferenceRow { Id = Maybe(row, "id") ?? "", Prompt = User(Text(row, "prompt")), Responses = responses, Pairs = PairsOf.Labels(responses), Subset = Maybe(row, "subset") };
    }

    internal static IEnumerable<RatedResponse> Sides(JsonElement row, bool right) => row.GetProperty(right ? "chosen" : "rejected").EnumerateArray()
        .Select(t => new RatedResponse { Text = t.GetString() ?? throw new FormatException("a response is null"), Label = right });
}
