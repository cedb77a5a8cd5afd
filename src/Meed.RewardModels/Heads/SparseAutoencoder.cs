using Meed.Numerics;

namespace Meed.RewardModels.Heads;

/// <summary>A reward head over sparse features of a hidden state, which can be read and edited one by one.</summary>
/// <remarks>
/// z = TopK(ReLU(W_e·(h − b_d) + b_e), k), ĥ = W_d·z + b_d, r = w·z
/// <para>
/// "Interpretable Reward Model via Sparse Autoencoder" (atlas row 230); the autoencoder as Gao et al. 2024, arXiv:2406.04093. It is trained first to rebuild hidden states, then frozen while w learns by a
/// ranking loss. Gradients flow through the kept features only.
/// </para>
/// </remarks>
public sealed class SparseAutoencoder
{
    private readonly Parameter _encoder;
    private readonly Parameter _encoderBias;
    private readonly Parameter _decoder;
    private readonly Parameter _decoderBias;
    private readonly Parameter _head;

    /// <summary>A random autoencoder with a head of zeros.</summary>
    /// <param name="width">D, features of a hidden state.</param>
    /// <param name="features">F, sparse features.</param>
    /// <param name="kept">k, features kept of each state, 1..F.</param>
    /// <param name="random">For the weights.</param>
    public SparseAutoencoder(int width, int features, int kept, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (width < 1 || features < 1 || kept < 1 || kept > features)
        {
            throw new ArgumentException($"SparseAutoencoder: width {width}, features {features}, kept {kept}; all are 1 or more, and at most all features are kept.", nameof(kept));
        }

        Kept = kept;
        var initial = Tensor.Normal(random.Split("encoder", 0), 0f, 1f / MathF.Sqrt(width), features, width);
        _encoder = new Parameter("sae.encoder.weight", initial);
        _encoderBias = new Parameter("sae.encoder.bias", Tensor.Zeros(features));
        _decoder = new Parameter("sae.decoder.weight", initial.Transpose(0, 1));
        _decoderBias = new Parameter("sae.decoder.bias", Tensor.Zeros(width));
        _head = new Parameter("sae.score.weight", Tensor.Zeros(1, features));
    }

    /// <summary>Features kept of each state.</summary>
    public int Kept { get; }

    /// <summary>Parameters of the autoencoder.</summary>
    public IEnumerable<Parameter> Autoencoder => [_encoder, _encoderBias, _decoder, _decoderBias];

    /// <summary>Parameters of the head.</summary>
    public IEnumerable<Parameter> Head => [_head];

    /// <summary>Sparse features of hidden states, [N, D] to [N, F].</summary>
    public Tensor Encode(Tensor hidden)
    {
        Shapes.Require(hidden, [-1, _decoderBias.Value.Length]);
        var all = Ops.Linear(hidden - _decoderBias.Value, _encoder.Value, _encoderBias.Value).Relu();   // [N, F]
        int features = all.Shape[1];
        float[] values = all.ToArray();
        var keep = new bool[values.Length];
        for (int row = 0; row < all.Shape[0]; row++)
        {
            int start = row * features;
            foreach (int f in Enumerable.Range(0, features).OrderByDescending(f => values[start + f]).ThenBy(f => f).Take(Kept))
            {
                keep[start + f] = true;
            }
        }

        return all.Where(keep, 0f);
    }

    /// <summary>Squared error of rebuilding each state, mean over its features, [N].</summary>
    public Tensor ReconstructionLoss(Tensor hidden) => (Ops.Linear(Encode(hidden), _decoder.Value, _decoderBias.Value) - hidden).Square().Mean(1);

    /// <summary>Rewards of hidden states, [N, D] to [N].</summary>
    public Tensor Score(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return Ops.Linear(Encode(hidden), _head.Value).Reshape(hidden.Shape[0]);
    }

    /// <summary>What each feature adds to a state's reward: w_f·z_f, [F].</summary>
    /// <param name="hidden">One state, [1, D].</param>
    public float[] Attribution(Tensor hidden)
    {
        float[] z = Encode(hidden).ToArray(), w = _head.Value.ToArray();
        return [.. z.Select((v, f) => v * w[f])];
    }

    /// <summary>The head's weight of a feature.</summary>
    public float this[int feature]
    {
        get => _head.Value.ToArray()[feature];
        set
        {
            float[] weights = _head.Value.ToArray();
            weights[feature] = value;
            _head.Load(weights);
        }
    }
}
