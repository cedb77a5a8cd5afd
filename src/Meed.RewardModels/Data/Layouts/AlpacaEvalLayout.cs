using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>A judge's preferences against one reference model. github.com/tatsu-lab/alpaca_eval, <c>results/*/weighted_alpaca_eval_gpt4_turbo</c>.</summary>
/// <remarks>CSV with model, instruction_idx and p_model_preferred; texts stand beside it in <c>instructions.jsonl</c> and <c>outputs-MODEL.jsonl</c>. Rows whose text is not there are passed over.</remarks>
public sealed class AlpacaEvalLayout : PreferenceLayout
{
    private const string Reference = "gpt4_1106_preview";

    /// <inheritdoc/>
    public override string Name => "alpaca-eval";

    /// <inheritdoc/>
    public override string Shape => "model, instruction_idx, p_model_preferred, and instructions.jsonl and outputs-MODEL.jsonl beside it";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("model", JsonValueKind.String), ("instruction_idx", JsonValueKind.Undefined), ("p_model_preferred", JsonValueKind.Undefined));

    /// <inheritdoc/>
    public override PreferenceRow? Read(JsonElement row, LayoutFiles files)
    {
        string model = Text(row, "model"), idx = Text(row, "instruction_idx");
        double probability = Number(row, "p_model_preferred");
        if (probability is not (>= 0 and <= 1))
        {
            throw new FormatException($"\"p_model_preferred\" is {probability}; it is a probability");
        }

        if (model == Reference || files.Find("instructions", idx, "instruction") is not { } prompt || files.Find($"outputs-{model}", idx, "output") is not { } text || files.Find($"outputs-{Reference}", idx, "output") is not { } other)
        {
            return null;
        }

        return new PreferenceRow
        {
            Id = $"{model}/{idx}",
            Prompt = User(prompt),
            Responses = [new RatedResponse { Text = text, Model = model }, new RatedResponse { Text = other, Model = Reference }],
            Pairs = [new PreferencePair(0, 1, probability)],
            Subset = model,
        };
    }
}
