using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>Sixteen lanes in four 128-bit registers of any platform.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> A = a;
    private readonly Vector128<float> B = b;
    private readonly Vector128<float> C = c;
    private readonly Vector128<float> D = d;

    /// <summary>Sixteen set words, then sixteen clear ones: a mask of the first n lanes starts at 16 - n.</summary>
    private static ReadOnlySpan<int> MaskTable => [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Splat(float value)
    {
        Vector128<float> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* p) => new(Vector128.Load(p), Vector128.Load(p + 4), Vector128.Load(p + 8), Vector128.Load(p + 12));

    public static Lanes128 LoadPartial(float* p, int count, float fill)
    {
        float* lanes = stackalloc float[16];
        Splat(fill).StoreAll(lanes);
        for (int i = 0; i < count; i++)
        {
            lanes[i] = p[i];
        }

        return Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, Lanes128 value) => value.StoreAll(p);

    public static void StorePartial(float* p, Lanes128 value, int count)
    {
        float* lanes = stackalloc float[16];
        value.StoreAll(lanes);
        for (int i = 0; i < count; i++)
        {
            p[i] = lanes[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a.A + b.A, a.B + b.B, a.C + b.C, a.D + b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a.A - b.A, a.B - b.B, a.C - b.C, a.D - b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a.A * b.A, a.B * b.B, a.C * b.C, a.D * b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a.A / b.A, a.B / b.B, a.C / b.C, a.D / b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a) => new(-a.A, -a.B, -a.C, -a.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a.A, b.A, c.A), Vector128.FusedMultiplyAdd(a.B, b.B, c.B), Vector128.FusedMultiplyAdd(a.C, b.C, c.C), Vector128.FusedMultiplyAdd(a.D, b.D, c.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.MaxNative(a.A, b.A), Vector128.MaxNative(a.B, b.B), Vector128.MaxNative(a.C, b.C), Vector128.MaxNative(a.D, b.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.MinNative(a.A, b.A), Vector128.MinNative(a.B, b.B), Vector128.MinNative(a.C, b.C), Vector128.MinNative(a.D, b.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a.A), Vector128.Sqrt(a.B), Vector128.Sqrt(a.C), Vector128.Sqrt(a.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a.A), Vector128.Abs(a.B), Vector128.Abs(a.C), Vector128.Abs(a.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 a) => new(Vector128.Round(a.A), Vector128.Round(a.B), Vector128.Round(a.C), Vector128.Round(a.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 a, Lanes128 n)
    {
        return new(Scale(a.A, n.A), Scale(a.B, n.B), Scale(a.C, n.C), Scale(a.D, n.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Lanes128 a, out Lanes128 mantissa, out Lanes128 exponent)
    {
        Split(a.A, out Vector128<float> m0, out Vector128<float> e0);
        Split(a.B, out Vector128<float> m1, out Vector128<float> e1);
        Split(a.C, out Vector128<float> m2, out Vector128<float> e2);
        Split(a.D, out Vector128<float> m3, out Vector128<float> e3);
        mantissa = new(m0, m1, m2, m3);
        exponent = new(e0, e1, e2, e3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereLess(Lanes128 a, Lanes128 b, Lanes128 x, Lanes128 y) => new(Vector128.ConditionalSelect(Vector128.LessThan(a.A, b.A), x.A, y.A), Vector128.ConditionalSelect(Vector128.LessThan(a.B, b.B), x.B, y.B), Vector128.ConditionalSelect(Vector128.LessThan(a.C, b.C), x.C, y.C), Vector128.ConditionalSelect(Vector128.LessThan(a.D, b.D), x.D, y.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereGreater(Lanes128 a, Lanes128 b, Lanes128 x, Lanes128 y) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(a.A, b.A), x.A, y.A), Vector128.ConditionalSelect(Vector128.GreaterThan(a.B, b.B), x.B, y.B), Vector128.ConditionalSelect(Vector128.GreaterThan(a.C, b.C), x.C, y.C), Vector128.ConditionalSelect(Vector128.GreaterThan(a.D, b.D), x.D, y.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereEqual(Lanes128 a, Lanes128 b, Lanes128 x, Lanes128 y) => new(Vector128.ConditionalSelect(Vector128.Equals(a.A, b.A), x.A, y.A), Vector128.ConditionalSelect(Vector128.Equals(a.B, b.B), x.B, y.B), Vector128.ConditionalSelect(Vector128.Equals(a.C, b.C), x.C, y.C), Vector128.ConditionalSelect(Vector128.Equals(a.D, b.D), x.D, y.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 CopySign(Lanes128 a, Lanes128 b) => new(Vector128.CopySign(a.A, b.A), Vector128.CopySign(a.B, b.B), Vector128.CopySign(a.C, b.C), Vector128.CopySign(a.D, b.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 First(int count, Lanes128 x, Lanes128 y)
    {
        Lanes128 mask = Mask(count);
        return new(Vector128.ConditionalSelect(mask.A, x.A, y.A), Vector128.ConditionalSelect(mask.B, x.B, y.B), Vector128.ConditionalSelect(mask.C, x.C, y.C), Vector128.ConditionalSelect(mask.D, x.D, y.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 a)
    {
        return Lanes.FoldSum((a.A + a.C) + (a.B + a.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Lanes128 a)
    {
        return Lanes.FoldMax(Vector128.MaxNative(Vector128.MaxNative(a.A, a.C), Vector128.MaxNative(a.B, a.D)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(Lanes128 a)
    {
        return Lanes.FoldMin(Vector128.MinNative(Vector128.MinNative(a.A, a.C), Vector128.MinNative(a.B, a.D)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> a, Vector128<float> n)
    {
        // Two factors, because 2ⁿ alone may not be a normal number.
        Vector128<int> whole = Vector128.ConvertToInt32Native(n);
        Vector128<int> half = whole >> 1;
        Vector128<int> bias = Vector128.Create(127);
        return a * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector128<float> a, out Vector128<float> mantissa, out Vector128<float> exponent)
    {
        Vector128<int> offset = a.AsInt32() - Vector128.Create(0x3f3504f3);   // √½
        Vector128<int> power = offset >> 23;
        mantissa = (a.AsInt32() - (power << 23)).AsSingle();
        exponent = Vector128.ConvertToSingle(power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128 Mask(int count)
    {
        ref int table = ref Unsafe.AsRef(in MaskTable[16 - count]);
        float* p = (float*)Unsafe.AsPointer(ref table);   // constant data of the assembly: it does not move
        return Load(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreAll(float* p)
    {
        A.Store(p);
        B.Store(p + 4);
        C.Store(p + 8);
        D.Store(p + 12);
    }
}
