using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>The functions behind <see cref="UnaryKernels"/>.</summary>
internal static class UnaryOps
{
    private const float GeluScale = 0.79788456f;      // √(2/π)
    private const float GeluCubic = 0.044715f;
    private const float NormalDensityAtZero = 0.39894228f;   // 1/√(2π)

    public struct Exp : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Exp(x);
    }

    public struct Log : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Log(x);
    }

    public struct Tanh : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Tanh(x);
    }

    public struct Sigmoid : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Sigmoid(x);
    }

    public struct LogSigmoid : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => -VectorMath.Softplus(-x);
    }

    public struct Softplus : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Softplus(x);
    }

    public struct Relu : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => T.WhereLess(x, T.Zero, T.Zero, x);
    }

    public struct GeluTanh : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x * Gate(x);

        // ½(1 + tanh u) = σ(2u), u = √(2/π)·(x + 0.044715·x³)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Gate<T>(T x)
            where T : struct, ILanes<T>
        {
            T u = x * T.Fma(T.Splat(2f * GeluScale * GeluCubic), x * x, T.Splat(2f * GeluScale));
            return VectorMath.Sigmoid(u);
        }
    }

    public struct GeluErf : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x * VectorMath.NormalCdf(x);
    }

    public struct Silu : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x * VectorMath.Sigmoid(x);
    }

    public struct Sqrt : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => T.Sqrt(x);
    }

    public struct Square : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => x * x;
    }

    public struct Abs : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => T.Abs(x);
    }

    public struct Negate : IUnaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => -x;
    }

    public struct Clamp(float low, float high) : IUnaryOp
    {
        private readonly float low = low;
        private readonly float high = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T x)
            where T : struct, ILanes<T> => VectorMath.Clamp(x, low, high);
    }

    // Backward rules: a is the value the rule names (input x or output y), b is the gradient of the output.
    public struct ExpBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => a * b;
    }

    public struct LogBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => b / a;
    }

    public struct TanhBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => b * T.Fma(-a, a, T.Splat(1f));
    }

    public struct SigmoidBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => b * (a * (T.Splat(1f) - a));
    }

    public struct LogSigmoidBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => b * VectorMath.Sigmoid(-a);
    }

    public struct SoftplusBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => b * VectorMath.Sigmoid(a);
    }

    public struct ReluBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.WhereGreater(a, T.Zero, b, T.Zero);
    }

    public struct GeluTanhBackward : IBinaryOp
    {
        // y = x·g, g = σ(w), w = 2u:  y' = g + x·g·(1 − g)·w'
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T>
        {
            T g = GeluTanh.Gate(a);
            T slope = T.Fma(T.Splat(6f * GeluScale * GeluCubic), a * a, T.Splat(2f * GeluScale));
            T curve = g * (T.Splat(1f) - g);
            return b * T.Fma(a * curve, slope, g);
        }
    }

    public struct GeluErfBackward : IBinaryOp
    {
        // y' = Φ(x) + x·φ(x)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T>
        {
            T density = VectorMath.Exp(a * a * T.Splat(-0.5f)) * T.Splat(NormalDensityAtZero);
            return b * T.Fma(a, density, VectorMath.NormalCdf(a));
        }
    }

    public struct SiluBackward : IBinaryOp
    {
        // y' = s + x·s·(1 − s)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T>
        {
            T s = VectorMath.Sigmoid(a);
            return b * T.Fma(a * s, T.Splat(1f) - s, s);
        }
    }

    public struct SqrtBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.Splat(0.5f) * b / a;
    }

    public struct SquareBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => (a + a) * b;
    }

    public struct AbsBackward : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.WhereGreater(a, T.Zero, b, T.WhereLess(a, T.Zero, -b, T.Zero));
    }

    public struct ClampBackward(float low, float high) : IBinaryOp
    {
        private readonly float low = low;
        private readonly float high = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T a, T b)
            where T : struct, ILanes<T> => T.WhereLess(a, T.Splat(low), T.Zero, T.WhereGreater(a, T.Splat(high), T.Zero, b));
    }
}
