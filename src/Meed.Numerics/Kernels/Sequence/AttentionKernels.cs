using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

/// <summary>Fused causal attention with grouped queries: training forward and backward, and cached decoding.</summary>
/// <remarks>
/// o[t] = Σ over j ≤ t of softmax(scale·q[t]·k[j])·v[j] (Vaswani et al. 2017, arXiv:1706.03762; grouped queries: Ainslie et al. 2023, arXiv:2305.13245).
/// A query's result depends on its own row up to its position and on nothing else: <see cref="Decode"/> gives the bits of <see cref="Forward"/>
/// for the same position, whatever the batch, the padding or the capacity of the cache.
/// </remarks>
public static unsafe partial class AttentionKernels
{
    /// <summary>Training forward. output is [B, T, H, D]; logSumExp [B, H, T] is kept for the backward call.</summary>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="q">[B, T, H, D] by <see cref="AttentionShape.QueryStride"/>.</param>
    /// <param name="k">[B, T, Hkv, D] by <see cref="AttentionShape.KeyStride"/>.</param>
    /// <param name="v">As k.</param>
    /// <param name="lengths">[B] valid positions of each row, or empty for T; later positions get 0 and are never read.</param>
    /// <param name="output">[B, T, H, D].</param>
    /// <param name="logSumExp">[B, H, T].</param>
    public static void Forward(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> lengths, Span<float> output, Span<float> logSumExp)
    {
        Require(shape, q.Length, k.Length, v.Length, lengths);
        Check.AtLeast(output.Length, shape.OutputLength, nameof(output));
        Check.AtLeast(logSumExp.Length, (long)shape.Batch * shape.Heads * shape.Time, nameof(logSumExp));
        fixed (float* pq = q, pk = k, pv = v, po = output, pl = logSumExp)
        fixed (int* pn = lengths)
        {
            RunForward(shape, pq, pk, pv, lengths.Length == 0 ? null : pn, po, pl);
        }
    }

    /// <summary>Training backward: writes dq, dk and dv, laid out as q, k and v.</summary>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="q">As in <see cref="Forward"/>.</param>
    /// <param name="k">As in <see cref="Forward"/>.</param>
    /// <param name="v">As in <see cref="Forward"/>.</param>
    /// <param name="lengths">As in <see cref="Forward"/>.</param>
    /// <param name="output">[B, T, H, D] from <see cref="Forward"/>.</param>
    /// <param name="logSumExp">[B, H, T] from <see cref="Forward"/>.</param>
    /// <param name="dOutput">[B, T, H, D].</param>
    /// <param name="dq">As q.</param>
    /// <param name="dk">As k.</param>
    /// <param name="dv">As v.</param>
    public static void Backward(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> lengths, ReadOnlySpan<float> output,
        ReadOnlySpan<float> logSumExp, ReadOnlySpan<float> dOutput, Span<float> dq, Span<float> dk, Span<float> dv)
    {
        Require(shape, q.Length, k.Length, v.Length, lengths);
        Check.AtLeast(output.Length, shape.OutputLength, nameof(output));
        Check.AtLeast(dOutput.Length, shape.OutputLength, nameof(dOutput));
        Check.AtLeast(logSumExp.Length, (long)shape.Batch * shape.Heads * shape.Time, nameof(logSumExp));
        Check.AtLeast(dq.Length, shape.QueryLength, nameof(dq));
        Check.AtLeast(dk.Length, shape.KeyLength, nameof(dk));
        Check.AtLeast(dv.Length, shape.KeyLength, nameof(dv));
        fixed (float* pq = q, pk = k, pv = v, po = output, pl = logSumExp, pdo = dOutput, pdq = dq, pdk = dk, pdv = dv)
        fixed (int* pn = lengths)
        {
            RunBackward(shape, pq, pk, pv, lengths.Length == 0 ? null : pn, po, pl, pdo, pdq, pdk, pdv);
        }
    }

    /// <summary>The capacity a cache needs for so many positions: the next multiple of 32.</summary>
    public static int CacheCapacity(int positions)
    {
        Check.NotNegative(positions, nameof(positions));
        return checked(positions + 31) / 32 * 32;
    }

