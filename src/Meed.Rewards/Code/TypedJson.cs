using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Code;

/// <summary>Typed JSON, the language between Meed and its Python workers: plain values as JSON, other plain types as <c>{"t": name, "v": …}</c>.</summary>
/// <remarks>
/// Read as data: tuples and ranges are lists; sets have no order, so their elements are sorted by their JSON; names of maps are the text of their keys (2 becomes "2",
/// true "true"), as JSON writes them; bytes are hexadecimal text; NaN and the infinities are numbers. Objects that are no plain values are no data: null.
/// </remarks>
internal static class TypedJson
{
    private const int Deepest = 128;

    /// <summary>Options that read as deep as a worker writes.</summary>
    public static JsonDocumentOptions Reading { get; } = new() { MaxDepth = 3 * Deepest };

    /// <summary>Data of a worker's value; null when it is no plain value or malformed.</summary>
    public static DataValue? Read(JsonElement value, ref Work work) => Read(value, 0, ref work);

    /// <summary>Typed JSON of plain JSON: an object becomes a map.</summary>
    public static void Write(StringBuilder to, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                to.Append("{\"t\":\"dict\",\"v\":[");
                bool first = true;
                foreach (var field in value.EnumerateObject())
                {
                    to.Append(first ? "[" : ",[").Append(Quote(field.Name)).Append(',');
                    Write(to, field.Value);
                    to.Append(']');
                    first = false;
                }

                to.Append("]}");
                break;
            case JsonValueKind.Array:
                to.Append('[');
                for (int i = 0; i < value.GetArrayLength(); i++)
                {
                    to.Append(i == 0 ? "" : ",");
                    Write(to, value[i]);
                }

                to.Append(']');
                break;
            case JsonValueKind.Undefined:
                to.Append("null");
                break;
            default:
                to.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>A JSON string; lone surrogates stay escapes, as Python knows them.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c)
                : c is >= ' ' and < (char)127 ? quoted.Append(c)
                : quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return quoted.Append('"').ToString();
    }

    private static DataValue? Read(JsonElement value, int depth, ref Work work)
    {
        work.Charge(1);
        if (depth > Deepest)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return DataValue.Null;
            case JsonValueKind.True:
            case JsonValueKind.False:
                return DataValue.Of(value.ValueKind == JsonValueKind.True);
            case JsonValueKind.Number:
                return DataValue.WrittenNumber(value.GetRawText());
            case JsonValueKind.String:
                return DataValue.Of(Text(value));
            case JsonValueKind.Array:
                return List(value, depth, ref work);
        }

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("t", out var type) || type.ValueKind != JsonValueKind.String || !value.TryGetProperty("v", out var v))
        {
            return null;
        }

        return type.GetString() switch
        {
            "tuple" or "iter" => List(v, depth, ref work),
            "range" => Range(v, ref work),
            "set" or "frozenset" => List(v, depth, ref work) is { } set ? Sorted(set, ref work) : null,
            "dict" => Map(v, depth, ref work),
            "int" => v.ValueKind == JsonValueKind.String && BigInteger.TryParse("0" + v.GetString()!.Replace("-", "").Replace("0x", ""), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var big) && v.GetString()!.Length <= 40_000
                ? DataValue.WrittenNumber((v.GetString()![0] == '-' ? "-" : "") + big.ToString(CultureInfo.InvariantCulture)) : null,
            "float" => v.ValueKind == JsonValueKind.String ? v.GetString() switch
            {
                "nan" => DataValue.Of(double.NaN),
                "inf" => DataValue.Of(double.PositiveInfinity),
                "-inf" => DataValue.Of(double.NegativeInfinity),
                _ => null,
            } : null,
            "bytes" or "bytearray" => v.ValueKind == JsonValueKind.String ? DataValue.Of(Text(v)) : null,
            "complex" => List(v, depth, ref work),
            _ => null,
        };
    }

    private static DataValue? List(JsonElement value, int depth, ref Work work)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var items = new List<DataValue>();
        foreach (var element in value.EnumerateArray())
        {
            if (Read(element, depth + 1, ref work) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return DataValue.Of(items);
    }

    private static DataValue Sorted(DataValue set, ref Work work)
    {
        var items = set.Items.Select(i => (Item: i, Text: i.ToString())).ToList();
        work.Charge(items.Sum(i => (long)i.Text.Length));
        return DataValue.Of([.. items.OrderBy(i => i.Text, StringComparer.Ordinal).Select(i => i.Item)]);
    }

    private static DataValue? Map(JsonElement value, int depth, ref Work work)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var fields = new Dictionary<string, DataValue>(StringComparer.Ordinal);
        foreach (var pair in value.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || Read(pair[0], depth + 1, ref work) is not { } key || Read(pair[1], depth + 1, ref work) is not { } item)
            {
                return null;
            }

            fields[key.Kind == DataKind.Text ? key.Text : key.ToString()] = item;
        }

        return DataValue.Of(fields);
    }

    private static DataValue? Range(JsonElement value, ref Work work)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3 || !value[0].TryGetInt64(out long start) || !value[1].TryGetInt64(out long stop) || !value[2].TryGetInt64(out long step) || step == 0)
        {
            return null;
        }

        var count = Int128.Max(0, step > 0 ? ((Int128)stop - start + step - 1) / step : ((Int128)start - stop - step - 1) / -(Int128)step);
        if (count > 1_000_000)
        {
            return null;
        }

        work.Charge((long)count);
        return DataValue.Of([.. Enumerable.Range(0, (int)count).Select(i => DataValue.WrittenNumber((start + i * step).ToString(CultureInfo.InvariantCulture)))]);
    }

    // GetString throws on a lone surrogate, which a Python text may hold; its escape then stands for itself.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            string raw = value.GetRawText();
            return raw[1..^1];
        }
    }
}
