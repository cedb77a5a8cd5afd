using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Three human labels a pair, with two judges' verdicts. github.com/WeOpenML/PandaLM, <c>data/testset-v1.json</c>.</summary>
/// <remarks>Some responses are the JSON values true and false; they are read as these words. Each annotator gives 0 (tie), 1 or 2. One comparison an annotator; their majority is what <see cref="PreferenceRow.Pairs"/> average to.</remarks>
public sealed class PandaLmLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "pandalm";

    /// <inheritdoc/>
    public override string Shape => "instruction, response1, response2, annotators: [0, 1 or 2, ..]";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("instruction", JsonValueKind.String), ("response1", JsonValueKind.Undefined), ("response2", JsonValueKind.Undefined), ("annotators", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Id = Maybe(row, "idx") ?? "",
        Prompt = User(Text(row, "instruction"), Maybe(row, "input")),
        Responses = [new RatedResponse { Text = Text(row, "response1") }, new RatedResponse { Text = Text(row, "response2") }],
        Pairs = [.. row.GetProperty("annotators").EnumerateArray().Select((a, i) => NumberOf(a) switch
        {
            0 => new PreferencePair(0, 1, 0.5, 0, $"{i + 1}"),
            1 => new PreferencePair(0, 1, 1, 0, $"{i + 1}"),
            2 => new PreferencePair(1, 0, 1, 0, $"{i + 1}"),
            _ => throw new FormatException($"\"annotators\" holds {Short(a)}; it is 0, 1 or 2"),
        })],
    };
}
