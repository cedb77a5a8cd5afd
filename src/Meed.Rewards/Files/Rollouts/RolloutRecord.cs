using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Meed.Rewards.Files.Rollouts;

/// <summary>A row is not what its layout says. The message is one sentence.</summary>
internal sealed class RolloutRowException(string message) : Exception(message);

/// <summary>One JSON object of a file of rollouts with what a layout needs to read it.</summary>
internal sealed class RolloutRecord(JsonElement json, ReadOnlyMemory<byte> line, string file, long number, RolloutOptions options)
{
    /// <summary>Most components of a row; further numbers are passed over.</summary>
    public const int MostComponents = 64;

    private int _alone;

    public JsonElement Json { get; } = json;

    public RolloutOptions Options { get; } = options;

    /// <summary>The value of a mapped field, else of the first of some keys that is there and not null; undefined when there is none.</summary>
    public JsonElement Field(string field, params ReadOnlySpan<string> keys)
    {
        if (Options.Map.TryGetValue(field, out string? path))
        {
            return At(path) is { ValueKind: not JsonValueKind.Undefined } mapped ? mapped : throw new RolloutRowException($"'{path}' is missing.");
        }

        foreach (string key in keys)
        {
            if (Json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }

        return default;
    }

    public string Text(string field, params ReadOnlySpan<string> keys)
    {
        var value = Field(field, keys);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Undefined => throw new RolloutRowException($"'{keys[0]}' is missing. Name its place with --map {field}=path."),
            _ => throw new RolloutRowException($"'{Name(field, keys[0])}' is {Words(value)}; a {field} is a text."),
        };
    }

    /// <summary>A prompt as messages: a text becomes one message of the user.</summary>
    public IReadOnlyList<Message> Prompt(params ReadOnlySpan<string> keys)
    {
        var value = Field("prompt", keys);
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined:
                return [];
            case JsonValueKind.String:
                return [new Message("user", value.GetString()!)];
            case JsonValueKind.Array:
                return [.. value.EnumerateArray().Select(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                    ? new Message(m.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : "user", content.GetString()!)
                    : throw new RolloutRowException("A message of the prompt has no text under 'content'."))];
            default:
                throw new RolloutRowException($"'{Name("prompt", keys[0])}' is {Words(value)}; a prompt is a text or a list of messages.");
        }
    }

    /// <summary>A number that may be missing; booleans count 0 and 1.</summary>
    public static double Number(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.Number => throw new RolloutRowException($"'{name}' is {value.GetRawText()}, too large for a number."),
        _ => throw new RolloutRowException($"'{name}' is {Words(value)}; it is a number."),
    };

    /// <summary>The step; null when there is none.</summary>
    public long? Step(string key = "step") => Json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double step) && Math.Abs(step) < 1e15 ? (long)step : null;

    /// <summary>Every number of an object except some keys, in its order.</summary>
    public static List<KeyValuePair<string, double>> Numbers(JsonElement from, params ReadOnlySpan<string> except)
    {
        var numbers = new List<KeyValuePair<string, double>>();
        foreach (var property in from.EnumerateObject())
        {
            if (numbers.Count < MostComponents && property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && !except.Contains(property.Name))
            {
                numbers.Add(KeyValuePair.Create(property.Name, Number(property.Value, property.Name)));
            }
        }

        return numbers;
    }

    public TextSample Sample(string response, IReadOnlyList<Message> prompt, JsonElement reference, bool truncated = false, int tokens = 0) => new()
    {
        Response = response,
        Prompt = prompt,
        ReferenceText = reference.ValueKind switch
        {
            JsonValueKind.String => reference.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => reference.GetRawText(),
            _ => null,
        },
        Reference = reference.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? reference.Clone() : default,
        ItemJson = line,
        Truncated = truncated,
        ResponseTokens = tokens,
    };

    public RolloutRow Row(TextSample sample, SampleKey group, double reward, long? step = null) => new()
    {
        File = file, Line = number, Sample = sample, Group = group, Reward = reward, Step = step, Status = double.IsNaN(reward) ? ScoreStatus.Unset : ScoreStatus.Ok,
    };

    /// <summary>The group: the mapped field, else a key of the row, else the prompt; each within its step. A row without any of them is a group of its own.</summary>
    public SampleKey Group(IReadOnlyList<Message> prompt, long? step, params ReadOnlySpan<string> keys)
    {
        var named = Field("group", keys);
        if (named.ValueKind == JsonValueKind.Undefined && prompt.Count == 0)
        {
            return Key("row", file, number.ToString(CultureInfo.InvariantCulture), _alone++.ToString(CultureInfo.InvariantCulture));
        }

        string own = step?.ToString(CultureInfo.InvariantCulture) ?? "";
        return named.ValueKind != JsonValueKind.Undefined ? Key("group", own, named.GetRawText()) : Key(["prompt", own, .. prompt.SelectMany(m => new[] { m.Role, m.Content })]);
    }

    public static SampleKey Key(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[32];
        foreach (string part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, part.Length);
            hash.AppendData(bytes[..4]);
            hash.AppendData(Encoding.Unicode.GetBytes(part));
        }

        hash.GetHashAndReset(bytes);
        return new SampleKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    public static string Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
        _ => "true or false",
    };

    private string Name(string field, string key) => Options.Map.TryGetValue(field, out string? path) ? path : key;

    private JsonElement At(string path)
    {
        var value = Json;
        foreach (string key in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return default;
            }
        }

        return value;
    }
}
