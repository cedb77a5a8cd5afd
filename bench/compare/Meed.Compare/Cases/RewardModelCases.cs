using System.Diagnostics;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.Compare.Cases;

/// <summary>Training and scoring of reward models, through the same classes as recipes.</summary>
public static class RewardModelCases
{
    private const int Width = 768;
    private const int Stored = 4096;

    /// <summary>N-gram Bradley-Terry from a file: reading, encoding and three epochs, once, cold.</summary>
    public static void Pairs(CaseOptions options)
    {
        string file = options.Other.TryGetValue("file", out string? path) ? path : throw new ArgumentException("bt-pairs needs --file pairs.jsonl; bench/compare/pairs.py writes one.");
        var watch = Stopwatch.StartNew();
        var network = new NGramNetwork(new NGramOptions(), 1, new RandomStream(0));
        var data = TrainingData.Read(PreferenceFile.Open(file).Rows().Select(row => (row, true, SplitPart.Train)), network);
        double read = watch.Elapsed.TotalSeconds;
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        RewardTrainer.Train(network, objective, data, new RewardTrainerOptions(), [SplitPart.Train], new RandomStream(1));
        watch.Stop();
        Output.Once("read, encode, 3 epochs", watch.Elapsed.TotalSeconds);
        Output.Note("seconds of reading and encoding", read.ToString("F2"));
        Output.Note("pairs", data.Comparisons.Count.ToString());
        float[] scores = network.Score(data.Store, [.. data.Comparisons.SelectMany(c => (int[])[c.First, c.Second])]);
        Output.Note("training accuracy", Enumerable.Range(0, data.Comparisons.Count).Average(i => scores[2 * i] > scores[(2 * i) + 1] ? 1.0 : 0.0).ToString("F4"));
    }

    /// <summary>The same in windows, one epoch, with validation and test rows sampled: what a recipe with <c>data.window</c> does.</summary>
    public static void Stream(CaseOptions options)
    {
        string file = options.Other.TryGetValue("file", out string? path) ? path : throw new ArgumentException("bt-stream needs --file pairs.jsonl; bench/compare/pairs.py writes one.");
        int window = options.Other.TryGetValue("window", out string? rows) ? int.Parse(rows) : 20_000;
        var watch = Stopwatch.StartNew();
        IEnumerable<(PreferenceRow, bool, SplitPart)> Rows() => PreferenceFile.Open(file).Rows().Select(row => (row, true, PromptSplit.PartOf(row.Prompt)));
        var survey = RowSurvey.Take(Rows(), window, new RandomStream(0));
        var network = new NGramNetwork(new NGramOptions(), 1, new RandomStream(1));
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var data = TrainingData.Read(survey.Sample, network);
        RewardTrainer.Stream(network, objective, Rows, survey.Rows[SplitPart.Train], window, data, new RewardTrainerOptions { Epochs = 1 }, [SplitPart.Train], new RandomStream(2));
        Output.Note("seconds", watch.Elapsed.TotalSeconds.ToString("F2"));
        Output.Note("pairs", survey.Rows.Values.Sum().ToString());
        Output.Note("window", window.ToString());
        using var process = Process.GetCurrentProcess();
        Output.Note("peak megabytes", (process.PeakWorkingSet64 / 1e6).ToString("F0"));
    }

    /// <summary>A step of Bradley-Terry on a linear head over 768 features.</summary>
    public static void Linear(CaseOptions options) => Head(options, HeadKind.Linear, 64);

    /// <summary>A step of Bradley-Terry on a head 768-256-1 with GELU.</summary>
    public static void TwoLayer(CaseOptions options) => Head(options, HeadKind.TwoLayer, 256);

    /// <summary>Scores of stored token rows by a transformer with a million parameters beside its embedding.</summary>
    public static void Encoder(CaseOptions options)
    {
        var tokenizer = new ByteTokenizer([Tokenizer.Pad, Tokenizer.Begin, Tokenizer.End]);
        var shape = new TransformerOptions { HiddenSize = 128, Layers = 5, Heads = 4, IntermediateSize = 352, MaximumTokens = 256, Vocabulary = 300 };
        var config = new TransformerConfig
        {
            VocabularySize = tokenizer.VocabularySize, HiddenSize = shape.HiddenSize, Layers = shape.Layers, Heads = shape.Heads, KeyValueHeads = shape.Heads, IntermediateSize = shape.IntermediateSize,
            MaximumPositions = shape.MaximumTokens, BeginToken = tokenizer.BeginToken, PadToken = tokenizer.PadToken, EndTokens = [tokenizer.EndToken!.Value],
        };
        var model = new Transformer(config, new RandomStream(0));
        var network = new TransformerNetwork(shape, model, tokenizer, 1, new RandomStream(1));
        Output.Note("parameters beside the embedding", (model.ParameterCount - ((long)tokenizer.VocabularySize * shape.HiddenSize)).ToString());
        foreach (int tokens in (int[])[64, 256])
        {
            const int rows = 128;
            var store = network.NewStore();
            var random = new RandomStream((ulong)tokens);
            store.Add([.. Enumerable.Range(0, rows).Select(_ => new RewardInput([], new string([.. Enumerable.Range(0, tokens - 1).Select(_ => (char)random.NextInt(32, 127))])))]);
            int[] all = [.. Enumerable.Range(0, rows)];
            Output.Measure($"128 rows of {tokens} tokens", () => network.Score(store, all), options, rows * tokens);
        }
    }

    private static void Head(CaseOptions options, HeadKind kind, int batch)
    {
        var features = new FeatureOptions { Matrix = "memory", Head = kind, HeadSize = 256 };
        var network = new FeatureNetwork(features, Width, Meed.Compare.Data.Uniform(Stored * Width, 1), 1, new RandomStream(0));
        var rows = Enumerable.Range(0, Stored / 2).Select(i => (new PreferenceRow
        {
            Source = "bench", Prompt = [new Message("user", "?")], Pairs = [new PreferencePair(0, 1)],
            Responses = [new RatedResponse { Feature = 2 * i }, new RatedResponse { Feature = (2 * i) + 1 }],
        }, true, SplitPart.Train));
        var data = TrainingData.Read(rows, network);
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        network.BeginTraining(0.01f, []);
        int[] order = [.. Enumerable.Range(0, Stored / 2)];
        new RandomStream(2).Shuffle(order);
        int at = 0;
        float last = 0;
        Output.Measure($"{batch} pairs", () =>
        {
            var units = order.AsSpan(at, batch);
            at = (at + batch) % order.Length;
            using var scope = Tape.Begin();
            var loss = objective.Loss(network.Forward(data.Store, objective.Rows(data, units)), data, units).Mean();
            last = loss.Item();
            network.Step(loss, 1e-3f, float.PositiveInfinity);
        }, options);
        Output.Note("loss after the last step", last.ToString("G9"));
    }
}
