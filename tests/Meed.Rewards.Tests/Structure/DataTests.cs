using System.Text.Json;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Structure;

public class DataTests
{
    private static DataValue Json(string text)
    {
        var work = new Work(1_000_000);
        return DataReader.Read(text, ref work) ?? throw new ArgumentException(text);
    }

    [Theory]
    [InlineData("{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"]}")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData(" 0 ")]
    public void Read_ValidJson_AgreesWithTheFramework(string text)
    {
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(text).RootElement), JsonSerializer.Serialize(JsonDocument.Parse(Json(text).ToString()).RootElement));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'a':1}")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("truely")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x\"")]
    [InlineData("[1] 2")]
    [InlineData("{1:2}")]
    public void Read_BrokenJson_IsNull(string text)
    {
        var work = new Work(1000);

        Assert.Null(DataReader.Read(text, ref work));
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
    }

    [Fact]
    public void Read_DeeperThanTheLimit_IsNullAndCheap()
    {
        var work = new Work(100_000);

        Assert.Null(DataReader.Read(new string('[', 20_000), ref work));
        Assert.Null(DataReader.FindLast(new string('[', 900), ref work));
        Assert.NotNull(DataReader.Read(new string('[', 60) + new string(']', 60), ref work));
    }

    [Fact]
    public void FindLast_ProseAndFences_TakesTheLastData()
    {
        var work = new Work(100_000);

        Assert.Equal("{\"b\":2}", DataReader.FindLast("first {\"a\": 1} then\n```json\n{\"b\": 2}\n```\nso [see above", ref work)!.ToString());
        Assert.Equal("[[1,2],[3,4]]", DataReader.FindLast("boxes: [[1,2],[3,4]].", ref work)!.ToString());
        Assert.Null(DataReader.FindLast("nothing {here} [at all", ref work));
    }

    [Fact]
    public void ReadPython_Literals_AreRead()
    {
        var work = new Work(1000);

        Assert.Equal("{\"a\":[1,true,null,\"its\"],\"b\":[1,2]}", DataReader.ReadPython("{'a': [1, True, None, \"its\",], 'b': (1, 2)}", ref work)!.ToString());
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("true", "1", false)]
    [InlineData("null", "{}", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":null}", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    public void AreEqual_Pairs_BothWays(string a, string b, bool equal)
    {
        var work = new Work(10_000);

        Assert.Equal(equal, DataEquality.AreEqual(Json(a), Json(b), new(), ref work));
        Assert.Equal(equal, DataEquality.AreEqual(Json(b), Json(a), new(), ref work));
    }

    [Fact]
    public void ToString_LoneSurrogatesAndQuotes_AreStillJson()
    {
        var value = DataValue.Of(new Dictionary<string, DataValue> { ["a\"\udc00"] = DataValue.Of("x\ud800\"") });

        Assert.Equal("x\ufffd\"", JsonDocument.Parse(value.ToString()).RootElement.GetProperty("a\"\ufffd").GetString());
    }

    [Fact]
    public void Differences_SeveralPlaces_NamesEachWithItsKind()
    {
        var work = new Work(10_000);

        var found = DataEquality.Differences(Json("{\"a\":{\"b\":[1,\"2\"]},\"x\":1}"), Json("{\"a\":{\"b\":[2,2]},\"c\":3}"), new(), ref work);

        Assert.Equal([new("$.a.b[0]", "value"), new("$.a.b[1]", "kind"), new("$.c", "missing"), new("$.x", "extra")], found);
    }

    [Fact]
    public void LeafShare_ListingEverything_DoesNotPay()
    {
        var work = new Work(100_000);
        var expected = Json("{\"a\":1,\"b\":[\"x\",\"y\"]}");

        Assert.Equal(1, DataEquality.LeafShare(expected, expected, new(), ref work));
        Assert.Equal(2.0 / 3, DataEquality.LeafShare(Json("{\"a\":1,\"b\":[\"x\",\"z\"]}"), expected, new(), ref work), 1e-12);
        Assert.Equal(3.0 / 6, DataEquality.LeafShare(Json("{\"a\":1,\"b\":[\"x\",\"y\",\"z\"],\"c\":1,\"d\":2}"), expected, new(), ref work), 1e-12);
        Assert.Equal(0, DataEquality.LeafShare(Json("[]"), expected, new(), ref work));
        Assert.Equal(1, DataEquality.LeafShare(Json("{\"a\":1,\"b\":[\"y\",\"x\"]}"), expected, new() { AnyOrder = true }, ref work));
        Assert.Equal(1, DataEquality.LeafShare(Json("{}"), Json("{}"), new(), ref work));
    }
}
