namespace Meed.Numerics.Kernels;

/// <summary>The instruction sets the kernels are written for.</summary>
public enum Isa
{
    /// <summary>128-bit vectors of the platform; runs everywhere .NET runs.</summary>
    Portable,

    /// <summary>x86-64 with AVX2 and FMA.</summary>
    Avx2,

    /// <summary>x86-64 with AVX-512 F, BW, DQ and VL.</summary>
    Avx512,
}
