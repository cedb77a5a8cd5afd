using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Wrong solutions with the first wrong step marked by people. github.com/dvlab-research/MR-GSM8K.</summary>
/// <remarks>The gold solution is the first response and is preferred; the model's solution carries its steps: 1 before the marked one, 0 at it, not judged after it.</remarks>
public sealed class MrGsm8kLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "mr-gsm8k";

    /// <inheritdoc/>
    public override string Shape => "question, ground_truth_solution, model_output_steps, model_output_solution_first_error_step";

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("question", JsonValueKind.String), ("ground_truth_solution", JsonValueKind.String), ("model_output_steps", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        string[] steps = [.. row.GetProperty("model_output_steps").EnumerateArray().Select(s => s.ToString())];
        bool right = Maybe(row, "model_output_solution_correctness") == "correct";
        int wrong = right ? steps.Length + 1 : (int)(Maybe(row, "model_output_solution_first_error_step") is { } text && double.TryParse(text, out double n) ? n : 0);
        if (!right && (wrong < 1 || wrong > steps.Length))
        {
            throw new FormatException($"the first wrong step is {wrong} of {steps.Length}");
        }

        return new PreferenceRow
        {
            Id = Maybe(row, "uuid") ?? "",
            Prompt = User(Text(row, "question")),
            Responses =
            [
                new RatedResponse { Text = Text(row, "ground_truth_solution"), Label = true },
                new RatedResponse { Text = string.Join('\n', steps), Label = right, Steps = [.. steps.Select((s, i) => new StepLabel(s, i + 1 < wrong ? 1 : i + 1 == wrong ? 0 : double.NaN))] },
            ],
            Pairs = right ? [] : [new PreferencePair(0, 1)],
            Subset = Maybe(row, "question_type"),
        };
    }
}
