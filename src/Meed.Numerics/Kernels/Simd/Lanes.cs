using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meed.Numerics.Kernels.Simd;

/// <summary>The last two steps of every lane reduction.</summary>
internal static class Lanes
{
    /// <summary>Lanes per step of every kernel.</summary>
    public const int Count = 16;

    /// <summary>(v0 + v2) + (v1 + v3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldSum(Vector128<float> v)
    {
        Vector128<float> pairs = v + Vector128.Shuffle(v, Vector128.Create(2, 3, 2, 3));
        return (pairs + Vector128.Shuffle(pairs, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }

    /// <summary>Largest of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldMax(Vector128<float> v)
    {
        Vector128<float> pairs = Vector128.MaxNative(v, Vector128.Shuffle(v, Vector128.Create(2, 3, 2, 3)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }

    /// <summary>Smallest of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FoldMin(Vector128<float> v)
    {
        Vector128<float> pairs = Vector128.MinNative(v, Vector128.Shuffle(v, Vector128.Create(2, 3, 2, 3)));
        return Vector128.MinNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }
}
