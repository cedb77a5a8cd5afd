using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>An instruction with its input, a better and a worse response. github.com/rasbt/LLMs-from-scratch, <c>ch07/04_preference-tuning-with-dpo</c>.</summary>
public sealed class InstructionPairLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "instruction-pair";

    /// <inheritdoc/>
    public override string Shape => "instruction, input, chosen, rejected";

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("instruction", JsonValueKind.String), ("chosen", JsonValueKind.String), ("rejected", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Prompt = User(Text(row, "instruction"), Maybe(row, "input")),
        Responses = [new RatedResponse { Text = Text(row, "chosen") }, new RatedResponse { Text = Text(row, "rejected") }],
        Pairs = [new PreferencePair(0, 1)],
    };
}
