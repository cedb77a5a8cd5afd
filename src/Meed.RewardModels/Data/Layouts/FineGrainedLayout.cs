using System.Globalization;
using System.Text.Json;
using Meed.Rewards;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>Fine-grained human feedback on long answers: spans of the first answer and preferences over four. github.com/allenai/FineGrainedRLHF, <c>tasks/qa_feedback/data</c>.</summary>
/// <remarks><c>preference</c> holds six numbers for the pairs 1-2, 1-3, 1-4, 2-3, 2-4, 3-4: 1 the first is better, 2 the second, 0 neither.</remarks>
public sealed class FineGrainedLayout : PreferenceLayout
{
    private static readonly (int First, int Second)[] s_order = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

    /// <inheritdoc/>
    public override string Name => "fine-grained-rlhf";

    /// <inheritdoc/>
    public override string Shape => "question, \"prediction 1\" to \"prediction 4\", feedback, preference";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("question", JsonValueKind.String), ("prediction 1", JsonValueKind.String), ("prediction 4", JsonValueKind.String), ("preference", JsonValueKind.Array));

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        var preference = row.GetProperty("preference");
        if (preference.GetArrayLength() != 6)
        {
            throw new FormatException($"\"preference\" has {preference.GetArrayLength()} numbers; four answers make 6 pairs");
        }

        var pairs = s_order.Select((p, i) => NumberOf(preference[i]) switch
        {
            1 => new PreferencePair(p.First, p.Second),
            2 => new PreferencePair(p.Second, p.First),
            0 => new PreferencePair(p.First, p.Second, 0.5),
            _ => throw new FormatException($"\"preference\" holds {Short(preference[i])}; it is 0, 1 or 2"),
        });
        string first = Text(row, "prediction 1");
        var errors = row.TryGetProperty("feedback", out var feedback) && feedback.TryGetProperty("errors", out var list) ? list.EnumerateArray().Select(e => new SpanLabel(
            Math.Clamp((int)Number(e, "start"), 0, first.Length), Math.Clamp((int)Number(e, "end"), 0, first.Length), Text(e, "error type"))) : [];
        var responses = Enumerable.Range(1, 4).Select(i => new RatedResponse { Text = Text(row, string.Create(CultureInfo.InvariantCulture, $"prediction {i}")), Spans = i == 1 ? [.. errors] : [] });
        return new PreferenceRow { Prompt = Question(row), Responses = [.. responses], Pairs = [.. pairs] };
    }

    // The passages come first, as the answers were written from them.
    private static IReadOnlyList<Message> Question(JsonElement row)
    {
        var passages = row.TryGetProperty("passages", out var all) && all.ValueKind == JsonValueKind.Array
            ? all.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Array ? string.Join(' ', p.EnumerateArray().Skip(1).SelectMany(s => s.ValueKind == JsonValueKind.Array ? s.EnumerateArray() : Enumerable.Repeat(s, 1)).Select(s => s.ToString())) : p.ToString())
            : [];
        string context = string.Join("\n\n", passages);
        string question = Text(row, "question");
        return context.Length == 0 ? User(question) : [new Message("system", context), new Message("user", question)];
    }
}
