using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Attention of single tokens over cached keys and values, for a pass whose tokens stand in any slots at any positions.</summary>
/// <remarks>
/// The arithmetic of a token is that of <see cref="AttentionKernels.Forward"/> in the same order, so both give the same bits. Within a slot, keys are stored
/// [capacity/16, Hkv, D, 16] (blocks of 16 positions, so that 16 products with a query are one vector) and values [capacity, Hkv, D]: what a token reads lies together.
/// </remarks>
internal static unsafe class CachedAttention
{
    /// <summary>Sizes of one layer's cache and of the rows it serves.</summary>
    public readonly record struct Layout(int Heads, int KeyHeads, int Dim, int Capacity, int RowStride, float Scale)
    {
        /// <summary>Floats of the keys, or of the values, of one slot.</summary>
        public int SlotSize => KeyHeads * Dim * Capacity;

        /// <summary>Floats of the keys, or of the values, of one position.</summary>
        public int Width => KeyHeads * Dim;
    }

    /// <summary>The capacity a cache needs for so many positions: the next multiple of 16.</summary>
    public static int Capacity(int positions) => checked(positions + 15) / 16 * 16;

    /// <summary>Stores the key and value of every token at its slot and position.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="k">Key of token t at t·RowStride, [Hkv, D].</param>
    /// <param name="v">Value of token t at t·RowStride, [Hkv, D].</param>
    /// <param name="slots">[n].</param>
    /// <param name="positions">[n].</param>
    /// <param name="keys">All slots' keys.</param>
    /// <param name="values">All slots' values.</param>
    public static void Append(in Layout layout, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, Span<float> keys, Span<float> values)
    {
        int width = layout.Width;
        Require(layout, slots, positions, keys.Length, values.Length);
        Check.AtLeast(k.Length, slots.Length == 0 ? 0 : ((slots.Length - 1L) * layout.RowStride) + width, nameof(k));
        Check.AtLeast(v.Length, slots.Length == 0 ? 0 : ((slots.Length - 1L) * layout.RowStride) + width, nameof(v));
        fixed (float* pk = k, pv = v, pKeys = keys, pValues = values)
        {
            for (int t = 0; t < slots.Length; t++)
            {
                int position = positions[t];
                nint slot = (nint)slots[t] * layout.SlotSize, from = (nint)t * layout.RowStride;
                float* column = pKeys + slot + (position / 16 * width * 16) + (position % 16);
                float* key = pk + from;
                int i = 0;
                for (; i <= width - 8; i += 8, column += 128, key += 8)
                {
                    float a = key[0], b = key[1], c = key[2], d = key[3], e = key[4], f = key[5], g = key[6], h = key[7];
                    column[0] = a;
                    column[16] = b;
                    column[32] = c;
                    column[48] = d;
                    column[64] = e;
                    column[80] = f;
                    column[96] = g;
                    column[112] = h;
                }

                for (; i < width; i++, column += 16, key++)
                {
                    column[0] = key[0];
                }

                Buffer.MemoryCopy(pv + from, pValues + slot + (position * width), width * sizeof(float), width * sizeof(float));
            }
        }
    }

    /// <summary>Attention of some tokens over the positions of their slots up to their own.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="q">Query of token t at t·RowStride, [H, D].</param>
    /// <param name="tokens">Which tokens t.</param>
    /// <param name="slots">[n] slot of every token.</param>
    /// <param name="positions">[n] position of every token.</param>
    /// <param name="keys">All slots' keys.</param>
    /// <param name="values">All slots' values.</param>
    /// <param name="scores">Scratch of 4·Capacity floats.</param>
    /// <param name="output">[tokens, H·D].</param>
    public static void Attend(
        in Layout layout, ReadOnlySpan<float> q, ReadOnlySpan<int> tokens, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> scores, Span<float> output)
    {
        Require(layout, slots, positions, keys.Length, values.Length);
        Check.AtLeast(scores.Length, 4L * layout.Capacity, nameof(scores));
        Check.AtLeast(output.Length, (long)tokens.Length * layout.Heads * layout.Dim, nameof(output));
        Check.AtLeast(q.Length, slots.Length == 0 ? 0 : ((slots.Length - 1L) * layout.RowStride) + (layout.Heads * layout.Dim), nameof(q));
        fixed (float* pq = q, pKeys = keys, pValues = values, ps = scores, po = output)
        {
            for (int i = 0; i < tokens.Length; i++)
            {
                int t = tokens[i];
                nint slot = (nint)slots[t] * layout.SlotSize;
                float* row = pq + ((nint)t * layout.RowStride);
                float* to = po + ((nint)i * layout.Heads * layout.Dim);
                switch (Cpu.Active)
                {
                    case Isa.Avx512: Token<Lanes512>(layout, row, pKeys + slot, pValues + slot, positions[t] + 1, ps, to); break;
                    case Isa.Avx2: Token<Lanes256>(layout, row, pKeys + slot, pValues + slot, positions[t] + 1, ps, to); break;
                    default: Token<Lanes128>(layout, row, pKeys + slot, pValues + slot, positions[t] + 1, ps, to); break;
                }
            }
        }
    }

