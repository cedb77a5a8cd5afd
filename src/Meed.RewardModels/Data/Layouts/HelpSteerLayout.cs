using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>HelpSteer and HelpSteer2: one response a row, rated 0 to 4 on five criteria. Dataset cards of nvidia/HelpSteer and nvidia/HelpSteer2. By documentation.</summary>
/// <remarks>A row has one response and no pair; the rating is <c>helpfulness</c>. Regression on the attributes uses the rows as they are.</remarks>
public sealed class HelpSteerLayout : PreferenceLayout
{
    private static readonly string[] s_criteria = ["helpfulness", "correctness", "coherence", "complexity", "verbosity"];

    /// <inheritdoc/>
    public override string Name => "help-steer";

    /// <inheritdoc/>
    public override string Shape => "prompt, response, helpfulness, correctness, coherence, complexity, verbosity";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("prompt", JsonValueKind.String), ("response", JsonValueKind.String), ("helpfulness", JsonValueKind.Number), ("verbosity", JsonValueKind.Number));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files) => new()
    {
        Prompt = User(Text(row, "prompt")),
        Responses = [new RatedResponse { Text = Text(row, "response"), Rating = Number(row, "helpfulness"), Attributes = s_criteria.ToDictionary(c => c, c => Number(row, c)) }],
    };
}
