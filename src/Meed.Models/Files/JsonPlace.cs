using System.Text.Json;
using System.Text.Unicode;

namespace Meed.Models.Files;

/// <summary>A value of a JSON file together with where it stands, so that every complaint names file, place and reason.</summary>
internal readonly struct JsonPlace
{
    private readonly string _file;
    private readonly string _path;

    private JsonPlace(string file, string path, JsonElement element)
    {
        _file = file;
        _path = path;
        Element = element;
    }

    /// <summary>The value.</summary>
    public JsonElement Element { get; }

    /// <summary>True when the value is there and not null.</summary>
    public bool Exists => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The root object of a JSON document.</summary>
    /// <exception cref="InvalidDataException">The bytes are no JSON object.</exception>
    public static JsonPlace Parse(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            {
                json = json[3..];
            }

            if (!Utf8.IsValid(json.Span))
            {
                throw new InvalidDataException($"{file}: this is not JSON: its bytes are not UTF-8.");
            }

            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
            var root = new JsonPlace(file, "", document.RootElement.Clone());
            return root.Element.ValueKind == JsonValueKind.Object ? root : throw root.Error($"the file holds {Kind(root.Element)}, not an object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: this is not JSON: {OneLine(e.Message.Split(" LineNumber")[0]).TrimEnd('.')}.", e);
        }
    }

    /// <summary>Reads the root object of a file.</summary>
    public static JsonPlace Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A member; may be missing.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            string path = _path.Length == 0 ? name : $"{_path}.{name}";
            JsonElement member = default;
            try
            {
                if (Element.ValueKind == JsonValueKind.Object)
                {
                    Element.TryGetProperty(name, out member);
                }
            }
            catch (InvalidOperationException)   // another member's name is compared and cannot be unescaped
            {
                throw Error("the name of a member holds half of a surrogate pair");
            }

            return new JsonPlace(_file, path, member);
        }
    }

    /// <summary>The elements of an array.</summary>
    public IEnumerable<JsonPlace> Items()
    {
        Require(JsonValueKind.Array, "an array");
        return Walk(this);

        static IEnumerable<JsonPlace> Walk(JsonPlace place)
        {
            int i = 0;
            foreach (var item in place.Element.EnumerateArray())
            {
                yield return new JsonPlace(place._file, $"{place._path}[{i++}]", item);
            }
        }
    }

    /// <summary>The members of an object.</summary>
    public IEnumerable<(string Name, JsonPlace Value)> Members()
    {
        Require(JsonValueKind.Object, "an object");
        return Walk(this);

        static IEnumerable<(string, JsonPlace)> Walk(JsonPlace place)
        {
            foreach (var member in place.Element.EnumerateObject())
            {
                string name = place.Name(member);
                yield return (name, new JsonPlace(place._file, $"{place._path}[\"{name}\"]", member.Value));
            }
        }
    }

    /// <summary>The value as a string.</summary>
    public string Text()
    {
        Require(JsonValueKind.String, "a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("the string holds half of a surrogate pair, which is no text");
        }
    }

    /// <summary>The value as an integer within bounds.</summary>
    public int Int(int minimum, int maximum)
    {
        Require(JsonValueKind.Number, "an integer");
        return Element.TryGetInt32(out int value) && value >= minimum && value <= maximum
            ? value
            : throw Error($"{Element.GetRawText()} is not an integer from {minimum} to {maximum}");
    }

    /// <summary>The value as a finite number within bounds.</summary>
    public double Number(double minimum, double maximum)
    {
        Require(JsonValueKind.Number, "a number");
        return Element.TryGetDouble(out double value) && value >= minimum && value <= maximum
            ? value
            : throw Error($"{Element.GetRawText()} is not a number from {minimum} to {maximum}");
    }

    /// <summary>The value as true or false.</summary>
    public bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>The value as true or false, or a default when missing.</summary>
    public bool Flag(bool missing) => Exists ? Flag() : missing;

    /// <summary>A complaint about this place.</summary>
    public InvalidDataException Error(string reason) => new(OneLine(_path.Length == 0 ? $"{_file}: {reason}." : $"{_file}: {_path}: {reason}."));

    /// <summary>What the file says may hold line feeds; a complaint is one line.</summary>
    private static string OneLine(string text) => string.Create(text.Length, text, (line, from) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(from[i]) ? ' ' : from[i];
        }
    });

    private string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw Error("a name holds half of a surrogate pair, which is no text");
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    private InvalidDataException Wrong(string wanted) => Error(Element.ValueKind == JsonValueKind.Undefined ? $"it is missing; {wanted} is needed" : $"it is {Kind(Element)}; {wanted} is needed");

    private void Require(JsonValueKind kind, string wanted)
    {
        if (Element.ValueKind != kind)
        {
            throw Wrong(wanted);
        }
    }
}
