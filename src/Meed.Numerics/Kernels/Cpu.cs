using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Meed.Numerics.Kernels;

/// <summary>Chooses the instruction set of the kernels at run time.</summary>
/// <remarks>
/// The widest supported set is used unless the environment variable MEED_ISA names one (portable, avx2, avx512).
/// Every kernel adds in the same order in every set, so results do not depend on the choice; only the speed does.
/// </remarks>
public static class Cpu
{
    private static readonly Isa Chosen = Choose(Environment.GetEnvironmentVariable("MEED_ISA"));

    [ThreadStatic]
    private static int forced;   // 0: none, otherwise 1 + (int)Isa

    /// <summary>The instruction set that kernels called from this thread use.</summary>
    public static Isa Active => forced == 0 ? Chosen : (Isa)(forced - 1);

    /// <summary>Whether this machine can run the given instruction set.</summary>
    public static bool Supports(Isa isa) => isa switch
    {
        Isa.Portable => true,
        Isa.Avx2 => Avx2.IsSupported && Fma.IsSupported && Vector256.IsHardwareAccelerated,
        Isa.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported && Supports(Isa.Avx2),
        _ => false,
    };

    /// <summary>Makes kernels called from this thread use one instruction set until the result is disposed; for tests and measurements.</summary>
    /// <exception cref="PlatformNotSupportedException">The machine lacks the instruction set.</exception>
    public static Scope Use(Isa isa)
    {
        Require(isa, "Cpu.Use");
        var scope = new Scope(forced);
        forced = 1 + (int)isa;
        return scope;
    }

    /// <summary>The instruction set for a value of MEED_ISA; null or empty chooses the widest supported.</summary>
    /// <exception cref="ArgumentException">The value names no instruction set.</exception>
    /// <exception cref="PlatformNotSupportedException">The machine lacks the instruction set.</exception>
    internal static Isa Choose(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return Supports(Isa.Avx512) ? Isa.Avx512 : Supports(Isa.Avx2) ? Isa.Avx2 : Isa.Portable;
        }

        Isa isa = value.Trim().ToLowerInvariant() switch
        {
            "portable" => Isa.Portable,
            "avx2" => Isa.Avx2,
            "avx512" => Isa.Avx512,
            _ => throw new ArgumentException($"MEED_ISA is '{value}'. Use portable, avx2 or avx512, or leave it unset for the widest one."),
        };
        Require(isa, "MEED_ISA");
        return isa;
    }

    private static void Require(Isa isa, string where)
    {
        if (!Supports(isa))
        {
            throw new PlatformNotSupportedException($"{where} asks for {isa}, which this processor does not have. The widest it can run is {Choose(null)}.");
        }
    }

    /// <summary>Restores the previous choice of this thread when disposed.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly int previous;

        internal Scope(int previous) => this.previous = previous;

        /// <summary>Restores the previous choice.</summary>
        public void Dispose() => forced = previous;
    }
}
