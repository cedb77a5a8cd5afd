using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>The loops of <see cref="PackedMatrix"/>: register tiles of 8, 4, 2 or 1 rows. The tile a row falls in does not change its bits.</summary>
internal static unsafe class PackedLoops
{
    private const int Panel = 32;

    /// <summary>All products with tiles of 32 features, for machines with 32 registers of 16 floats.</summary>
    public static void Wide<T>(float* w, int n, int k, float* x, nint ldx, int m, float* y, nint ldy, bool add)
        where T : struct, ILanes<T>
    {
        for (int j = 0; j < n; j += Panel, w += (nint)k * Panel)
        {
            int width = Math.Min(Panel, n - j);
            int i = 0;
            for (; i <= m - 8; i += 8)
            {
                EightBy32<T>(w, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
            }

            if ((m & 4) != 0)
            {
                FourBy32<T>(w, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
                i += 4;
            }

            if ((m & 2) != 0)
            {
                TwoBy32<T>(w, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
                i += 2;
            }

            if ((m & 1) != 0)
            {
                OneBy32<T>(w, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
            }
        }
    }

    /// <summary>All products with tiles of 16 features, for machines with fewer or shorter registers.</summary>
    public static void Narrow<T>(float* w, int n, int k, float* x, nint ldx, int m, float* y, nint ldy, bool add)
        where T : struct, ILanes<T>
    {
        for (int j = 0; j < n; j += 16)
        {
            float* panel = w + ((nint)(j / Panel) * k * Panel) + (j % Panel);
            int width = Math.Min(16, n - j);
            int i = 0;
            for (; i <= m - 4; i += 4)
            {
                FourBy16<T>(panel, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
            }

            for (; i < m; i++)
            {
                OneBy16<T>(panel, k, x + (i * ldx), ldx, y + (i * ldy) + j, ldy, width, add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* y, T value, int width, bool add)
        where T : struct, ILanes<T>
    {
        if (width >= Lanes.Count)
        {
            T.Store(y, add ? T.Load(y) + value : value);
        }
        else if (width > 0)
        {
            T.StorePartial(y, add ? T.LoadPartial(y, width, 0f) + value : value, width);
        }
    }

    /// <summary>8 rows by 32 features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightBy32<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero, s01 = T.Zero;
        T s10 = T.Zero, s11 = T.Zero;
        T s20 = T.Zero, s21 = T.Zero;
        T s30 = T.Zero, s31 = T.Zero;
        T s40 = T.Zero, s41 = T.Zero;
        T s50 = T.Zero, s51 = T.Zero;
        T s60 = T.Zero, s61 = T.Zero;
        T s70 = T.Zero, s71 = T.Zero;
        float* x1 = x + ldx;
        float* x2 = x + (2 * ldx);
        float* x3 = x + (3 * ldx);
        float* x4 = x + (4 * ldx);
        float* x5 = x + (5 * ldx);
        float* x6 = x + (6 * ldx);
        float* x7 = x + (7 * ldx);
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w), w1 = T.Load(w + 16);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
            s01 = T.Fma(a, w1, s01);
            a = T.Splat(x1[p]);
            s10 = T.Fma(a, w0, s10);
            s11 = T.Fma(a, w1, s11);
            a = T.Splat(x2[p]);
            s20 = T.Fma(a, w0, s20);
            s21 = T.Fma(a, w1, s21);
            a = T.Splat(x3[p]);
            s30 = T.Fma(a, w0, s30);
            s31 = T.Fma(a, w1, s31);
            a = T.Splat(x4[p]);
            s40 = T.Fma(a, w0, s40);
            s41 = T.Fma(a, w1, s41);
            a = T.Splat(x5[p]);
            s50 = T.Fma(a, w0, s50);
            s51 = T.Fma(a, w1, s51);
            a = T.Splat(x6[p]);
            s60 = T.Fma(a, w0, s60);
            s61 = T.Fma(a, w1, s61);
            a = T.Splat(x7[p]);
            s70 = T.Fma(a, w0, s70);
            s71 = T.Fma(a, w1, s71);
        }

        Store(y, s00, width, add);
        Store(y + 16, s01, width - 16, add);
        Store(y + ldy, s10, width, add);
        Store(y + ldy + 16, s11, width - 16, add);
        Store(y + (2 * ldy), s20, width, add);
        Store(y + (2 * ldy) + 16, s21, width - 16, add);
        Store(y + (3 * ldy), s30, width, add);
        Store(y + (3 * ldy) + 16, s31, width - 16, add);
        Store(y + (4 * ldy), s40, width, add);
        Store(y + (4 * ldy) + 16, s41, width - 16, add);
        Store(y + (5 * ldy), s50, width, add);
        Store(y + (5 * ldy) + 16, s51, width - 16, add);
        Store(y + (6 * ldy), s60, width, add);
        Store(y + (6 * ldy) + 16, s61, width - 16, add);
        Store(y + (7 * ldy), s70, width, add);
        Store(y + (7 * ldy) + 16, s71, width - 16, add);
    }

    /// <summary>4 rows by 32 features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourBy32<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero, s01 = T.Zero;
        T s10 = T.Zero, s11 = T.Zero;
        T s20 = T.Zero, s21 = T.Zero;
        T s30 = T.Zero, s31 = T.Zero;
        float* x1 = x + ldx;
        float* x2 = x + (2 * ldx);
        float* x3 = x + (3 * ldx);
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w), w1 = T.Load(w + 16);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
            s01 = T.Fma(a, w1, s01);
            a = T.Splat(x1[p]);
            s10 = T.Fma(a, w0, s10);
            s11 = T.Fma(a, w1, s11);
            a = T.Splat(x2[p]);
            s20 = T.Fma(a, w0, s20);
            s21 = T.Fma(a, w1, s21);
            a = T.Splat(x3[p]);
            s30 = T.Fma(a, w0, s30);
            s31 = T.Fma(a, w1, s31);
        }

        Store(y, s00, width, add);
        Store(y + 16, s01, width - 16, add);
        Store(y + ldy, s10, width, add);
        Store(y + ldy + 16, s11, width - 16, add);
        Store(y + (2 * ldy), s20, width, add);
        Store(y + (2 * ldy) + 16, s21, width - 16, add);
        Store(y + (3 * ldy), s30, width, add);
        Store(y + (3 * ldy) + 16, s31, width - 16, add);
    }

    /// <summary>2 rows by 32 features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoBy32<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero, s01 = T.Zero;
        T s10 = T.Zero, s11 = T.Zero;
        float* x1 = x + ldx;
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w), w1 = T.Load(w + 16);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
            s01 = T.Fma(a, w1, s01);
            a = T.Splat(x1[p]);
            s10 = T.Fma(a, w0, s10);
            s11 = T.Fma(a, w1, s11);
        }

