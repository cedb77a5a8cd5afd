using System.Globalization;
using System.Text.Json;
using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Documents;

/// <summary>One record with a property of every kind that options may have, bound from values at the borders of each kind, and its schema.</summary>
public class BinderTests
{
    private enum Shade
    {
        Bright,
        DarkBlue,
    }

    private sealed record Part
    {
        public int Size { get; init; } = 3;
    }

    private sealed record Everything
    {
        public int Small { get; init; } = -1;

        public long Large { get; init; } = 5_000_000_000;

        public ulong Seed { get; init; } = 7;

        public float Single { get; init; } = 0.5f;

        public double Real { get; init; } = 0.25;

        public bool Flag { get; init; } = true;

        public string Name { get; init; } = "x";

        public string? Note { get; init; }

        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(90);

        public TimeSpan Short { get; init; } = TimeSpan.FromMilliseconds(1500);

        public Shade Shade { get; init; } = Shade.DarkBlue;

        public int? Most { get; init; }

        public IReadOnlyList<int> Sizes { get; init; } = [1, 2];

        public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

        public Part Part { get; init; } = new();

        public DocumentNode? Inner { get; init; }
    }

    private static (Everything Options, string[] Problems) Bind(string json)
    {
        var problems = new ProblemList();
        var options = new Binder("x.json", problems).Record<Everything>(DocumentJson.Read(json, "x.json"), "");
        return (options, [.. problems.Items.Select(static p => p.ToString())]);
    }

