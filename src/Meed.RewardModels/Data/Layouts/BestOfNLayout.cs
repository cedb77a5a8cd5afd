using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Several samples a prompt with a judge's gold score. github.com/allenai/reward-bench, <c>bon_eval/alpaca_eval_n=16</c>.</summary>
/// <remarks>Prompts stand in <c>instructions.jsonl</c> beside the file or in the folder <c>alpaca-eval-nc</c> next to its own. Samples of equal score are not compared.</remarks>
public sealed class BestOfNLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "best-of-n";

    /// <inheritdoc/>
    public override string Shape => "idx, samples: [{gold, output}], and instructions.jsonl beside it";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("idx", JsonValueKind.Number), ("samples", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        string idx = row.GetProperty("idx").GetRawText();
        string prompt = files.Find("instructions", idx, "instruction") ?? throw new FormatException($"no instruction {idx}: put instructions.jsonl beside the file, with idx and instruction in each row");
        RatedResponse[] responses = [.. row.GetProperty("samples").EnumerateArray().Select(s => new RatedResponse { Text = Text(s, "output"), Rating = Number(s, "gold") })];
        return new PreferenceRow { Id = idx, Prompt = User(prompt), Responses = responses, Pairs = PairsOf.Responses(responses) };
    }
}
