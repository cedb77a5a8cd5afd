using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Algebra;

public class ExplanationTests
{
    private static RewardDocument<TextSample> Document(string json) => RewardDocuments.Parse(json, Catalog.TextRewards());

    private static Task<Explanation> Explain(string json, TextSample sample) => Explanation.OfAsync(Document(json).Reward, sample, RewardContext.Default);

    [Fact]
    public async Task OfAsync_GateThatIsOpen_NamesEveryNodeWithWeightWorkAndRule()
    {
        var explained = await Explain("""
            {"gate": {"if": {"max": [{"math": {}}, {"numeric-answer": {}, "name": "num"}]},
              "then": {"sum": [{"length": {"max": 64}, "name": "short", "weight": 0.25}, {"keywords": {"words": ["so"]}}]}}}
            """, TextSample.Of("6*7 = 42, so \\boxed{42}", "42"));

        Assert.Equal(["gate", "gate.if.max", "gate.if.max[0].math", "gate.if.max[1].numeric-answer", "gate.then.sum", "gate.then.sum[0].length", "gate.then.sum[1].keywords"], explained.Nodes.Select(n => n.Node.Path));
        Assert.Equal([1.25, 1, 1, 1, 1.25, 1, 1], explained.Nodes.Select(n => n.Value));
        Assert.Equal([null, null, null, null, null, 0.25, 1.0], explained.Nodes.Select(n => n.Node.Weight));
        Assert.Equal(("exact", "boxed", "short"), (explained.Nodes[2].Rule, explained.Nodes[3].Rule, explained.Nodes[5].Node.Label));
        Assert.Null(explained.Nodes[0].Rule);
        Assert.All(explained.Nodes, n => Assert.True(n.Evaluated && n.Work > 0));
        Assert.Equal(explained.Work, explained.Nodes[0].Work);
        Assert.Equal([0, 1, 2, 2, 1, 2, 2], explained.Nodes.Select(n => n.Node.Depth));
    }

    [Fact]
    public async Task OfAsync_GateThatIsClosed_SaysSoAndMarksWhatWasNotEvaluated()
    {
        var explained = await Explain("""{"gate": {"if": "math", "then": {"length": {"max": 64}}, "closed": -1}}""", TextSample.Of("forty", "42"));

        Assert.Equal(-1, explained.Value);
        Assert.Equal(["closed", "text", null], explained.Nodes.Select(n => n.Rule));
        Assert.Equal([true, true, false], explained.Nodes.Select(n => n.Evaluated));
        Assert.True(double.IsNaN(explained.Nodes[2].Value));
    }

    [Fact]
    public async Task OfAsync_BudgetThatFires_ShowsTheNodeAsItCounts()
    {
        var explained = await Explain("""{"sum": [{"product": ["math", "numeric-answer"], "budget": {"work": 30}}, {"length": {"max": 64}}]}""", TextSample.Of("\\boxed{42}", "42"));

        Assert.Equal("over_budget", explained.Nodes.Single(n => n.Node.Path == "sum[0].product").Rule);
        Assert.Equal(0, explained.Nodes.Single(n => n.Node.Path == "sum[0].product").Value);
        Assert.Equal(1, explained.Value);
    }

    [Fact]
    public async Task OfAsync_MissingReference_CarriesTheStatusToTheTop()
    {
        var explained = await Explain("""{"sum": ["math", {"length": {"max": 64}}]}""", TextSample.Of("42"));

        Assert.Equal(ScoreStatus.InvalidReference, explained.Status);
        Assert.True(double.IsNaN(explained.Value));
        Assert.Equal("no-reference", explained.Nodes[1].Rule);
        Assert.Equal("sum[0].math: no-reference", explained.Reason);
    }

    [Theory]
    [InlineData("\"math\"")]
    [InlineData("""{"ensemble": {"of": ["math", "numeric-answer", "exact-match"]}}""")]
    [InlineData("""{"cache": {"of": {"sum": [{"math": {}, "weight": 0.3}, {"repetition": {}, "weight": 0.7}]}}}""")]
    [InlineData("""{"route": {"by": "item.kind", "cases": {"a": "math"}, "else": {"length": {"max": 5}}}}""")]
    [InlineData("""{"sigmoid": {"of": {"otherwise": {"of": "math", "value": 0.1}}}}""")]
    public async Task OfAsync_AnyTree_ScoresTheSameBitsAsWithout(string json)
    {
        foreach (var sample in new[] { TextSample.Of("so it is \\boxed{42}", "42"), TextSample.Of("so it is it is it is it is it is 41", "42"), TextSample.Of("", null) })
        {
            var plain = await Document(json).Reward.ScoreAsync([sample], RewardContext.Default);
            var explained = await Explain(json, sample);

            Assert.Equal((plain.Status[0], plain.Work[0], plain.Reasons[0]), (explained.Status, explained.Work, explained.Reason));
            Assert.Equal(BitConverter.DoubleToInt64Bits(plain.Status[0] == ScoreStatus.Ok ? plain.Values[0] : double.NaN), BitConverter.DoubleToInt64Bits(explained.Value));
        }
    }

    [Fact]
    public async Task OfAsync_CacheThatHits_MarksWhatIsBelowAsNotEvaluated()
    {
        var reward = Document("""{"cache": {"of": {"sum": ["math", {"length": {"max": 64}}]}}}""").Reward;
        var sample = TextSample.Of("\\boxed{42}", "42");
        var first = await Explanation.OfAsync(reward, sample, RewardContext.Default);
        var second = await Explanation.OfAsync(reward, sample, RewardContext.Default);

        Assert.Equal([true, true, true], first.Nodes.Select(n => n.Evaluated));
        Assert.Equal([true, false, false], second.Nodes.Select(n => n.Evaluated));
        Assert.Equal(first.Value, second.Value);
    }
}
