using System.Text.Json;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Observations;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Networks;

public sealed class ObservationNetworkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-rm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ObservationOptions Options(string kind) => kind switch
    {
        "pictures" => new PictureEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 300, Patch = 2 },
        "pictures-optional" => new PictureEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 300, Optional = true, Head = HeadKind.TwoLayer, HeadSize = 12 },
        "pictures-alone" => new PictureEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 0 },
        "clips" => new ClipEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 300 },
        "clips-attention" => new ClipEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 0, Motion = 0, Head = HeadKind.Attention },
        "states" => new StateEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 300, Steps = 12 },
        "states-attention" => new StateEncoderOptions { Width = 16, Layers = 1, Heads = 2, Vocabulary = 0, Steps = 12, Head = HeadKind.Attention },
        _ => throw new ArgumentException(kind, nameof(kind)),
    };

    // The response is better whose first number (of the last frame, or on average over the states) is higher where the prompt says high, lower where it says low.
    private static IEnumerable<PreferenceRow> Rows(string kind, int count, ulong seed)
    {
        var random = new RandomStream(seed);
        for (int i = 0; i < count; i++)
        {
            bool high = !kind.Contains('-', StringComparison.Ordinal) && random.NextBool();
            var (a, x) = Draw(kind, random);
            var (b, y) = Draw(kind, random);
            yield return new PreferenceRow
            {
                Source = "planted", Line = i + 1, Prompt = [new Message("user", high ? "high" : "low")],
                Responses = [new RatedResponse { Text = i % 2 == 0 ? "so" : null, Observation = new ObservationSource(a) }, new RatedResponse { Observation = new ObservationSource(b) }],
                Pairs = [x > y == high ? new PreferencePair(0, 1) : new PreferencePair(1, 0)],
            };
        }
    }

    private static (Observation, float) Draw(string kind, RandomStream random)
    {
        int steps = kind.StartsWith("states", StringComparison.Ordinal) ? random.NextInt(2, 13) : 3;
        var shape = kind.StartsWith("pictures", StringComparison.Ordinal) ? new ObservationShape(ObservationKind.Picture, 1, 1, 4, 6)
            : kind.StartsWith("clips", StringComparison.Ordinal) ? new ObservationShape(ObservationKind.Clip, 3, 1, 2, 2) : new ObservationShape(ObservationKind.States, steps, 1, 1, 2, 1);
        float[] values = [.. Enumerable.Range(0, shape.Steps * shape.StepSize).Select(_ => (float)random.NextDouble())];
        return (new Observation(shape, values), shape.Kind == ObservationKind.States ? Enumerable.Range(0, steps).Average(t => values[t * shape.StepSize]) : values[(shape.Steps - 1) * shape.StepSize]);
    }

    private static TextSample[] Samples(string kind, int count)
    {
        TextSample[] samples = [.. Rows(kind, count, 9).SelectMany(r => r.Responses.Select(x => new TextSample { Prompt = r.Prompt, Response = x.Text ?? "", Item = x.Observation!.Item }))];
        return kind == "pictures-optional" ? [.. samples, new TextSample { Response = "alone" }, TextSample.Of("another", prompt: "low")] : samples;
    }

    private static (RewardModel Model, RewardObjective Objective) Trained(string kind, int rows, RewardTrainerOptions how)
    {
        var all = Rows(kind, rows, 1).ToList();
        var network = ObservationNetwork.Create(Options(kind), 1, all, new RandomStream(1));
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var data = TrainingData.Read(all.Select(r => (r, false, PromptSplit.PartOf(r))), network);
        RewardTrainer.Train(network, objective, data, how, [SplitPart.Train], new RandomStream(2));
        return (RewardModel.Of(network, objective, "test", [-1, 1]), objective);
    }

    [Theory]
    [InlineData("pictures")]
    [InlineData("pictures-optional")]
    [InlineData("pictures-alone")]
    [InlineData("clips")]
    [InlineData("clips-attention")]
    [InlineData("states")]
    [InlineData("states-attention")]
    public async Task ScoreAsync_SavedAndLoaded_GivesTheSameBitsInAnyBatchAndOrder(string kind)
    {
        var (model, _) = Trained(kind, 60, new RewardTrainerOptions { Epochs = 1, BatchSize = 16 });
        model.Save(_folder);
        var loaded = RewardModel.Load(_folder);
        var samples = Samples(kind, 40);
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
                var scores = await loaded.ScoreAsync([.. part.Select(i => samples[i])], RewardContext.Default, TestContext.Current.CancellationToken);
                Assert.All(Enumerable.Range(0, part.Length), i => Assert.Equal(BitConverter.DoubleToInt64Bits(alone[part[i]]), BitConverter.DoubleToInt64Bits(scores[i])));
            }
        }
    }

    [Theory]
    [InlineData("pictures")]
    [InlineData("clips")]
    [InlineData("states")]
    [InlineData("states-attention")]
    public void Train_RowsWhereTextAndObservationDecideTogether_LearnsThem(string kind)
    {
        var (model, objective) = Trained(kind, 1000, new RewardTrainerOptions { Epochs = 10, BatchSize = 32 });

        var test = TrainingData.Read(Rows(kind, 300, 77).Select(r => (r, false, SplitPart.Test)), model.Network, TestContext.Current.CancellationToken);

        Assert.InRange(Planted.Accuracy(model.Network, objective, test), 0.8, 1);
    }

    [Fact]
    public async Task ScoreAsync_SamplesOfOtherSizes_FailWithOneSentence()
    {
        async Task Fails(RewardModel model, string item, string expected, string? folder = null)
        {
            var scores = await model.ScoreAsync([new TextSample { Item = JsonDocument.Parse(item).RootElement, Folder = folder }], RewardContext.Default, TestContext.Current.CancellationToken);
            Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
            Assert.Contains(expected, scores.Reasons[0], StringComparison.Ordinal);
        }

        RewardModel Untrained(string kind) => RewardModel.Of(ObservationNetwork.Create(Options(kind), 1, Rows(kind, 20, 1), new RandomStream(1)), new BradleyTerryObjective(new BradleyTerryOptions()), "test", []);
        var pictures = Untrained("pictures");
        await Fails(pictures, "{}", "the sample has no \"image\", which this model reads.");
        await Fails(pictures, """{"image": [[1, 2], [3, 4]]}""", "image is a picture of 2 × 2 pixels in 1 plane; this model reads a picture of 6 × 4 pixels in 1 plane.");
        await Fails(pictures, """{"image": [[1, 2], [3, "x"]]}""", "not a finite number.");
        await Fails(pictures, """{"image": "/etc/hostname"}""", "paths are read only beside a file that was named");
        await Fails(pictures, """{"image": "none.png"}""", "none.png does not exist.", _folder);
        await Fails(pictures, """{"states": [[1]]}""", "states is 1 states of 1 numbers without actions; this model reads a picture");
        await Fails(Untrained("clips"), """{"frames": [[[1, 2], [3, 4]]]}""", "frames is 1 frames of 2 × 2 pixels in 1 plane; this model reads 3 frames");
        var states = Untrained("states");
        await Fails(states, """{"frames": ["a.png"]}""", "frames is a clip; this model reads at most 12 states of 2 numbers", _folder);
        await Fails(states, """{"states": [[1, 2, 3]], "actions": [0]}""", "states is 1 states of 3 numbers with actions of 1; this model reads at most 12 states of 2 numbers with actions of 1.");
        await Fails(states, $$"""{"states": [{{string.Join(',', Enumerable.Repeat("[1, 2]", 13))}}], "actions": [{{string.Join(',', Enumerable.Repeat("1", 13))}}]}""", "states is 13 states of 2 numbers");
    }

    [Fact]
    public async Task ScoreAsync_PictureOfAFile_IsThatOfItsNumbers()
    {
        byte[] pixels = Tests.Observations.Pictures.Noise(1, 4, 6, 1);
        File.WriteAllBytes(Path.Combine(_folder, "a.png"), Tests.Observations.Pictures.Png(pixels, 1, 4, 6));
        var (model, _) = Trained("pictures", 40, new RewardTrainerOptions { Epochs = 1 });
        var observation = new Observation(new ObservationShape(ObservationKind.Picture, 1, 1, 4, 6), pixels);

        var scores = await model.ScoreAsync(
        [
            new TextSample { Item = JsonDocument.Parse("""{"image": "a.png"}""").RootElement, Folder = _folder },
            new TextSample { Item = observation.AsItem() },
        ], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void Load_ChangedFolders_AreRefused()
    {
        var (model, _) = Trained("states", 40, new RewardTrainerOptions { Epochs = 1 });
        model.Save(_folder);
        string path = Path.Combine(_folder, RewardModelInfo.FileName), text = File.ReadAllText(path), tokenizer = Path.Combine(_folder, "tokenizer.json");
        string Fails(string from, string to)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
            return Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message;
        }

        Assert.Contains("'patches.weight' is [16, 3]; the model of reward-model.json needs [16, 4]", Fails("\"actions\": 1", "\"actions\": 2"), StringComparison.Ordinal);
        Assert.Contains("the observations are 12 frames of 2 × 1 pixels", Fails("\"kind\": \"states\"", "\"kind\": \"clip\""), StringComparison.Ordinal);
        Assert.Contains("no \"shape\" of its observations", Fails("\"shape\": {", "\"other\": {"), StringComparison.Ordinal);
        File.WriteAllText(path, text);
        Models.Tokenizers.TokenizerFile.Save(Models.Tokenizers.BpeTrainer.Train(["Yes Yes Yes Check Check Check brief brief brief three three"], 300, Models.ChatTemplate.SpecialTokens, minimumCount: 2), tokenizer);
        string changed = Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder)).Message;
        Assert.True(changed.Contains("another tokenizer or template", StringComparison.Ordinal) || changed.Contains("'words.weight' is", StringComparison.Ordinal), changed);
    }

    [Fact]
    public void Create_RowsThatDoNotFit_SaysWhy()
    {
        Assert.Contains("encoder.clips: none of 5 training rows has \"frames\"", Assert.Throws<PreferenceException>(() => ObservationNetwork.Create(Options("clips"), 1, Planted.Rows(50, 1).Take(5), new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("the first observation is a picture of 6 × 4 pixels in 1 plane; use the encoder pictures", Assert.Throws<PreferenceException>(() => ObservationNetwork.Create(Options("clips"), 1, Rows("pictures", 5, 1), new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("do not make patches of 5 × 5", Assert.Throws<InvalidDataException>(() => ObservationNetwork.Create(new PictureEncoderOptions { Patch = 5 }, 1, Rows("pictures", 5, 1), new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of twice the Heads", Assert.Throws<InvalidDataException>(() => ObservationNetwork.Create(new PictureEncoderOptions { Width = 10 }, 1, Rows("pictures", 5, 1), new RandomStream(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RowWithoutWhatIsRead_NamesTheLine()
    {
        var network = ObservationNetwork.Create(Options("pictures"), 1, Rows("pictures", 5, 1), new RandomStream(1));

        var error = Assert.Throws<PreferenceException>(() => TrainingData.Read(Planted.Rows(9, 1).Take(1).Select(r => (r with { Line = 41 }, false, SplitPart.Train)), network, TestContext.Current.CancellationToken));

        Assert.Equal("Line 41: the sample has no \"image\", which this model reads.", error.Message);
    }
}
