using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Scaled sums of vectors.</summary>
public static class VectorKernels
{
    private const int ParallelFrom = 262_144;

    /// <summary>y += factor·x, fused.</summary>
    public static void Axpy(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Binary(new AxpyOp(factor), x, y, y, false, ParallelFrom);
    }

    /// <summary>y += x.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> y) => BinaryKernels.Add(y, x, y);

    /// <summary>y = factor·x; y may be x.</summary>
    public static void Scale(float factor, ReadOnlySpan<float> x, Span<float> y) => BinaryKernels.Multiply(x, factor, y);

    /// <summary>y = y + share·(x − y): the exponential moving average with decay 1 − share.</summary>
    public static void Approach(float share, ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, nameof(y));
        Map.Binary(new ApproachOp(share), x, y, y, false, ParallelFrom);
    }

    private struct AxpyOp(float factor) : IBinaryOp
    {
        private readonly float factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.Fma(T.Splat(factor), a, b);
    }

    private struct ApproachOp(float share) : IBinaryOp
    {
        private readonly float share = share;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.Fma(T.Splat(share), a - b, b);
    }
}
