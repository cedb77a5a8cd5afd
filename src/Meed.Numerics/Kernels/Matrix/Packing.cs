using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Copies B into panels of 32 columns: panel p holds rows 0..k−1 of columns 32p..32p+31, zeros behind column n.</summary>
internal static unsafe class Packing
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = 32;

    /// <summary>One panel: <paramref name="cols"/> (1..32) columns of op(B) from b on, k rows.</summary>
    public static void Panel(bool transB, int k, int cols, float* b, nint ldb, float* panel)
    {
        if (!transB)
        {
            Rows(k, cols, b, ldb, panel);
        }
        else
        {
            Transposed(k, cols, b, ldb, panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(int k, int cols, float* b, nint ldb, float* panel)
    {
        if (cols == Width)
        {
            for (int p = 0; p < k; p++, b += ldb, panel += Width)
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    Vector512<float> x = Vector512.Load(b), y = Vector512.Load(b + 16);
                    x.Store(panel);
                    y.Store(panel + 16);
                }
                else
                {
                    Lanes256.Store(panel, Lanes256.Load(b));
                    Lanes256.Store(panel + 16, Lanes256.Load(b + 16));
                }
            }

            return;
        }

        for (int p = 0; p < k; p++, b += ldb, panel += Width)
        {
            new Span<float>(panel, Width).Clear();
            new Span<float>(b, cols).CopyTo(new Span<float>(panel, Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(int k, int cols, float* b, nint ldb, float* panel)
    {
        int column = 0;
        if (Avx.IsSupported)
        {
            for (; column <= cols - 8; column += 8)
            {
                float* r = b + (column * ldb);
                float* y = panel + column;
                int p = 0;
                for (; p <= k - 8; p += 8, r += 8, y += 8 * Width)
                {
                    Transpose8(r, ldb, y);
                }

                for (; p < k; p++, r++, y += Width)
                {
                    for (int j = 0; j < 8; j++)
                    {
                        y[j] = r[j * ldb];
                    }
                }
            }
        }

        for (; column < cols; column++)
        {
            float* r = b + (column * ldb);
            float* y = panel + column;
            for (int p = 0; p < k; p++, y += Width)
            {
                *y = r[p];
            }
        }

        if (cols < Width)
        {
            for (int p = 0; p < k; p++)
            {
                new Span<float>(panel + ((nint)p * Width) + cols, Width - cols).Clear();
            }
        }
    }

    // An 8 by 8 block: pairs, quads, halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* x, nint step, float* y)
    {
        float* x4 = x + (4 * step);
        Vector256<float> a = Halves(x, x4), b = Halves(x + step, x4 + step), c = Halves(x + (2 * step), x4 + (2 * step)), d = Halves(x + (3 * step), x4 + (3 * step));
        Quads(a, b, c, d, y);
        x += 4;
        x4 += 4;
        a = Halves(x, x4);
        b = Halves(x + step, x4 + step);
        c = Halves(x + (2 * step), x4 + (2 * step));
        d = Halves(x + (3 * step), x4 + (3 * step));
        Quads(a, b, c, d, y + (4 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* y)
    {
        Vector256<float> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        Avx.Shuffle(ab0, cd0, 0x44).Store(y);
        Avx.Shuffle(ab0, cd0, 0xee).Store(y + Width);
        Avx.Shuffle(ab1, cd1, 0x44).Store(y + (2 * Width));
        Avx.Shuffle(ab1, cd1, 0xee).Store(y + (3 * Width));
    }
}