        Store(y, s00, width, add);
        Store(y + 16, s01, width - 16, add);
        Store(y + ldy, s10, width, add);
        Store(y + ldy + 16, s11, width - 16, add);
    }

    /// <summary>1 row by 32 features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneBy32<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero, s01 = T.Zero;
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w), w1 = T.Load(w + 16);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
            s01 = T.Fma(a, w1, s01);
        }

        Store(y, s00, width, add);
        Store(y + 16, s01, width - 16, add);
    }

    /// <summary>4 rows by 16 features of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourBy16<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero;
        T s10 = T.Zero;
        T s20 = T.Zero;
        T s30 = T.Zero;
        float* x1 = x + ldx;
        float* x2 = x + (2 * ldx);
        float* x3 = x + (3 * ldx);
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
            a = T.Splat(x1[p]);
            s10 = T.Fma(a, w0, s10);
            a = T.Splat(x2[p]);
            s20 = T.Fma(a, w0, s20);
            a = T.Splat(x3[p]);
            s30 = T.Fma(a, w0, s30);
        }

        Store(y, s00, width, add);
        Store(y + ldy, s10, width, add);
        Store(y + (2 * ldy), s20, width, add);
        Store(y + (3 * ldy), s30, width, add);
    }

    /// <summary>1 row by 16 features of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneBy16<T>(float* w, int k, float* x, nint ldx, float* y, nint ldy, int width, bool add)
        where T : struct, ILanes<T>
    {
        T s00 = T.Zero;
        for (int p = 0; p < k; p++)
        {
            T w0 = T.Load(w);
            w += 32;
            T a = T.Splat(x[p]);
            s00 = T.Fma(a, w0, s00);
        }

        Store(y, s00, width, add);
    }
}
