using Meed.Numerics;

namespace Meed.RewardModels.Networks;

/// <summary>How features become numbers.</summary>
public enum HeadKind : byte
{
    /// <summary>One matrix.</summary>
    Linear,

    /// <summary>A hidden layer with GELU, then a matrix (BaseReward, atlas row 104).</summary>
    TwoLayer,

    /// <summary>A learned query weighs the tokens, then a matrix.</summary>
    Attention,
}

/// <summary>The head of a reward model over features of width D.</summary>
/// <remarks>The last matrix starts at zero, so that the first scores are 0 and not noise.</remarks>
public sealed class ScoreHead
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Parameter? _inner;
    private readonly Parameter? _innerBias;
    private readonly Parameter? _query;

    /// <summary>A head.</summary>
    /// <param name="kind">Linear, two-layer or attention.</param>
    /// <param name="width">D.</param>
    /// <param name="hidden">Inner features of the two-layer head.</param>
    /// <param name="outputs">Numbers it gives.</param>
    /// <param name="random">For the initial weights.</param>
    public ScoreHead(HeadKind kind, int width, int hidden, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Kind = kind;
        Width = width;
        int last = kind == HeadKind.TwoLayer ? hidden : width;
        _weight = new Parameter("score.weight", Tensor.Zeros(outputs, last));
        _bias = new Parameter("score.bias", Tensor.Zeros(outputs));
        if (kind == HeadKind.TwoLayer)
        {
            _inner = new Parameter("score.inner.weight", Tensor.Normal(random.Split("inner", 0), 0f, 1f / MathF.Sqrt(width), hidden, width));
            _innerBias = new Parameter("score.inner.bias", Tensor.Zeros(hidden));
        }
        else if (kind == HeadKind.Attention)
        {
            _query = new Parameter("score.query", Tensor.Normal(random.Split("query", 0), 0f, 0.02f, width, 1));
        }
    }

    /// <summary>Its kind.</summary>
    public HeadKind Kind { get; }

    /// <summary>Features it reads, D.</summary>
    public int Width { get; }

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => ((Parameter?[])[_weight, _bias, _inner, _innerBias, _query]).OfType<Parameter>();

    /// <summary>Numbers of pooled features.</summary>
    /// <param name="features">[N, D].</param>
    /// <returns>[N, outputs].</returns>
    public Tensor Forward(Tensor features)
    {
        Shapes.Require(features, [-1, Width]);
        var x = _inner is null ? features : Ops.Linear(features, _inner.Value, _innerBias!.Value, Activation.Gelu);
        return Ops.Linear(x, _weight.Value, _bias.Value);
    }

    /// <summary>Numbers of rows of a matrix of constant features. The linear head reads them where they stand.</summary>
    /// <param name="matrix">[M, D].</param>
    /// <param name="rows">N rows of it.</param>
    /// <returns>[N, outputs].</returns>
    public Tensor Forward(Tensor matrix, int[] rows) => Kind == HeadKind.Linear ? Ops.LinearRows(matrix, rows, _weight.Value, _bias.Value) : Forward(matrix.Take(0, rows));

    /// <summary>One pooled row from the features of a row's tokens: Σ_t softmax(h_t·q/√D)·h_t.</summary>
    /// <param name="tokens">[T, D], without padding.</param>
    /// <returns>[1, D].</returns>
    public Tensor Pool(Tensor tokens)
    {
        Shapes.Require(tokens, [-1, Width]);
        var query = _query ?? throw new InvalidOperationException("ScoreHead.Pool is for the attention head.");
        var weights = (tokens.MatMul(query.Value).Reshape(1, tokens.Shape[0]) * (1f / MathF.Sqrt(Width))).Softmax();   // [1, T]
        return weights.MatMul(tokens);
    }
}
