namespace Meed.Numerics;

/// <summary>Causal self-attention with optional rotary positions, grouped queries and a key-value cache.</summary>
/// <remarks>
/// Llama style: <c>name.q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c> without bias. GPT-2 style: <c>name.c_attn</c> (queries, keys
/// and values in one map) and <c>name.c_proj</c> with bias; weights are [outputs, inputs], GPT-2 checkpoints hold them transposed.
/// </remarks>
public sealed class Attention
{
    private readonly Linear? _q;
    private readonly Linear? _k;
    private readonly Linear? _v;
    private readonly Linear? _qkv;
    private readonly Linear _output;
    private readonly BlockOptions _options;
    private readonly int _size;

    /// <summary>Attention with normal initial weights.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="options">Sizes and style.</param>
    /// <param name="random">Source of the initial weights.</param>
    public Attention(string name, BlockOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _size = options.ActualHeadSize;
        int queries = options.Heads * _size;
        int keys = options.KeyHeads * _size;
        if (options.Style == BlockStyle.Gpt2)
        {
            _qkv = new Linear($"{name}.c_attn", options.Width, queries + (2 * keys), random, bias: true, options.Deviation);
            _output = new Linear($"{name}.c_proj", queries, options.Width, random, bias: true, options.OutputDeviation ?? options.Deviation);
        }
        else
        {
            _q = new Linear($"{name}.q_proj", options.Width, queries, random, bias: false, options.Deviation);
            _k = new Linear($"{name}.k_proj", options.Width, keys, random, bias: false, options.Deviation);
            _v = new Linear($"{name}.v_proj", options.Width, keys, random, bias: false, options.Deviation);
            _output = new Linear($"{name}.o_proj", queries, options.Width, random, bias: false, options.OutputDeviation ?? options.Deviation);
        }
    }

    /// <summary>All linear maps, in the order of the parameters.</summary>
    public IEnumerable<Linear> Maps => _qkv is not null ? [_qkv, _output] : [_q!, _k!, _v!, _output];

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => Maps.SelectMany(map => map.Parameters);

    /// <summary>Attention within whole sequences.</summary>
    /// <param name="x">[B, T, D], rows filled from token 0.</param>
    /// <param name="lengths">Tokens of each row; T when null.</param>
    /// <returns>[B, T, D].</returns>
    public Tensor Forward(Tensor x, int[]? lengths = null)
    {
        if (_qkv is not null)
        {
            var joint = _qkv.Forward(x);
            return Finish(Ops.CausalAttention(joint, _options.Heads, _options.KeyHeads, lengths), joint);
        }

        var (q, k, v) = Project(x, null);
        return Finish(Ops.CausalAttention(q, k, v, _options.Heads, _options.KeyHeads, lengths), q, k, v);
    }

    /// <summary>Attention of new tokens over a cache; no gradient.</summary>
    /// <param name="x">[B, T, D]: T new tokens of each row.</param>
    /// <param name="cache">The cache, which takes up the new keys and values behind its current lengths.</param>
    /// <param name="layer">This layer's place in the cache.</param>
    public Tensor Forward(Tensor x, KeyValueCache cache, int layer)
    {
        ArgumentNullException.ThrowIfNull(cache);
        if (_qkv is not null)
        {
            var joint = _qkv.Forward(x);
            return Finish(Ops.CachedAttention(joint, _options.Heads, _options.KeyHeads, cache, layer), joint);
        }

        var (q, k, v) = Project(x, cache.Lengths);
        return Finish(Ops.CachedAttention(q, k, v, _options.Heads, _options.KeyHeads, cache, layer), q, k, v);
    }

    private Tensor Finish(Tensor attended, params ReadOnlySpan<Tensor> projections)
    {
        foreach (var projection in projections)
        {
            projection.ReleaseUntracked();
        }

        var y = _output.Forward(attended);
        attended.ReleaseUntracked();
        return y;
    }

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor x, int[]? starts)
    {
        var q = _q!.Forward(x);
        var k = _k!.Forward(x);
        var turned = (
            Ops.Rotary(q, _options.Heads, starts, _options.RopeTheta),
            Ops.Rotary(k, _options.KeyHeads, starts, _options.RopeTheta),
            _v!.Forward(x));
        q.ReleaseUntracked();
        k.ReleaseUntracked();
        return turned;
    }
}
