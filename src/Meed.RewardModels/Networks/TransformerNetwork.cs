using System.Globalization;
using System.Text;
using Meed.Models;
using Meed.Models.Files;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;

namespace Meed.RewardModels.Networks;

/// <summary>A head on the last token, or on a weighted mean of all tokens, of a decoder-only transformer.</summary>
/// <remarks>Prompt and response are written with role tags where the tokenizer has them, else one after the other. AdamW; the transformer learns along unless it is frozen.</remarks>
public sealed class TransformerNetwork : RewardNetwork
{
    private const int ScoringRows = 32;
    private readonly ChatTemplate _template;
    private readonly ScoreHead _head;
    private AdamW? _optimizer;

    /// <summary>A network over a transformer.</summary>
    public TransformerNetwork(TransformerOptions options, Transformer model, ITokenizer tokenizer, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Options = options with { MaximumTokens = Math.Min(options.MaximumTokens, model.Config.MaximumPositions) };
        Model = model;
        Tokenizer = tokenizer;
        Outputs = outputs;
        _template = ChatTemplate.SpecialTokens.All(t => tokenizer.SpecialTokens.Any(s => s.Content == t)) ? ChatTemplate.RoleTags : ChatTemplate.Plain;
        _head = new ScoreHead(options.Head, model.Config.HiddenSize, options.HeadSize, outputs, random);
        foreach (var parameter in options.Freeze ? model.Parameters : [])
        {
            parameter.IsTrainable = false;
        }
    }

    /// <summary>Its options.</summary>
    public TransformerOptions Options { get; }

    /// <summary>The transformer.</summary>
    public Transformer Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Name of the template.</summary>
    public string Template => _template.Name;

