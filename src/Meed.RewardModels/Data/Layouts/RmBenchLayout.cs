using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>RM-Bench: three right and three wrong responses in three styles (concise, detailed, detailed with markdown). Dataset card of THU-KEG/RM-Bench. By documentation.</summary>
/// <remarks>Responses 0 to 2 are right, 3 to 5 wrong, styles in the same order; the bench compares all nine pairs.</remarks>
public sealed class RmBenchLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "rm-bench";

    /// <inheritdoc/>
    public override string Shape => "prompt, chosen: [3 texts], rejected: [3 texts], domain";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("chosen", JsonValueKind.Array), ("rejected", JsonValueKind.Array), ("domain", JsonValueKind.String))
        ?? (row.GetProperty("chosen").GetArrayLength() == 3 && row.GetProperty("rejected").GetArrayLength() == 3 ? null : "\"chosen\" and \"rejected\" do not have three texts each");

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        RatedResponse[] responses = [.. RewardBench2Layout.Sides(row, true), .. RewardBench2Layout.Sides(row, false)];
        return new PreferenceRow { Id = Maybe(row, "id") ?? "", Prompt = User(Text(row, "prompt")), Responses = responses, Pairs = PairsOf.Labels(responses), Subset = Text(row, "domain") };
    }
}
