using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Drawing an index from one row of logits.</summary>
public static unsafe class SampleKernels
{
    /// <summary>weights = exp((logits − max logits) / temperature), so that the largest is 1. weights may be the logits.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="weights">[V].</param>
    public static void Weights(ReadOnlySpan<float> logits, float temperature, Span<float> weights)
    {
        Check.Length(weights.Length, logits.Length, nameof(weights));
        fixed (float* x = logits, y = weights)
        {
            switch (Cpu.Active)
            {
                case Isa.Avx512: Weights<Lanes512>(x, y, logits.Length, 1f / temperature); break;
                case Isa.Avx2: Weights<Lanes256>(x, y, logits.Length, 1f / temperature); break;
                default: Weights<Lanes128>(x, y, logits.Length, 1f / temperature); break;
            }
        }
    }

    /// <summary>The index i with w[0] + ... + w[i−1] ≤ uniform·Σw &lt; w[0] + ... + w[i]; never one of weight 0. −1 when no weight is above 0.</summary>
    /// <param name="weights">[V] not negative.</param>
    /// <param name="uniform">In [0, 1).</param>
    public static int Pick(ReadOnlySpan<float> weights, double uniform)
    {
        fixed (float* w = weights)
        {
            return Cpu.Active switch
            {
                Isa.Avx512 => Pick<Lanes512>(w, weights.Length, uniform),
                Isa.Avx2 => Pick<Lanes256>(w, weights.Length, uniform),
                _ => Pick<Lanes128>(w, weights.Length, uniform),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights<T>(float* x, float* y, int n, float scale)
        where T : struct, ILanes<T>
    {
        T shift = T.Splat(RowMath.Max<T>(x, n)), by = T.Splat(scale);
        int i = 0;
        for (; i <= n - Lanes.Count; i += Lanes.Count)
        {
            T.Store(y + i, VectorMath.Exp((T.Load(x + i) - shift) * by));
        }

        if (i < n)
        {
            T.StorePartial(y + i, VectorMath.Exp((T.LoadPartial(x + i, n - i, 0f) - shift) * by), n - i);
        }
    }

    // Sums of 16 find the block, single weights the index in it. Both sums round, so the block's end takes what is left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pick<T>(float* w, int n, double uniform)
        where T : struct, ILanes<T>
    {
        double total = 0;
        for (int i = 0; i < n; i += Lanes.Count)
        {
            total += Block<T>(w, i, n);
        }

        double target = uniform * total, before = 0;
        int last = -1;
        for (int i = 0; i < n; i += Lanes.Count)
        {
            float block = Block<T>(w, i, n);
            bool here = before + block > target;
            if (here || block > 0)
            {
                double sum = before;
                for (int j = i; j < Math.Min(n, i + Lanes.Count); j++)
                {
                    sum += w[j];
                    last = w[j] > 0 ? j : last;
                    if (here && sum > target && w[j] > 0)
                    {
                        return j;
                    }
                }

                if (here)
                {
                    return last;
                }
            }

            before += block;
        }

        return last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Block<T>(float* w, int i, int n)
        where T : struct, ILanes<T> => T.Sum(n - i >= Lanes.Count ? T.Load(w + i) : T.LoadPartial(w + i, n - i, 0f));
}
