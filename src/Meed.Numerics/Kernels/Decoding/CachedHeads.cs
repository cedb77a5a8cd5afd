using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>The two sums of <see cref="CachedAttention"/> for four heads of one token at once; each head's sums are made in the order in which it would make them alone.</summary>
internal static unsafe class CachedHeads<T>
    where T : struct, ILanes<T>
{
    /// <summary>scores[h·stride + j] = scale·Σ q[h, d]·k[h, j, d], for whole blocks of 16 positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scores(float* q, float* k0, float* k1, float* k2, float* k3, int dim, nint block, int count, float scale, float* scores, int stride)
    {
        T by = T.Splat(scale);
        int j = 0;
        for (; j + 16 < count; j += 32)
        {
            T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero;
            for (int d = 0; d < dim; d++)
            {
                nint at = d * 16;
                T x = T.Splat(q[d]);
                a0 = T.Fma(x, T.Load(k0 + at), a0);
                b0 = T.Fma(x, T.Load(k0 + block + at), b0);
                x = T.Splat(q[dim + d]);
                a1 = T.Fma(x, T.Load(k1 + at), a1);
                b1 = T.Fma(x, T.Load(k1 + block + at), b1);
                x = T.Splat(q[(2 * dim) + d]);
                a2 = T.Fma(x, T.Load(k2 + at), a2);
                b2 = T.Fma(x, T.Load(k2 + block + at), b2);
                x = T.Splat(q[(3 * dim) + d]);
                a3 = T.Fma(x, T.Load(k3 + at), a3);
                b3 = T.Fma(x, T.Load(k3 + block + at), b3);
            }

            float* to = scores + j;
            T.Store(to, a0 * by);
            T.Store(to + 16, b0 * by);
            T.Store(to + stride, a1 * by);
            T.Store(to + stride + 16, b1 * by);
            T.Store(to + (2 * stride), a2 * by);
            T.Store(to + (2 * stride) + 16, b2 * by);
            T.Store(to + (3 * stride), a3 * by);
            T.Store(to + (3 * stride) + 16, b3 * by);
            k0 += 2 * block;
            k1 += 2 * block;
            k2 += 2 * block;
            k3 += 2 * block;
        }

        if (j < count)
        {
            T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
            for (int d = 0; d < dim; d++)
            {
                nint at = d * 16;
                a0 = T.Fma(T.Splat(q[d]), T.Load(k0 + at), a0);
                a1 = T.Fma(T.Splat(q[dim + d]), T.Load(k1 + at), a1);
                a2 = T.Fma(T.Splat(q[(2 * dim) + d]), T.Load(k2 + at), a2);
                a3 = T.Fma(T.Splat(q[(3 * dim) + d]), T.Load(k3 + at), a3);
            }

            float* to = scores + j;
            T.Store(to, a0 * by);
            T.Store(to + stride, a1 * by);
            T.Store(to + (2 * stride), a2 * by);
            T.Store(to + (3 * stride), a3 * by);
        }
    }

    /// <summary>output[h, d] = factor of h·Σ p[h·stride + j]·v[h, j, d] for dim a multiple of 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* p, int stride, float* v0, float* v1, float* v2, float* v3, int dim, nint width, int count, float f0, float f1, float f2, float f3, float* output)
    {
        for (int d = 0; d < dim; d += 32)
        {
            T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero;
            nint at = d;
            for (int j = 0; j < count; j++, at += width)
            {
                T x = T.Splat(p[j]);
                a0 = T.Fma(x, T.Load(v0 + at), a0);
                b0 = T.Fma(x, T.Load(v0 + at + 16), b0);
                x = T.Splat(p[stride + j]);
                a1 = T.Fma(x, T.Load(v1 + at), a1);
                b1 = T.Fma(x, T.Load(v1 + at + 16), b1);
                x = T.Splat(p[(2 * stride) + j]);
                a2 = T.Fma(x, T.Load(v2 + at), a2);
                b2 = T.Fma(x, T.Load(v2 + at + 16), b2);
                x = T.Splat(p[(3 * stride) + j]);
                a3 = T.Fma(x, T.Load(v3 + at), a3);
                b3 = T.Fma(x, T.Load(v3 + at + 16), b3);
            }

            float* to = output + d;
            T.Store(to, a0 * T.Splat(f0));
            T.Store(to + 16, b0 * T.Splat(f0));
            T.Store(to + dim, a1 * T.Splat(f1));
            T.Store(to + dim + 16, b1 * T.Splat(f1));
            T.Store(to + (2 * dim), a2 * T.Splat(f2));
            T.Store(to + (2 * dim) + 16, b2 * T.Splat(f2));
            T.Store(to + (3 * dim), a3 * T.Splat(f3));
            T.Store(to + (3 * dim) + 16, b3 * T.Splat(f3));
        }
    }
}
