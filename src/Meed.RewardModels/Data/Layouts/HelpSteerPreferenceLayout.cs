using System.Text.Json;
using Meed.Rewards;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>The preferences of HelpSteer2 and HelpSteer3: −3 (the first is much better) to 3 (the second is). Dataset cards of nvidia/HelpSteer2 and nvidia/HelpSteer3. By documentation.</summary>
/// <remarks>The margin is the strength; 0 is a tie.</remarks>
public sealed class HelpSteerPreferenceLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "help-steer-preference";

    /// <inheritdoc/>
    public override string Shape => "prompt or context, response_1 and response_2 (or response1 and response2), preference_strength or overall_preference";

    /// <inheritdoc/>
    public override bool ByDocumentation => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("response_1", JsonValueKind.String), ("response_2", JsonValueKind.String), ("preference_strength", JsonValueKind.Number)) is { } second
        ? Need(row, ("context", JsonValueKind.Array), ("response1", JsonValueKind.String), ("response2", JsonValueKind.String), ("overall_preference", JsonValueKind.Number)) is null ? null : second
        : Need(row, ("prompt", JsonValueKind.String));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        bool third = row.TryGetProperty("overall_preference", out _);
        double strength = Number(row, third ? "overall_preference" : "preference_strength");
        if (Math.Abs(strength) > 3)
        {
            throw new FormatException($"the preference is {strength}; it lies between -3 and 3");
        }

        IReadOnlyList<Message> prompt = third ? Messages(row.GetProperty("context"), "context") : User(Text(row, "prompt"));
        return new PreferenceRow
        {
            Prompt = prompt,
            Responses = [new RatedResponse { Text = Text(row, third ? "response1" : "response_1") }, new RatedResponse { Text = Text(row, third ? "response2" : "response_2") }],
            Pairs = [strength == 0 ? new PreferencePair(0, 1, 0.5) : strength < 0 ? new PreferencePair(0, 1, 1, -strength) : new PreferencePair(1, 0, 1, strength)],
            Subset = Maybe(row, "domain"),
            Split = Maybe(row, "split"),
        };
    }
}
