using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>PRM800K: solutions judged step by step, −1, 0 or 1. README of github.com/openai/prm800k. By documentation.</summary>
/// <remarks>
/// The response is the path that was followed: at each step the chosen completion, else the human one, else the first. Its labels: 1 right, ½ neutral, 0 wrong.
/// The response is right when no step of it is wrong.
/// </remarks>
public sealed class Prm800kLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "prm800k";

    /// <inheritdoc/>
    public override string Shape => "question: {problem}, label: {steps: [{completions: [{text, rating}], human_completion, chosen_completion}]}";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("question", JsonValueKind.Object), ("label", JsonValueKind.Object)) ?? Need(row.GetProperty("question"), ("problem", JsonValueKind.String)) ?? Need(row.GetProperty("label"), ("steps", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow? Read(JsonElement row, LayoutFiles files)
    {
        var steps = new List<StepLabel>();
        foreach (var step in row.GetProperty("label").GetProperty("steps").EnumerateArray())
        {
            if (Followed(step) is { } label)
            {
                steps.Add(label);
            }
        }

        return steps.Count == 0 ? null : new PreferenceRow
        {
            Prompt = User(Text(row.GetProperty("question"), "problem")),
            Responses = [new RatedResponse { Text = string.Join('\n', steps.Select(s => s.Text)), Steps = steps, Label = steps.TrueForAll(s => !(s.Value < 0.5)) }],
            Annotator = Maybe(row, "labeler"),
        };
    }

    private static StepLabel? Followed(JsonElement step)
    {
        bool own = step.TryGetProperty("completions", out var completions) && completions.ValueKind == JsonValueKind.Array && completions.GetArrayLength() > 0;
        if (own && step.TryGetProperty("chosen_completion", out var chosen) && chosen.ValueKind == JsonValueKind.Number)
        {
            int index = chosen.TryGetInt32(out int given) ? given : throw new FormatException($"\"chosen_completion\" is {Short(chosen)}, not a number of a completion");
            return index >= 0 && index < completions.GetArrayLength() ? Label(completions[index]) : throw new FormatException($"\"chosen_completion\" is {index} of {completions.GetArrayLength()} completions");
        }

        return step.TryGetProperty("human_completion", out var human) && human.ValueKind == JsonValueKind.Object ? new StepLabel(Text(human, "text"), 1) : own ? Label(completions[0]) : null;
    }

    private static StepLabel Label(JsonElement completion) => new(Text(completion, "text"), MaybeNumber(completion, "rating") is { } rating ? (rating + 1) / 2 : double.NaN);
}
