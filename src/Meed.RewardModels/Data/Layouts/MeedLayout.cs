using System.Text.Json;

namespace Meed.RewardModels.Data.Layouts;

/// <summary>The own format, described at <see cref="PreferenceRow"/>.</summary>
public sealed class MeedLayout : PreferenceLayout
{
    /// <inheritdoc/>
    public override string Name => "meed";

    /// <inheritdoc/>
    public override string Shape => "prompt or messages, and responses: [{text, label, rank, rating, image, frames, states, ..}]";

    /// <inheritdoc/>
    public override string? Misfit(JsonElement row) => Need(row, ("responses", JsonValueKind.Array))
        ?? (row.TryGetProperty("prompt", out _) || row.TryGetProperty("messages", out _) ? null : "\"prompt\" and \"messages\" are missing; give one of them");

    /// <inheritdoc/>
    public override PreferenceRow Read(JsonElement row, LayoutFiles files)
    {
        var prompt = row.TryGetProperty("messages", out var messages) ? Messages(messages, "messages")
            : row.GetProperty("prompt").ValueKind == JsonValueKind.Array ? Messages(row.GetProperty("prompt"), "prompt") : User(Text(row, "prompt"));
        RatedResponse[] responses = [.. row.GetProperty("responses").EnumerateArray().Select((r, i) => Response(r, i, files))];
        double margin = MaybeNumber(row, "margin") ?? 0;
        string? annotator = Maybe(row, "annotator");
        bool tie = row.TryGetProperty("tie", out var tied) && tied.ValueKind == JsonValueKind.True;
        return OneSight(new PreferenceRow
        {
            Prompt = prompt,
            Responses = responses,
            Pairs = row.TryGetProperty("preferences", out var stated) ? Stated(stated, responses.Length, margin) : tie ? Ties(responses.Length) : PairsOf.Responses(responses, margin),
            Annotator = annotator,
            Context = Maybe(row, "context"),
            Subset = Maybe(row, "subset"),
            Source = Maybe(row, "source") ?? "",
            Id = Maybe(row, "id") ?? "",
            Split = Maybe(row, "split"),
            Group = Maybe(row, "group"),
            Observation = files.Observation(row),
        });
    }

    private static RatedResponse Response(JsonElement value, int index, LayoutFiles files)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new RatedResponse { Text = value.GetString() };
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"a response is {Short(value)}, not an object with a text");
        }

        string? text = Maybe(value, "text");
        bool? label = value.TryGetProperty("label", out var l) ? l.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, JsonValueKind.Null => null, _ => Number(value, "label") > 0 } : null;
        return new RatedResponse
        {
            Text = text,
            Observation = files.Observation(value, $"responses[{index}]."),
            Model = Maybe(value, "model"),
            Label = label,
            Rank = MaybeNumber(value, "rank"),
            Rating = MaybeNumber(value, "rating"),
            Feature = value.TryGetProperty("feature", out _) ? (int)Number(value, "feature") : -1,
            Attributes = Named(value, "attributes", p => NumberOf(p.Value) is { } number && double.IsFinite(number) ? number : throw new FormatException($"attribute \"{p.Name}\" is {Short(p.Value)}, not a finite number")),
            Scores = Named(value, "scores", p => RewardMathLayout.Numbers(p.Value)),
            Spans = value.TryGetProperty("spans", out var spans) ? [.. spans.EnumerateArray().Select(s => Span(s, text))] : [],
            Steps = value.TryGetProperty("steps", out var steps) ? [.. steps.EnumerateArray().Select(s => new StepLabel(Text(s, "text"), Step(s)))] : [],
        };
    }

    private static double Step(JsonElement step) => !step.TryGetProperty("label", out var label) || label.ValueKind == JsonValueKind.Null ? double.NaN
        : label.ValueKind is JsonValueKind.True or JsonValueKind.False ? (label.GetBoolean() ? 1 : 0) : Number(step, "label");

    private static SpanLabel Span(JsonElement span, string? text)
    {
        int start = (int)Number(span, "start"), end = (int)Number(span, "end");
        return start >= 0 && end >= start && (text is null || end <= text.Length)
            ? new SpanLabel(start, end, Text(span, "label"))
            : throw new FormatException($"a span runs from {start} to {end} in a response of {text?.Length ?? 0} characters");
    }

    private static PreferencePair[] Stated(JsonElement list, int count, double margin) => [.. list.EnumerateArray().Select(p =>
    {
        int first = (int)Number(p, "first"), second = (int)Number(p, "second");
        double probability = MaybeNumber(p, "p") ?? (p.TryGetProperty("tie", out var tie) && tie.ValueKind == JsonValueKind.True ? 0.5 : 1);
        if (first == second || first < 0 || second < 0 || first >= count || second >= count)
        {
            throw new FormatException($"a preference compares responses {first} and {second} of {count}");
        }

        return probability is >= 0 and <= 1 ? new PreferencePair(first, second, probability, MaybeNumber(p, "margin") ?? margin, Maybe(p, "annotator"))
            : throw new FormatException($"a preference has p {probability}; it is a probability");
    })];

    private static PreferencePair[] Ties(int count) => [.. from i in Enumerable.Range(0, count) from j in Enumerable.Range(i + 1, count - i - 1) select new PreferencePair(i, j, 0.5)];
}
