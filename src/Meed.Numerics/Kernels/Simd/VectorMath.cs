using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>Elementary functions over sixteen lanes, within about two units in the last place unless stated.</summary>
/// <remarks>The polynomials are near-minimax fits made for this file (iteratively weighted least squares in double precision).</remarks>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;          // few bits: n·Ln2High is exact
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ; 0 below about -104, infinity above 88.73, NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Min(T.Splat(89f), T.Max(T.Splat(-104.5f), x));
        T n = T.Round(x * T.Splat(Log2E));
        T r = Reduce(x, n);
        return T.Scale(T.Fma(ExpTail(r), r * r, r) + T.Splat(1f), n);
    }

    /// <summary>eˣ − 1 for x in 0..88, without cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpM1Positive<T>(T x)
        where T : struct, ILanes<T>
    {
        T n = T.Round(x * T.Splat(Log2E));
        T r = Reduce(x, n);
        T power = T.Scale(T.Splat(1f), n);
        return T.Fma(T.Fma(ExpTail(r), r * r, r), power, power - T.Splat(1f));
    }

    /// <summary>Natural logarithm; -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, ILanes<T>
    {
        // Subnormals are lifted by 2²⁴ first.
        T smallest = T.Splat(1.17549435e-38f);
        T lifted = T.WhereLess(x, smallest, x * T.Splat(16777216f), x);
        T.Split(lifted, out T m, out T e);
        e = T.WhereLess(x, smallest, e - T.Splat(24f), e);
        T s = (m - T.Splat(1f)) / (m + T.Splat(1f));
        T z = s * s;
        T p = T.Fma(T.Splat(0.23332766f), z, T.Splat(0.28550723f));
        p = T.Fma(p, z, T.Splat(0.40000123f));
        p = T.Fma(p, z, T.Splat(0.66666669f));
        // 2·atanh(s) = (m-1) − s·((m-1) − s²·p): the leading term is exact.
        T f = m - T.Splat(1f);
        T log = f - s * (f - z * p);
        T y = T.Fma(e, T.Splat(Ln2High), T.Fma(e, T.Splat(Ln2Low), log));
        T infinity = T.Splat(float.PositiveInfinity);
        y = T.WhereLess(x, infinity, y, x);                                     // +∞ and NaN pass through
        y = T.WhereEqual(x, T.Zero, -infinity, y);
        return T.WhereLess(x, T.Zero, T.Splat(float.NaN), y);
    }

    /// <summary>ln(1 + u) for u in 0..1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1PUnit<T>(T u)
        where T : struct, ILanes<T>
    {
        T s = u / (u + T.Splat(2f));
        T z = s * s;
        T p = T.Fma(T.Splat(0.2325917f), z, T.Splat(0.2169899f));
        p = T.Fma(p, z, T.Splat(0.28592873f));
        p = T.Fma(p, z, T.Splat(0.39999697f));
        p = T.Fma(p, z, T.Splat(0.66666669f));
        return T.Fma(s * z, p, s + s);
    }

    /// <summary>tanh x, accurate near 0 as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        T a = T.Abs(x);
        T bounded = T.WhereGreater(a, T.Splat(10f), T.Splat(10f), a);
        T e = ExpM1Positive(bounded + bounded);
        return T.CopySign(e / (e + T.Splat(2f)), x);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T> => T.Splat(1f) / (T.Splat(1f) + Exp(-x));

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|ˣ|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x)
        where T : struct, ILanes<T>
    {
        T positive = T.WhereLess(x, T.Zero, T.Zero, x);
        return positive + Log1PUnit(Exp(-T.Abs(x)));
    }

    /// <summary>The standard normal distribution function Φ(x), with small relative error in the lower tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalCdf<T>(T x)
        where T : struct, ILanes<T>
    {
        T one = T.Splat(1f), half = T.Splat(0.5f);
        T scaled = x * T.Splat(0.70710678f);
        T a = T.Abs(scaled);
        T z = scaled * scaled;
        T tail = half * ErfcPositive(a, z);
        T outer = T.WhereLess(x, T.Zero, tail, one - tail);
        T inner = T.Fma(half, ErfNearZero(scaled, z), half);
        return T.WhereLess(a, one, inner, outer);
    }

    /// <summary>Where outside [low, high] the nearer bound; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Clamp<T>(T x, float low, float high)
        where T : struct, ILanes<T>
    {
        T a = T.Splat(low), b = T.Splat(high);
        x = T.WhereLess(x, a, a, x);
        return T.WhereGreater(x, b, b, x);
    }

    // erf(x) for |x| below 1; z = x².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfNearZero<T>(T x, T z)
        where T : struct, ILanes<T>
    {
        T p = T.Fma(T.Splat(7.8891200e-5f), z, T.Splat(-8.0208416e-4f));
        p = T.Fma(p, z, T.Splat(5.1895352e-3f));
        p = T.Fma(p, z, T.Splat(-2.6854444e-2f));
        p = T.Fma(p, z, T.Splat(0.112836003f));
        p = T.Fma(p, z, T.Splat(-0.376126260f));
        return T.Fma(p, z, T.Splat(1.12837911f)) * x;
    }

    // erfc(a) = e^(-a²)·h(1/(1 + a/2)) for a of at least 1; z = a².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ErfcPositive<T>(T a, T z)
        where T : struct, ILanes<T>
    {
        T t = T.Splat(1f) / T.Fma(T.Splat(0.5f), a, T.Splat(1f));
        T h = T.Fma(T.Splat(0.08146409f), t, T.Splat(-0.18728547f));
        h = T.Fma(h, t, T.Splat(0.028714878f));
        h = T.Fma(h, t, T.Splat(0.10209964f));
        h = T.Fma(h, t, T.Splat(0.15976082f));
        h = T.Fma(h, t, T.Splat(0.25240901f));
        h = T.Fma(h, t, T.Splat(0.28109929f));
        h = T.Fma(h, t, T.Splat(0.28218788f));
        h = T.Fma(h, t, T.Splat(-3.5886731e-6f));
        return Exp(-z) * h;
    }

    // r = x − n·ln 2, in two steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Reduce<T>(T x, T n)
        where T : struct, ILanes<T> => T.Fma(n, T.Splat(-Ln2Low), T.Fma(n, T.Splat(-Ln2High), x));

    // (eʳ − 1 − r) / r² for |r| up to ½·ln 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTail<T>(T r)
        where T : struct, ILanes<T>
    {
        T q = T.Fma(T.Splat(1.39505847e-3f), r, T.Splat(8.36894754e-3f));
        q = T.Fma(q, r, T.Splat(4.16662060e-2f));
        q = T.Fma(q, r, T.Splat(0.166665182f));
        return T.Fma(q, r, T.Splat(0.5f));
    }
}
