using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Auto-J's human pairwise test in 58 scenarios. github.com/prometheus-eval/prometheus-eval, <c>eval/benchmark/data/autoj_pairwise.json</c>.</summary>
/// <remarks><c>label</c>: 0 the first is better, 1 the second, 2 a tie.</remarks>
public sealed class AutoJLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "autoj-pairwise";

    /// <inheritdoc/>
    public override string Shape => "prompt, \"response 1\", \"response 2\", label 0, 1 or 2";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("response 1", JsonValueKind.String), ("response 2", JsonValueKind.String), ("label", JsonValueKind.Number));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Id = Maybe(row, "idx") ?? "",
        Prompt = User(Text(row, "prompt")),
        Responses = [new RatedResponse { Text = Text(row, "response 1") }, new RatedResponse { Text = Text(row, "response 2") }],
        Pairs = [Number(row, "label") switch { 0 => new PreferencePair(0, 1), 1 => new PreferencePair(1, 0), 2 => new PreferencePair(0, 1, 0.5), var other => throw new FormatException($"\"label\" is {other}; it is 0, 1 or 2") }],
        Subset = Maybe(row, "scenario"),
    };
}
