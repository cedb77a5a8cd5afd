using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Documents;

/// <summary>Writes nodes as JSON or YAML.</summary>
public static class DocumentWriter
{
    /// <summary>The node as JSON: plain scalars become null, booleans and numbers as YAML reads them.</summary>
    public static JsonNode? ToJson(DocumentNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        switch (node.Kind)
        {
            case NodeKind.List:
                return new JsonArray([.. node.Items.Select(ToJson)]);
            case NodeKind.Map:
                var result = new JsonObject();
                foreach (var entry in node.Entries)
                {
                    result[entry.Key] = ToJson(entry.Value);
                }

                return result;
            default:
                if (node.Quoted)
                {
                    return JsonValue.Create(node.Text);
                }

                if (node.IsNull)
                {
                    return null;
                }

                if (node.Text is "true" or "false")
                {
                    return JsonValue.Create(node.Text == "true");
                }

                if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
                {
                    return JsonValue.Create(integer);
                }

                return LooksLikeNumber(node.Text) && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                    ? JsonValue.Create(number)
                    : JsonValue.Create(node.Text);
        }
    }

    /// <summary>A node from JSON, without lines.</summary>
    public static DocumentNode FromJson(JsonNode? json)
    {
        switch (json)
        {
            case null:
                return new DocumentNode { Kind = NodeKind.Scalar, Text = "null" };
            case JsonArray array:
                return new DocumentNode { Kind = NodeKind.List, Items = [.. array.Select(FromJson)] };
            case JsonObject map:
                return new DocumentNode { Kind = NodeKind.Map, Entries = [.. map.Select(p => new DocumentEntry(p.Key, FromJson(p.Value), 0, 0))] };
            default:
                bool isString = json.GetValueKind() == JsonValueKind.String;
                return new DocumentNode { Kind = NodeKind.Scalar, Text = isString ? json.GetValue<string>() : json.ToJsonString(), Quoted = isString };
        }
    }

    /// <summary>The node as block YAML, two spaces a level.</summary>
    public static string ToYaml(DocumentNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var text = new StringBuilder();
        Write(node, text, 0, inline: false);
        return text.ToString();
    }

    private static void Write(DocumentNode node, StringBuilder text, int indent, bool inline)
    {
        switch (node.Kind)
        {
            case NodeKind.Map when node.Entries.Count > 0:
                foreach (var (entry, i) in node.Entries.Select((e, i) => (e, i)))
                {
                    text.Append(inline && i == 0 ? "" : new string(' ', indent)).Append(Scalar(entry.Key, false)).Append(':');
                    WriteValue(entry.Value, text, indent + 2);
                }

                break;
            case NodeKind.List when node.Items.Count > 0:
                foreach (var (item, i) in node.Items.Select((e, i) => (e, i)))
                {
                    text.Append(inline && i == 0 ? "" : new string(' ', indent)).Append('-');
                    if (item.Kind == NodeKind.Scalar || Empty(item))
                    {
                        WriteValue(item, text, indent + 2);
                    }
                    else
                    {
                        text.Append(' ');
                        Write(item, text, indent + 2, inline: true);
                    }
                }

                break;
            default:
                text.Append(Leaf(node)).Append('\n');
                break;
        }
    }

    private static void WriteValue(DocumentNode value, StringBuilder text, int indent)
    {
        if (value.Kind == NodeKind.Scalar || Empty(value))
        {
            text.Append(' ').Append(Leaf(value)).Append('\n');
        }
        else
        {
            text.Append('\n');
            Write(value, text, indent, inline: false);
        }
    }

    private static bool Empty(DocumentNode node) => node.Items.Count == 0 && node.Entries.Count == 0;

    private static string Leaf(DocumentNode node) => node.Kind switch
    {
        NodeKind.Map => "{}",
        NodeKind.List => "[]",
        _ => Scalar(node.Text, node.Quoted),
    };

    private static string Scalar(string text, bool quoted)
    {
        bool plain = !quoted && text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '+' or '/' or ' ' or '%' or '(' or ')' or '=')
            && text[0] is not ('-' or ' ' or '%' or '=') && text[^1] != ' ';
        bool number = !quoted && LooksLikeNumber(text);
        return plain || number ? text : text.Length == 0 && !quoted ? "null" : JsonSerializer.Serialize(text, s_text);
    }

    private static readonly JsonSerializerOptions s_text = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool LooksLikeNumber(string text) => text.Length > 0 && (char.IsAsciiDigit(text[0]) || (text[0] is '-' or '+' or '.' && text.Length > 1 && (char.IsAsciiDigit(text[1]) || text[1] == '.')));
}
