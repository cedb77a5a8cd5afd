using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

internal static unsafe partial class Tiles<TVector, TOps>
    where TVector : struct
    where TOps : struct, IVectorOps<TVector>
{
    /// <summary>4 rows by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x2(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero;
        TVector c20 = TOps.Zero, c21 = TOps.Zero;
        TVector c30 = TOps.Zero, c31 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w);
            y += ldc;
            c10 = TOps.Load(y); c11 = TOps.Load(y + w);
            y += ldc;
            c20 = TOps.Load(y); c21 = TOps.Load(y + w);
            y += ldc;
            c30 = TOps.Load(y); c31 = TOps.Load(y + w);
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c30 = c20 = c10 = c00;
            c31 = c21 = c11 = c01;
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        nint aRow2 = 2 * aRow;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11);
            x = TOps.Broadcast(a0 + aRow2);
            c20 = TOps.Fma(x, b0, c20); c21 = TOps.Fma(x, b1, c21);
            x = TOps.Broadcast(a3);
            c30 = TOps.Fma(x, b0, c30); c31 = TOps.Fma(x, b1, c31);
            a0 += aStep; a3 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11);
        c += ldc;
        TOps.Store(c, c20); TOps.Store(c + w, c21);
        c += ldc;
        TOps.Store(c, c30); TOps.Store(c + w, c31);
    }

    /// <summary>4 rows by 4 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4x4(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext), o2 = Offset(2, bNext), o3 = Offset(3, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero, c02 = TOps.Zero, c03 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero, c12 = TOps.Zero, c13 = TOps.Zero;
        TVector c20 = TOps.Zero, c21 = TOps.Zero, c22 = TOps.Zero, c23 = TOps.Zero;
        TVector c30 = TOps.Zero, c31 = TOps.Zero, c32 = TOps.Zero, c33 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w); c02 = TOps.Load(y + (2 * w)); c03 = TOps.Load(y + (3 * w));
            y += ldc;
            c10 = TOps.Load(y); c11 = TOps.Load(y + w); c12 = TOps.Load(y + (2 * w)); c13 = TOps.Load(y + (3 * w));
            y += ldc;
            c20 = TOps.Load(y); c21 = TOps.Load(y + w); c22 = TOps.Load(y + (2 * w)); c23 = TOps.Load(y + (3 * w));
            y += ldc;
            c30 = TOps.Load(y); c31 = TOps.Load(y + w); c32 = TOps.Load(y + (2 * w)); c33 = TOps.Load(y + (3 * w));
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c02 = TOps.Load(bias + (2 * w));
            c03 = TOps.Load(bias + (3 * w));
            c30 = c20 = c10 = c00;
            c31 = c21 = c11 = c01;
            c32 = c22 = c12 = c02;
            c33 = c23 = c13 = c03;
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        nint aRow2 = 2 * aRow;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1), b2 = TOps.Load(b + o2), b3 = TOps.Load(b + o3);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01); c02 = TOps.Fma(x, b2, c02); c03 = TOps.Fma(x, b3, c03);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11); c12 = TOps.Fma(x, b2, c12); c13 = TOps.Fma(x, b3, c13);
            x = TOps.Broadcast(a0 + aRow2);
            c20 = TOps.Fma(x, b0, c20); c21 = TOps.Fma(x, b1, c21); c22 = TOps.Fma(x, b2, c22); c23 = TOps.Fma(x, b3, c23);
            x = TOps.Broadcast(a3);
            c30 = TOps.Fma(x, b0, c30); c31 = TOps.Fma(x, b1, c31); c32 = TOps.Fma(x, b2, c32); c33 = TOps.Fma(x, b3, c33);
            a0 += aStep; a3 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01); TOps.Store(c + (2 * w), c02); TOps.Store(c + (3 * w), c03);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11); TOps.Store(c + (2 * w), c12); TOps.Store(c + (3 * w), c13);
        c += ldc;
        TOps.Store(c, c20); TOps.Store(c + w, c21); TOps.Store(c + (2 * w), c22); TOps.Store(c + (3 * w), c23);
        c += ldc;
        TOps.Store(c, c30); TOps.Store(c + w, c31); TOps.Store(c + (2 * w), c32); TOps.Store(c + (3 * w), c33);
    }

    /// <summary>2 rows by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile2x2(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w);
            y += ldc;
            c10 = TOps.Load(y); c11 = TOps.Load(y + w);
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c10 = c00;
            c11 = c01;
        }

        float* a0 = a;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11);
            a0 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11);
    }

    /// <summary>2 rows by 4 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile2x4(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext), o2 = Offset(2, bNext), o3 = Offset(3, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero, c02 = TOps.Zero, c03 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero, c12 = TOps.Zero, c13 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w); c02 = TOps.Load(y + (2 * w)); c03 = TOps.Load(y + (3 * w));
            y += ldc;
            c10 = TOps.Load(y); c11 = TOps.Load(y + w); c12 = TOps.Load(y + (2 * w)); c13 = TOps.Load(y + (3 * w));
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c02 = TOps.Load(bias + (2 * w));
            c03 = TOps.Load(bias + (3 * w));
            c10 = c00;
            c11 = c01;
            c12 = c02;
            c13 = c03;
        }

        float* a0 = a;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1), b2 = TOps.Load(b + o2), b3 = TOps.Load(b + o3);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01); c02 = TOps.Fma(x, b2, c02); c03 = TOps.Fma(x, b3, c03);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11); c12 = TOps.Fma(x, b2, c12); c13 = TOps.Fma(x, b3, c13);
            a0 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01); TOps.Store(c + (2 * w), c02); TOps.Store(c + (3 * w), c03);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11); TOps.Store(c + (2 * w), c12); TOps.Store(c + (3 * w), c13);
    }

    /// <summary>2 rows by 8 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile2x8(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext), o2 = Offset(2, bNext), o3 = Offset(3, bNext), o4 = Offset(4, bNext), o5 = Offset(5, bNext), o6 = Offset(6, bNext), o7 = Offset(7, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero, c02 = TOps.Zero, c03 = TOps.Zero, c04 = TOps.Zero, c05 = TOps.Zero, c06 = TOps.Zero, c07 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero, c12 = TOps.Zero, c13 = TOps.Zero, c14 = TOps.Zero, c15 = TOps.Zero, c16 = TOps.Zero, c17 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w); c02 = TOps.Load(y + (2 * w)); c03 = TOps.Load(y + (3 * w)); c04 = TOps.Load(y + (4 * w)); c05 = TOps.Load(y + (5 * w)); c06 = TOps.Load(y + (6 * w)); c07 = TOps.Load(y + (7 * w));
            y += ldc;
            c10 = TOps.Load(y); c11 = TOps.Load(y + w); c12 = TOps.Load(y + (2 * w)); c13 = TOps.Load(y + (3 * w)); c14 = TOps.Load(y + (4 * w)); c15 = TOps.Load(y + (5 * w)); c16 = TOps.Load(y + (6 * w)); c17 = TOps.Load(y + (7 * w));
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c02 = TOps.Load(bias + (2 * w));
            c03 = TOps.Load(bias + (3 * w));
            c04 = TOps.Load(bias + (4 * w));
            c05 = TOps.Load(bias + (5 * w));
            c06 = TOps.Load(bias + (6 * w));
            c07 = TOps.Load(bias + (7 * w));
            c10 = c00;
            c11 = c01;
            c12 = c02;
            c13 = c03;
            c14 = c04;
            c15 = c05;
            c16 = c06;
            c17 = c07;
        }

        float* a0 = a;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1), b2 = TOps.Load(b + o2), b3 = TOps.Load(b + o3), b4 = TOps.Load(b + o4), b5 = TOps.Load(b + o5), b6 = TOps.Load(b + o6), b7 = TOps.Load(b + o7);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01); c02 = TOps.Fma(x, b2, c02); c03 = TOps.Fma(x, b3, c03);
            c04 = TOps.Fma(x, b4, c04); c05 = TOps.Fma(x, b5, c05); c06 = TOps.Fma(x, b6, c06); c07 = TOps.Fma(x, b7, c07);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11); c12 = TOps.Fma(x, b2, c12); c13 = TOps.Fma(x, b3, c13);
            c14 = TOps.Fma(x, b4, c14); c15 = TOps.Fma(x, b5, c15); c16 = TOps.Fma(x, b6, c16); c17 = TOps.Fma(x, b7, c17);
            a0 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01); TOps.Store(c + (2 * w), c02); TOps.Store(c + (3 * w), c03);
        TOps.Store(c + (4 * w), c04); TOps.Store(c + (5 * w), c05); TOps.Store(c + (6 * w), c06); TOps.Store(c + (7 * w), c07);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11); TOps.Store(c + (2 * w), c12); TOps.Store(c + (3 * w), c13);
        TOps.Store(c + (4 * w), c14); TOps.Store(c + (5 * w), c15); TOps.Store(c + (6 * w), c16); TOps.Store(c + (7 * w), c17);
    }

    /// <summary>1 row by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x2(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w);
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
        }

        float* a0 = a;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01);
            a0 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01);
    }

    /// <summary>1 row by 8 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x8(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, nint bNext, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        nint o1 = Offset(1, bNext), o2 = Offset(2, bNext), o3 = Offset(3, bNext), o4 = Offset(4, bNext), o5 = Offset(5, bNext), o6 = Offset(6, bNext), o7 = Offset(7, bNext);
        TVector c00 = TOps.Zero, c01 = TOps.Zero, c02 = TOps.Zero, c03 = TOps.Zero, c04 = TOps.Zero, c05 = TOps.Zero, c06 = TOps.Zero, c07 = TOps.Zero;
        if (start == Start.Add)
        {
            float* y = c;
            c00 = TOps.Load(y); c01 = TOps.Load(y + w); c02 = TOps.Load(y + (2 * w)); c03 = TOps.Load(y + (3 * w)); c04 = TOps.Load(y + (4 * w)); c05 = TOps.Load(y + (5 * w)); c06 = TOps.Load(y + (6 * w)); c07 = TOps.Load(y + (7 * w));
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c02 = TOps.Load(bias + (2 * w));
            c03 = TOps.Load(bias + (3 * w));
            c04 = TOps.Load(bias + (4 * w));
            c05 = TOps.Load(bias + (5 * w));
            c06 = TOps.Load(bias + (6 * w));
            c07 = TOps.Load(bias + (7 * w));
        }

        float* a0 = a;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + o1), b2 = TOps.Load(b + o2), b3 = TOps.Load(b + o3), b4 = TOps.Load(b + o4), b5 = TOps.Load(b + o5), b6 = TOps.Load(b + o6), b7 = TOps.Load(b + o7);
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01); c02 = TOps.Fma(x, b2, c02); c03 = TOps.Fma(x, b3, c03);
            c04 = TOps.Fma(x, b4, c04); c05 = TOps.Fma(x, b5, c05); c06 = TOps.Fma(x, b6, c06); c07 = TOps.Fma(x, b7, c07);
            a0 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01); TOps.Store(c + (2 * w), c02); TOps.Store(c + (3 * w), c03);
        TOps.Store(c + (4 * w), c04); TOps.Store(c + (5 * w), c05); TOps.Store(c + (6 * w), c06); TOps.Store(c + (7 * w), c07);
    }
}
