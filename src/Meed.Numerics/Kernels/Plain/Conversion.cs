using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Meed.Numerics.Kernels.Plain;

/// <summary>16-bit floating point forms to float32.</summary>
internal static class Conversion
{
    /// <summary>IEEE half precision.</summary>
    public static void FromHalf(ReadOnlySpan<ushort> x, Span<float> y) => TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(x), y);

    /// <summary>bfloat16: the upper half of a float32.</summary>
    public static void FromBrain(ReadOnlySpan<ushort> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = BitConverter.UInt32BitsToSingle((uint)x[i] << 16);
        }
    }
}
