using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Training;

public class StreamTests
{
    private static IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Rows() => Planted.Rows(1500, 1).Select(r => (r, false, PromptSplit.PartOf(r.Prompt)));

    [Fact]
    public void Stream_WindowsOfAnySize_LearnsAsFromTheWhole()
    {
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var whole = new NGramNetwork(new NGramOptions { Buckets = 1 << 14 }, 1, new RandomStream(0));
        var held = TrainingData.Read(Rows(), whole);
        RewardTrainer.Train(whole, objective, held, new RewardTrainerOptions(), [SplitPart.Train], new RandomStream(2));
        double reached = RewardTrainer.MeanLoss(whole, objective, held, objective.Units(held, SplitPart.Validation));
        foreach (int window in (int[])[100, 333, 5000])
        {
            var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 14 }, 1, new RandomStream(0));
            var data = TrainingData.Read(Rows(), network);
            var survey = RowSurvey.Take(Rows(), 200, new RandomStream(1));
            var epochs = new List<double>();
            RewardTrainer.Stream(network, objective, Rows, survey.Rows[SplitPart.Train], window, data, new RewardTrainerOptions(), [SplitPart.Train], new RandomStream(2), epoch: e => epochs.Add(e.Loss));
            Assert.Equal(3, epochs.Count);
            Assert.True(epochs[^1] < reached + 0.05, $"window {window}: validation loss {epochs[^1]}, {reached} from the whole");
            Assert.True(Planted.Accuracy(network, objective, data) > 0.85);
        }
    }

    [Fact]
    public void Stream_TwiceTheSameSeed_SameBits()
    {
        float[] Weights()
        {
            var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 14 }, 1, new RandomStream(0));
            var measured = TrainingData.Read([], network);
            RewardTrainer.Stream(network, new BradleyTerryObjective(new BradleyTerryOptions()), Rows, 900, 250, measured, new RewardTrainerOptions { Epochs = 1 }, [SplitPart.Train], new RandomStream(2));
            return network.Snapshot()[0];
        }

        Assert.Equal(Weights(), Weights());
    }

    [Fact]
    public void Stream_NothingToLearnFrom_SaysSo()
    {
        var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 14 }, 1, new RandomStream(0));
        var error = Assert.Throws<PreferenceException>(() => RewardTrainer.Stream(network, new BradleyTerryObjective(new BradleyTerryOptions()), () => [], 0, 100, TrainingData.Read([], network), new RewardTrainerOptions(),
            [SplitPart.Train], new RandomStream(0)));
        Assert.Contains("nothing to train on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Survey_ManyRows_CountsAllAndSamplesEvenly()
    {
        var row = new PreferenceRow { Prompt = [new Message("user", "?")] };
        var counts = new int[10];
        for (ulong seed = 0; seed < 400; seed++)
        {
            var survey = RowSurvey.Take(Enumerable.Range(0, 1000).Select(i => (row with { Line = i }, true, SplitPart.Train)), 50, new RandomStream(seed));
            Assert.Equal(1000, survey.Rows[SplitPart.Train]);
            Assert.Equal(0, survey.Rows[SplitPart.Test]);
            Assert.Equal(50, survey.Sample.Select(s => s.Row.Line).Distinct().Count());
            Assert.Equal(survey.Sample.OrderBy(s => s.Row.Line), survey.Sample);
            foreach (var kept in survey.Sample)
            {
                counts[kept.Row.Line / 100]++;
            }
        }

        // 2,000 expected in each tenth; five standard deviations are about 212.
        Assert.All(counts, c => Assert.InRange(c, 1780, 2220));
    }
}
