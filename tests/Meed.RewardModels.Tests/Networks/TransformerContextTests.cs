using System.Text.Json;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Networks;

public sealed class TransformerContextTests : IDisposable
{
    private static readonly TransformerOptions s_small = new() { Vocabulary = 300, HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 48, MaximumTokens = 96, Context = true };
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-context-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TransformerNetwork Network(TransformerOptions options) => TransformerNetwork.Create(options, 1, Planted.Rows(50, 3).SelectMany(r => r.Responses).Select(r => r.Text!), new RandomStream(1));

    // Two sources that disagree about the same words.
    private static TrainingData Data(RewardNetwork network) => TrainingData.Read(Planted.Rows(800, 4).Select((r, i) => (i % 2 == 0 ? r with { Source = "plain" } : r with { Source = "reversed", Pairs = [.. r.Pairs.Select(p => new PreferencePair(p.Second, p.First, p.Probability, p.Margin))] }, false, PromptSplit.PartOf(r.Prompt))), network);

    [Fact]
    public void Train_SourcesThatDisagree_AreToldApartByContextAlone()
    {
        var options = new RewardTrainerOptions { Epochs = 12, BatchSize = 32, LearningRate = 3e-3f };
        double Reached(bool context)
        {
            var network = Network(s_small with { Context = context });
            var data = Data(network);
            var objective = new BradleyTerryObjective(new BradleyTerryOptions());
            RewardTrainer.Train(network, objective, data, options, [SplitPart.Train], new RandomStream(2));
            return Planted.Accuracy(network, objective, data);
        }

        double with = Reached(true), without = Reached(false);

        Assert.True(with > without + 0.15, $"{with:F3} with the context, {without:F3} without");
    }

    [Fact]
    public async Task ScoreAsync_AfterLoading_ReadsTheContextOfTheSample()
    {
        var network = Network(s_small);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        RewardTrainer.Train(network, objective, Data(network), new RewardTrainerOptions { Epochs = 1, LearningRate = 1e-3f }, [SplitPart.Train], new RandomStream(2));
        RewardModel.Of(network, objective, "context", [-1, 1]).Save(_folder);
        var model = RewardModel.Load(_folder);
        TextSample Of(string source) => TextSample.Of("clear precise answer") with { Item = JsonSerializer.SerializeToElement(new { source }) };

        var scores = await model.ScoreAsync([Of("plain"), Of("reversed"), Of("plain")], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.NotEqual(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[2]);
    }

    [Fact]
    public void Problems_FrozenRandomWeights_AreRefusedAndPretrainedOnesTaken()
    {
        Assert.Contains((s_small with { Freeze = true }).Problems(), p => p.Contains("frozen random weights teach nothing", StringComparison.Ordinal));
        Assert.Empty((s_small with { Freeze = true, PretrainSteps = 10 }).Problems());
        Assert.Empty((s_small with { Freeze = true, From = "runs/x" }).Problems());
    }
}
