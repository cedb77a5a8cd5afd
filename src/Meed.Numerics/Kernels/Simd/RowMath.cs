using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>Sums over one row: element i always goes to lane i mod 64, and the lanes are folded by one tree.</summary>
/// <remarks>So the sum of a row does not change when zeros follow it, and is the same wherever the row stands.</remarks>
internal static unsafe class RowMath
{
    private const int Block = 4 * Lanes.Count;

    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<T>(float* x, int n)
        where T : struct, ILanes<T> => Fold<T, Identity>(default, x, n);

    /// <summary>Σ x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares<T>(float* x, int n)
        where T : struct, ILanes<T> => Fold<T, Squared>(default, x, n);

    /// <summary>Σ (x − center)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares<T>(float* x, int n, float center)
        where T : struct, ILanes<T> => Fold<T, SquaredFrom>(new SquaredFrom(center), x, n);

    /// <summary>Σ a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot<T>(float* a, float* b, int n)
        where T : struct, ILanes<T>
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= n - Block; i += Block)
        {
            s0 = T.Fma(T.Load(a + i), T.Load(b + i), s0);
            s1 = T.Fma(T.Load(a + i + 16), T.Load(b + i + 16), s1);
            s2 = T.Fma(T.Load(a + i + 32), T.Load(b + i + 32), s2);
            s3 = T.Fma(T.Load(a + i + 48), T.Load(b + i + 48), s3);
        }

        for (int slot = 0; i < n; i += Lanes.Count, slot++)
        {
            T x = n - i >= Lanes.Count ? T.Load(a + i) : T.LoadPartial(a + i, n - i, 0f);
            T y = n - i >= Lanes.Count ? T.Load(b + i) : T.LoadPartial(b + i, n - i, 0f);
            switch (slot)
            {
                case 0: s0 = T.Fma(x, y, s0); break;
                case 1: s1 = T.Fma(x, y, s1); break;
                case 2: s2 = T.Fma(x, y, s2); break;
                default: s3 = T.Fma(x, y, s3); break;
            }
        }

        return T.Sum(s0 + s2 + (s1 + s3));
    }

    /// <summary>Largest element; -infinity for an empty row, NaN if any element is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max<T>(float* x, int n)
        where T : struct, ILanes<T>
    {
        T m0 = T.Splat(float.NegativeInfinity), m1 = m0;
        T unordered = T.Zero;   // NaN wherever a NaN was seen
        int i = 0;
        for (; i <= n - 32; i += 32)
        {
            T a = T.Load(x + i), b = T.Load(x + i + 16);
            m0 = T.WhereGreater(a, m0, a, m0);
            m1 = T.WhereGreater(b, m1, b, m1);
            unordered = T.WhereEqual(a, a, T.WhereEqual(b, b, unordered, b), a);
        }

        for (; i < n; i += Lanes.Count)
        {
            T a = n - i >= Lanes.Count ? T.Load(x + i) : T.LoadPartial(x + i, n - i, float.NegativeInfinity);
            m0 = T.WhereGreater(a, m0, a, m0);
            unordered = T.WhereEqual(a, a, unordered, a);
        }

        float flag = T.Sum(unordered);
        return float.IsNaN(flag) ? flag : T.Max(T.WhereGreater(m0, m1, m0, m1));
    }

    /// <summary>y = e^(x − shift); returns Σ y. y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpSum<T>(float* x, float* y, int n, float shift)
        where T : struct, ILanes<T>
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        T by = T.Splat(shift);
        int i = 0;
        for (; i <= n - Block; i += Block)
        {
            T a = VectorMath.Exp(T.Load(x + i) - by);
            T b = VectorMath.Exp(T.Load(x + i + 16) - by);
            T c = VectorMath.Exp(T.Load(x + i + 32) - by);
            T d = VectorMath.Exp(T.Load(x + i + 48) - by);
            T.Store(y + i, a);
            T.Store(y + i + 16, b);
            T.Store(y + i + 32, c);
            T.Store(y + i + 48, d);
            s0 += a;
            s1 += b;
            s2 += c;
            s3 += d;
        }

        for (int slot = 0; i < n; i += Lanes.Count, slot++)
        {
            int rest = n - i;
            T e;
            if (rest >= Lanes.Count)
            {
                e = VectorMath.Exp(T.Load(x + i) - by);
                T.Store(y + i, e);
            }
            else
            {
                e = T.First(rest, VectorMath.Exp(T.LoadPartial(x + i, rest, 0f) - by), T.Zero);
                T.StorePartial(y + i, e, rest);
            }

            Add(slot, e, ref s0, ref s1, ref s2, ref s3);
        }

        return T.Sum(s0 + s2 + (s1 + s3));
    }

    /// <summary>Σ e^(x − shift), stored nowhere; the same bits as the other form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ExpSum<T>(float* x, int n, float shift)
        where T : struct, ILanes<T> => Fold<T, ExpShifted>(new ExpShifted(shift), x, n);

    /// <summary>Natural logarithm of one positive number that is at least the smallest normal one; the same on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Log(float x)
    {
        if (!(x < float.PositiveInfinity))
        {
            return x;
        }

        // The steps of VectorMath.Log.
        int bits = BitConverter.SingleToInt32Bits(x);
        int e = (bits - 0x3f3504f3) >> 23;
        float m = BitConverter.Int32BitsToSingle(bits - (e << 23));
        float s = (m - 1f) / (m + 1f), z = s * s, f = m - 1f;
        float p = MathF.FusedMultiplyAdd(0.23332766f, z, 0.28550723f);
        p = MathF.FusedMultiplyAdd(p, z, 0.40000123f);
        p = MathF.FusedMultiplyAdd(p, z, 0.66666669f);
        return MathF.FusedMultiplyAdd(e, 0.693359375f, MathF.FusedMultiplyAdd(e, -2.12194440e-4f, f - (s * (f - (z * p)))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fold<T, TOp>(TOp op, float* x, int n)
        where T : struct, ILanes<T>
        where TOp : struct, ITerm
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= n - Block; i += Block)
        {
            s0 = op.Add(T.Load(x + i), s0);
            s1 = op.Add(T.Load(x + i + 16), s1);
            s2 = op.Add(T.Load(x + i + 32), s2);
            s3 = op.Add(T.Load(x + i + 48), s3);
        }

        for (int slot = 0; i < n; i += Lanes.Count, slot++)
        {
            int rest = n - i;
            T value = rest >= Lanes.Count ? op.Add(T.Load(x + i), T.Zero) : T.First(rest, op.Add(T.LoadPartial(x + i, rest, 0f), T.Zero), T.Zero);
            Add(slot, value, ref s0, ref s1, ref s2, ref s3);
        }

        return T.Sum(s0 + s2 + (s1 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(int slot, T value, ref T s0, ref T s1, ref T s2, ref T s3)
        where T : struct, ILanes<T>
    {
        switch (slot)
        {
            case 0: s0 += value; break;
            case 1: s1 += value; break;
            case 2: s2 += value; break;
            default: s3 += value; break;
        }
    }

    private interface ITerm
    {
        T Add<T>(T x, T sum)
            where T : struct, ILanes<T>;
    }

    private struct Identity : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Add<T>(T x, T sum)
            where T : struct, ILanes<T> => sum + x;
    }

    private struct Squared : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Add<T>(T x, T sum)
            where T : struct, ILanes<T> => sum + x * x;
    }

    private struct SquaredFrom(float center) : ITerm
    {
        private readonly float center = center;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Add<T>(T x, T sum)
            where T : struct, ILanes<T>
        {
            T d = x - T.Splat(center);
            return sum + d * d;
        }
    }

    private struct ExpShifted(float shift) : ITerm
    {
        private readonly float shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Add<T>(T x, T sum)
            where T : struct, ILanes<T> => sum + VectorMath.Exp(x - T.Splat(shift));
    }
}
