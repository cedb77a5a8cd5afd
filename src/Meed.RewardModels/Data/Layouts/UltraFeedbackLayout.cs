using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>UltraFeedback: four completions a prompt, rated on four criteria. Dataset card of openbmb/UltraFeedback. By documentation.</summary>
/// <remarks>The rating is <c>overall_score</c>, else <c>fine-grained_score</c>, else the mean of the criteria. Ratings written as "N/A" are left out.</remarks>
public sealed class UltraFeedbackLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "ultra-feedback";

    /// <inheritdoc/>
    public override string Shape => "instruction, completions: [{response, annotations: {criterion: {Rating}}, overall_score}]";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("instruction", JsonValueKind.String), ("completions", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        RatedResponse[] responses = [.. row.GetProperty("completions").EnumerateArray().Select(Response)];
        return new PreferenceRow { Prompt = User(Text(row, "instruction")), Responses = responses, Pairs = PairsOf.Responses(responses), Subset = Maybe(row, "source") };
    }

    private static RatedResponse Response(JsonElement completion)
    {
        var attributes = new Dictionary<string, double>();
        if (completion.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object)
        {
            foreach (var criterion in annotations.EnumerateObject())
            {
                var rating = criterion.Value.ValueKind == JsonValueKind.Array ? criterion.Value.EnumerateArray().FirstOrDefault() : criterion.Value;
                if (rating.ValueKind == JsonValueKind.Object && rating.TryGetProperty("Rating", out var value) && NumberOf(value) is { } number)
                {
                    attributes[criterion.Name] = number;
                }
            }
        }

        double? overall = completion.TryGetProperty("overall_score", out var o) ? NumberOf(o) : completion.TryGetProperty("fine-grained_score", out var f) ? NumberOf(f) : null;
        return new RatedResponse { Text = Text(completion, "response"), Model = Maybe(completion, "model"), Attributes = attributes, Rating = overall ?? (attributes.Count > 0 ? attributes.Values.Average() : null) };
    }
}
