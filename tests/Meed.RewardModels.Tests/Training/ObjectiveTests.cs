using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Training;

public class ObjectiveTests
{
    private static readonly Dictionary<string, Func<RewardObjective>> s_objectives = new()
    {
        ["bradley-terry"] = () => new BradleyTerryObjective(new BradleyTerryOptions { Smoothing = 0.05f, Margin = 0.1f }),
        ["focal-ranking"] = () => new FocalRankingObjective(new FocalRankingOptions()),
        ["prior-constraint"] = () => new PriorConstraintObjective(new PriorConstraintOptions()),
        ["davidson"] = () => new DavidsonObjective(),
        ["rao-kupper"] = () => new RaoKupperObjective(),
        ["thurstone"] = () => new ThurstoneObjective(),
        ["plackett-luce"] = () => new PlackettLuceObjective(new PlackettLuceOptions()),
        ["binary"] = () => new BinaryObjective(),
        ["tied-labels"] = () => new TiedLabelsObjective(new TiedLabelsOptions()),
        ["ordinal"] = () => new OrdinalObjective(new OrdinalOptions()),
        ["quantile"] = () => new QuantileObjective(new QuantileOptions()),
        ["attributes"] = () => new AttributesObjective(new AttributesOptions { Names = ["good", "length"], Weights = [1, 0] }),
    };

    public static TheoryData<string> Names() => [.. s_objectives.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_PlantedPreferences_AreLearned(string name)
    {
        var objective = s_objectives[name]();
        var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 12, Words = 1 }, objective.Outputs, new RandomStream(1));
        var data = Planted.Data(network, 900);

        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 8, BatchSize = 16, LearningRate = 0.1f }, [SplitPart.Train], new RandomStream(2), stop: TestContext.Current.CancellationToken);

        double accuracy = Planted.Accuracy(network, objective, data);
        Assert.True(accuracy > 0.85, $"{name} reaches {accuracy:P1}.");
    }

    [Fact]
    public void Catalog_Objectives_AreAllTested() => Assert.Equal(s_objectives.Keys.Order(), Catalog.Entries.Where(e => e.Kind == "objective").Select(e => e.Name).Order());

    [Fact]
    public void Train_Transformer_LearnsPlantedPreferences()
    {
        var options = new TransformerOptions { Vocabulary = 320, HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, MaximumTokens = 64 };
        var network = TransformerNetwork.Create(options, 1, Planted.Rows(100, 3).SelectMany(r => r.Responses).Select(r => r.Text!), new RandomStream(1));
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var data = Planted.Data(network, 700);

        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 8, BatchSize = 16, LearningRate = 3e-3f }, [SplitPart.Train], new RandomStream(2), stop: TestContext.Current.CancellationToken);

        Assert.True(Planted.Accuracy(network, objective, data) > 0.85, $"{Planted.Accuracy(network, objective, data):P1}");
    }

    [Fact]
    public void Train_NothingToLearnFrom_SaysSo()
    {
        var network = new NGramNetwork(new NGramOptions { Buckets = 64 }, 1, new RandomStream(1));
        var row = new PreferenceRow { Prompt = [new Message("user", "a")], Responses = [new RatedResponse { Text = "b" }] };
        var data = TrainingData.Read([(row, false, SplitPart.Train)], network, TestContext.Current.CancellationToken);

        var error = Assert.Throws<PreferenceException>(() => RewardTrainer.Train(network, new BinaryObjective(), data, new RewardTrainerOptions(), [SplitPart.Train], new RandomStream(1), stop: TestContext.Current.CancellationToken));

        Assert.Contains("the objective binary finds none of what it learns from among 1 responses and 0 comparisons", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] Run()
        {
            var network = new NGramNetwork(new NGramOptions { Buckets = 1 << 10 }, 1, new RandomStream(1));
            RewardTrainer.Train(network, new BradleyTerryObjective(new BradleyTerryOptions()), Planted.Data(network, 700), new RewardTrainerOptions { Epochs = 1 }, [SplitPart.Train], new RandomStream(2), stop: TestContext.Current.CancellationToken);
            return network.Snapshot()[0];
        }

        Assert.Equal(Run(), Run());
    }
}
