using System.Text.Json;
using Meed.Models.Files;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Observations;
using Meed.RewardModels.Training;
using Meed.Rewards;

namespace Meed.RewardModels;

/// <summary>A trained reward model: a folder on disk, a reward everywhere.</summary>
/// <remarks>
/// The folder holds <c>reward-model.json</c>, <c>weights.safetensors</c> and, for a transformer, <c>backbone/</c> with its configuration, weights and tokenizer; for pictures, clips and states with texts, <c>tokenizer.json</c>. It is locked: the encoding of a
/// fixed probe dialogue has to be what it was in training, so that a changed tokenizer, template or hashing is refused instead of scoring nonsense. A sample's score has the same bits alone, in
/// any batch and in any order.
/// </remarks>
public sealed class RewardModel : IReward<TextSample>
{
    private const string WeightsFile = "weights.safetensors";
    private const int MostOutputs = 4096;
    private readonly double[] _weights;

    private RewardModel(RewardModelInfo info, RewardNetwork network)
    {
        Info = info;
        Network = network;
        _weights = [.. info.Weights];
        string[] components = info.Components.Count > 1 ? [.. info.Components] : [];
        Schema = new RewardSchema("model", $"{info.WeightsHash["sha256:".Length..][..12]}", components, info.Minimum, info.Maximum, RewardScope.Sample, Deterministic: true);
    }

    /// <summary>What its folder says.</summary>
    public RewardModelInfo Info { get; }

    /// <summary>Encoder and head.</summary>
    public RewardNetwork Network { get; }

    /// <inheritdoc/>
    public RewardSchema Schema { get; }

