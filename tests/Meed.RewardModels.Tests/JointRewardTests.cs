using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Data;
using Meed.RewardModels.Heads;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests;

public class JointRewardTests
{
    [Theory]
    [InlineData(HeadKind.Linear)]
    [InlineData(HeadKind.TwoLayer)]
    public void JointEncoder_Learning_LeavesTheVisionSideAlone(HeadKind head)
    {
        var model = new JointEncoder(4, 8, 3, 16, head, new RandomStream(1));
        var images = Tensor.Normal(new RandomStream(2), 0, 1, 64, 4);
        var texts = Tensor.Normal(new RandomStream(3), 0, 1, 64, 3);
        var target = (images.Slice(1, 0, 1) * texts.Slice(1, 0, 1)).Reshape(64);
        var optimizer = new Adam(model.Parameters, 0.01f);
        float first = 0, last = 0;
        for (int step = 0; step < 400; step++)
        {
            using var scope = Tape.Begin();
            var loss = (model.Forward(images, texts) - target).Square().Mean();
            last = loss.Item();
            first = step == 0 ? last : first;
            optimizer.Step(loss);
        }

        Assert.True(last < first / 4, $"{first} {last}");
        Assert.DoesNotContain(model.Parameters, p => p.Name.StartsWith("vision", StringComparison.Ordinal));
    }

    [Fact]
    public void JointEncoder_LearningTheHead_LeavesTheStateAlone()
    {
        var model = new JointEncoder(4, 8, 3, 16, HeadKind.TwoLayer, new RandomStream(1));
        var images = Tensor.Normal(new RandomStream(2), 0, 1, 5, 4);
        var texts = Tensor.Normal(new RandomStream(3), 0, 1, 5, 3);
        float[] state = model.State(images, texts).ToArray(), scores = model.Forward(images, texts).ToArray();
        var optimizer = new Adam(model.HeadParameters, 0.01f);
        for (int step = 0; step < 3; step++)
        {
            using var scope = Tape.Begin();
            optimizer.Step(model.Forward(images, texts).Sum());
        }

        Assert.Equal(state, model.State(images, texts).ToArray());
        Assert.NotEqual(scores, model.Forward(images, texts).ToArray());
        Assert.Equal(model.Parameters.Count(), model.HeadParameters.Count() + model.JointParameters.Count());
    }

    [Fact]
    public void JointEncoder_AttentionHead_IsRefused() =>
        Assert.Contains("states of tokens", Assert.Throws<ArgumentException>(() => new JointEncoder(2, 2, 2, 2, HeadKind.Attention, new RandomStream(0))).Message, StringComparison.Ordinal);

    [Fact]
    public void StagedMix_TwoStages_DrawsFromTheirSources()
    {
        var mix = new StagedMix(100, [new MixStage(0.5, [1, 0]), new MixStage(0.5, [0.5, 0.5])]);
        var random = new RandomStream(4);

        Assert.Equal((0, 0, 1, 1), (mix.StageOf(0), mix.StageOf(49), mix.StageOf(50), mix.StageOf(99)));
        Assert.All(mix.Sources(10, 200, random), s => Assert.Equal(0, s));
        Assert.InRange(mix.Sources(60, 2000, random).Count(s => s == 1), 900, 1100);
    }

    [Fact]
    public void StagedMix_SharesThatDoNotAddUp_AreRefused() => Assert.Throws<ArgumentException>(() => new StagedMix(10, [new MixStage(0.5, [1])]));

    [Theory]
    [InlineData("long long long long", "short", false)]
    [InlineData("short", "long long long long", true)]
    [InlineData("equal", "equal", true)]
    public void LengthGap_MuchLongerWinner_IsLeftOut(string winner, string loser, bool kept)
    {
        foreach (double p in new[] { 1.0, 0.0 })
        {
            var row = new PreferenceRow { Responses = [new RatedResponse { Text = p == 1 ? winner : loser }, new RatedResponse { Text = p == 1 ? loser : winner }], Pairs = [new PreferencePair(0, 1, p)] };
            var curated = new LengthGap(new LengthGapOptions()).Apply([row], new CurationTrainer(_ => throw new InvalidOperationException(), new RewardTrainerOptions(), new RandomStream(0)));
            Assert.Equal(kept ? 1 : 0, curated.Count);
        }
    }

    [Fact]
    public void LengthGap_Ties_Stay()
    {
        var row = new PreferenceRow { Responses = [new RatedResponse { Text = "long long long" }, new RatedResponse { Text = "x" }], Pairs = [new PreferencePair(0, 1, 0.5)] };

        Assert.Single(new LengthGap(new LengthGapOptions()).Apply([row], new CurationTrainer(_ => throw new InvalidOperationException(), new RewardTrainerOptions(), new RandomStream(0))));
    }

    [Fact]
    public void TiedLabels_EqualLabels_AreHeldTogether()
    {
        double Spread(TieRule ties)
        {
            // Good words pass; "very" goes with some of the passing ones and says nothing.
            var rows = Enumerable.Range(0, 400).Select(i => (new PreferenceRow
            {
                Prompt = [new Message("user", $"q{i}")],
                Responses = [new RatedResponse { Text = i % 3 == 0 ? "very good answer" : "good answer", Label = true }, new RatedResponse { Text = $"bad answer", Label = false }],
            }, false, SplitPart.Train));
            var network = new NGramNetwork(new NGramOptions { Buckets = 1024, Style = false, Words = 1 }, 1, new RandomStream(0));
            var objective = new TiedLabelsObjective(new TiedLabelsOptions { Ties = ties });
            var data = TrainingData.Read(rows, network);
            RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 12, BatchSize = 32, LearningRate = 0.1f, WeightDecay = 0 }, [SplitPart.Train], new RandomStream(1));
            var store = network.NewStore();
            store.Add([new RewardInput([], "very good answer"), new RewardInput([], "good answer"), new RewardInput([], "bad answer")]);
            float[] scores = network.Score(store, [0, 1, 2]);
            Assert.True(scores[0] > scores[2] && scores[1] > scores[2]);
            return Math.Abs(scores[0] - scores[1]);
        }

        var (tied, skipped) = (Spread(TieRule.Soft), Spread(TieRule.Skip));
        Assert.True(tied < 0.7 * skipped, $"{tied} {skipped}");
    }
}
