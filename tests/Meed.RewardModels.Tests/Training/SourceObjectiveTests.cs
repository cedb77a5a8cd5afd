using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;

namespace Meed.RewardModels.Tests.Training;

public sealed class SourceObjectiveTests
{
    private static TrainingData Data(RewardNetwork network) => TrainingData.Read(Planted.Rows(300, 4).Select((r, i) => (r with { Source = i % 3 == 0 ? "a" : "b" }, false, PromptSplit.PartOf(r.Prompt))), network);

    [Fact]
    public void Units_OfComparisonsAndResponses_SplitByTheirSource()
    {
        var data = Data(new NGramNetwork(new NGramOptions { Buckets = 1 << 10 }, 1, new RandomStream(1)));
        foreach (RewardObjective inner in new RewardObjective[] { new BradleyTerryObjective(new BradleyTerryOptions()), new BinaryObjective() })
        {
            int[] all = inner.Units(data, SplitPart.Train), a = new SourceObjective(inner, 0).Units(data, SplitPart.Train), b = new SourceObjective(inner, 1).Units(data, SplitPart.Train);

            Assert.True(a.Length > 0 && b.Length > a.Length);
            Assert.Equal(all, a.Concat(b).Order());
        }
    }

    [Fact]
    public void Units_OfWholeRankings_AreRefused()
    {
        var data = Data(new NGramNetwork(new NGramOptions { Buckets = 1 << 10 }, 1, new RandomStream(1)));
        var inner = new PlackettLuceObjective(new PlackettLuceOptions());

        Assert.False(SourceObjective.Takes(inner));
        Assert.Contains("plackett-luce", Assert.Throws<PreferenceException>(() => new SourceObjective(inner, 0).Units(data, SplitPart.Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeanLoss_ResponsesInManyComparisons_IsThatOfTheBatches()
    {
        // Five ratings a prompt: each response stands in several comparisons.
        var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 10 }, 1, new RandomStream(1));
        var rows = Planted.Rows(60, 5).Select(r => r with { Responses = [.. r.Responses, .. r.Responses.Select((x, i) => x with { Text = x.Text + " and more" })], Pairs = [new PreferencePair(0, 1, 1, 0), new PreferencePair(0, 2, 1, 0), new PreferencePair(3, 1, 0.5, 0), new PreferencePair(2, 3, 1, 0)] });
        var data = TrainingData.Read(rows.Select(r => (r, false, PromptSplit.PartOf(r.Prompt))), network);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 1 }, [SplitPart.Train], new RandomStream(1));
        int[] units = objective.Units(data, SplitPart.Train);

        double expected = units.Average(u =>
        {
            var c = data.Comparisons[u];
            float[] s = network.Score(data.Store, [c.First, c.Second]);
            double d = s[0] - s[1];
            return (c.Probability * Math.Log(1 + Math.Exp(-d))) + ((1 - c.Probability) * Math.Log(1 + Math.Exp(d)));
        });

        Assert.Equal(expected, RewardTrainer.MeanLoss(network, objective, data, units), 1e-5);
    }
}
