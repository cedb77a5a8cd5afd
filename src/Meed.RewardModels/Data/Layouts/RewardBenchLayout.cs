using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>RewardBench: a prompt with a better and a worse response in 23 subsets. Dataset card of allenai/reward-bench. By documentation.</summary>
public sealed class RewardBenchLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "reward-bench";

    /// <inheritdoc/>
    public override string Shape => "prompt, chosen, rejected, subset";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("chosen", JsonValueKind.String), ("rejected", JsonValueKind.String), ("subset", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Id = Maybe(row, "id") ?? "",
        Prompt = User(Text(row, "prompt")),
        Responses = [new RatedResponse { Text = Text(row, "chosen"), Model = Maybe(row, "chosen_model"), Label = true }, new RatedResponse { Text = Text(row, "rejected"), Model = Maybe(row, "rejected_model"), Label = false }],
        Pairs = [new PreferencePair(0, 1)],
        Subset = Text(row, "subset"),
    };
}
