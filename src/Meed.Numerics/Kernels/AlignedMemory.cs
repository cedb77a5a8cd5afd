using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Meed.Numerics.Kernels;

/// <summary>Memory that starts at a cache line, so that vectors of 16 floats at multiples of 16 never lie across two lines.</summary>
internal static unsafe class AlignedMemory
{
    private const int Line = 64;

    /// <summary>Zeros; the array is pinned, so the start stays where it is.</summary>
    public static Memory<float> Allocate(int length)
    {
        Check.NotNegative(length, nameof(length));
        float[] array = GC.AllocateArray<float>(checked(length + (Line / sizeof(float))), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return array.AsMemory((int)(((start + Line - 1) & ~(nint)(Line - 1)) - start) / sizeof(float), length);
    }
}
