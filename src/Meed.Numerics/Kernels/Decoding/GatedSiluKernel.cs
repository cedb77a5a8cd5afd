using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>silu(gate)·up of rows that hold gate and up next to each other, with the bits of the two separate operations.</summary>
internal static unsafe class GatedSiluKernel
{
    /// <summary>y[r, i] = silu(x[r, i])·x[r, width + i].</summary>
    /// <param name="x">[rows, 2·width].</param>
    /// <param name="y">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Gate features.</param>
    public static void Apply(ReadOnlySpan<float> x, Span<float> y, int rows, int width)
    {
        Check.Length(x.Length, 2 * rows * width, nameof(x));
        Check.Length(y.Length, rows * width, nameof(y));
        fixed (float* px = x, py = y)
        {
            for (int r = 0; r < rows; r++)
            {
                float* gate = px + ((nint)r * 2 * width);
                switch (Cpu.Active)
                {
                    case Isa.Avx512: RowLoops.Binary<Lanes512, Op>(default, gate, gate + width, py + ((nint)r * width), width, false); break;
                    case Isa.Avx2: RowLoops.Binary<Lanes256, Op>(default, gate, gate + width, py + ((nint)r * width), width, false); break;
                    default: RowLoops.Binary<Lanes128, Op>(default, gate, gate + width, py + ((nint)r * width), width, false); break;
                }
            }
        }
    }

    private struct Op : IBinaryOp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Apply<T>(T gate, T up)
            where T : struct, ILanes<T> => default(UnaryOps.Silu).Apply(gate) * up;
    }
}
