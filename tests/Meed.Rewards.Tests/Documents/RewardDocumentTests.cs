using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Documents;

public class RewardDocumentTests
{
    private sealed record EchoOptions
    {
        public double Value { get; init; } = 1;

        public IReadOnlyList<string> Words { get; init; } = [];

        public IEnumerable<string> Problems()
        {
            if (Value > 1)
            {
                yield return $"Value is {Value}; write at most 1.";
            }
        }
    }

    private sealed class Echo(EchoOptions options) : Verifier<TextSample>
    {
        public override RewardSchema Schema { get; } = new("echo", "1", [], 0, 1, RewardScope.Sample, true);

        protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
        {
            work.Charge(100);
            row.Set(options.Value);
        }
    }

    private static RewardRegistry<TextSample> Registry => Catalog.TextRewards().Add([RewardEntry.Of<TextSample, EchoOptions>("echo", "verifier", [], "Gives its value.", "", o => new Echo(o))]);

    private static double Value(string json, RewardContext? context = null)
        => RewardDocuments.Parse(json, Registry).Reward.ScoreAsync([TextSample.Of("x")], context ?? RewardContext.Default).AsTask().Result[0];

    [Theory]
    [InlineData("\"echo\"", 1)]
    [InlineData("{ \"echo\": { \"value\": 0.5 } }", 0.5)]
    [InlineData("{ \"sum\": [ { \"echo\": {}, \"weight\": 2 }, { \"echo\": { \"value\": 0.5 }, \"weight\": -1 } ] }", 1.5)]
    [InlineData("{ \"gate\": { \"if\": { \"echo\": { \"value\": 0.2 } }, \"atLeast\": 0.3, \"then\": \"echo\", \"closed\": -2 } }", -2)]
    [InlineData("{ \"clip\": { \"of\": \"echo\", \"max\": 0.25 } }", 0.25)]
    [InlineData("{ \"ensemble\": { \"of\": [ \"echo\", { \"echo\": { \"value\": 0 } } ], \"by\": \"minimum\" } }", 0)]
    [InlineData("{ \"route\": { \"by\": \"item.kind\", \"cases\": { \"a\": \"echo\" }, \"else\": { \"echo\": { \"value\": 0.1 } } } }", 0.1)]
    [InlineData("{ \"echo\": {}, \"budget\": { \"work\": 99 } }", 0)]
    [InlineData("{ \"echo\": {}, \"budget\": { \"work\": \"5M\", \"wall\": \"250ms\" } }", 1)]
    public void Parse_Document_MakesTheReward(string json, double value) => Assert.Equal(value, Value(json), 1e-12);

    [Fact]
    public void Parse_Name_LabelsColumnsAndReasons()
    {
        var reward = RewardDocuments.Parse("""{ "sum": [ { "echo": {}, "name": "right" }, { "min": [ "echo" ], "name": "both" } ] }""", Registry).Reward;

        Assert.Equal(["right", "both", "both.echo"], reward.Schema.Components);
    }

    [Fact]
    public void Parse_ManyMistakes_AreAllReportedWithLineValueAndNearestName()
    {
        const string json = """
            { "sum": [
                { "ecko": {} },
                { "echo": { "valu": 1 } },
                { "echo": { "value": 3 } },
                { "echo": {}, "wieght": 2 },
                { "clip": { "of": "echo" } },
                { "echo": {}, "min": [ "echo" ] },
                { "gate": { "if": "echo", "then": [ 1 ] } },
                { "min": [] },
                { "normalise": { "of": { "echo": {}, "weight": 2 } } }
            ] }
            """;

        var error = Assert.Throws<DocumentException>(() => RewardDocuments.Parse(json, Registry, "r.json"));

        string all = error.Message;
        Assert.Contains("r.json:2: reward.sum[0]: unknown reward 'ecko'. Did you mean 'echo'?", all);
        Assert.Contains("r.json:3: unknown key 'reward.sum[1].echo.valu'. Did you mean 'value'?", all);
        Assert.Contains("r.json:4: reward.sum[2].echo: Value is 3; write at most 1.", all);
        Assert.Contains("r.json:5: unknown key 'reward.sum[3].wieght'. Did you mean 'weight'?", all);
        Assert.Contains("r.json:6: reward.sum[4].clip: Min and max are both missing", all);
        Assert.Contains("r.json:7: reward.sum[5] names 2 rewards (echo, min)", all);
        Assert.Contains("r.json:8: reward.sum[6].gate.then is a list", all);
        Assert.Contains("r.json:9: reward.sum[7].min must be a list of at least one reward", all);
        Assert.Contains("r.json:10: reward.sum[8].normalise.of.weight has no meaning here", all);
        Assert.Equal(9, error.Problems.Count);
    }

