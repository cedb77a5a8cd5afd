using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

internal static unsafe partial class Tiles<TVector, TOps>
    where TVector : struct
    where TOps : struct, IVectorOps<TVector>
{
    /// <summary>12 rows by 2 vectors; also copies the columns of B that pass by into a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack12x2(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* panel, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        TVector c00 = TOps.Zero, c01 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero;
        TVector c20 = TOps.Zero, c21 = TOps.Zero;
        TVector c30 = TOps.Zero, c31 = TOps.Zero;
        TVector c40 = TOps.Zero, c41 = TOps.Zero;
        TVector c50 = TOps.Zero, c51 = TOps.Zero;
        TVector c60 = TOps.Zero, c61 = TOps.Zero;
        TVector c70 = TOps.Zero, c71 = TOps.Zero;
        TVector c80 = TOps.Zero, c81 = TOps.Zero;
        TVector c90 = TOps.Zero, c91 = TOps.Zero;
        TVector ca0 = TOps.Zero, ca1 = TOps.Zero;
        TVector cb0 = TOps.Zero, cb1 = TOps.Zero;
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
            y += ldc;
            c40 = TOps.Load(y); c41 = TOps.Load(y + w);
            y += ldc;
            c50 = TOps.Load(y); c51 = TOps.Load(y + w);
            y += ldc;
            c60 = TOps.Load(y); c61 = TOps.Load(y + w);
            y += ldc;
            c70 = TOps.Load(y); c71 = TOps.Load(y + w);
            y += ldc;
            c80 = TOps.Load(y); c81 = TOps.Load(y + w);
            y += ldc;
            c90 = TOps.Load(y); c91 = TOps.Load(y + w);
            y += ldc;
            ca0 = TOps.Load(y); ca1 = TOps.Load(y + w);
            y += ldc;
            cb0 = TOps.Load(y); cb1 = TOps.Load(y + w);
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            cb0 = ca0 = c90 = c80 = c70 = c60 = c50 = c40 = c30 = c20 = c10 = c00;
            cb1 = ca1 = c91 = c81 = c71 = c61 = c51 = c41 = c31 = c21 = c11 = c01;
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        float* a6 = a + (6 * aRow);
        float* a9 = a + (9 * aRow);
        nint aRow2 = 2 * aRow;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + w);
            TOps.Store(panel, b0); TOps.Store(panel + w, b1);
            panel += 32;
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11);
            x = TOps.Broadcast(a0 + aRow2);
            c20 = TOps.Fma(x, b0, c20); c21 = TOps.Fma(x, b1, c21);
            x = TOps.Broadcast(a3);
            c30 = TOps.Fma(x, b0, c30); c31 = TOps.Fma(x, b1, c31);
            x = TOps.Broadcast(a3 + aRow);
            c40 = TOps.Fma(x, b0, c40); c41 = TOps.Fma(x, b1, c41);
            x = TOps.Broadcast(a3 + aRow2);
            c50 = TOps.Fma(x, b0, c50); c51 = TOps.Fma(x, b1, c51);
            x = TOps.Broadcast(a6);
            c60 = TOps.Fma(x, b0, c60); c61 = TOps.Fma(x, b1, c61);
            x = TOps.Broadcast(a6 + aRow);
            c70 = TOps.Fma(x, b0, c70); c71 = TOps.Fma(x, b1, c71);
            x = TOps.Broadcast(a6 + aRow2);
            c80 = TOps.Fma(x, b0, c80); c81 = TOps.Fma(x, b1, c81);
            x = TOps.Broadcast(a9);
            c90 = TOps.Fma(x, b0, c90); c91 = TOps.Fma(x, b1, c91);
            x = TOps.Broadcast(a9 + aRow);
            ca0 = TOps.Fma(x, b0, ca0); ca1 = TOps.Fma(x, b1, ca1);
            x = TOps.Broadcast(a9 + aRow2);
            cb0 = TOps.Fma(x, b0, cb0); cb1 = TOps.Fma(x, b1, cb1);
            a0 += aStep; a3 += aStep; a6 += aStep; a9 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11);
        c += ldc;
        TOps.Store(c, c20); TOps.Store(c + w, c21);
        c += ldc;
        TOps.Store(c, c30); TOps.Store(c + w, c31);
        c += ldc;
        TOps.Store(c, c40); TOps.Store(c + w, c41);
        c += ldc;
        TOps.Store(c, c50); TOps.Store(c + w, c51);
        c += ldc;
        TOps.Store(c, c60); TOps.Store(c + w, c61);
        c += ldc;
        TOps.Store(c, c70); TOps.Store(c + w, c71);
        c += ldc;
        TOps.Store(c, c80); TOps.Store(c + w, c81);
        c += ldc;
        TOps.Store(c, c90); TOps.Store(c + w, c91);
        c += ldc;
        TOps.Store(c, ca0); TOps.Store(c + w, ca1);
        c += ldc;
        TOps.Store(c, cb0); TOps.Store(c + w, cb1);
    }

    /// <summary>6 rows by 2 vectors; also copies the columns of B that pass by into a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack6x2(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* panel, float* c, nint ldc, Start start, float* bias)
    {
        nint w = TOps.Width;
        TVector c00 = TOps.Zero, c01 = TOps.Zero;
        TVector c10 = TOps.Zero, c11 = TOps.Zero;
        TVector c20 = TOps.Zero, c21 = TOps.Zero;
        TVector c30 = TOps.Zero, c31 = TOps.Zero;
        TVector c40 = TOps.Zero, c41 = TOps.Zero;
        TVector c50 = TOps.Zero, c51 = TOps.Zero;
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
            y += ldc;
            c40 = TOps.Load(y); c41 = TOps.Load(y + w);
            y += ldc;
            c50 = TOps.Load(y); c51 = TOps.Load(y + w);
        }
        else if (start == Start.Bias)
        {
            c00 = TOps.Load(bias);
            c01 = TOps.Load(bias + w);
            c50 = c40 = c30 = c20 = c10 = c00;
            c51 = c41 = c31 = c21 = c11 = c01;
        }

        float* a0 = a;
        float* a3 = a + (3 * aRow);
        nint aRow2 = 2 * aRow;
        for (nint p = 0; p < k; p++)
        {
            TVector b0 = TOps.Load(b), b1 = TOps.Load(b + w);
            TOps.Store(panel, b0); TOps.Store(panel + w, b1);
            panel += 32;
            TVector x = TOps.Broadcast(a0);
            c00 = TOps.Fma(x, b0, c00); c01 = TOps.Fma(x, b1, c01);
            x = TOps.Broadcast(a0 + aRow);
            c10 = TOps.Fma(x, b0, c10); c11 = TOps.Fma(x, b1, c11);
            x = TOps.Broadcast(a0 + aRow2);
            c20 = TOps.Fma(x, b0, c20); c21 = TOps.Fma(x, b1, c21);
            x = TOps.Broadcast(a3);
            c30 = TOps.Fma(x, b0, c30); c31 = TOps.Fma(x, b1, c31);
            x = TOps.Broadcast(a3 + aRow);
            c40 = TOps.Fma(x, b0, c40); c41 = TOps.Fma(x, b1, c41);
            x = TOps.Broadcast(a3 + aRow2);
            c50 = TOps.Fma(x, b0, c50); c51 = TOps.Fma(x, b1, c51);
            a0 += aStep; a3 += aStep; b += bStep;
        }

        TOps.Store(c, c00); TOps.Store(c + w, c01);
        c += ldc;
        TOps.Store(c, c10); TOps.Store(c + w, c11);
        c += ldc;
        TOps.Store(c, c20); TOps.Store(c + w, c21);
        c += ldc;
        TOps.Store(c, c30); TOps.Store(c + w, c31);
        c += ldc;
        TOps.Store(c, c40); TOps.Store(c + w, c41);
        c += ldc;
        TOps.Store(c, c50); TOps.Store(c + w, c51);
    }
}