    private static void Require(in Layout layout, ReadOnlySpan<int> slots, ReadOnlySpan<int> positions, int keys, int values)
    {
        Check.Length(positions.Length, slots.Length, nameof(positions));
        Check.Length(values, keys, nameof(values));
        for (int t = 0; t < slots.Length; t++)
        {
            if ((uint)positions[t] >= (uint)layout.Capacity || slots[t] < 0 || (slots[t] + 1L) * layout.SlotSize > keys)
            {
                throw new ArgumentException($"CachedAttention: token {t} stands in slot {slots[t]} at position {positions[t]}; the cache has {keys / layout.SlotSize} slots of {layout.Capacity} positions.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Token<T>(in Layout layout, float* q, float* keys, float* values, int count, float* scores, float* output)
        where T : struct, ILanes<T>
    {
        int dim = layout.Dim, width = layout.Width, group = layout.Heads / layout.KeyHeads, h = 0;

        // Four heads side by side hide the latency of each other's sums; that takes 32 registers.
        for (; typeof(T) == typeof(Lanes512) && dim % 32 == 0 && h <= layout.Heads - 4; h += 4)
        {
            nint h0 = h / group * dim, h1 = (h + 1) / group * dim, h2 = (h + 2) / group * dim, h3 = (h + 3) / group * dim;
            CachedHeads<T>.Scores(q + (h * dim), keys + (h0 * 16), keys + (h1 * 16), keys + (h2 * 16), keys + (h3 * 16), dim, width * 16, count, layout.Scale, scores, layout.Capacity);
            float s0 = Soften<T>(scores, count);
            float s1 = Soften<T>(scores + layout.Capacity, count);
            float s2 = Soften<T>(scores + (2 * layout.Capacity), count);
            float s3 = Soften<T>(scores + (3 * layout.Capacity), count);
            CachedHeads<T>.Mix(scores, layout.Capacity, values + h0, values + h1, values + h2, values + h3, dim, width, count, s0, s1, s2, s3, output + (h * dim));
        }

        for (; h < layout.Heads; h++)
        {
            nint at = h / group * dim;
            Scores<T>(q + (h * dim), keys + (at * 16), dim, width * 16, count, layout.Scale, scores);
            Mix<T>(scores, values + at, dim, width, count, Soften<T>(scores, count), output + (h * dim));
        }
    }

    // scores = exp(scores − max); returns 1 / Σ. The last block is filled up with −∞, whose weight is 0: adding zeros changes no bit, and whole vectors
    // can be read back from stores that are still under way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Soften<T>(float* scores, int count)
        where T : struct, ILanes<T>
    {
        int rest = count % 16, whole = count - rest;
        if (rest != 0)
        {
            T.Store(scores + whole, T.First(rest, T.Load(scores + whole), T.Splat(float.NegativeInfinity)));
            whole += 16;
        }

        return 1f / RowMath.ExpSum<T>(scores, scores, whole, RowMath.Max<T>(scores, whole));
    }

    // scores[j] = scale·Σ q[d]·k[j, d], the sum in the order of d; whole blocks are computed, those behind count hold nothing of use.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores<T>(float* q, float* keys, int dim, nint block, int count, float scale, float* scores)
        where T : struct, ILanes<T>
    {
        T by = T.Splat(scale);
        int j = 0;
        for (; j + 48 < count; j += 64, keys += 4 * block)
        {
            T a = T.Zero, b = T.Zero, c = T.Zero, e = T.Zero;
            float* k = keys;
            for (int d = 0; d < dim; d++, k += 16)
            {
                T x = T.Splat(q[d]);
                a = T.Fma(x, T.Load(k), a);
                b = T.Fma(x, T.Load(k + block), b);
                c = T.Fma(x, T.Load(k + (2 * block)), c);
                e = T.Fma(x, T.Load(k + (3 * block)), e);
            }

            T.Store(scores + j, a * by);
            T.Store(scores + j + 16, b * by);
            T.Store(scores + j + 32, c * by);
            T.Store(scores + j + 48, e * by);
        }

        for (; j + 16 < count; j += 32, keys += 2 * block)
        {
            T a = T.Zero, b = T.Zero;
            float* k = keys;
            for (int d = 0; d < dim; d++, k += 16)
            {
                T x = T.Splat(q[d]);
                a = T.Fma(x, T.Load(k), a);
                b = T.Fma(x, T.Load(k + block), b);
            }

            T.Store(scores + j, a * by);
            T.Store(scores + j + 16, b * by);
        }

        if (j < count)
        {
            T a = T.Zero;
            for (int d = 0; d < dim; d++)
            {
                a = T.Fma(T.Splat(q[d]), T.Load(keys + (d * 16)), a);
            }

            T.Store(scores + j, a * by);
        }
    }

    // output[d] = factor·Σ p[j]·v[j, d], the sum in the order of j.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix<T>(float* p, float* values, int dim, nint width, int count, float factor, float* output)
        where T : struct, ILanes<T>
    {
        T by = T.Splat(factor);
        int d = 0;
        for (; d <= dim - 32; d += 32)
        {
            T a = T.Zero, b = T.Zero;
            float* v = values + d;
            for (int j = 0; j < count; j++, v += width)
            {
                T x = T.Splat(p[j]);
                a = T.Fma(x, T.Load(v), a);
                b = T.Fma(x, T.Load(v + 16), b);
            }

            T.Store(output + d, a * by);
            T.Store(output + d + 16, b * by);
        }

        for (; d < dim; d += 16)
        {
            int rest = Math.Min(16, dim - d);
            T a = T.Zero;
            float* v = values + d;
            for (int j = 0; j < count; j++, v += width)
            {
                a = T.Fma(T.Splat(p[j]), rest == 16 ? T.Load(v) : T.LoadPartial(v, rest, 0f), a);
            }

            if (rest == 16)
            {
                T.Store(output + d, a * by);
            }
            else
            {
                T.StorePartial(output + d, a * by, rest);
            }
        }
    }
}