    [Fact]
    public void Parse_WrongOptionsAroundAWrongChild_BothAreReported()
    {
        var error = Assert.Throws<DocumentException>(() => RewardDocuments.Parse("""{ "clip": { "of": "ecko" } }""", Registry));

        Assert.Equal(2, error.Problems.Count);
        Assert.Contains("reward.clip.of: unknown reward 'ecko'", error.Message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{", "not readable as JSON")]
    [InlineData("{ \"echo\": {} } x", "not readable as JSON")]
    [InlineData("{ \"echo\": {}, \"echo\": {} }", "names the key 'echo' twice")]
    [InlineData("3", "unknown reward '3'")]
    [InlineData("null", "reward is missing")]
    [InlineData("{}", "names no reward")]
    [InlineData("[]", "is a list")]
    [InlineData("{ \"cache\": { \"of\": { \"normalise\": { \"of\": \"echo\" } } } }", "depends on its group")]
    public void Parse_Bad_OneClearSentence(string json, string sentence)
        => Assert.Contains(sentence, Assert.Throws<DocumentException>(() => RewardDocuments.Parse(json, Registry)).Message);

    // Ranges by hand: length gives 0 or 1; scale, weights and schedules move both ends, a child that may not apply adds the 0 of nothing or the whole weight.
    [Theory]
    [InlineData("""{ "anneal": { "of": { "scale": { "of": { "length": { "max": 9 } }, "by": 3 } }, "from": 2, "to": 0 } }""", 0, 6)]
    [InlineData("""{ "anneal": { "of": { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": -1 } }, "from": 2, "to": 0.5 } }""", -2, 4)]
    [InlineData("""{ "anneal": { "of": { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": 1 } }, "from": 0.5, "to": 2 } }""", 0.5, 8)]
    [InlineData("""{ "scale": { "of": { "length": { "max": 9 } }, "by": 0, "add": 2 } }""", 2, 2)]
    [InlineData("""{ "scale": { "of": { "length": { "max": 9 } }, "by": -2, "add": 1 } }""", -1, 1)]
    [InlineData("""{ "sum": [ { "length": { "max": 9 }, "weight": 2 }, { "length": { "max": 8 }, "weight": -0.5 } ] }""", -0.5, 2)]
    [InlineData("""{ "sum": [ { "scale": { "of": { "length": { "max": 9 } }, "by": 2, "add": 3 } }, { "length": { "max": 8 }, "weight": 0 } ] }""", 3, 5)]
    [InlineData("""{ "sum": [ { "scale": { "of": { "length": { "max": 9 } }, "by": 0.25, "add": 0.25 }, "weight": 0.5 } ] }""", 0.125, 0.25)]
    [InlineData("""{ "sum": [ { "route": { "by": "item.kind", "cases": { "a": { "scale": { "of": { "length": { "max": 9 } }, "by": 0.25, "add": 0.25 } } } }, "weight": 0.5 } ] }""", 0, 0.25)]
    [InlineData("""{ "sum": [ { "route": { "by": "item.kind", "cases": { "a": { "scale": { "of": { "length": { "max": 9 } }, "by": 0.25, "add": -0.5 } } } }, "weight": 0.5 } ] }""", -0.25, 0)]
    [InlineData("""{ "power": { "of": { "scale": { "of": { "length": { "max": 9 } }, "by": 5, "add": -2 } }, "exponent": 2 } }""", -4, 9)]
    [InlineData("""{ "min": [ { "length": { "max": 9 } }, { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": -1 } } ] }""", -1, 1)]
    [InlineData("""{ "max": [ { "length": { "max": 9 } }, { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": -1 } } ] }""", 0, 2)]
    [InlineData("""{ "product": [ { "scale": { "of": { "length": { "max": 9 } }, "by": 4, "add": -1 } }, { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": -1 } } ] }""", -3, 6)]
    [InlineData("""{ "gate": { "if": { "length": { "max": 9 } }, "then": { "scale": { "of": { "length": { "max": 9 } }, "by": 3, "add": 1 } }, "closed": -2 } }""", -2, 4)]
    [InlineData("""{ "clip": { "of": { "scale": { "of": { "length": { "max": 9 } }, "by": 3 } }, "max": 2 } }""", 0, 2)]
    public void Schema_RangeOfATree_IsThatOfItsParts(string json, double low, double high)
    {
        var schema = RewardDocuments.Parse(json, Registry).Reward.Schema;

        Assert.Equal((low, high), (schema.Minimum, schema.Maximum));
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        string json = string.Concat(Enumerable.Repeat("{\"scale\":{\"of\":", 31)) + "\"echo\"" + string.Concat(Enumerable.Repeat("}}", 31));

        Assert.Equal(1, Value(json));
        Assert.Throws<DocumentException>(() => RewardDocuments.Parse($"{{\"scale\":{{\"of\":{json}}}}}", Registry));
    }

    [Fact]
    public void Hash_SameContent_SameHash_OtherContent_Other()
    {
        string Hash(string json) => RewardDocuments.HashOf(DocumentJson.Read(json, "x"));
        string one = Hash("{\"sum\":[{\"echo\":{\"value\":0.5},\"weight\":1},\"echo\"]}");

        Assert.Equal(one, Hash("{ \"sum\": [ { \"weight\": 1.0, \"echo\": { \"value\": 5e-1 } }, { \"echo\": { } } ] }"));
        Assert.NotEqual(one, Hash("{\"sum\":[{\"echo\":{\"value\":0.25},\"weight\":1},\"echo\"]}"));
        Assert.NotEqual(one, Hash("{\"sum\":[\"echo\",{\"echo\":{\"value\":0.5},\"weight\":1}]}"));
    }

    [Fact]
    public void Diff_TwoDocuments_NamesTheChangedNodes()
    {
        IReadOnlyList<string> Diff(string a, string b) => [.. RewardDocuments.Diff(DocumentJson.Read(a, "a"), DocumentJson.Read(b, "b")).Select(c => c.ToString())];

        Assert.Empty(Diff("{\"sum\":[\"echo\"]}", "{ \"sum\": [ { \"echo\": {} } ] }"));
        Assert.Equal(["sum[1].length.max: 64 -> 128"], Diff("""{"sum":["echo",{"length":{"max":64}}]}""", """{"sum":["echo",{"length":{"max":128}}]}"""));
        Assert.Equal(["sum[0]: added \"echo\""], Diff("""{"sum":["min",{"x":{"y":1}}]}""", """{"sum":["echo","min",{"x":{"y":1}}]}"""));
        Assert.Equal(["sum[0].echo.value: removed 2"], Diff("""{"sum":[{"echo":{"value":2}}]}""", """{"sum":["echo"]}"""));
        Assert.Equal(["sum[1]: removed \"echo\""], Diff("""{"sum":["a","echo"]}""", """{"sum":["a"]}"""));
    }

    [Fact]
    public void Add_NameThatIsTaken_Throws()
        => Assert.Contains("'sum' is taken", Assert.Throws<ArgumentException>(() => Catalog.TextRewards().Add(Catalog.Entries.Where(e => e.Name == "sum"))).Message);

    [Theory]
    [InlineData("5M", 5_000_000)]
    [InlineData("1.5k", 1500)]
    [InlineData("1_000", 1000)]
    [InlineData("-3", -3)]
    public void Numbers_Suffixes(string text, double value)
    {
        Assert.True(Numbers.TryParse(text, out double number));
        Assert.Equal(value, number);
        Assert.True(Numbers.TryParse(text, out Int128 whole));
        Assert.Equal(value, (double)whole);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("M")]
    [InlineData("_1")]
    [InlineData("1e999")]
    [InlineData("")]
    public void Numbers_NoNumber(string text) => Assert.False(Numbers.TryParse(text, out double _));

    /// <summary>Any document of known and unknown names either makes a reward or is refused with problems that name a place.</summary>
    [Fact]
    public void Parse_RandomDocuments_RewardOrProblemsNothingElse()
    {
        var random = new Random(8);
        string[] names = [.. Registry.Names, "of", "if", "then", "value", "weight", "name", "budget", "min", "max", "cases", "by", "at", "values", "zzz"];
        string[] scalars = ["1", "-2.5", "\"echo\"", "\"numeric-answer\"", "true", "null", "\"5M\"", "1e400", "\"\"", "\"item.kind\""];
        int made = 0, refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            string json = Node(random, 4);
            try
            {
                Assert.NotNull(RewardDocuments.Parse(json, Registry).Reward.Schema);
                made++;
            }
            catch (DocumentException e)
            {
                Assert.NotEmpty(e.Problems);
                refused++;
            }
        }

        Assert.True(made > 20 && refused > 20, $"{made} made, {refused} refused");

        string Node(Random r, int depth) => (depth == 0 ? 0 : r.Next(4)) switch
        {
            0 => scalars[r.Next(scalars.Length)],
            1 => "[" + string.Join(",", Enumerable.Range(0, r.Next(4)).Select(_ => Node(r, depth - 1))) + "]",
            _ => "{" + string.Join(",", Enumerable.Range(0, r.Next(1, 4)).Select(_ => names[r.Next(names.Length)]).Distinct().Select(n => $"\"{n}\":{Node(r, depth - 1)}")) + "}",
        };
    }
}
