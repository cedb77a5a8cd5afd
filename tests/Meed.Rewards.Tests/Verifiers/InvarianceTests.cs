using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Verifiers;

/// <summary>The same sample alone, in a batch, among strangers and from the cache gets the same bits.</summary>
public class InvarianceTests
{
    private const string Tree = """
        { "sum": [
            { "numeric-answer": {}, "weight": 0.7 },
            { "gate": { "if": { "tags": { "outside": true } }, "then": { "power": { "of": { "length": { "max": 40, "soft": 30 } }, "exponent": 1.7 } }, "closed": -0.1 }, "weight": 0.3 },
            { "noise": { "of": { "keywords": { "words": [ "so", "then" ], "rule": "share" } }, "deviation": 0.1 } },
            { "sigmoid": { "of": { "regex": { "pattern": "[0-9]+" } }, "center": 0.3, "width": 0.17 } },
            { "ensemble": { "of": [ "exact-match", "numeric-answer", "math" ], "by": "mean-minus-deviation", "k": 0.5 } }
        ] }
        """;

    private static TextSample[] Samples()
    {
        var random = new Random(5);
        string[] parts = ["so ", "then ", "3 ", "= 7", "<think>", "</think>", "<answer>", "</answer>", "\\boxed{7}", "#### 7", "\n", "word "];
        return [.. Enumerable.Range(0, 300).Select(_ => TextSample.Of(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)])), random.Next(2) == 0 ? "7" : "3", "What?"))];
    }

    [Fact]
    public async Task ScoreAsync_AloneInABatchAmongStrangersFromTheCache_SameBits()
    {
        var samples = Samples();
        var reward = RewardDocuments.Parse(Tree, Catalog.TextRewards()).Reward;
        var cached = RewardDocuments.Parse($"{{ \"cache\": {{ \"of\": {Tree} }} }}", Catalog.TextRewards()).Reward;
        var context = new RewardContext { Seed = 9 };
        var batch = await reward.ScoreAsync(samples, context);
        var strangers = samples.Reverse().Concat(samples.Take(7)).ToArray();

        var among = await reward.ScoreAsync(strangers, context with { Threads = 1 });
        var first = await cached.ScoreAsync(strangers, context);
        var again = await cached.ScoreAsync(samples, context);

        Assert.True(batch.Values.ToArray().Distinct().Count() > 50);
        for (int i = 0; i < samples.Length; i++)
        {
            var alone = await reward.ScoreAsync([samples[i]], context);
            int j = samples.Length - 1 - i;
            Same(batch, i, alone, 0);
            Same(batch, i, among, j);
            Same(batch, i, first, j);
            Same(batch, i, again, i);
        }

        static void Same(Scores a, int i, Scores b, int j)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(a.Values[i]), BitConverter.DoubleToInt64Bits(b.Values[j]));
            Assert.Equal(a.Status[i], b.Status[j]);
            Assert.Equal(a.Reasons[i], b.Reasons[j]);
            Assert.Equal(a.Work[i], b.Work[j]);
            for (int c = 0; c < a.Schema.Components.Count; c++)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(a.Component(c)[i]), BitConverter.DoubleToInt64Bits(b.Component(c)[j]));
            }
        }
    }

    [Fact]
    public async Task ScoreAsync_Values_StayInTheStatedRange()
    {
        var reward = RewardDocuments.Parse(Tree, Catalog.TextRewards()).Reward;

        var scores = await reward.ScoreAsync(Samples(), RewardContext.Default);

        Assert.All(scores.Values.ToArray(), v => Assert.InRange(v, reward.Schema.Minimum, reward.Schema.Maximum));
    }
}
