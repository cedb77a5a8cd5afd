using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>M-RewardBench: triples of RewardBench in 23 languages; a row keeps its id in every language. Dataset card of CohereLabsCommunity/multilingual-reward-bench. By documentation.</summary>
public sealed class MRewardBenchLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "m-reward-bench";

    /// <inheritdoc/>
    public override string Shape => "id, prompt, chosen, rejected, language";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("id", JsonValueKind.Undefined), ("prompt", JsonValueKind.String), ("chosen", JsonValueKind.String), ("rejected", JsonValueKind.String), ("language", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Id = Text(row, "id"),
        Prompt = User(Text(row, "prompt")),
        Responses = [new RatedResponse { Text = Text(row, "chosen"), Model = Maybe(row, "chosen_model"), Label = true }, new RatedResponse { Text = Text(row, "rejected"), Model = Maybe(row, "rejected_model"), Label = false }],
        Pairs = [new PreferencePair(0, 1)],
        Language = Text(row, "language"),
        Subset = Maybe(row, "subset") ?? Maybe(row, "category") ?? Maybe(row, "source"),
    };
}
