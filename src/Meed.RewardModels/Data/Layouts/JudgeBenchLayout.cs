using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>JudgeBench: pairs of answers to hard questions, one right. README of github.com/ScalerLab/JudgeBench. By documentation.</summary>
public sealed class JudgeBenchLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "judge-bench";

    /// <inheritdoc/>
    public override string Shape => "question, response_A, response_B, label A>B or B>A";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("question", JsonValueKind.String), ("response_A", JsonValueKind.String), ("response_B", JsonValueKind.String), ("label", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Id = Maybe(row, "pair_id") ?? "",
        Prompt = User(Text(row, "question")),
        Responses = [new RatedResponse { Text = Text(row, "response_A"), Model = Maybe(row, "response_model") }, new RatedResponse { Text = Text(row, "response_B"), Model = Maybe(row, "response_model") }],
        Pairs = [Text(row, "label") switch { "A>B" => new PreferencePair(0, 1), "B>A" => new PreferencePair(1, 0), var other => throw new FormatException($"\"label\" is '{other}'; it is A>B or B>A") }],
        Subset = Maybe(row, "source"),
    };
}