    private static string? Get(string property, string value)
    {
        var (options, problems) = Bind($"{{ \"{property}\": {value} }}");
        object? got = typeof(Everything).GetProperties().Single(p => string.Equals(p.Name, property, StringComparison.OrdinalIgnoreCase)).GetValue(options);
        return problems.Length > 0 ? "refused" : got is TimeSpan t ? $"{t.TotalMilliseconds} ms" : Convert.ToString(got, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("small", "2147483647", "2147483647")]
    [InlineData("small", "2147483648", "refused")]
    [InlineData("small", "-2147483648", "-2147483648")]
    [InlineData("small", "-2147483649", "refused")]
    [InlineData("small", "1.5", "refused")]
    [InlineData("small", "\"2k\"", "2000")]
    [InlineData("large", "9223372036854775807", "9223372036854775807")]
    [InlineData("large", "9223372036854775808", "refused")]
    [InlineData("large", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("large", "-9223372036854775809", "refused")]
    [InlineData("seed", "0", "0")]
    [InlineData("seed", "-1", "refused")]
    [InlineData("seed", "18446744073709551615", "18446744073709551615")]
    [InlineData("seed", "18446744073709551616", "refused")]
    [InlineData("single", "1e39", "refused")]
    [InlineData("single", "-2.5", "-2.5")]
    [InlineData("real", "1e39", "1E+39")]
    [InlineData("real", "\"a\"", "refused")]
    [InlineData("flag", "false", "False")]
    [InlineData("flag", "\"no\"", "refused")]
    [InlineData("name", "\"a b\"", "a b")]
    [InlineData("name", "null", "refused")]
    [InlineData("name", "[1]", "refused")]
    [InlineData("note", "null", null)]
    [InlineData("most", "null", null)]
    [InlineData("most", "4", "4")]
    [InlineData("wait", "\"250ms\"", "250 ms")]
    [InlineData("wait", "\"2m\"", "120000 ms")]
    [InlineData("wait", "\"soon\"", "refused")]
    [InlineData("shade", "\"dark-blue\"", "DarkBlue")]
    [InlineData("shade", "\"darkblue\"", "DarkBlue")]
    [InlineData("shade", "\"bright\"", "Bright")]
    [InlineData("shade", "\"red\"", "refused")]
    [InlineData("sizes", "3", "refused")]
    [InlineData("weights", "[]", "refused")]
    [InlineData("part", "3", "refused")]
    public void Record_ValueAtTheBorderOfItsKind_IsTakenOrRefused(string property, string value, string? expected) => Assert.Equal(expected ?? "", Get(property, value) ?? "");

    [Fact]
    public void Record_ListsMapsAndRecords_AreFilledItemByItem()
    {
        var (options, problems) = Bind("""{ "sizes": [4, 5, 6], "weights": { "a": 0.5, "b": 2 }, "part": { "size": 9 }, "inner": [1] }""");

        Assert.Empty(problems);
        Assert.Equal([4, 5, 6], options.Sizes);
        Assert.Equal([("a", 0.5), ("b", 2)], options.Weights.Select(static w => (w.Key, w.Value)));
        Assert.Equal(9, options.Part.Size);
        Assert.Equal(NodeKind.List, options.Inner!.Kind);
    }

    private sealed record Parts
    {
        public IReadOnlyList<Part> All { get; init; } = [];

        public int Total => All.Sum(p => p.Size);
    }

    [Fact]
    public void Record_ListWithAnItemThatIsNone_HoldsTheOthers()
    {
        var problems = new ProblemList();
        var parts = new Binder("x.json", problems).Record<Parts>(DocumentJson.Read("{ \"all\": [{ \"size\": 1 }, null, { \"size\": 5 }] }", "x.json"), "");
        Assert.Equal("x.json:1: all[1] has no value; leave the key out to get the default.", Assert.Single(problems.Items).ToString());
        Assert.Equal(6, parts.Total);
    }

    [Fact]
    public void Record_SeveralMistakes_EachHasItsLineAndPlace()
    {
        var (options, problems) = Bind("{\n\"part\": { \"sise\": 1 },\n\"sizes\": [1, \"x\"],\n\"weights\": { \"a\": 1,\n\"b\": \"y\" } }");

        Assert.Equal(["x.json:3: sizes[1] is 'x'; write a whole number.", "x.json:5: weights.b is 'y'; write a number.", "x.json:2: unknown key 'part.sise'. Did you mean 'size'? Known: size."], problems);
        Assert.Equal(3, options.Part.Size);
    }

    [Fact]
    public void SchemaWriter_EveryKind_HasItsTypeAndDefault()
    {
        var properties = SchemaWriter.Record(typeof(Everything))["properties"]!;
        string Schema(string key) => JsonSerializer.Serialize(properties[key]);

        Assert.Equal("""{"type":"integer","default":-1}""", Schema("small"));
        Assert.Equal("""{"type":"integer","default":5000000000}""", Schema("large"));
        Assert.Equal("""{"type":"integer","minimum":0,"default":7}""", Schema("seed"));
        Assert.Equal("""{"type":"number","default":0.5}""", Schema("single"));
        Assert.Equal("""{"type":"number","default":0.25}""", Schema("real"));
        Assert.Equal("""{"type":"boolean","default":true}""", Schema("flag"));
        Assert.Equal("""{"type":"string","default":"x"}""", Schema("name"));
        Assert.Equal("""{"type":["string","null"]}""", Schema("note"));
        Assert.Equal("\"90s\"", properties["wait"]!["default"]!.ToJsonString());
        Assert.Equal("\"1500ms\"", properties["short"]!["default"]!.ToJsonString());
        Assert.Matches(properties["wait"]!["pattern"]!.GetValue<string>(), "1.5m");
        Assert.Equal("""{"type":"string","enum":["bright","dark-blue"],"default":"dark-blue"}""", Schema("shade"));
        Assert.Equal("""{"type":["integer","null"]}""", Schema("most"));
        Assert.Equal("""{"type":"array","items":{"type":"integer"},"default":[1,2]}""", Schema("sizes"));
        Assert.Equal("object", properties["weights"]!["type"]!.GetValue<string>());
        Assert.Equal("3", properties["part"]!["properties"]!["size"]!["default"]!.ToJsonString());
        Assert.Equal("{}", Schema("inner"));
    }

    [Fact]
    public void SchemaWriter_Choice_IsOneKeyOrABareName()
    {
        var choice = SchemaWriter.Choice([("a", SchemaWriter.Record(typeof(Part)))])["oneOf"]!;

        Assert.Equal((1, 1), (choice[0]!["minProperties"]!.GetValue<int>(), choice[0]!["maxProperties"]!.GetValue<int>()));
        Assert.Equal("""["a"]""", choice[1]!["enum"]!.ToJsonString());
    }
}