    /// <summary>The model of a trained network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="objective">What it was trained for.</param>
    /// <param name="name">Name of the recipe.</param>
    /// <param name="scores">Rewards of the training part, whose spread sets the bounds: their range, widened by ten times its width on both sides.</param>
    public static RewardModel Of(RewardNetwork network, RewardObjective objective, string name, IReadOnlyCollection<double> scores)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(scores);
        double low = scores.Count > 0 ? scores.Min() : -1, high = scores.Count > 0 ? scores.Max() : 1, width = Math.Max(high - low, 0.1);
        var weights = new float[network.Outputs];
        double[] reward = [.. Enumerable.Range(0, network.Outputs).Select(k =>
        {
            // Every objective's reward is linear in its numbers.
            Array.Clear(weights);
            double zero = objective.Score(weights);
            weights[k] = 1;
            return objective.Score(weights) - zero;
        })];
        var info = new RewardModelInfo
        {
            Name = name,
            Ngrams = (network as NGramNetwork)?.Options,
            Transformer = (network as TransformerNetwork)?.Options,
            Features = (network as FeatureNetwork)?.Options,
            Pictures = (network as ObservationNetwork)?.Options as PictureEncoderOptions,
            Clips = (network as ObservationNetwork)?.Options as ClipEncoderOptions,
            States = (network as ObservationNetwork)?.Options as StateEncoderOptions,
            Shape = (network as ObservationNetwork)?.Shape,
            Width = (network as FeatureNetwork)?.Width ?? 0,
            Outputs = network.Outputs,
            Components = objective.Components,
            Objective = objective.Name,
            Weights = reward,
            Template = (network as TransformerNetwork)?.Template ?? (network as ObservationNetwork)?.Template ?? "none",
            Lock = network.Lock(),
            WeightsHash = HashOf(network),
            Minimum = Math.Round(low - (10 * width), 3),
            Maximum = Math.Round(high + (10 * width), 3),
        };
        return new RewardModel(info, network);
    }

    /// <summary>The same model with more said about its training.</summary>
    public RewardModel With(Func<RewardModelInfo, RewardModelInfo> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new RewardModel(change(Info), Network);
    }

    /// <summary>Writes the folder.</summary>
    public void Save(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder);
        Network.SaveFiles(folder);
        Safetensors.Write(Path.Combine(folder, WeightsFile), Network.Weights, new Dictionary<string, string> { ["format"] = "pt" });
        File.WriteAllText(Path.Combine(folder, RewardModelInfo.FileName), JsonSerializer.Serialize(Info, RewardModelInfo.Json) + "\n");
    }

    /// <summary>Reads a folder, or the one inside a finished run.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, of another architecture, or encodes text otherwise than in training; the message names it.</exception>
    /// <exception cref="FileNotFoundException">It is no reward model's folder.</exception>
    public static RewardModel Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string inner = Path.Combine(folder, "reward-model");
        folder = Directory.Exists(inner) ? inner : folder;
        string path = Path.Combine(folder, RewardModelInfo.FileName);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{folder} is neither a reward model nor a run that trained one: it has no {RewardModelInfo.FileName}.");
        }

        RewardModelInfo info;
        try
        {
            info = JsonSerializer.Deserialize<RewardModelInfo>(File.ReadAllText(path), RewardModelInfo.Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not readable: {e.Message}", e);
        }

        if (info.Format != RewardModelInfo.CurrentFormat)
        {
            throw new InvalidDataException($"{path}: format is {info.Format}; this program reads {RewardModelInfo.CurrentFormat}.");
        }

        if (info.Outputs is < 1 or > MostOutputs || info.Weights?.Count != info.Outputs || info.Components is null)
        {
            throw new InvalidDataException($"{path}: {info.Outputs} outputs with {info.Weights?.Count ?? 0} weights; a model has 1 to {MostOutputs} outputs, each with its weight.");
        }

        RewardNetwork network;
        try
        {
            network = NetworkOf(info, folder, path);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        LoadWeights(Path.Combine(folder, WeightsFile), network);
        string locked = network.Lock();
        if (locked != info.Lock)
        {
            throw new InvalidDataException($"{folder} was trained with another tokenizer or template: a probe dialogue is encoded as {Short(locked)}, in training it was {Short(info.Lock)}. Put the files it was trained with back, or train anew.");
        }

        string hash = HashOf(network);
        return hash == info.WeightsHash ? new RewardModel(info, network)
            : throw new InvalidDataException($"{Path.Combine(folder, WeightsFile)} has the hash {Short(hash)}; {RewardModelInfo.FileName} names {Short(info.WeightsHash)}. The folder mixes two models.");
    }

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(IReadOnlyList<TextSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        var scores = new Scores(Schema, samples.Count);
        var inputs = new List<RewardInput>();
        var rows = new List<int>();
        for (int i = 0; i < samples.Count; i++)
        {
            var row = new ScoreRow(scores, i);
            if (samples[i].Response.Length > context.LengthLimit)
            {
                row.Fault("too_long");
                continue;
            }

            if (InputOf(samples[i], ref row) is { } input)
            {
                inputs.Add(input);
                rows.Add(i);
            }
        }

        var store = Network.NewStore();
        store.Add(inputs);
        float[] numbers = Network.Score(store, [.. Enumerable.Range(0, inputs.Count)]);
        for (int i = 0; i < rows.Count; i++)
        {
            Fill(scores, rows[i], numbers.AsSpan(i * Network.Outputs, Network.Outputs));
            scores.Work[rows[i]] = inputs[i].Response.Length + inputs[i].Prompt.Sum(m => (long)m.Content.Length);
        }

        for (int i = 0; context.Trace is { } trace && i < scores.Count; i++)
        {
            trace.Node(context.RowOf(i), context.Path + Schema.Name, scores.Status[i] == ScoreStatus.Ok ? scores.Values[i] : double.NaN, scores.Status[i], scores.Work[i], scores.Reasons[i]);
        }

        return new ValueTask<Scores>(scores);
    }

    private void Fill(Scores scores, int index, ReadOnlySpan<float> numbers)
    {
        var row = new ScoreRow(scores, index);
        double reward = 0;
        for (int k = 0; k < numbers.Length; k++)
        {
            reward += _weights[k] == 0 ? 0 : _weights[k] * numbers[k];
        }

        if (!double.IsFinite(reward))
        {
            row.Fail(ScoreStatus.VerifierError, $"The model gave {reward}.");
            return;
        }

        double cut = Math.Clamp(reward, Schema.Minimum, Schema.Maximum);
        row.Set(cut, cut == reward ? null : "clipped");
        for (int k = 0; k < Schema.Components.Count; k++)
        {
            row.Component(k, numbers[k]);
        }
    }

    // What the encoder reads of a sample; null where it lacks something, with the row failed.
    private RewardInput? InputOf(TextSample sample, ref ScoreRow row)
    {
        if (Info.Features is not null)
        {
            if (Field(sample, "features") is not { ValueKind: JsonValueKind.Array } list)
            {
                row.Fail(ScoreStatus.InvalidReference, $"The sample has no \"features\": [{Info.Width} numbers], which this model reads.");
                return null;
            }

            float[] features = [.. list.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetSingle(out float f) ? f : float.NaN)];
            if (features.Length != Info.Width || Array.Exists(features, f => !float.IsFinite(f)))
            {
                row.Fail(ScoreStatus.InvalidReference, $"The sample has {features.Length} features{(features.Length == Info.Width ? ", one of them no finite number" : "")}; this model reads {Info.Width}.");
                return null;
            }

            return new RewardInput(sample.Prompt, sample.Response, Features: features);
        }

        if (Network is ObservationNetwork { Shape: var shape, Options.Optional: var optional })
        {
            try
            {
                var source = ObservationSource.Of(sample);
                if (source is null && !optional)
                {
                    row.Fail(ScoreStatus.InvalidReference, Sentence(ObservationStore.Missing(shape)));
                    return null;
                }

                return new RewardInput(sample.Prompt, sample.Response, Seen: source is null ? null : new ObservationSource(source.Load(shape)));
            }
            catch (Exception e) when (e is FormatException or PreferenceException)
            {
                row.Fail(ScoreStatus.InvalidReference, Sentence(e.Message));
                return null;
            }
        }

        string? context = Info.Ngrams is not { Context: true } && Info.Transformer is not { Context: true } ? null : Text(sample, "context") ?? Text(sample, "source");
        return new RewardInput(sample.Prompt, sample.Response, context);
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static string? Text(TextSample sample, string name) => Field(sample, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Field(TextSample sample, string name) => sample.Item.ValueKind == JsonValueKind.Object && sample.Item.TryGetProperty(name, out var value) ? value : null;

    private static RewardNetwork NetworkOf(RewardModelInfo info, string folder, string path)
    {
        var random = new RandomStream(0);
        if (info.Ngrams is { } ngrams)
        {
            return new NGramNetwork(ngrams, info.Outputs, random);
        }

        if (info.Transformer is { } transformer)
        {
            var (model, tokenizer) = ModelFolder.Load(Path.Combine(folder, "backbone"));
            return new TransformerNetwork(transformer, model, tokenizer, info.Outputs, random);
        }

        if (info.Seeing is { } seeing)
        {
            return ObservationNetwork.Open(seeing, info.Shape, folder, info.Outputs);
        }

        return info.Features is { } features ? new FeatureNetwork(features, info.Width, [], info.Outputs, random)
            : throw new InvalidDataException($"{path} names no encoder that is built here: ngrams, transformer, features, pictures, clips or states.");
    }

    private static void LoadWeights(string path, RewardNetwork network)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing.");
        }

        using var file = Safetensors.Open(path);
        var values = new List<float[]>();
        foreach (var (name, value) in network.Weights)
        {
            if (!file.Entries.TryGetValue(name, out var entry) || !Shapes.Same(entry.Shape, value.Shape))
            {
                throw new InvalidDataException($"{path}: '{name}' {(entry is null ? "is missing" : $"is {Shapes.Text(entry.Shape)}")}; the model of {RewardModelInfo.FileName} needs {Shapes.Text(value.Shape)}.");
            }

            values.Add(file.Read(name).ToArray());
            int bad = Array.FindIndex(values[^1], v => !float.IsFinite(v));
            if (bad >= 0)
            {
                throw new InvalidDataException($"{path}: value {bad} of '{name}' is {values[^1][bad]}.");
            }
        }

        network.Restore(values);
    }

    private static string HashOf(RewardNetwork network)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var (name, value) in network.Weights)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.ToArray().AsSpan()));
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Short(string hash) => hash.Length > 19 ? hash[..19] + "…" : hash;
}
