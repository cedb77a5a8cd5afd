using Meed.Numerics.Kernels;
using Meed.Numerics.Operations;

namespace Meed.Numerics;

/// <summary>Fused operations that layers and losses are built from.</summary>
public static class Ops
{
    /// <summary>y = x·weightᵀ + bias.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <returns>[.., outputs].</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) => Linear(x, weight, bias, Activation.None);

    /// <summary>y = f(x·weightᵀ + bias) for an elementwise f.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="activation">f.</param>
    /// <returns>[.., outputs].</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        return LinearNode.Apply(x, weight, bias, activation);
    }

    /// <summary>y = matrix[rows]·weightᵀ + bias without gathering the rows: for few outputs from a large matrix of constant features.</summary>
    /// <param name="matrix">[M, inputs]; untracked, it gets no gradient.</param>
    /// <param name="rows">N rows of it.</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <returns>[N, outputs]; a row's numbers have the same bits wherever it stands.</returns>
    public static Tensor LinearRows(Tensor matrix, int[] rows, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(weight);
        return LinearRowsNode.Apply(matrix, rows, weight, bias);
    }

    /// <summary>silu(gate) · up elementwise, the middle of a gated MLP. Shazeer 2020, arXiv:2002.05202.</summary>
    /// <param name="gate">Any shape.</param>
    /// <param name="up">The same shape.</param>
    public static Tensor SiluProduct(Tensor gate, Tensor up)
    {
        Shapes.RequireSame(gate, up);
        return SiluProductNode.Apply(gate, up);
    }

    /// <summary>Rows of a table: y[i] = table[indices[i]].</summary>
    /// <param name="table">[V, D].</param>
    /// <param name="indices">Row numbers, 0 to V − 1.</param>
    /// <param name="shape">Shape of the indices; a vector when left out.</param>
    /// <returns>[shape.., D].</returns>
    public static Tensor Embedding(Tensor table, int[] indices, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(shape);
        if (table.Rank != 2)
        {
            throw new ArgumentException($"Ops.Embedding: the table is {Shapes.Text(table.Shape)}; it must be [V, D].", nameof(table));
        }

        if (shape.Length > 0 && Shapes.Length(shape) != indices.Length)
        {
            throw new ArgumentException($"Ops.Embedding: {indices.Length} indices do not fill the shape {Shapes.Text(shape)}.", nameof(shape));
        }

        Indices.Require(indices, table.Shape[0], "Ops.Embedding");
        var rows = TakeNode.Take(table, indices, 0, "Embedding");
        return shape.Length == 0 ? rows : rows.Reshape([.. shape, table.Shape[1]]);
    }

    /// <summary>y = (x − mean) / √(variance + ε) · weight + bias along the last axis. Ba, Kiros and Hinton 2016, arXiv:1607.06450.</summary>
    /// <param name="x">[.., D].</param>
    /// <param name="weight">[D].</param>
    /// <param name="bias">[D], or null.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor LayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        return LayerNormNode.Apply(x, weight, bias, epsilon);
    }

    /// <summary>y = x / √(mean of x² + ε) · weight along the last axis. Zhang and Sennrich 2019, arXiv:1910.07467.</summary>
    /// <param name="x">[.., D].</param>
    /// <param name="weight">[D].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static Tensor RmsNorm(Tensor x, Tensor weight, float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        return RmsNormNode.Apply(x, weight, epsilon);
    }

    /// <summary>−log softmax(logits)[target] of each row, in nats, without forming the softmax.</summary>
    /// <param name="logits">[.., V].</param>
    /// <param name="targets">One for each row; a negative target leaves the row out: value 0, no gradient.</param>
    /// <returns>The leading axes of the logits; the caller reduces.</returns>
    public static Tensor CrossEntropy(Tensor logits, int[] targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return LogProbsNode.Apply(logits, targets, -1f, "CrossEntropy");
    }

    /// <summary>log softmax(logits)[token] of each row, in nats, without forming the softmax.</summary>
    /// <param name="logits">[.., V].</param>
    /// <param name="tokens">One for each row; a negative token leaves the row out: value 0, no gradient.</param>
    /// <returns>The leading axes of the logits, for example [B, T].</returns>
    public static Tensor TokenLogProbs(Tensor logits, int[] tokens)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(tokens);
        return LogProbsNode.Apply(logits, tokens, 1f, "TokenLogProbs");
    }

    /// <summary>Rotary position embedding: in each head, the pair (x[i], x[i + d/2]) is turned by the angle position · θ^(−2i/d).</summary>
    /// <remarks>Su et al. 2021, arXiv:2104.09864, in the half-split order of Llama. Token t of row b has position starts[b] + t.</remarks>
    /// <param name="x">[B, T, heads · d] with even d.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="starts">Position of each row's first token; 0 when null.</param>
    /// <param name="theta">Base of the frequencies.</param>
    public static Tensor Rotary(Tensor x, int heads, int[]? starts = null, float theta = 10000f)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (x.Rank != 3 || x.Shape[2] % (2 * heads) != 0)
        {
            throw new ArgumentException($"Ops.Rotary: x is {Shapes.Text(x.Shape)}; it must be [B, T, {heads} heads of an even size].", nameof(x));
        }

        RequireRows(starts, x.Shape[0], "Ops.Rotary", nameof(starts));
        return RotaryNode.Apply(x, heads, RotaryNode.Positions(x.Shape[0], x.Shape[1], starts), theta, inverse: false);
    }

    /// <summary>Causal attention: softmax(q·kᵀ / √d) · v in each head, token t seeing tokens 0 to t of its row.</summary>
    /// <remarks>
    /// With fewer key heads than query heads, each key head serves heads / keyHeads neighbouring query heads (grouped queries, Ainslie et al.
    /// 2023, arXiv:2305.13245). A row's tokens at or past its length give 0 and pass no gradient, whatever they hold. Fused; no second derivative.
    /// </remarks>
    /// <param name="q">[B, T, heads · d].</param>
    /// <param name="k">[B, T, keyHeads · d].</param>
    /// <param name="v">[B, T, keyHeads · d].</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key and value heads; divides <paramref name="heads"/>.</param>
    /// <param name="lengths">Tokens of each row; T when null.</param>
    /// <returns>[B, T, heads · d].</returns>
    public static Tensor CausalAttention(Tensor q, Tensor k, Tensor v, int heads, int keyHeads, int[]? lengths = null)
    {
        var shape = SeparateShape(q, k, v, heads, keyHeads, "Ops.CausalAttention");
        RequireRows(lengths, q.Shape[0], "Ops.CausalAttention", nameof(lengths));
        return AttentionNode.Apply(q, k, v, shape, lengths);
    }

    /// <summary>Causal attention of new tokens over a cache, which takes up their keys and values. No gradient.</summary>
    /// <remarks>Token t of row b has position Lengths[b] + t and sees the positions up to its own; results equal <see cref="CausalAttention(Tensor, Tensor, Tensor, int, int, int[])"/> bit for bit.</remarks>
    /// <param name="q">[B, T, heads · d].</param>
    /// <param name="k">[B, T, keyHeads · d].</param>
    /// <param name="v">[B, T, keyHeads · d].</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key and value heads.</param>
    /// <param name="cache">The cache; its lengths change only by <see cref="KeyValueCache.Advance(int[])"/>.</param>
    /// <param name="layer">Which of the cache's layers.</param>
    public static Tensor CachedAttention(Tensor q, Tensor k, Tensor v, int heads, int keyHeads, KeyValueCache cache, int layer)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var shape = SeparateShape(q, k, v, heads, keyHeads, "Ops.CachedAttention");
        return cache.Attend(q, k, v, shape, layer);
    }

    /// <summary>As <see cref="CausalAttention(Tensor, Tensor, Tensor, int, int, int[])"/> for queries, keys and values of one joint projection.</summary>
    /// <param name="qkv">[B, T, (heads + 2·keyHeads) · d]: in each token first the queries, then the keys, then the values.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key and value heads.</param>
    /// <param name="lengths">Tokens of each row; T when null.</param>
    /// <returns>[B, T, heads · d].</returns>
    public static Tensor CausalAttention(Tensor qkv, int heads, int keyHeads, int[]? lengths = null)
    {
        var shape = JointShape(qkv, heads, keyHeads, "Ops.CausalAttention");
        RequireRows(lengths, qkv.Shape[0], "Ops.CausalAttention", nameof(lengths));
        return JointAttentionNode.Apply(qkv, shape, lengths);
    }

    /// <summary>As <see cref="CachedAttention(Tensor, Tensor, Tensor, int, int, KeyValueCache, int)"/> for one joint projection.</summary>
    /// <param name="qkv">[B, T, (heads + 2·keyHeads) · d].</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key and value heads.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="layer">Which of the cache's layers.</param>
    public static Tensor CachedAttention(Tensor qkv, int heads, int keyHeads, KeyValueCache cache, int layer)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var shape = JointShape(qkv, heads, keyHeads, "Ops.CachedAttention");
        return cache.Attend(qkv, qkv, qkv, shape, layer);
    }

    private static AttentionShape JointShape(Tensor qkv, int heads, int keyHeads, string operation)
    {
        ArgumentNullException.ThrowIfNull(qkv);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keyHeads);
        int parts = heads + (2 * keyHeads);
        if (heads % keyHeads != 0 || qkv.Rank != 3 || qkv.Shape[2] % parts != 0 || qkv.Shape[2] == 0)
        {
            throw new ArgumentException($"{operation}: qkv is {Shapes.Text(qkv.Shape)} with {heads} query and {keyHeads} key heads; it is [B, T, {parts}·d], and keyHeads divides heads.", nameof(qkv));
        }

        int size = qkv.Shape[2] / parts;
        return new AttentionShape
        {
            Batch = qkv.Shape[0],
            Time = qkv.Shape[1],
            Heads = heads,
            KvHeads = keyHeads,
            Dim = size,
            Scale = 1f / MathF.Sqrt(size),
            QueryStride = qkv.Shape[2],
            KeyStride = qkv.Shape[2],
        };
    }

    private static AttentionShape SeparateShape(Tensor q, Tensor k, Tensor v, int heads, int keyHeads, string operation)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(k);
        ArgumentNullException.ThrowIfNull(v);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keyHeads);
        bool fits = heads % keyHeads == 0 && q.Rank == 3 && q.Shape[2] % heads == 0
            && Shapes.Same(k.Shape, v.Shape) && Shapes.Same(k.Shape, [q.Shape[0], q.Shape[1], q.Shape[2] / heads * keyHeads]);
        if (!fits)
        {
            throw new ArgumentException($"{operation}: q is {Shapes.Text(q.Shape)}, k is {Shapes.Text(k.Shape)}, v is {Shapes.Text(v.Shape)} with {heads} query and {keyHeads} key heads; q is [B, T, heads·d], k and v are [B, T, keyHeads·d], and keyHeads divides heads.");
        }

        int size = q.Shape[2] / heads;
        return new AttentionShape { Batch = q.Shape[0], Time = q.Shape[1], Heads = heads, KvHeads = keyHeads, Dim = size, Scale = 1f / MathF.Sqrt(size) };
    }

    private static void RequireRows(int[]? values, int rows, string operation, string name)
    {
        if (values is not null && values.Length != rows)
        {
            throw new ArgumentException($"{operation}: {name} has {values.Length} entries for {rows} rows.", name);
        }
    }
}
