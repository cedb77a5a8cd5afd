using System.Globalization;
using System.Text.Json;

namespace Meed.Rewards.Structure;

/// <summary>Kinds of plain data.</summary>
public enum DataKind : byte
{
    /// <summary>No value.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Values in order.</summary>
    List,

    /// <summary>Values by name.</summary>
    Map,
}

/// <summary>Plain data as JSON has it. Built from answers and references alike, so that comparing never depends on how a value was written.</summary>
/// <remarks>Of equal names in one map the last wins, as in most JSON readers; <see cref="DataReader"/> reports them to strict callers.</remarks>
public sealed class DataValue
{
    private static readonly IReadOnlyDictionary<string, DataValue> s_noFields = new Dictionary<string, DataValue>();

    private DataValue(DataKind kind) => Kind = kind;

    /// <summary>What it is.</summary>
    public DataKind Kind { get; }

    /// <summary>The value of a boolean.</summary>
    public bool Boolean { get; private init; }

    /// <summary>The value of a number; infinite when it is outside the range of a double.</summary>
    public double Number { get; private init; }

    /// <summary>True when a number was written without fraction and exponent.</summary>
    public bool IsInteger { get; private init; }

    /// <summary>A text's characters; a number as it was written; otherwise empty.</summary>
    public string Text { get; private init; } = "";

    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<DataValue> Items { get; private init; } = [];

    /// <summary>The fields of a map.</summary>
    public IReadOnlyDictionary<string, DataValue> Fields { get; private init; } = s_noFields;

    /// <summary>No value.</summary>
    public static DataValue Null { get; } = new(DataKind.Null);

    /// <summary>A boolean.</summary>
    public static DataValue Of(bool value) => new(DataKind.Boolean) { Boolean = value };

    /// <summary>A number.</summary>
    public static DataValue Of(double value) => new(DataKind.Number) { Number = value, Text = value.ToString("R", CultureInfo.InvariantCulture), IsInteger = value == Math.Floor(value) && Math.Abs(value) < 1e15 };

    /// <summary>A text.</summary>
    public static DataValue Of(string value) => new(DataKind.Text) { Text = value };

    /// <summary>A list.</summary>
    public static DataValue Of(IReadOnlyList<DataValue> items) => new(DataKind.List) { Items = items };

    /// <summary>A map.</summary>
    public static DataValue Of(IReadOnlyDictionary<string, DataValue> fields) => new(DataKind.Map) { Fields = fields };

    /// <summary>A number as it was written, such as 12 or -0.5e3.</summary>
    public static DataValue WrittenNumber(string text) => new(DataKind.Number)
    {
        Text = text,
        Number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN,
        IsInteger = text.AsSpan().IndexOfAny(".eE") < 0,
    };

    /// <summary>The field of a map; null when there is none or this is no map.</summary>
    public DataValue? Field(string name) => Fields.GetValueOrDefault(name);

    /// <summary>Data of a reference. Undefined gives null.</summary>
    public static DataValue? From(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        var work = new Work(long.MaxValue);
        return DataReader.Read(element.GetRawText(), ref work);
    }

    /// <summary>Compact JSON, for reasons and tests.</summary>
    public override string ToString() => Kind switch
    {
        DataKind.Null => "null",
        DataKind.Boolean => Boolean ? "true" : "false",
        DataKind.Number => Text,
        DataKind.Text => Quoted(Text),
        DataKind.List => "[" + string.Join(",", Items) + "]",
        _ => "{" + string.Join(",", Fields.Select(f => $"{Quoted(f.Key)}:{f.Value}")) + "}",
    };

    /// <summary>A JSON string; lone surrogates become U+FFFD, which the framework's encoder would refuse.</summary>
    private static string Quoted(string text) => "\"" + JsonEncodedText.Encode(string.Concat(text.EnumerateRunes())) + "\"";
}
