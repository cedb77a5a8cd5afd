using System.Text;
using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Files;

/// <summary>Finds a sample's fields in a row of JSON; what is not mapped is passed over without being read.</summary>
internal sealed class FieldMap
{
    private const int None = -1;
    private static readonly string[] s_fields = ["response", "prompt", "reference", "item", "tokens", "truncated"];

    private static readonly string[][] s_aliases =
    [
        ["response", "completion", "output", "prediction", "generation", "generated_text"],
        ["prompt", "messages", "question", "problem", "instruction", "input", "query"],
        ["reference", "ground_truth", "gold", "answer", "target", "label", "solution"],
        [],
        ["response_tokens", "tokens"],
        ["truncated"],
    ];

    private readonly Node _root = new("");
    private readonly bool[] _mapped = new bool[s_fields.Length];
    private readonly string[] _paths = new string[s_fields.Length];
    private readonly bool _wholeItem;
    private readonly int _keep;

    public FieldMap(IReadOnlyDictionary<string, string> map, IReadOnlyList<string> keep)
    {
        for (int f = 0; f < s_fields.Length; f++)
        {
            if (map.TryGetValue(s_fields[f], out string? path))
            {
                _mapped[f] = true;
                _paths[f] = path;
                if (path != ".")
                {
                    Add(path, f, 0);
                }
            }
            else
            {
                for (int a = 0; a < s_aliases[f].Length; a++)
                {
                    Add(s_aliases[f][a], f, a);
                }
            }
        }

        _wholeItem = !_mapped[3] || _paths[3] == ".";
        _keep = keep.Count;
        for (int k = 0; k < keep.Count; k++)
        {
            Add(keep[k], s_fields.Length + k, 0);
        }
    }

    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, string> map)
    {
        foreach (var (field, path) in map)
        {
            if (!s_fields.Contains(field))
            {
                yield return $"Map names the field '{field}'. {Nearest.Hint(field, s_fields)}";
            }

            if (path.Length == 0 || (path != "." && path.Split('.').Any(p => p.Length == 0)) || (path == "." && field != "item"))
            {
                yield return $"Map gives {field} the path '{path}'; write keys joined by dots, such as 175b_verification.solution.";
            }
        }
    }

    /// <summary>Folder that paths in the rows of an input start at: the input's own, or the working folder for standard input.</summary>
    public static string FolderOf(string input) => input == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(input))!;

    /// <summary>Reads one line.</summary>
    /// <param name="line">The line's bytes; they stay valid while the sample is used.</param>
    /// <param name="kept">Receives where kept values stand in the line, [keep].</param>
    /// <param name="problem">What is wrong, when the result is null.</param>
    /// <param name="folder">Where paths in the row start.</param>
    public TextSample? Read(ReadOnlyMemory<byte> line, Span<Range> kept, out string problem, string? folder = null)
    {
        var found = new Found();
        kept.Clear();
        try
        {
            var reader = new Utf8JsonReader(line.Span, new JsonReaderOptions { MaxDepth = 256 });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                problem = $"The line is {Words(reader.TokenType)}; each line is one JSON object.";
                return null;
            }

            Walk(ref reader, _root, ref found, kept);
            if (reader.Read())
            {
                problem = "The line has more text after its object.";
                return null;
            }
        }
        catch (JsonException e)
        {
            problem = $"The line is not readable as JSON: {JsonProblem.Of(e)}";
            return null;
        }
        catch (InvalidOperationException e)
        {
            problem = $"The line is not readable as JSON: {JsonProblem.Of(e)}";
            return null;
        }

        if (found.Problem is not null)
        {
            problem = found.Problem;
            return null;
        }

        // A row that shows something may be judged by that alone.
        if (found.Response is null && !_mapped[0] && Shows(line.Span))
        {
            found.Response = "";
        }

        if (found.Response is null)
        {
            problem = Missing(0);
            return null;
        }

        for (int f = 1; f < s_fields.Length; f++)
        {
            if (_mapped[f] && found.Order[f] == 0 && _paths[f] != ".")
            {
                problem = Missing(f);
                return null;
            }
        }

        problem = "";
        return new TextSample
        {
            Response = found.Response,
            Prompt = found.Prompt ?? [],
            ReferenceText = found.ReferenceText,
            Reference = found.Reference,
            Item = found.Item,
            ItemJson = _wholeItem ? line : default,
            Folder = folder,
            ResponseTokens = found.Tokens,
            Truncated = found.Truncated,
        };
    }

    private static bool Shows(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool shows = reader.ValueTextEquals("image"u8) || reader.ValueTextEquals("frames"u8) || reader.ValueTextEquals("states"u8);
            reader.Read();
            if (shows && reader.TokenType != JsonTokenType.Null)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private void Add(string path, int field, int order)
    {
        var node = _root;
        foreach (string key in path.Split('.'))
        {
            node = node.Child(key);
        }

        node.Targets = [.. node.Targets, (field, order)];
    }

    private void Walk(ref Utf8JsonReader reader, Node node, ref Found found, Span<Range> kept)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Find(ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            int start = (int)reader.TokenStartIndex;
            var begin = reader;
            bool walked = false;
            if (child.Children.Length > 0 && reader.TokenType == JsonTokenType.StartObject)
            {
                Walk(ref reader, child, ref found, kept);
                walked = true;
            }

            foreach (var (field, order) in child.Targets)
            {
                var value = begin;
                Take(ref value, field, order, ref found);
                reader = value;
                walked = true;
            }

            if (!walked)
            {
                reader.Skip();
            }

            foreach (var (field, _) in child.Targets)
            {
                if (field >= s_fields.Length)
                {
                    kept[field - s_fields.Length] = start..(int)reader.BytesConsumed;
                }
            }
        }
    }

    // Afterwards the reader stands on the value's last token.
    private void Take(ref Utf8JsonReader reader, int field, int order, ref Found found)
    {
        bool better = field < s_fields.Length && reader.TokenType != JsonTokenType.Null && (found.Order[field] == 0 || order < found.Order[field]);
        if (!better)
        {
            reader.Skip();
            return;
        }

        found.Order[field] = order + 1;
        bool container = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        switch (field)
        {
            case 0 when !container:
                found.Response = Text(ref reader);
                return;
            case 1 when !container:
                found.Prompt = [new Message("user", Text(ref reader))];
                return;
            case 1 when reader.TokenType == JsonTokenType.StartArray:
                found.Prompt = Messages(JsonElement.ParseValue(ref reader), ref found);
                return;
            case 2 when !container:
                found.ReferenceText = Text(ref reader);
                found.Reference = default;
                return;
            case 2:
                found.Reference = JsonElement.ParseValue(ref reader);
                found.ReferenceText = null;
                return;
            case 3:
                found.Item = JsonElement.ParseValue(ref reader);
                return;
            case 4 when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int tokens) && tokens >= 0:
                found.Tokens = tokens;
                return;
            case 5 when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                found.Truncated = reader.TokenType == JsonTokenType.True;
                return;
        }

        if (_mapped[field] || field <= 1)
        {
            found.Problem = $"'{(_mapped[field] ? _paths[field] : s_aliases[field][order])}' is {Words(reader.TokenType)}; {Expected(field)}.";
        }

        reader.Skip();
    }

    private static string Expected(int field) => field switch
    {
        0 => "a response is a text",
        1 => "a prompt is a text or a list of messages",
        4 => "a count of tokens is a whole number",
        _ => "truncated is true or false",
    };

    private static string Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);

    private static List<Message>? Messages(JsonElement list, ref Found found)
    {
        var messages = new List<Message>();
        foreach (var message in list.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String)
            {
                found.Problem = "A message of the prompt has no text under 'content'.";
                return null;
            }

            messages.Add(new Message(message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : "user", content.GetString()!));
        }

        return messages;
    }

    private string Missing(int field) => _mapped[field]
        ? $"'{_paths[field]}' is missing."
        : $"No {s_fields[field]}: none of {string.Join(", ", s_aliases[field])} is there. Name its place with --map {s_fields[field]}=path.";

    private static string Words(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private ref struct Found
    {
        public string? Response;
        public IReadOnlyList<Message>? Prompt;
        public string? ReferenceText;
        public JsonElement Reference;
        public JsonElement Item;
        public int Tokens;
        public bool Truncated;
        public string? Problem;
        public Orders Order;
    }

    /// <summary>1 + the order of the alias that each field came from; 0 while it was not seen.</summary>
    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct Orders
    {
        private int _first;
    }

    private sealed class Node(string key)
    {
        private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

        public string Key { get; } = key;

        public Node[] Children { get; private set; } = [];

        public (int Field, int Order)[] Targets { get; set; } = [];

        public Node Child(string name)
        {
            var child = Array.Find(Children, c => c.Key == name);
            if (child is null)
            {
                child = new Node(name);
                Children = [.. Children, child];
            }

            return child;
        }

        public Node? Find(ref Utf8JsonReader reader)
        {
            if (!reader.ValueIsEscaped)
            {
                var name = reader.ValueSpan;
                foreach (var child in Children)
                {
                    if (name.SequenceEqual(child._key))
                    {
                        return child;
                    }
                }

                return null;
            }

            foreach (var child in Children)
            {
                if (reader.ValueTextEquals(child._key))
                {
                    return child;
                }
            }

            return null;
        }
    }
}