    /// <summary>Stores new keys and values in the cache: row b's at positions[b], positions[b] + 1, ...</summary>
    /// <param name="shape">Sizes; Time is the number of new positions.</param>
    /// <param name="k">[B, S, Hkv, D] by <see cref="AttentionShape.KeyStride"/>.</param>
    /// <param name="v">As k.</param>
    /// <param name="positions">[B] first new position of each row; a negative one skips the row.</param>
    /// <param name="keyCache">[B, Hkv, D, capacity]: keys are stored transposed.</param>
    /// <param name="valueCache">[B, Hkv, capacity, D].</param>
    /// <param name="capacity">Positions per row, a multiple of 32 (<see cref="CacheCapacity"/>).</param>
    public static void Append(
        in AttentionShape shape, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> positions, Span<float> keyCache, Span<float> valueCache, int capacity)
    {
        shape.Require(nameof(Append));
        Check.AtLeast(k.Length, shape.KeyLength, nameof(k));
        Check.AtLeast(v.Length, shape.KeyLength, nameof(v));
        RequireCache(shape, positions, keyCache.Length, valueCache.Length, capacity);
        int dim = shape.Dim;
        for (int b = 0; b < shape.Batch; b++)
        {
            if (positions[b] < 0)
            {
                continue;
            }

            for (int s = 0; s < shape.Time; s++)
            {
                int at = positions[b] + s;
                int token = ((b * shape.Time) + s) * shape.KeyStep;
                for (int h = 0; h < shape.KvHeads; h++)
                {
                    int head = ((b * shape.KvHeads) + h) * dim * capacity;
                    v.Slice(token + (h * dim), dim).CopyTo(valueCache.Slice(head + (at * dim), dim));
                    ReadOnlySpan<float> key = k.Slice(token + (h * dim), dim);
                    Span<float> column = keyCache.Slice(head + at, ((dim - 1) * capacity) + 1);
                    for (int d = 0; d < key.Length; d++)
                    {
                        column[d * capacity] = key[d];
                    }
                }
            }
        }
    }

    /// <summary>Attention of new queries against the cache, which already holds their own keys: query s of row b sees positions 0 .. positions[b] + s.</summary>
    /// <param name="shape">Sizes; Time is the number of new positions.</param>
    /// <param name="q">[B, S, H, D] by <see cref="AttentionShape.QueryStride"/>.</param>
    /// <param name="keyCache">As in <see cref="Append"/>.</param>
    /// <param name="valueCache">As in <see cref="Append"/>.</param>
    /// <param name="capacity">As in <see cref="Append"/>.</param>
    /// <param name="positions">[B] position of the first new query of each row; a negative one skips the row and leaves its output.</param>
    /// <param name="output">[B, S, H, D].</param>
    public static void Decode(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> keyCache, ReadOnlySpan<float> valueCache, int capacity, ReadOnlySpan<int> positions, Span<float> output)
    {
        shape.Require(nameof(Decode));
        Check.AtLeast(q.Length, shape.QueryLength, nameof(q));
        Check.AtLeast(output.Length, shape.OutputLength, nameof(output));
        RequireCache(shape, positions, keyCache.Length, valueCache.Length, capacity);
        fixed (float* pq = q, pk = keyCache, pv = valueCache, po = output)
        fixed (int* pp = positions)
        {
            RunDecode(shape, pq, pk, pv, capacity, pp, po);
        }
    }

    private static void Require(in AttentionShape shape, int q, int k, int v, ReadOnlySpan<int> lengths, [CallerMemberName] string where = "")
    {
        shape.Require(where);
        Check.AtLeast(q, shape.QueryLength, nameof(q), where);
        Check.AtLeast(k, shape.KeyLength, nameof(k), where);
        Check.AtLeast(v, shape.KeyLength, nameof(v), where);
        if (lengths.Length != 0)
        {
            Check.Length(lengths.Length, shape.Batch, nameof(lengths), where);
            for (int b = 0; b < lengths.Length; b++)
            {
                if (lengths[b] < 0 || lengths[b] > shape.Time)
                {
                    throw new ArgumentException($"{where}: length {lengths[b]} of row {b} is outside 0..{shape.Time}.");
                }
            }
        }
    }

    private static void RequireCache(in AttentionShape shape, ReadOnlySpan<int> positions, int keys, int values, int capacity, [CallerMemberName] string where = "")
    {
        if (capacity < 32 || capacity % 32 != 0)
        {
            throw new ArgumentException($"{where}: the capacity is {capacity}; it must be a multiple of 32 (CacheCapacity rounds up).");
        }

        Check.Length(positions.Length, shape.Batch, nameof(positions), where);
        long needed = (long)shape.Batch * shape.KvHeads * shape.Dim * capacity;
        Check.AtLeast(keys, needed, "keyCache", where);
        Check.AtLeast(values, needed, "valueCache", where);
        for (int b = 0; b < positions.Length; b++)
        {
            if (positions[b] > capacity - shape.Time)
            {
                throw new ArgumentException($"{where}: row {b} would reach position {positions[b] + shape.Time - 1}, the cache holds {capacity}.");
            }
        }
    }
}
