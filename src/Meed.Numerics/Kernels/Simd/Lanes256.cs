using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>Sixteen lanes in two AVX registers.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> Low = low;
    private readonly Vector256<float> High = high;

    /// <summary>Sixteen set words, then sixteen clear ones: a mask of the first n lanes starts at 16 - n.</summary>
    private static ReadOnlySpan<int> MaskTable => [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero, Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Splat(float value)
    {
        Vector256<float> all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* p) => new(Vector256.Load(p), Vector256.Load(p + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadPartial(float* p, int count, float fill)
    {
        Lanes256 mask = Mask(count);
        Vector256<float> other = Vector256.Create(fill);
        return new(Vector256.ConditionalSelect(mask.Low, Avx.MaskLoad(p, mask.Low), other), Vector256.ConditionalSelect(mask.High, Avx.MaskLoad(p + 8, mask.High), other));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, Lanes256 value)
    {
        value.Low.Store(p);
        value.High.Store(p + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, Lanes256 value, int count)
    {
        Lanes256 mask = Mask(count);
        Avx.MaskStore(p, mask.Low, value.Low);
        Avx.MaskStore(p + 8, mask.High, value.High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.Low + b.Low, a.High + b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.Low - b.Low, a.High - b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.Low * b.Low, a.High * b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a.Low / b.Low, a.High / b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a) => new(-a.Low, -a.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.Low, b.Low, c.Low), Vector256.FusedMultiplyAdd(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a.Low, b.Low), Vector256.MaxNative(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a.Low, b.Low), Vector256.MinNative(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a.Low), Vector256.Sqrt(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a.Low), Vector256.Abs(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a.Low), Vector256.Round(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 a, Lanes256 n)
    {
        return new(Scale(a.Low, n.Low), Scale(a.High, n.High));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes256 a, out Lanes256 mantissa, out Lanes256 exponent)
    {
        Split(a.Low, out Vector256<float> m0, out Vector256<float> e0);
        Split(a.High, out Vector256<float> m1, out Vector256<float> e1);
        mantissa = new(m0, m1);
        exponent = new(e0, e1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereLess(Lanes256 a, Lanes256 b, Lanes256 x, Lanes256 y) => new(Vector256.ConditionalSelect(Vector256.LessThan(a.Low, b.Low), x.Low, y.Low), Vector256.ConditionalSelect(Vector256.LessThan(a.High, b.High), x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereGreater(Lanes256 a, Lanes256 b, Lanes256 x, Lanes256 y) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(a.Low, b.Low), x.Low, y.Low), Vector256.ConditionalSelect(Vector256.GreaterThan(a.High, b.High), x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereEqual(Lanes256 a, Lanes256 b, Lanes256 x, Lanes256 y) => new(Vector256.ConditionalSelect(Vector256.Equals(a.Low, b.Low), x.Low, y.Low), Vector256.ConditionalSelect(Vector256.Equals(a.High, b.High), x.High, y.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CopySign(Lanes256 a, Lanes256 b) => new(Vector256.CopySign(a.Low, b.Low), Vector256.CopySign(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 First(int count, Lanes256 x, Lanes256 y)
    {
        Lanes256 mask = Mask(count);
        return new(Vector256.ConditionalSelect(mask.Low, x.Low, y.Low), Vector256.ConditionalSelect(mask.High, x.High, y.High));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 a)
    {
        Vector256<float> w = a.Low + a.High;
        return Lanes.FoldSum(w.GetLower() + w.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lanes256 a)
    {
        Vector256<float> w = Vector256.MaxNative(a.Low, a.High);
        return Lanes.FoldMax(Vector128.MaxNative(w.GetLower(), w.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(Lanes256 a)
    {
        Vector256<float> w = Vector256.MinNative(a.Low, a.High);
        return Lanes.FoldMin(Vector128.MinNative(w.GetLower(), w.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> a, Vector256<float> n)
    {
        // Two factors, because 2ⁿ alone may not be a normal number.
        Vector256<int> whole = Vector256.ConvertToInt32Native(n);
        Vector256<int> half = whole >> 1;
        Vector256<int> bias = Vector256.Create(127);
        return a * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector256<float> a, out Vector256<float> mantissa, out Vector256<float> exponent)
    {
        Vector256<int> offset = a.AsInt32() - Vector256.Create(0x3f3504f3);   // √½
        Vector256<int> power = offset >> 23;
        mantissa = (a.AsInt32() - (power << 23)).AsSingle();
        exponent = Vector256.ConvertToSingle(power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 Mask(int count)
    {
        ref int table = ref Unsafe.AsRef(in MaskTable[16 - count]);
        float* p = (float*)Unsafe.AsPointer(ref table);   // constant data of the assembly: it does not move
        return Load(p);
    }
}
