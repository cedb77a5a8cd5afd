using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Networks;

public sealed class NetworkTests : IDisposable
{
    private static readonly TransformerOptions s_small = new() { Vocabulary = 300, HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 48, MaximumTokens = 96 };
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RewardNetwork Network(string kind, int outputs = 1) => kind switch
    {
        "ngrams" => new NGramNetwork(new NGramOptions { Buckets = 1 << 12 }, outputs, new RandomStream(1)),
        "factors" => new NGramNetwork(new NGramOptions { Buckets = 1 << 12, Rank = 4, Characters = 4 }, outputs, new RandomStream(1)),
        "transformer" => TransformerNetwork.Create(s_small, outputs, Planted.Rows(50, 3).SelectMany(r => r.Responses).Select(r => r.Text!), new RandomStream(1)),
        "attention" => TransformerNetwork.Create(s_small with { Head = HeadKind.Attention }, outputs, Planted.Rows(50, 3).SelectMany(r => r.Responses).Select(r => r.Text!), new RandomStream(1)),
        "two-layer" => TransformerNetwork.Create(s_small with { Head = HeadKind.TwoLayer, HeadSize = 24 }, outputs, Planted.Rows(50, 3).SelectMany(r => r.Responses).Select(r => r.Text!), new RandomStream(1)),
        _ => throw new ArgumentException(kind, nameof(kind)),
    };

    private static TextSample[] Samples(int count) =>
        [.. Planted.Rows(count, 9).SelectMany(r => r.Responses.Select(x => new TextSample { Prompt = r.Prompt, Response = x.Text! })).Append(new TextSample { Response = "" }).Append(new TextSample { Response = string.Join(' ', Enumerable.Repeat("very long answer", 90)) })];

