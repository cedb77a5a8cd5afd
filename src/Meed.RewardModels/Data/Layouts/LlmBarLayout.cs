using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Judge benchmarks with an objective label. github.com/princeton-nlp/LLMBar, <c>Dataset</c>.</summary>
public sealed class LlmBarLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "llmbar";

    /// <inheritdoc/>
    public override string Shape => "input, output_1, output_2, label 1 or 2";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("input", JsonValueKind.String), ("output_1", JsonValueKind.String), ("output_2", JsonValueKind.String), ("label", JsonValueKind.Number));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Prompt = User(Text(row, "input")),
        Responses = [new RatedResponse { Text = Text(row, "output_1") }, new RatedResponse { Text = Text(row, "output_2") }],
        Pairs = [Number(row, "label") switch { 1 => new PreferencePair(0, 1), 2 => new PreferencePair(1, 0), var other => throw new FormatException($"\"label\" is {other}; it is 1 or 2") }],
    };
}
