namespace Meed.Numerics;

/// <summary>x + attention(norm(x)), then x + mlp(norm(x)): one block of a decoder-only transformer.</summary>
/// <remarks>
/// Llama style names: <c>input_layernorm</c>, <c>self_attn</c>, <c>post_attention_layernorm</c>, <c>mlp</c>.
/// GPT-2 style names: <c>ln_1</c>, <c>attn</c>, <c>ln_2</c>, <c>mlp</c>.
/// </remarks>
public sealed class TransformerBlock
{
    /// <summary>A block with normal initial weights.</summary>
    /// <param name="name">Prefix of the parameter names, for example <c>model.layers.0</c>.</param>
    /// <param name="options">Sizes and style.</param>
    /// <param name="random">Source of the initial weights.</param>
    /// <exception cref="ArgumentException">The options have problems; all are named.</exception>
    public TransformerBlock(string name, BlockOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"{name}: {problems}", nameof(options));
        }

        if (options.Style == BlockStyle.Gpt2)
        {
            AttentionNorm = new LayerNorm($"{name}.ln_1", options.Width, options.Epsilon);
            Attention = new Attention($"{name}.attn", options, random);
            MlpNorm = new LayerNorm($"{name}.ln_2", options.Width, options.Epsilon);
            Mlp = new Mlp($"{name}.mlp", options.Width, options.Hidden, random, options.Deviation, options.OutputDeviation);
        }
        else
        {
            AttentionNorm = new RmsNorm($"{name}.input_layernorm", options.Width, options.Epsilon);
            Attention = new Attention($"{name}.self_attn", options, random);
            MlpNorm = new RmsNorm($"{name}.post_attention_layernorm", options.Width, options.Epsilon);
            Mlp = new GatedMlp($"{name}.mlp", options.Width, options.Hidden, random, options.Deviation, options.OutputDeviation);
        }
    }

    /// <summary>The norm before attention.</summary>
    public INorm AttentionNorm { get; }

    /// <summary>Attention.</summary>
    public Attention Attention { get; }

    /// <summary>The norm before the MLP.</summary>
    public INorm MlpNorm { get; }

    /// <summary>The MLP.</summary>
    public IMlp Mlp { get; }

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters =>
        AttentionNorm.Parameters.Concat(Attention.Parameters).Concat(MlpNorm.Parameters).Concat(Mlp.Parameters);

    /// <summary>The block over whole sequences.</summary>
    /// <param name="x">[B, T, D], rows filled from token 0.</param>
    /// <param name="lengths">Tokens of each row; T when null.</param>
    /// <returns>[B, T, D].</returns>
    public Tensor Forward(Tensor x, int[]? lengths = null)
    {
        var normal = AttentionNorm.Forward(x);
        var change = Attention.Forward(normal, lengths);
        normal.ReleaseUntracked();
        return Finish(x, change);
    }

    /// <summary>The block over new tokens behind a cache; no gradient.</summary>
    /// <param name="x">[B, T, D]: T new tokens of each row.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="layer">This block's place in the cache.</param>
    public Tensor Forward(Tensor x, KeyValueCache cache, int layer)
    {
        var normal = AttentionNorm.Forward(x);
        var change = Attention.Forward(normal, cache, layer);
        normal.ReleaseUntracked();
        return Finish(x, change);
    }

    private Tensor Finish(Tensor x, Tensor attended)
    {
        var middle = x + attended;
        attended.ReleaseUntracked();
        var normal = MlpNorm.Forward(middle);
        var change = Mlp.Forward(normal);
        normal.ReleaseUntracked();
        var y = middle + change;
        change.ReleaseUntracked();
        middle.ReleaseUntracked();
        return y;
    }
}
