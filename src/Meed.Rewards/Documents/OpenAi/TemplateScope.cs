using System.Text.Json;
using System.Text.Json.Nodes;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>What templates see of one sample: <c>sample</c> is what the policy wrote, <c>item</c> the data row.</summary>
/// <remarks>
/// <c>sample.output_text</c> is the response, <c>sample.output_json</c> the response read as JSON, <c>sample.output_tools</c> the tool calls of the last message that makes any,
/// <c>sample.choices</c> a list with one chat completion. Where the caller sent no row, an object as reference stands for it, and any reference is <c>item.reference</c>.
/// </remarks>
public sealed class TemplateScope(TextSample sample)
{
    // What is put into it nests some levels deeper, and readers stop at 64.
    private const int DeepestJson = 48;

    private JsonElement? _item;
    private JsonElement? _output;
    private JsonElement? _choices;

    /// <summary>The parts of <c>sample</c>.</summary>
    public static IReadOnlyList<string> SampleKeys { get; } = ["output_text", "output_json", "output_tools", "choices"];

    /// <summary>The sample.</summary>
    public TextSample Sample { get; } = sample;

    /// <summary>The value at a path as text; null with the fault when it is missing.</summary>
    public string? Text(TemplatePath path, ref Work work, out TemplateFault fault, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool fromSample = path.Namespace == "sample";
        fault = fromSample ? TemplateFault.Sample : TemplateFault.Item;
        int first = fromSample ? 1 : 0;
        JsonElement value;
        if (fromSample)
        {
            string key = path.Steps[0].Key!;
            if (key == "output_text" && path.Steps.Count == 1)
            {
                work.Charge(Sample.Response.Length);
                fault = TemplateFault.None;
                reason = null;
                return Sample.Response;
            }

            value = key switch
            {
                "output_text" => default,
                "output_json" => OutputJson(ref work),
                "output_tools" => Tools(),
                _ => Choices(ref work),
            };
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                reason = key == "output_json" ? "unparsed" : $"missing sample.{key}";
                return null;
            }
        }
        else
        {
            value = Item();
        }

        string text;
        try
        {
            for (int i = first; i < path.Steps.Count; i++)
            {
                var (key, index) = path.Steps[i];
                bool there = key is not null ? value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out value)
                    : value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength();
                if (!there)
                {
                    reason = $"missing {path.Text}";
                    return null;
                }

                value = key is null ? value[index] : value;
            }

            text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, in a name or in the text.
            reason = $"unreadable {path.Text}";
            return null;
        }

        reason = null;
        fault = TemplateFault.None;
        work.Charge(text.Length);
        return text;
    }

    /// <summary>The data row; an object without members where there is none.</summary>
    public JsonElement Item()
    {
        if (_item is { } known)
        {
            return known;
        }

        var item = Sample.Item;
        if (item.ValueKind != JsonValueKind.Object)
        {
            var reference = Sample.Reference;
            var row = new JsonObject();
            if (reference.ValueKind == JsonValueKind.Object)
            {
                item = reference;
            }
            else
            {
                if (reference.ValueKind != JsonValueKind.Undefined)
                {
                    row["reference"] = JsonNode.Parse(reference.GetRawText());
                }

                item = JsonSerializer.SerializeToElement(row);
            }
        }

        _item = item;
        return item;
    }

    /// <summary>Everything of <c>sample</c> as one object, for graders that are programs.</summary>
    public JsonElement SampleObject(ref Work work)
    {
        var result = new JsonObject { ["output_text"] = Sample.Response };
        if (OutputJson(ref work) is { ValueKind: not JsonValueKind.Undefined } json)
        {
            result["output_json"] = JsonNode.Parse(json.GetRawText());
        }

        if (Tools() is { ValueKind: not JsonValueKind.Undefined } tools)
        {
            result["output_tools"] = JsonNode.Parse(tools.GetRawText());
        }

        result["choices"] = JsonNode.Parse(Choices(ref work).GetRawText());
        return JsonSerializer.SerializeToElement(result);
    }

    private JsonElement OutputJson(ref Work work)
    {
        if (_output is { } known)
        {
            return known;
        }

        work.Charge(2L * Sample.Response.Length);
        JsonElement output = default;
        try
        {
            using var document = JsonDocument.Parse(Sample.Response, new JsonDocumentOptions { MaxDepth = DeepestJson });
            output = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // It is no JSON: the variable is missing.
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair in the response.
        }

        _output = output;
        return output;
    }

    private JsonElement Tools()
    {
        for (int i = Sample.Turns.Count - 1; i >= 0; i--)
        {
            if (Sample.Turns[i].ToolCalls is { ValueKind: JsonValueKind.Array } calls)
            {
                return calls;
            }
        }

        return default;
    }

    private JsonElement Choices(ref Work work)
    {
        if (_choices is { } known)
        {
            return known;
        }

        work.Charge(Sample.Response.Length);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Sample.Response };
        if (Tools() is { ValueKind: JsonValueKind.Array } tools)
        {
            message["tool_calls"] = JsonNode.Parse(tools.GetRawText());
        }

        var choices = JsonSerializer.SerializeToElement(new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = Sample.Truncated ? "length" : "stop" }));
        _choices = choices;
        return choices;
    }
}