    [Theory]
    [InlineData("ngrams")]
    [InlineData("factors")]
    [InlineData("transformer")]
    [InlineData("attention")]
    [InlineData("two-layer")]
    public async Task ScoreAsync_AnyBatchAndOrder_GivesTheSameBits(string kind)
    {
        var network = Network(kind);
        var data = Planted.Data(network, 60);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 1, BatchSize = 16, LearningRate = 0.01f }, [SplitPart.Train], new RandomStream(2));
        var model = RewardModel.Of(network, objective, "test", [-1, 1]);
        var samples = Samples(40);
        var alone = new List<double>();
        foreach (var sample in samples)
        {
            alone.Add((await model.ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken))[0]);
        }

        Assert.True(alone.Distinct().Count() > samples.Length / 2);
        foreach (int size in new[] { 7, 64 })
        {
            int[] order = new RandomStream((ulong)size).Permutation(samples.Length);
            foreach (var part in order.Chunk(size))
            {
                var scores = await model.ScoreAsync([.. part.Select(i => samples[i])], RewardContext.Default, TestContext.Current.CancellationToken);
                Assert.All(Enumerable.Range(0, part.Length), i => Assert.Equal(BitConverter.DoubleToInt64Bits(alone[part[i]]), BitConverter.DoubleToInt64Bits(scores[i])));
            }
        }
    }

    [Theory]
    [InlineData("ngrams")]
    [InlineData("factors")]
    [InlineData("transformer")]
    [InlineData("attention")]
    public async Task Load_SavedModel_GivesTheSameBits(string kind)
    {
        var network = Network(kind);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        RewardTrainer.Train(network, objective, Planted.Data(network, 60), new RewardTrainerOptions { Epochs = 1, LearningRate = 0.01f }, [SplitPart.Train], new RandomStream(2));
        var model = RewardModel.Of(network, objective, "test", [-1, 1]);
        model.Save(_folder);

        var loaded = RewardModel.Load(_folder);

        var samples = Samples(5);
        var before = await model.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);
        var after = await loaded.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.Equal(before.Values.ToArray(), after.Values.ToArray());
        Assert.Equal(model.Schema with { Components = [] }, loaded.Schema with { Components = [] });
    }

    [Fact]
    public void Load_TokenizerChanged_IsRefused()
    {
        var network = (TransformerNetwork)Network("transformer");
        RewardModel.Of(network, new BradleyTerryObjective(new BradleyTerryOptions()), "test", []).Save(_folder);
        string tokenizer = Path.Combine(_folder, "backbone", "tokenizer.json");
        var other = Meed.Models.Tokenizers.BpeTrainer.Train(["Yes Yes Yes Check Check Check brief brief brief three three"], 300, Meed.Models.ChatTemplate.SpecialTokens, minimumCount: 2);
        Meed.Models.Tokenizers.TokenizerFile.Save(other, tokenizer);

        var error = Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder));

        Assert.Contains("was trained with another tokenizer or template", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedFolders_SayWhatIsWrong()
    {
        var ngrams = (NGramNetwork)Network("ngrams");
        RewardModel.Of(ngrams, new BradleyTerryObjective(new BradleyTerryOptions()), "test", []).Save(_folder);
        string info = Path.Combine(_folder, RewardModelInfo.FileName), weights = Path.Combine(_folder, "weights.safetensors"), text = File.ReadAllText(info);

        File.WriteAllText(info, text.Replace("\"buckets\": 4096", "\"buckets\": 8192", StringComparison.Ordinal));
        Assert.Contains("'linear.weight' is [4113, 1]; the model of reward-model.json needs [8209, 1]", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(info, text.Replace("\"words\": 2", "\"words\": 1", StringComparison.Ordinal));
        Assert.Contains("another tokenizer or template", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(info, text.Replace("\"buckets\": 4096", "\"buckets\": 4095", StringComparison.Ordinal));
        Assert.Contains("reward-model.json: NGramNetwork: Buckets is 4095; it is a power of two", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(info, text.Replace("\"outputs\": 1", "\"outputs\": 100000000", StringComparison.Ordinal));
        Assert.Contains("100000000 outputs with 1 weights", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(info, text);
        Safetensors.Write(weights, [("linear.weight", Tensor.Ones(4113, 1))]);
        Assert.Contains("The folder mixes two models", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        Safetensors.Write(weights, [("linear.weight", Tensor.Full(float.NaN, 4113, 1))]);
        Assert.Contains("value 0 of 'linear.weight' is NaN", Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("neither a reward model nor a run", Assert.Throws<FileNotFoundException>(() => RewardModel.Load(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_DocumentWithAPath_IsTheModel()
    {
        RewardModel.Of(Network("ngrams"), new BradleyTerryObjective(new BradleyTerryOptions()), "test", []).Save(_folder);
        var registry = Meed.Rewards.Catalog.TextRewards().Add(Catalog.Entries);

        var document = Meed.Rewards.Documents.RewardDocuments.Parse($$"""{"model": {"path": "{{_folder}}" } }""", registry);

        Assert.Equal(0, (await document.Reward.ScoreAsync([TextSample.Of("anything")], RewardContext.Default, TestContext.Current.CancellationToken))[0]);
        var wrong = Assert.Throws<Meed.Rewards.Documents.DocumentException>(() => Meed.Rewards.Documents.RewardDocuments.Parse($$"""{"model": {"path": "{{_folder}}", "template": "role-tags" } }""", registry));
        Assert.Contains("was trained with 'none'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_MatrixWithNaN_NamesRowAndColumn()
    {
        string path = Path.Combine(_folder, "features.safetensors");
        var values = new float[12];
        values[7] = float.NaN;
        Safetensors.Write(path, [("features", Tensor.From(values, 3, 4))]);

        var error = Assert.Throws<InvalidDataException>(() => FeatureNetwork.Open(new FeatureOptions { Matrix = path }, 1, new RandomStream(0)));

        Assert.Contains("row 1, column 3 of 'features' is NaN", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HeadKind.Linear)]
    [InlineData(HeadKind.TwoLayer)]
    public async Task Features_MatrixWithAPlantedDirection_IsLearned(HeadKind head)
    {
        var random = new RandomStream(4);
        const int count = 400, width = 8;
        float[] matrix = [.. Enumerable.Range(0, count * width).Select(_ => (float)random.NextNormal())];
        string path = Path.Combine(_folder, "features.safetensors");
        Safetensors.Write(path, [("features", Tensor.From(matrix, count, width))]);
        float Worth(int row) => matrix[row * width] - matrix[(row * width) + 1];
        var rows = Enumerable.Range(0, count / 2).Select(i => new PreferenceRow
        {
            Prompt = [new Message("user", $"{i}")],
            Responses = [new RatedResponse { Feature = 2 * i }, new RatedResponse { Feature = (2 * i) + 1 }],
            Pairs = [Worth(2 * i) > Worth((2 * i) + 1) ? new PreferencePair(0, 1) : new PreferencePair(1, 0)],
        });
        var network = FeatureNetwork.Open(new FeatureOptions { Matrix = path, Head = head, HeadSize = 16 }, 1, new RandomStream(1));
        var data = TrainingData.Read(rows.Select(r => (r, false, PromptSplit.PartOf(r.Prompt))), network, TestContext.Current.CancellationToken);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());

        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions { Epochs = 30, BatchSize = 16, LearningRate = 0.02f }, [SplitPart.Train], new RandomStream(2), stop: TestContext.Current.CancellationToken);

        Assert.True(Planted.Accuracy(network, objective, data) > 0.9);
        var model = RewardModel.Of(network, objective, "test", [-5, 5]);
        var item = System.Text.Json.JsonSerializer.SerializeToElement(new { features = matrix.AsSpan(0, width).ToArray() });
        var scores = await model.ScoreAsync([new TextSample { Item = item }, new TextSample { Response = "x" }], RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.Equal(network.Score(data.Store, [0])[0], (float)scores[0]);
        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[1]);
    }
}
