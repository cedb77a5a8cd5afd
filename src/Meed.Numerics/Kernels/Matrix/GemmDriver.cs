using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meed.Numerics.Kernels;

/// <summary>Covers C with register tiles.</summary>
internal static unsafe class GemmDriver<TVector, TOps>
    where TVector : struct
    where TOps : struct, IVectorOps<TVector>
{
    /// <summary>C [m, n] from A by strides and B in panels or as it stands (see <see cref="Tiles{TVector, TOps}"/>); n is a multiple of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Region(int m, int n, nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        int two = 2 * TOps.Width;
        if (m < 5)
        {
            Few(m, n, k, a, aRow, aStep, b, bStep, bNext, c, ldc, start, bias);
            return;
        }

        for (int j = 0; j < n; j += two)
        {
            Strip(m, k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
        }
    }

    /// <summary>C [m, n] with n a multiple of 32 and at least 12 rows, B as it stands: its first row tile also packs each panel for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Streaming(int m, int n, nint k, float* a, nint aRow, nint aStep, float* b, nint ldb, float* panel, float* c, nint ldc, Start start, float* bias)
    {
        int two = 2 * TOps.Width;
        int head = TOps.Width == Vector512<float>.Count ? 12 : 6;
        for (int j = 0; j < n; j += two)
        {
            if (head == 12)
            {
                Tiles<TVector, TOps>.Pack12x2(k, a, aRow, aStep, b + j, ldb, panel, c + j, ldc, start, bias + j);
            }
            else
            {
                Tiles<TVector, TOps>.Pack6x2(k, a, aRow, aStep, b + j, ldb, panel, c + j, ldc, start, bias + j);
            }

            Strip(m - head, k, a + (head * aRow), aRow, aStep, panel, 32, 0, c + (head * ldc) + j, ldc, start, bias + j);
        }
    }

    /// <summary>C [m, width] with width below 32, from one zero-padded panel of B.</summary>
    public static void Tail(int m, int width, nint k, float* a, nint aRow, nint aStep, float* panel, float* c, nint ldc, Start start, float* bias)
    {
        const int Rows = 24;
        float* tile = stackalloc float[(Rows * 32) + 32];
        float* padded = tile + (Rows * 32);
        if (start == Start.Bias)
        {
            new Span<float>(bias, width).CopyTo(new Span<float>(padded, 32));
        }

        for (int i = 0; i < m; i += Rows)
        {
            int rows = Math.Min(Rows, m - i);
            float* target = c + (i * ldc);
            if (start == Start.Add)
            {
                for (int r = 0; r < rows; r++)
                {
                    new Span<float>(target + (r * ldc), width).CopyTo(new Span<float>(tile + (r * 32), width));
                }
            }

            Region(rows, 32, k, a + (i * aRow), aRow, aStep, panel, 32, 0, tile, 32, start, padded);
            for (int r = 0; r < rows; r++)
            {
                new Span<float>(tile + (r * 32), width).CopyTo(new Span<float>(target + (r * ldc), width));
            }
        }
    }

    // Two vectors wide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strip(int m, nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        int i = 0;
        if (TOps.Width == Vector512<float>.Count)
        {
            while (m - i >= 12 && m - i != 16)
            {
                Tiles<TVector, TOps>.Tile12x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
                i += 12;
            }

            while (m - i >= 8)
            {
                Tiles<TVector, TOps>.Tile8x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
                i += 8;
            }
        }

        while (m - i >= 6 && m - i != 8)
        {
            Tiles<TVector, TOps>.Tile6x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
            i += 6;
        }

        while (m - i >= 4)
        {
            Tiles<TVector, TOps>.Tile4x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
            i += 4;
        }

        if (m - i >= 2)
        {
            Tiles<TVector, TOps>.Tile2x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
            i += 2;
        }

        if (i < m)
        {
            Tiles<TVector, TOps>.Tile1x2(k, a + (i * aRow), aRow, aStep, b, bStep, bNext, c + (i * ldc), ldc, start, bias);
        }
    }

    // One to four rows: wide tiles, so that enough sums run side by side.
    private static void Few(int m, int n, nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        int two = 2 * TOps.Width;
        int i = 0;
        if (m == 4)
        {
            int j = 0;
            if (TOps.Width == Vector512<float>.Count)   // fewer registers elsewhere
            {
                for (; j <= n - (2 * two); j += 2 * two)
                {
                    Tiles<TVector, TOps>.Tile4x4(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
                }
            }

            for (; j < n; j += two)
            {
                Tiles<TVector, TOps>.Tile4x2(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
            }

            return;
        }

        if (m >= 2)
        {
            int j = 0;
            if (TOps.Width == Vector512<float>.Count)
            {
                for (; j <= n - (4 * two); j += 4 * two)
                {
                    Tiles<TVector, TOps>.Tile2x8(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
                }
            }

            for (; j <= n - (2 * two); j += 2 * two)
            {
                Tiles<TVector, TOps>.Tile2x4(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
            }

            for (; j < n; j += two)
            {
                Tiles<TVector, TOps>.Tile2x2(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
            }

            i = 2;
        }

        if (i < m)
        {
            a += i * aRow;
            c += i * ldc;
            int j = 0;
            for (; j <= n - (4 * two); j += 4 * two)
            {
                Tiles<TVector, TOps>.Tile1x8(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
            }

            for (; j < n; j += two)
            {
                Tiles<TVector, TOps>.Tile1x2(k, a, aRow, aStep, b + (j / 32 * bNext) + (j % 32), bStep, bNext, c + j, ldc, start, bias + j);
            }
        }
    }
}
