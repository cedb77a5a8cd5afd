using Meed.Numerics;
using Meed.Numerics.Inference;

namespace Meed.Models.Transformers;

/// <summary>A decoder-only transformer in the shape of Llama: RMS norm, rotary positions, grouped queries, gated SiLU MLP, no biases.</summary>
/// <remarks>
/// Touvron et al. 2023, arXiv:2302.13971. Parameters carry the names of Hugging Face checkpoints. Rows start at position 0 and are padded on the right; what
/// stands in the padding changes nothing. The value of a row's token has the same bits in any batch and equals what <see cref="Generation.Generator"/> computes with its cache.
/// </remarks>
public sealed class Transformer
{
    private readonly Embedding _embedding;
    private readonly TransformerBlock[] _blocks;
    private readonly RmsNorm _norm;
    private readonly Parameter? _head;

    /// <summary>A transformer with random initial weights; each parameter's depend on the seed and its name alone.</summary>
    /// <exception cref="ArgumentException">The configuration has problems; all are named.</exception>
    public Transformer(TransformerConfig config, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(random);
        string problems = string.Join(' ', config.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"Transformer: {problems}", nameof(config));
        }

        Config = config;
        var options = new BlockOptions
        {
            Style = BlockStyle.Llama,
            Width = config.HiddenSize,
            Heads = config.Heads,
            KeyHeads = config.KeyValueHeads,
            Hidden = config.IntermediateSize,
            Epsilon = config.NormEpsilon,
            RopeTheta = config.RopeTheta,
            Deviation = config.InitializerRange,
            OutputDeviation = config.InitializerRange / MathF.Sqrt(2 * config.Layers),
        };
        _embedding = new Embedding("model.embed_tokens", config.VocabularySize, config.HiddenSize, random, config.InitializerRange);
        _blocks = [.. Enumerable.Range(0, config.Layers).Select(i => new TransformerBlock($"model.layers.{i}", options, random))];
        _norm = new RmsNorm("model.norm", config.HiddenSize, config.NormEpsilon);
        if (!config.TieEmbeddings)
        {
            var initial = Tensor.Normal(random.Split("lm_head", 0), 0f, config.InitializerRange, config.VocabularySize, config.HiddenSize);
            _head = new Parameter("lm_head.weight", initial);
        }
    }

    /// <summary>Its shape.</summary>
    public TransformerConfig Config { get; }

    /// <summary>All parameters: embedding, blocks in order, last norm, and the output matrix where it is not the embedding.</summary>
    public IEnumerable<Parameter> Parameters
    {
        get
        {
            var all = _embedding.Parameters.Concat(_blocks.SelectMany(b => b.Parameters)).Concat(_norm.Parameters);
            return _head is null ? all : all.Append(_head);
        }
    }

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Value.Length);

    private Parameter HeadWeight => _head ?? _embedding.Table;

    /// <summary>What the last norm gives at every token.</summary>
    /// <returns>[B, T, D]; undefined in the padding.</returns>
    public Tensor Hidden(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Length > Config.MaximumPositions)
        {
            throw new ArgumentException($"Transformer: rows of {batch.Length} tokens; the model has max_position_embeddings {Config.MaximumPositions}. Shorten the rows.", nameof(batch));
        }

        // Padding may hold any id, also none of the vocabulary.
        int[] tokens = (int[])batch.Tokens.Clone();
        for (int b = 0; b < batch.Rows; b++)
        {
            tokens.AsSpan((b * batch.Length) + batch.Lengths[b], batch.Length - batch.Lengths[b]).Clear();
        }

        var x = _embedding.Forward(tokens, batch.Rows, batch.Length);   // [B, T, D]
        foreach (var block in _blocks)
        {
            x = block.Forward(x, batch.Lengths);
        }

        return _norm.Forward(x);
    }

    /// <summary>Logits of the token after every token.</summary>
    /// <returns>[B, T, V]; undefined in the padding.</returns>
    public Tensor Logits(TokenBatch batch) => Head(Hidden(batch));

    /// <summary>Logits from what <see cref="Hidden"/> gives, [.., D] to [.., V].</summary>
    public Tensor Head(Tensor hidden) => Ops.Linear(hidden, HeadWeight.Value);

    /// <summary>Log-probabilities of the tokens that count in losses, each given the tokens before it.</summary>
    /// <returns>[B, T] in nats; 0 where the mask is false and at the first token of a row.</returns>
    public Tensor LogProbs(TokenBatch batch) => LogProbs(batch, Hidden(batch));

    /// <summary>As <see cref="LogProbs(TokenBatch)"/> from what <see cref="Hidden"/> gave for the batch.</summary>
    public Tensor LogProbs(TokenBatch batch, Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(hidden);

        int[] places = Counted(batch);
        if (places.Length == 0)
        {
            return Tensor.Zeros(batch.Rows, batch.Length);
        }

        var values = Ops.TokenLogProbs(CountedLogits(batch, hidden), Array.ConvertAll(places, p => batch.Tokens[p]));   // [N]
        return values.ScatterAdd(places, batch.Rows * batch.Length).Reshape(batch.Rows, batch.Length);                  // [B, T]
    }

    /// <summary>Logits that each of the N tokens which count in losses is drawn from, given the tokens before it.</summary>
    /// <returns>[N, V], row after row of the batch.</returns>
    public Tensor CountedLogits(TokenBatch batch) => CountedLogits(batch, Hidden(batch));

    private Tensor CountedLogits(TokenBatch batch, Tensor hidden)
    {
        // Only the tokens before a counted one need logits.
        int[] before = Array.ConvertAll(Counted(batch), p => p - 1);
        return Head(hidden.Reshape(batch.Rows * batch.Length, Config.HiddenSize).Take(0, before));   // [N, V]
    }

    /// <summary>The weights, packed for decoding.</summary>
    public DecoderWeights Pack()
    {
        var shape = new DecoderShape
        {
            Vocabulary = Config.VocabularySize,
            Hidden = Config.HiddenSize,
            Heads = Config.Heads,
            KeyValueHeads = Config.KeyValueHeads,
            HeadSize = Config.HeadSize,
            Intermediate = Config.IntermediateSize,
            NormEpsilon = Config.NormEpsilon,
            RopeTheta = Config.RopeTheta,
        };
        return new DecoderWeights(shape, _embedding.Table, [.. _blocks.Select(Layer)], _norm.Weight, HeadWeight);
    }

    /// <summary>Takes over the weights of a model of the same shape, for a frozen reference or a moved average.</summary>
    public void CopyFrom(Transformer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var from = other.Parameters.ToDictionary(p => p.Name);
        foreach (var parameter in Parameters)
        {
            parameter.Load(from.TryGetValue(parameter.Name, out var source)
                ? source.Value
                : throw new ArgumentException($"Transformer.CopyFrom: the other model has no '{parameter.Name}'. Both need the same configuration.", nameof(other)));
        }
    }

    private static int[] Counted(TokenBatch batch)
    {
        var places = new List<int>();
        for (int b = 0; b < batch.Rows; b++)
        {
            for (int t = 1; t < batch.Lengths[b]; t++)
            {
                if (batch.Mask[(b * batch.Length) + t])
                {
                    places.Add((b * batch.Length) + t);
                }
            }
        }

        return [.. places];
    }

    private static DecoderLayer Layer(TransformerBlock block)
    {
        Parameter[] maps = [.. block.Attention.Maps.Select(Matrix)];
        var mlp = (GatedMlp)block.Mlp;
        return new DecoderLayer
        {
            AttentionNorm = ((RmsNorm)block.AttentionNorm).Weight,
            Query = maps[0],
            Key = maps[1],
            Value = maps[2],
            Output = maps[3],
            MlpNorm = ((RmsNorm)block.MlpNorm).Weight,
            Gate = Matrix(mlp.Gate),
            Up = Matrix(mlp.Up),
            Down = Matrix(mlp.Down),
        };

        static Parameter Matrix(Linear map) => ((DenseWeight)map.Weight).Parameter;
    }
}
