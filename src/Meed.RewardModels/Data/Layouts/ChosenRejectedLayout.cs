using System.Text.Json;
using Meed.Rewards;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>The common layout of preference trainers: prompt, chosen, rejected, each a text, a list of messages (as in HuggingFaceH4/ultrafeedback_binarized) or an object that shows something.</summary>
/// <remarks>The margin is <c>margin</c>, else <c>score_chosen − score_rejected</c>. Where the sides are message lists, their last message is the response and what comes before it the prompt.</remarks>
public sealed class ChosenRejectedLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "chosen-rejected";

    /// <inheritdoc/>
    public override string Shape => "prompt, chosen, rejected (texts, lists of messages, or objects with text, image, frames or states)";

    /// <inheritdoc/>
    public override bool BetterFirst => true;

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("chosen", JsonValueKind.Undefined), ("rejected", JsonValueKind.Undefined))
        ?? (row.TryGetProperty("prompt", out _) || row.GetProperty("chosen").ValueKind == JsonValueKind.Array ? null : "\"prompt\" is missing");

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        var (context, chosen) = Side(row, "chosen");
        var (_, rejected) = Side(row, "rejected");
        var prompt = !row.TryGetProperty("prompt", out var p) ? context : p.ValueKind == JsonValueKind.Array ? Messages(p, "prompt") : context.Count > 0 ? context : User(Text(row, "prompt"));
        double margin = MaybeNumber(row, "margin") ?? ((MaybeNumber(row, "score_chosen") ?? 0) - (MaybeNumber(row, "score_rejected") ?? 0));
        bool tie = row.TryGetProperty("tie", out var t) && t.ValueKind == JsonValueKind.True;
        return OneSight(new PreferenceRow
        {
            Id = Maybe(row, "prompt_id") ?? Maybe(row, "id") ?? "",
            Prompt = prompt,
            Responses =
            [
                new RatedResponse { Text = chosen, Rating = MaybeNumber(row, "score_chosen"), Observation = files.Observation(row.GetProperty("chosen"), "chosen.") },
                new RatedResponse { Text = rejected, Rating = MaybeNumber(row, "score_rejected"), Observation = files.Observation(row.GetProperty("rejected"), "rejected.") },
            ],
            Pairs = [new PreferencePair(0, 1, tie ? 0.5 : 1, Math.Max(0, margin), Maybe(row, "annotator"))],
            Annotator = Maybe(row, "annotator"),
            Context = Maybe(row, "context"),
            Source = Maybe(row, "source") ?? "",
            Split = Maybe(row, "split"),
            Group = Maybe(row, "group"),
            Observation = files.Observation(row),
        });
    }

    private static (IReadOnlyList<Message> Context, string? Response) Side(JsonElement row, string key)
    {
        if (row.GetProperty(key) is { ValueKind: JsonValueKind.Object } shown)
        {
            return ([], Maybe(shown, "text"));
        }

        if (row.GetProperty(key).ValueKind != JsonValueKind.Array)
        {
            return ([], Text(row, key));
        }

        var messages = Messages(row.GetProperty(key), key);
        return messages.Count > 0 ? ([.. messages.Take(messages.Count - 1)], messages[^1].Content) : throw new FormatException($"\"{key}\" is an empty list");
    }
}
