using Meed.Numerics.Kernels;
using Meed.Numerics.Kernels.Plain;

namespace Meed.Numerics;

/// <summary>Keys and values of the tokens seen so far, for every layer and row, so that new tokens need not recompute them.</summary>
/// <remarks>
/// Each row has its own length; rows are filled from position 0 without gaps. One forward pass writes the new tokens of every layer behind
/// the current lengths, then <see cref="Advance(int[])"/> makes them part of the rows. Tokens past a row's count in a padded batch are
/// written but never seen: the next tokens overwrite them. The cache lives outside scopes and carries no gradient.
/// </remarks>
public sealed class KeyValueCache
{
    private readonly int _width;
    private readonly int _stored;
    private Tensor[] _keys;
    private Tensor[] _values;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Number of layers.</param>
    /// <param name="rows">Number of rows, B.</param>
    /// <param name="capacity">Largest number of tokens a row can hold.</param>
    /// <param name="width">Key heads times head size.</param>
    public KeyValueCache(int layers, int rows, int capacity, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Capacity = capacity;
        _width = width;
        _stored = AttentionKernels.CacheCapacity(capacity);
        Lengths = new int[rows];
        _keys = Create(layers, rows);
        _values = Create(layers, rows);
    }

    /// <summary>Number of layers.</summary>
    public int Layers => _keys.Length;

    /// <summary>Number of rows, B.</summary>
    public int Rows => Lengths.Length;

    /// <summary>Largest number of tokens a row can hold.</summary>
    public int Capacity { get; }

    /// <summary>Tokens each row holds; also the position of its next token. Read it; change it by <see cref="Advance(int)"/> or <see cref="Truncate"/>.</summary>
    public int[] Lengths { get; private set; }

    /// <summary>Makes the tokens of the last forward pass part of the rows.</summary>
    /// <param name="counts">New tokens of each row.</param>
    public void Advance(int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Length != Rows)
        {
            throw new ArgumentException($"KeyValueCache.Advance: {counts.Length} counts were given for {Rows} rows.", nameof(counts));
        }

        for (int row = 0; row < Rows; row++)
        {
            if (counts[row] < 0 || Lengths[row] + counts[row] > Capacity)
            {
                throw new ArgumentOutOfRangeException(nameof(counts), $"KeyValueCache.Advance: row {row} holds {Lengths[row]} tokens; {counts[row]} more do not fit the capacity {Capacity}.");
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            Lengths[row] += counts[row];
        }
    }

    /// <summary>As <see cref="Advance(int[])"/> with the same count for every row.</summary>
    public void Advance(int count)
    {
        var counts = new int[Rows];
        Array.Fill(counts, count);
        Advance(counts);
    }

    /// <summary>Shortens rows to the given lengths.</summary>
    public void Truncate(int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        for (int row = 0; row < Rows; row++)
        {
            if (lengths.Length != Rows || lengths[row] < 0 || lengths[row] > Lengths[row])
            {
                throw new ArgumentOutOfRangeException(nameof(lengths), $"KeyValueCache.Truncate: row {row} holds {Lengths[row]} tokens and each row needs a length from 0 to that.");
            }
        }

        lengths.CopyTo(Lengths, 0);
    }

    /// <summary>Keeps the named rows, in the named order; a row may be named several times, for example to continue one prompt in many ways.</summary>
    public void Select(int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Operations.Indices.Require(rows, Rows, "KeyValueCache.Select");
        _keys = Select(_keys, rows);
        _values = Select(_values, rows);
        Lengths = Array.ConvertAll(rows, row => Lengths[row]);
    }

    /// <summary>Attention of new tokens, whose keys and values are stored first. q, k and v may be one joint projection.</summary>
    internal Tensor Attend(Tensor q, Tensor k, Tensor v, in AttentionShape shape, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)layer, (uint)Layers, nameof(layer));
        if (shape.Batch != Rows || shape.KvHeads * shape.Dim != _width)
        {
            throw new ArgumentException($"Ops.CachedAttention: keys are {Shapes.Text(k.Shape)} with {shape.KvHeads} heads of {shape.Dim}; the cache has {Rows} rows of width {_width}.");
        }

        if (Tape.Records(q, k, v))
        {
            throw new InvalidOperationException("Ops.CachedAttention carries no gradient. Call it inside Tape.Begin(record: false), or use CausalAttention.");
        }

        for (int row = 0; row < Rows; row++)
        {
            if (Lengths[row] + shape.Time > Capacity)
            {
                throw new InvalidOperationException($"Ops.CachedAttention: row {row} holds {Lengths[row]} of {Capacity} tokens; {shape.Time} more do not fit. Make the cache larger.");
            }
        }

        bool joint = shape.QueryStride > 0;
        int keys = joint ? shape.Heads * shape.Dim : 0;
        int values = joint ? keys + _width : 0;
        var y = Tensor.Allocate([shape.Batch, shape.Time, shape.Heads * shape.Dim], "CachedAttention");
        if (y.Length > 0)
        {
            AttentionKernels.Append(shape, k.Data[keys..], v.Data[values..], Lengths, _keys[layer].Data, _values[layer].Data, _stored);
            AttentionKernels.Decode(shape, q.Data, _keys[layer].Data, _values[layer].Data, _stored, Lengths, y.Data);
        }

        return y;
    }

    private Tensor[] Create(int layers, int rows)
    {
        var tensors = new Tensor[layers];
        for (int i = 0; i < layers; i++)
        {
            tensors[i] = Tensor.AllocateLasting([rows, _width, _stored], "KeyValueCache");
        }

        return tensors;
    }

    private Tensor[] Select(Tensor[] from, int[] rows)
    {
        var to = Create(from.Length, rows.Length);
        for (int i = 0; i < from.Length; i++)
        {
            Axes.Take(from[i].Data, Rows, rows, to[i].Data, 1, _stored * _width);
        }

        return to;
    }
}
