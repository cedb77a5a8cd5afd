using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;

namespace Meed.Rewards.Tests.Documents.OpenAi;

/// <summary>What the reader of a grader's map takes and what it reports, with line and key.</summary>
public class GraderReaderTests
{
    private static (GraderReader<TextSample> Reader, ProblemList Problems) Read(string json, params string[] keys)
    {
        var problems = new ProblemList();
        var node = DocumentJson.Read(json, "g.json");
        return (new GraderReader<TextSample>(node, "graders.a", new RewardBuilder<TextSample>(Catalog.TextRewards(), new Binder("g.json", problems)), keys), problems);
    }

    [Theory]
    [InlineData("""["a"]""", 1, null)]
    [InlineData("""["a","b",3]""", 3, null)]
    [InlineData("""[]""", 0, "must be a list of at least one text")]
    [InlineData("""["a",["b"]]""", 0, "must be a list of at least one text")]
    [InlineData("""[{"a":1}]""", 0, "must be a list of at least one text")]
    [InlineData("\"a\"", 0, "must be a list of at least one text")]
    [InlineData("null", 0, "is missing")]
    public void Texts_ListOfTexts_IsTakenOrReported(string value, int count, string? problem)
    {
        var (reader, problems) = Read($"{{\"name\":\"n\",\"labels\":{value}}}", "labels");

        Assert.Equal(count, reader.Texts("labels")?.Count ?? 0);
        Assert.Equal(problem is null, reader.Ok);
        if (problem is not null)
        {
            Assert.Contains($"graders.a.labels {problem}", Assert.Single(problems.Items).ToString());
        }
    }

    [Theory]
    [InlineData("\"a b!\"", "a-b-", null)]
    [InlineData("\"\"", "grader", "is empty")]
    [InlineData("null", "grader", "is missing")]
    [InlineData("[1]", "grader", "must be a text")]
    public void Name_OfTheGrader_BecomesALabel(string value, string label, string? problem)
    {
        var (reader, problems) = Read($"{{\n\"name\":{value}}}");

        Assert.Equal(label, reader.Name);
        Assert.Equal(problem is null, reader.Ok);
        Assert.All(problems.Items, p => Assert.Contains($"graders.a.name {problem}", p.ToString()));
        Assert.Equal(problem is null ? 0 : 1, problems.Items.Count);
    }

    [Fact]
    public void Label_LongName_IsCutAtSixtyFour()
    {
        Assert.Equal(new string('a', 64), GraderNames.Label(new string('a', 65)));
        Assert.Equal(new string('a', 63), GraderNames.Label(new string('a', 63)));
        Assert.Equal("-_9Z-", GraderNames.Label("-_9Zé"));
    }

    [Theory]
    [InlineData("""{"name":"n","range":[0,2]}""", 0, 2, true)]
    [InlineData("""{"name":"n","range":[-1,1]}""", -1, 1, true)]
    [InlineData("""{"name":"n"}""", 0, 1, true)]
    [InlineData("""{"name":"n","range":[1,1]}""", 0, 1, false)]
    [InlineData("""{"name":"n","range":[2,1]}""", 0, 1, false)]
    [InlineData("""{"name":"n","range":[0,1,2]}""", 0, 1, false)]
    [InlineData("""{"name":"n","range":["a",1]}""", 0, 1, false)]
    [InlineData("""{"name":"n","range":3}""", 0, 1, false)]
    public void Range_OfTheGrader_IsTwoRisingNumbers(string json, double low, double high, bool ok)
    {
        var (reader, _) = Read(json, "range");

        Assert.Equal((low, high), reader.Range());
        Assert.Equal(ok, reader.Ok);
    }

    [Fact]
    public void Reader_KeyThatTheGraderHasNot_IsReported()
    {
        var (reader, problems) = Read("{\"name\":\"n\",\n\"lables\":[\"a\"]}", "labels");

        Assert.False(reader.Ok);
        Assert.Contains("g.json:2: unknown key 'graders.a.lables'", Assert.Single(problems.Items).ToString());
    }
}
