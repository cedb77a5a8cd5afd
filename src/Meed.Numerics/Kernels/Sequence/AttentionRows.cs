using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>The inner steps of attention over blocks of query rows.</summary>
/// <remarks>
/// Scores and weighted sums are matrix products, so each of their elements is one sum in order; the softmax of a row uses the sums of
/// <see cref="RowMath"/>, which do not change when zeros follow. That is why a row has the same bits alone and in a block.
/// </remarks>
internal static unsafe class AttentionRows<TLanes, TVector, TOps>
    where TLanes : struct, ILanes<TLanes>
    where TVector : struct
    where TOps : struct, IVectorOps<TVector>
{
    /// <summary>Attention of a block of queries: row r sees the first <paramref name="count"/> + r·<paramref name="step"/> keys.</summary>
    /// <param name="rows">Query rows.</param>
    /// <param name="count">Keys of row 0.</param>
    /// <param name="step">Further keys of each next row: 1 for positions, 0 for heads that share a position.</param>
    /// <param name="dim">Floats of a head.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="q">First query.</param>
    /// <param name="qRow">Distance between queries.</param>
    /// <param name="keys">Transposed keys: dimension d at d·kStep, key columns 32 and on at kNext further.</param>
    /// <param name="kStep">See keys.</param>
    /// <param name="kNext">See keys.</param>
    /// <param name="v">Values of key 0.</param>
    /// <param name="vStep">Distance between values.</param>
    /// <param name="o">Output of row 0.</param>
    /// <param name="oRow">Distance between outputs.</param>
    /// <param name="logSumExp">One value a row, or null.</param>
    /// <param name="scores">Room for rows times the number of keys rounded up to 32.</param>
    public static void Block(
        int rows, int count, int step, int dim, float scale, float* q, nint qRow, float* keys, nint kStep, nint kNext, float* v, nint vStep, float* o, nint oRow, float* logSumExp, float* scores)
    {
        int most = count + ((rows - 1) * step);
        int padded = (most + 31) / 32 * 32;
        GemmDriver<TVector, TOps>.Region(rows, padded, dim, q, qRow, 1, keys, kStep, kNext, scores, padded, Start.Zero, null);
        float* factors = stackalloc float[rows];
        for (int r = 0; r < rows; r++)
        {
            int visible = count + (r * step);
            float* s = scores + ((nint)r * padded);
            Scale(s, visible, scale);
            float max = RowMath.Max<TLanes>(s, visible);
            float sum = RowMath.ExpSum<TLanes>(s, s, visible, max);
            factors[r] = 1f / sum;
            if (logSumExp != null)
            {
                logSumExp[r] = max + RowMath.Log(sum);
            }

            new Span<float>(s + visible, most - visible).Clear();
        }

        if (most == count || Finite(v + (count * vStep), vStep, most - count, dim))
        {
            Product(rows, dim, most, scores, padded, 1, v, vStep, o, oRow, Start.Zero);
        }
        else
        {
            // A later value is not finite: 0 times it would reach earlier rows.
            for (int r = 0; r < rows; r++)
            {
                Product(1, dim, count + (r * step), scores + ((nint)r * padded), padded, 1, v, vStep, o + (r * oRow), oRow, Start.Zero);
            }
        }

        for (int r = 0; r < rows; r++)
        {
            Scale(o + (r * oRow), dim, factors[r]);
        }
    }

    /// <summary>C [m, n] = A·B for any n, A by strides, B as it stands.</summary>
    public static void Product(int m, int n, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint ldc, Start start)
    {
        int whole = n / 32 * 32;
        if (whole > 0)
        {
            GemmDriver<TVector, TOps>.Region(m, whole, k, a, aRow, aStep, b, bStep, 32, c, ldc, start, null);
        }

        for (int j = whole; j < n; j += Lanes.Count)
        {
            Narrow(m, Math.Min(Lanes.Count, n - j), k, a, aRow, aStep, b + j, bStep, c + j, ldc, start);
        }
    }

    /// <summary>x *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, int n, float factor)
    {
        TLanes f = TLanes.Splat(factor);
        int i = 0;
        for (; i <= n - Lanes.Count; i += Lanes.Count)
        {
            TLanes.Store(x + i, TLanes.Load(x + i) * f);
        }

        if (i < n)
        {
            TLanes.StorePartial(x + i, TLanes.LoadPartial(x + i, n - i, 0f) * f, n - i);
        }
    }

    /// <summary>p = exp(scale·s − shift) in place for the first <paramref name="visible"/> elements, 0 up to <paramref name="total"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(float* s, int visible, int total, float scale, float shift)
    {
        TLanes f = TLanes.Splat(scale), by = TLanes.Splat(shift);
        int i = 0;
        for (; i <= visible - Lanes.Count; i += Lanes.Count)
        {
            TLanes.Store(s + i, VectorMath.Exp((TLanes.Load(s + i) * f) - by));
        }

        if (i < visible)
        {
            TLanes.StorePartial(s + i, VectorMath.Exp((TLanes.LoadPartial(s + i, visible - i, 0f) * f) - by), visible - i);
        }

        new Span<float>(s + visible, total - visible).Clear();
    }

    /// <summary>d = p·(d − mean)·scale in place for the first <paramref name="visible"/> elements, 0 up to <paramref name="total"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreGradient(float* d, float* p, int visible, int total, float mean, float scale)
    {
        TLanes m = TLanes.Splat(mean), f = TLanes.Splat(scale);
        int i = 0;
        for (; i <= visible - Lanes.Count; i += Lanes.Count)
        {
            TLanes.Store(d + i, TLanes.Load(p + i) * (TLanes.Load(d + i) - m) * f);
        }

        if (i < visible)
        {
            int rest = visible - i;
            TLanes.StorePartial(d + i, TLanes.LoadPartial(p + i, rest, 0f) * (TLanes.LoadPartial(d + i, rest, 0f) - m) * f, rest);
        }

        new Span<float>(d + visible, total - visible).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Finite(float* v, nint step, int rows, int dim)
    {
        TLanes sum = TLanes.Zero;
        for (int r = 0; r < rows; r++, v += step)
        {
            for (int i = 0; i < dim; i += Lanes.Count)
            {
                sum = TLanes.Fma(dim - i >= Lanes.Count ? TLanes.Load(v + i) : TLanes.LoadPartial(v + i, dim - i, 0f), TLanes.Zero, sum);
            }
        }

        return TLanes.Sum(sum) == 0f;
    }

    // At most 16 columns, four rows side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(int m, int width, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint ldc, Start start)
    {
        for (int i = 0; i < m; i += 4)
        {
            int rows = Math.Min(4, m - i);
            float* a0 = a + (i * aRow);
            float* a1 = rows > 1 ? a0 + aRow : a0;
            float* a2 = rows > 2 ? a1 + aRow : a0;
            float* a3 = rows > 3 ? a2 + aRow : a0;
            float* y = c + (i * ldc);
            TLanes c0 = TLanes.Zero, c1 = c0, c2 = c0, c3 = c0;
            if (start == Start.Add)
            {
                c0 = Load(y, width);
                c1 = rows > 1 ? Load(y + ldc, width) : c0;
                c2 = rows > 2 ? Load(y + (2 * ldc), width) : c0;
                c3 = rows > 3 ? Load(y + (3 * ldc), width) : c0;
            }

            float* x = b;
            for (int p = 0; p < k; p++, x += bStep)
            {
                TLanes row = Load(x, width);
                nint at = p * aStep;
                c0 = TLanes.Fma(TLanes.Splat(a0[at]), row, c0);
                c1 = TLanes.Fma(TLanes.Splat(a1[at]), row, c1);
                c2 = TLanes.Fma(TLanes.Splat(a2[at]), row, c2);
                c3 = TLanes.Fma(TLanes.Splat(a3[at]), row, c3);
            }

            Store(y, c0, width);
            if (rows > 1)
            {
                Store(y + ldc, c1, width);
            }

            if (rows > 2)
            {
                Store(y + (2 * ldc), c2, width);
            }

            if (rows > 3)
            {
                Store(y + (3 * ldc), c3, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Load(float* p, int width) => width == Lanes.Count ? TLanes.Load(p) : TLanes.LoadPartial(p, width, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* p, TLanes value, int width)
    {
        if (width == Lanes.Count)
        {
            TLanes.Store(p, value);
        }
        else
        {
            TLanes.StorePartial(p, value, width);
        }
    }
}