    /// <inheritdoc/>
    public override string Kind => "transformer";

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Value)> Weights => Learned.Select(p => (p.Name, p.Value));

    private IEnumerable<Parameter> Learned => Options.Freeze ? _head.Parameters : Model.Parameters.Concat(_head.Parameters);

    private bool Cached => Options.Freeze && Options.Head != HeadKind.Attention;

    /// <summary>Makes the transformer and tokenizer that the options name.</summary>
    /// <param name="options">The options; those of <see cref="TransformerOptions.From"/> replace the shape.</param>
    /// <param name="outputs">Numbers a sample gets.</param>
    /// <param name="texts">What a new tokenizer is trained on.</param>
    /// <param name="random">For the weights.</param>
    public static TransformerNetwork Create(TransformerOptions options, int outputs, IEnumerable<string> texts, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"TransformerNetwork: {problems}", nameof(options));
        }

        if (options.From.Length > 0)
        {
            string folder = Directory.Exists(Path.Combine(options.From, "model")) ? Path.Combine(options.From, "model") : options.From;
            var (taken, words) = ModelFolder.Load(folder);
            return new TransformerNetwork(options, taken, words, outputs, random);
        }

        var tokenizer = BpeTrainer.Train(texts, options.Vocabulary, ChatTemplate.SpecialTokens);
        var config = new TransformerConfig
        {
            VocabularySize = tokenizer.VocabularySize, HiddenSize = options.HiddenSize, Layers = options.Layers, Heads = options.Heads, KeyValueHeads = options.Heads, IntermediateSize = options.IntermediateSize,
            MaximumPositions = options.MaximumTokens, BeginToken = tokenizer.BeginToken, PadToken = tokenizer.PadToken, EndTokens = tokenizer.EndToken is { } end ? [end] : [],
        };
        return new TransformerNetwork(options, new Transformer(config, random.Split("weights", 0)), tokenizer, outputs, random);
    }

    /// <inheritdoc/>
    public override SampleStore NewStore() => new TokenStore(Tokenizer, _template, Options.MaximumTokens, Options.Context, Cached ? Pooled : null);

    /// <inheritdoc/>
    public override Tensor Forward(SampleStore store, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var tokens = (TokenStore)store;
        if (Cached)
        {
            return _head.Forward(Stored(tokens, rows));
        }

        return _head.Forward(Pool(tokens, rows));
    }

    /// <inheritdoc/>
    public override float[] Score(SampleStore store, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var tokens = (TokenStore)store;
        var scores = new float[rows.Length * Outputs];

        // Rows of like length together; which rows share a batch changes no bit of any.
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => tokens.LengthOf(rows[i])).ThenBy(i => i)];
        foreach (var part in order.Chunk(ScoringRows))
        {
            using var scope = Tape.Begin(record: false);
            float[] own = Forward(store, Array.ConvertAll(part, i => rows[i])).ToArray();
            for (int i = 0; i < part.Length; i++)
            {
                own.AsSpan(i * Outputs, Outputs).CopyTo(scores.AsSpan(part[i] * Outputs));
            }
        }

        return scores;
    }

    /// <inheritdoc/>
    public override float[] Features(SampleStore store, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var tokens = (TokenStore)store;
        int width = Model.Config.HiddenSize;
        var features = new float[rows.Length * width];
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => tokens.LengthOf(rows[i])).ThenBy(i => i)];
        foreach (var part in order.Chunk(ScoringRows))
        {
            using var scope = Tape.Begin(record: false);
            int[] own = Array.ConvertAll(part, i => rows[i]);
            float[] found = (Cached ? Stored(tokens, own) : Pool(tokens, own)).ToArray();
            for (int i = 0; i < part.Length; i++)
            {
                found.AsSpan(i * width, width).CopyTo(features.AsSpan(part[i] * width));
            }
        }

        return features;
    }

    /// <summary>Next-token training on the stored rows, before any comparison.</summary>
    /// <param name="store">The texts.</param>
    /// <param name="eligible">Rows that may be drawn.</param>
    /// <param name="random">Draws the rows.</param>
    /// <param name="report">Hears step and loss in nats a token.</param>
    /// <param name="stop">Asks for a stop.</param>
    public void Pretrain(SampleStore store, int[] eligible, RandomStream random, Action<int, float>? report, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(eligible);
        ArgumentNullException.ThrowIfNull(random);
        var tokens = (TokenStore)store;
        var optimizer = new AdamW(Model.Parameters, Options.PretrainRate, 0.01f);
        var schedule = Schedule.Cosine(Options.PretrainRate, Options.PretrainRate / 10, Options.PretrainSteps, Math.Max(1, Options.PretrainSteps / 20));
        for (int step = 0; step < Options.PretrainSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            int[] rows = new int[Options.PretrainRows];
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = eligible[random.NextInt(eligible.Length)];
            }

            using var scope = Tape.Begin();
            var batch = tokens.Batch(rows);
            var loss = -Model.LogProbs(batch).Sum() * (1f / batch.Lengths.Sum(l => l - 1));
            optimizer.LearningRate = schedule.At(step);
            optimizer.Step(loss, 1f, out _);
            report?.Invoke(step + 1, loss.Item());
        }
    }

    /// <inheritdoc/>
    public override void BeginTraining(float decay, IReadOnlyList<Parameter> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var free = new HashSet<Parameter>(more);
        _optimizer = new AdamW([.. Learned, .. more], 1e-3f, decay, decays: p => !free.Contains(p) && p.Shape.Length > 1);
    }

    /// <inheritdoc/>
    public override float Step(Tensor loss, float learningRate, float maxGradNorm)
    {
        var optimizer = _optimizer ?? throw new InvalidOperationException("TransformerNetwork.Step comes after BeginTraining.");
        optimizer.LearningRate = learningRate;
        optimizer.Step(loss, maxGradNorm, out float norm);
        return norm;
    }

    /// <inheritdoc/>
    public override void Restore(IReadOnlyList<float[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (var (parameter, values) in Learned.Zip(snapshot))
        {
            parameter.Load(values);
        }
    }

    /// <inheritdoc/>
    public override void SaveFiles(string folder) => ModelFolder.Save(Path.Combine(folder, "backbone"), Model, Tokenizer);

    /// <inheritdoc/>
    public override string Lock()
    {
        var store = new TokenStore(Tokenizer, _template, Options.MaximumTokens, Options.Context, null);
        store.Add([Probe]);
        var text = new StringBuilder($"transformer {_template.Name}");
        foreach (int token in store.Row(0))
        {
            text.Append(CultureInfo.InvariantCulture, $" {token}={Convert.ToHexString(Tokenizer.BytesOf(token))}");
        }

        return Locks.Hash(text.ToString());
    }

    // [N, D]: the last token, or the weighted mean of all.
    private Tensor Pool(TokenStore store, int[] rows)
    {
        var batch = store.Batch(rows);
        var hidden = Model.Hidden(batch);                                                              // [B, T, D]
        if (Options.Head == HeadKind.Attention)
        {
            // Row by row without padding, so that its sums do not depend on the other rows.
            return Tensor.Concat(0, [.. rows.Select((_, b) => _head.Pool(hidden.Slice(0, b, 1).Slice(1, 0, batch.Lengths[b]).Reshape(batch.Lengths[b], Model.Config.HiddenSize)))]);
        }

        return hidden.Reshape(batch.Rows * batch.Length, Model.Config.HiddenSize).Take(0, [.. batch.Lengths.Select((l, b) => (b * batch.Length) + l - 1)]);
    }

    private Tensor Stored(TokenStore store, int[] rows)
    {
        int width = Model.Config.HiddenSize;
        var features = new float[rows.Length * width];
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(store.Features);
        for (int i = 0; i < rows.Length; i++)
        {
            all.Slice(rows[i] * width, width).CopyTo(features.AsSpan(i * width));
        }

        return Tensor.From(features, rows.Length, width);
    }

    private float[] Pooled(TokenStore store, int first, int count)
    {
        int width = Model.Config.HiddenSize;
        var features = new float[count * width];
        int[] order = [.. Enumerable.Range(first, count).OrderBy(store.LengthOf).ThenBy(i => i)];
        foreach (var part in order.Chunk(ScoringRows))
        {
            using var scope = Tape.Begin(record: false);
            float[] own = Pool(store, part).ToArray();
            for (int i = 0; i < part.Length; i++)
            {
                own.AsSpan(i * width, width).CopyTo(features.AsSpan((part[i] - first) * width));
            }
        }

        return features;
    }
}
