using System.Text.Json;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Structure;

public class AnswerTests
{
    private static async Task<double[]> Score(IReward<TextSample> reward, string reference, params string[] answers)
    {
        var element = JsonDocument.Parse(reference).RootElement;
        var scores = await reward.ScoreAsync([.. answers.Select(a => new TextSample { Response = a, Reference = element })], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
        return scores.Values.ToArray();
    }

    [Fact]
    public async Task CitationReward_Hacks_DoNotPay()
    {
        // Right; nothing; every source; one of two; a source that does not exist; brackets that are no citations.
        var values = await Score(new CitationReward(), "[2, 5]", "Paris grew [2]. It shrank [5, 2].", "Paris grew.", "All of it [1,2,3,4,5,6,7,8].", "Grew [2].", "Grew [99].", "x[i], [a], [ ], [2.5]");

        Assert.Equal(1, values[0]);
        Assert.Equal(0, values[1]);
        Assert.Equal(2 * 0.25 * 1 / 1.25, values[2], 1e-12);
        Assert.Equal(2.0 / 3, values[3], 1e-12);
        Assert.Equal(0, values[4]);
        Assert.Equal(0, values[5]);
        Assert.Equal(new double[] { 1, 0 }, await Score(new CitationReward(), "[]", "No source needed.", "One [1]."));
        await Fuzz.IsAlwaysScored(new CitationReward(), new TextSample { Reference = JsonDocument.Parse("[777777]").RootElement }, correctness: true, 10_000, "Paris grew [2, 3].");
    }

    [Fact]
    public void Connected_ChainWithAGap_ReachesOneSide()
    {
        var work = new Work(1000);
        string[][] facts = [["Answer", "B"], ["b", "C"], ["D", "E"], ["C", "F"]];

        Assert.Equal([true, true, false, true], EvidenceChain.Connected(facts, "answer", [true, true, true, true], ref work));
        Assert.Equal([true, false, false, false], EvidenceChain.Connected(facts, "answer", [true, false, true, true], ref work));
        Assert.Equal([false, false, false, false], EvidenceChain.Connected(facts, "", [true, true, true, true], ref work));
    }

    [Fact]
    public async Task StructuredAnswerReward_Parts_EachHasItsCredit()
    {
        const string gold = """{"a":"12","b":"Paris","c":0.5}""";
        var values = await Score(new StructuredAnswerReward(new()), gold,
            """{"a": 12, "b": "paris", "c": "0.50"}""",
            "(a) 12\n(b) Paris.\n(c) 1/2",
            "a: 12\na: 13\nb: Paris",                    // two answers to one part are none
            "",
            "a) 11\na) 12\nb) London\nb) Paris\nc) 0.5", // enumerating
            gold.Replace("12", "13"));

        Assert.Equal([1, 2.0 / 3, 1.0 / 3, 0, 1.0 / 3, 2.0 / 3], values);
        Assert.Equal(new double[] { 0, 1 }, await Score(new StructuredAnswerReward(new() { All = true }), gold, "a: 12", gold));
        await Fuzz.IsAlwaysScored(new StructuredAnswerReward(new()), new TextSample { Reference = JsonDocument.Parse("""{"part":"an unlikely text"}""").RootElement }, correctness: true, 10_000, "(a) 12\n(b) Paris", gold);
    }

    [Fact]
    public async Task JsonMatchReward_Hacks_DoNotPay()
    {
        const string gold = """{"city":"Paris","people":[1,2,3]}""";
        var part = await Score(new JsonMatchReward(new() { Part = true }), gold, "It is " + gold, "", "{}", "{\"city\":\"Paris\"}", """{"city":"Paris","people":[1,2,3],"x1":1,"x2":2,"x3":3,"x4":4}""", """{"city":["Paris","London"],"people":[3,2,1]}""");

        Assert.Equal([1, 0, 0, 0.25, 0.5, 0.2], part);
        Assert.Equal(new double[] { 1, 0 }, await Score(new JsonMatchReward(new()), gold, gold, "{\"city\":\"Paris\"}"));
        await Fuzz.IsAlwaysScored(new JsonMatchReward(new()), new TextSample { Reference = JsonDocument.Parse("""{"city":"an unlikely text"}""").RootElement }, correctness: true, 10_000, gold, "[1,[2,{\"a\":null}]]");
    }
}
