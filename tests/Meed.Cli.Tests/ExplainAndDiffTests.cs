using System.Text.Json;

namespace Meed.Cli.Tests;

public class ExplainAndDiffTests
{
    private const string Reward = "{ gate: { if: math, then: { length: { max: 64 }, name: short } } }";

    private static Workplace Place()
    {
        var place = new Workplace();
        File.WriteAllText(place.At("in.jsonl"), """
            {"id":7,"response":"it is \\boxed{42}","reference":"42"}

            {"id":"8","task":{"n":3},"response":"none","reference":"42"}
            no json
            """);
        return place;
    }

    [Fact]
    public void Explain_ARow_ShowsEveryNodeInATable()
    {
        using var place = Place();
        var (code, output, error) = place.Meed("score", "in.jsonl", "--reward", Reward, "--explain", "--row", "3");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("sample  in.jsonl:3\n", output, StringComparison.Ordinal);
        Assert.Matches(@"gate +0 .* ok +\d+  closed", output);
        Assert.Matches(@"├ if math +0 .* ok +\d+  text", output);
        Assert.Matches(@"└ then length \(short\) +– .* not evaluated", output);
    }

    [Theory]
    [InlineData("7", "in.jsonl:1", 1)]
    [InlineData("task.n=3", "in.jsonl:3", 0)]
    public void Explain_AnIdAsJson_FindsTheRow(string id, string sample, double value)
    {
        using var place = Place();
        var (code, output, _) = place.Meed("score", "in.jsonl", "--reward", Reward, "--explain", "--id", id, "--json");
        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, sample, value), (code, json.GetProperty("sample").GetString(), json.GetProperty("value").GetDouble()));
        Assert.Equal(["gate", "gate.if.math", "gate.then.length"], json.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("path").GetString()!));
    }

    [Theory]
    [InlineData("in.jsonl --explain --row 2", "in.jsonl has no row at line 2.")]
    [InlineData("in.jsonl --explain --row 4", "not readable as JSON")]
    [InlineData("in.jsonl --explain --row 0", "--row is 0; lines count from 1.")]
    [InlineData("in.jsonl --explain --id 99", "has no row whose 'id' is '99'.")]
    [InlineData("in.jsonl --explain --id 7 --row 1", "give one of them")]
    [InlineData("in.jsonl --row 1", "go with --explain")]
    [InlineData("none.jsonl --explain", "cannot be opened")]
    [InlineData("in.jsonl --explain --map respnse=x", "Did you mean 'response'?")]
    public void Explain_BadUsage_ExitsTwoWithASentence(string arguments, string expected)
    {
        using var place = Place();
        var (code, output, error) = place.Meed(["score", "--reward", "math", .. arguments.Split(' ')]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_TwoDocuments_NamesNodesOldAndNewValuesAndTheHash()
    {
        using var place = Place();
        File.WriteAllText(place.At("a.yaml"), "sum:\n  - { length: { max: 64 } }\n  - math\n");
        File.WriteAllText(place.At("b.yaml"), "sum:\n  - { length: { max: 128 } }\n  - { math: {} }\n  - tags\n");
        var (code, output, _) = place.Meed("diff", "a.yaml", "b.yaml");
        Assert.Equal(1, code);
        Assert.Contains("sum[0].length.max: 64 -> 128\nsum[2]: added \"tags\"\nThe hash changed from sha256:", output, StringComparison.Ordinal);
        Assert.Contains("2 nodes differ.", output, StringComparison.Ordinal);
        var json = JsonDocument.Parse(place.Meed("diff", "a.yaml", "b.yaml", "--json").Out).RootElement;
        Assert.Equal((true, 2, 64), (json.GetProperty("hashChanged").GetBoolean(), json.GetProperty("changes").GetArrayLength(), json.GetProperty("changes")[0].GetProperty("before").GetInt32()));
        Assert.Equal((0, true), (place.Meed("diff", "a.yaml", "a.yaml").Code, place.Meed("diff", "math", "{ math: {} }").Out.Contains("stays", StringComparison.Ordinal)));
        Assert.Equal(2, place.Meed("diff", "a.yaml", "nope.yaml").Code);
    }
}
