using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        else if (cols == Width)
        {
            Transposed(k, b, ldb, panel);
        }
        else
        {
            TransposedPartial(k, cols, b, ldb, panel);
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
    private static void Transposed(int k, float* b, nint ldb, float* panel)
    {
        for (int column = 0; column < Width; column += 4)
        {
            float* r0 = b + (column * ldb);
            float* r1 = r0 + ldb;
            float* r2 = r1 + ldb;
            float* r3 = r2 + ldb;
            float* y = panel + column;
            int p = 0;
            for (; p <= k - 4; p += 4, y += 4 * Width)
            {
                Transpose4(Vector128.Load(r0 + p), Vector128.Load(r1 + p), Vector128.Load(r2 + p), Vector128.Load(r3 + p), y, Width);
            }

            for (; p < k; p++, y += Width)
            {
                y[0] = r0[p];
                y[1] = r1[p];
                y[2] = r2[p];
                y[3] = r3[p];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* y, nint step)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            Vector128<float> ab0 = System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b), ab1 = System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b);
            Vector128<float> cd0 = System.Runtime.Intrinsics.X86.Sse.UnpackLow(c, d), cd1 = System.Runtime.Intrinsics.X86.Sse.UnpackHigh(c, d);
            System.Runtime.Intrinsics.X86.Sse.MoveLowToHigh(ab0, cd0).Store(y);
            System.Runtime.Intrinsics.X86.Sse.MoveHighToLow(cd0, ab0).Store(y + step);
            System.Runtime.Intrinsics.X86.Sse.MoveLowToHigh(ab1, cd1).Store(y + (2 * step));
            System.Runtime.Intrinsics.X86.Sse.MoveHighToLow(cd1, ab1).Store(y + (3 * step));
            return;
        }

        for (int i = 0; i < 4; i++, y += step)
        {
            y[0] = a.GetElement(i);
            y[1] = b.GetElement(i);
            y[2] = c.GetElement(i);
            y[3] = d.GetElement(i);
        }
    }

    private static void TransposedPartial(int k, int cols, float* b, nint ldb, float* panel)
    {
        for (int p = 0; p < k; p++)
        {
            float* y = panel + ((nint)p * Width);
            for (int j = 0; j < Width; j++)
            {
                y[j] = j < cols ? b[(j * ldb) + p] : 0f;
            }
        }
    }
}
