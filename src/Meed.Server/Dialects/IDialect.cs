using System.Text.Json;
using Meed.Rewards;
using Meed.Rewards.Files;
using Meed.Server.Profiles;

namespace Meed.Server.Dialects;

/// <summary>One wire format: how a trainer asks for rewards and how it wants them answered.</summary>
/// <remarks>A dialect is chosen by the last segment of the path, <c>/p/{profile}/{segment}</c>, or <c>/{segment}</c> for the default profile.</remarks>
internal interface IDialect
{
    /// <summary>The last segment of the path, such as <c>get_reward</c>.</summary>
    string Segment { get; }

    /// <summary>One line for the list of endpoints.</summary>
    string Summary { get; }

    /// <summary>JSON Schema of the request, for the OpenAPI document.</summary>
    string RequestSchema { get; }

    /// <summary>JSON Schema of the answer.</summary>
    string ResponseSchema { get; }

    /// <summary>Reads a request body into samples. Throws <see cref="RequestException"/> with a sentence when it does not have the dialect's shape.</summary>
    WireRequest Read(JsonElement body, Profile profile);

    /// <summary>Writes the answer for the scored samples, in the order in which they came.</summary>
    void Write(Utf8JsonWriter writer, WireRequest request, Scores scores, Profile profile);

    /// <summary>HTTP status for scored samples: 200, unless the dialect's client retries failures by status.</summary>
    int StatusFor(Scores scores) => 200;
}

/// <summary>What a dialect read: the samples and whatever its answer has to repeat.</summary>
internal sealed record WireRequest(IReadOnlyList<TextSample> Samples)
{
    /// <summary>Parts of the request that the answer repeats; undefined when there are none.</summary>
    public JsonElement Echo { get; init; }

    /// <summary>True when the caller sent one value instead of a list and wants one back.</summary>
    public bool Single { get; init; }

    /// <summary>Ids that the caller gave its samples; empty when it gave none.</summary>
    public IReadOnlyList<string?> Ids { get; init; } = [];
}

/// <summary>The request does not have the shape that its dialect needs; the message is sent back with status 400.</summary>
internal sealed class RequestException(string message) : Exception(message);

/// <summary>Reading helpers that fail with the name and kind of what was wrong.</summary>
internal static class Json
{
    public static JsonElement Object(JsonElement element, string what) => element.ValueKind == JsonValueKind.Object
        ? element
        : throw new RequestException($"{what} must be a JSON object, not {Kind(element)}.");

    public static string Text(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw new RequestException($"{what} must be a string, not {Kind(element)}.");
        }

        return element.GetString()!;
    }

    /// <summary>Refuses bytes that are no UTF-8 and escapes that are half of a surrogate pair, in values and in names: they cannot become text, nor be written back.</summary>
    public static void RequireText(ReadOnlySpan<byte> json, string what)
    {
        if (JsonText.Problem(json) is { } problem)
        {
            throw new RequestException($"{what} {problem}.");
        }
    }

    public static JsonElement Required(JsonElement parent, string name, string shape) => parent.TryGetProperty(name, out var value)
        ? value
        : throw new RequestException($"\"{name}\" is missing. {shape}");

    /// <summary>The elements of a list; a single value counts as a list of one.</summary>
    public static List<JsonElement> List(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return [element];
        }

        var list = new List<JsonElement>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            list.Add(item);
        }

        return list;
    }

    /// <summary>Messages of a dialogue from a string or from a list of {role, content}.</summary>
    public static IReadOnlyList<Message> Messages(JsonElement element, string what)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return [];
            case JsonValueKind.String:
                return [new Message("user", Text(element, what))];
            case JsonValueKind.Array:
                var messages = new List<Message>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                {
                    Object(item, $"each message of {what}");
                    messages.Add(new Message(
                        item.TryGetProperty("role", out var role) ? Text(role, $"role in {what}") : "user",
                        item.TryGetProperty("content", out var content) ? Content(content, what) : "")
                    { ToolCalls = item.TryGetProperty("tool_calls", out var calls) ? calls : default });
                }

                return messages;
            default:
                throw new RequestException($"{what} must be a string or a list of messages, not {Kind(element)}.");
        }
    }

    /// <summary>Text of a message's content: a string, or the text parts of a list joined.</summary>
    public static string Content(JsonElement content, string what)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Array:
                var parts = new List<string>();
                foreach (var part in content.EnumerateArray())
                {
                    if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text))
                    {
                        parts.Add(Text(text, $"text in {what}"));
                    }
                }

                return string.Concat(parts);
            default:
                return Text(content, $"content in {what}");
        }
    }

    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    /// <summary>Writes a column of numbers; rows without a finite number give <paramref name="otherwise"/>, because NaN is not JSON.</summary>
    public static void Column(Utf8JsonWriter writer, string name, ReadOnlySpan<double> values, double otherwise = 0)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            writer.WriteNumberValue(double.IsFinite(value) ? value : otherwise);
        }

        writer.WriteEndArray();
    }
}
