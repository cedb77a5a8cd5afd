using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>Sixteen lanes in one AVX-512 register.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> v) : ILanes<Lanes512>
{
    private readonly Vector512<float> V = v;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Splat(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadPartial(float* p, int count, float fill) => new(Avx512F.MaskLoad(p, Mask(count), Vector512.Create(fill)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, Lanes512 value) => value.V.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, Lanes512 value, int count) => Avx512F.MaskStore(p, Mask(count), value.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.V + b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.V - b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.V * b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a.V / b.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a) => new(-a.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a.V, b.V, c.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a.V, b.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.MinNative(a.V, b.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Vector512.Round(a.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 a, Lanes512 n) => new(Avx512F.Scale(a.V, n.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes512 a, out Lanes512 mantissa, out Lanes512 exponent)
    {
        Split(a.V, out Vector512<float> m0, out Vector512<float> e0);
        mantissa = new(m0);
        exponent = new(e0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereLess(Lanes512 a, Lanes512 b, Lanes512 x, Lanes512 y) => new(Vector512.ConditionalSelect(Vector512.LessThan(a.V, b.V), x.V, y.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereGreater(Lanes512 a, Lanes512 b, Lanes512 x, Lanes512 y) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(a.V, b.V), x.V, y.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereEqual(Lanes512 a, Lanes512 b, Lanes512 x, Lanes512 y) => new(Vector512.ConditionalSelect(Vector512.Equals(a.V, b.V), x.V, y.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CopySign(Lanes512 a, Lanes512 b) => new(Vector512.CopySign(a.V, b.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 First(int count, Lanes512 x, Lanes512 y) => new(Vector512.ConditionalSelect(Mask(count), x.V, y.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 a)
    {
        Vector256<float> w = a.V.GetLower() + a.V.GetUpper();
        return Lanes.FoldSum(w.GetLower() + w.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lanes512 a)
    {
        Vector256<float> w = Vector256.MaxNative(a.V.GetLower(), a.V.GetUpper());
        return Lanes.FoldMax(Vector128.MaxNative(w.GetLower(), w.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(Lanes512 a)
    {
        Vector256<float> w = Vector256.MinNative(a.V.GetLower(), a.V.GetUpper());
        return Lanes.FoldMin(Vector128.MinNative(w.GetLower(), w.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector512<float> a, out Vector512<float> mantissa, out Vector512<float> exponent)
    {
        Vector512<int> offset = a.AsInt32() - Vector512.Create(0x3f3504f3);   // √½
        Vector512<int> power = offset >> 23;
        mantissa = (a.AsInt32() - (power << 23)).AsSingle();
        exponent = Vector512.ConvertToSingle(power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) => Vector512.GreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle();
}
