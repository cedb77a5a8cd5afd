using System.Text;
using System.Text.Json;

namespace Meed.Rewards.Documents;

/// <summary>Reads JSON into nodes that know their lines.</summary>
public static class DocumentJson
{
    /// <summary>How deep a document may nest.</summary>
    public const int DeepestNesting = 64;

    /// <summary>Reads one JSON value; comments and trailing commas are allowed.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <exception cref="DocumentException">The text is no JSON, or a map names a key twice.</exception>
    public static DocumentNode Read(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var lines = new List<int> { 0 };
        for (int i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '\n')
            {
                lines.Add(i + 1);
            }
        }

        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new DocumentException(file, 0, "is empty.");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestNesting });
        try
        {
            reader.Read();
            var node = Convert(ref reader, lines, file);
            return reader.Read() ? throw new DocumentException(file, Place(ref reader, lines).Line, "has more text after its end.") : node;
        }
        catch (JsonException e)
        {
            throw new DocumentException(file, (int)(e.LineNumber ?? -1) + 1, $"not readable as JSON: {JsonProblem.Of(e)}");
        }
        catch (InvalidOperationException e)
        {
            throw new DocumentException(file, Place(ref reader, lines).Line, $"not readable as JSON: {e.Message}");
        }
    }

    /// <summary>Reads JSON text.</summary>
    public static DocumentNode Read(string json, string file) => Read(Encoding.UTF8.GetBytes(json), file);

    /// <summary>Reads a JSON element; lines count from its own beginning.</summary>
    public static DocumentNode Read(JsonElement element, string file) => Read(element.GetRawText(), file);

    /// <summary>Writes a node as JSON in its canonical form: keys sorted, no white space, numbers in their shortest form, <c>{ name: {} }</c> as <c>name</c>.</summary>
    public static string Canonical(DocumentNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(DocumentNode node, StringBuilder text)
    {
        switch (node.Kind)
        {
            case NodeKind.Map when node.Entries.Count == 1 && node.Entries[0].Value is { Kind: NodeKind.Map, Entries.Count: 0 }:
                text.Append(Quote(node.Entries[0].Key));
                break;
            case NodeKind.Map:
                text.Append('{');
                foreach (var (i, entry) in node.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Index())
                {
                    text.Append(i > 0 ? "," : "").Append(Quote(entry.Key)).Append(':');
                    Write(entry.Value, text);
                }

                text.Append('}');
                break;
            case NodeKind.List:
                text.Append('[');
                foreach (var (i, item) in node.Items.Index())
                {
                    text.Append(i > 0 ? "," : "");
                    Write(item, text);
                }

                text.Append(']');
                break;
            default:
                text.Append(node.Quoted ? Quote(node.Text)
                    : node.IsNull ? "null"
                    : node.Text is "true" or "false" ? node.Text
                    : Numbers.TryParse(node.Text, out double number) ? number.ToString("R")
                    : Quote(node.Text));
                break;
        }
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static DocumentNode Convert(ref Utf8JsonReader reader, List<int> lines, string file)
    {
        var (line, column) = Place(ref reader, lines);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<DocumentEntry>();
                var keys = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (keyLine, keyColumn) = Place(ref reader, lines);
                    string key = reader.GetString()!;
                    if (!keys.Add(key))
                    {
                        throw new DocumentException(file, keyLine, $"names the key '{key}' twice.");
                    }

                    reader.Read();
                    entries.Add(new DocumentEntry(key, Convert(ref reader, lines, file), keyLine, keyColumn));
                }

                return new DocumentNode { Kind = NodeKind.Map, Line = line, Column = column, Entries = entries };
            case JsonTokenType.StartArray:
                var items = new List<DocumentNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Convert(ref reader, lines, file));
                }

                return new DocumentNode { Kind = NodeKind.List, Line = line, Column = column, Items = items };
            case JsonTokenType.String:
                return new DocumentNode { Kind = NodeKind.Scalar, Line = line, Column = column, Text = reader.GetString()!, Quoted = true };
            default:
                return new DocumentNode { Kind = NodeKind.Scalar, Line = line, Column = column, Text = Encoding.UTF8.GetString(reader.ValueSpan) };
        }
    }

    private static (int Line, int Column) Place(ref Utf8JsonReader reader, List<int> lines)
    {
        int at = (int)reader.TokenStartIndex;
        int line = lines.BinarySearch(at);
        line = line < 0 ? ~line : line + 1;
        return (line, at - lines[line - 1] + 1);
    }
}
