using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>A weight matrix [N, K] stored in panels of 32 output features, for products of few rows: y = x·Wᵀ.</summary>
/// <remarks>
/// Panel p holds features 32p..32p+31 as [K, 32], the last one filled up with zeros, so that a product reads the weights once and in order.
/// Every element of y is one accumulator that adds its K products in order with fused multiply-add from 0: the bits of <see cref="Gemm"/>.
/// It runs on the calling thread alone; callers share rows among threads.
/// </remarks>
internal sealed unsafe class PackedMatrix
{
    private const int Width = 32;
    private readonly Memory<float> _memory;
    private readonly float* _data;

    /// <summary>Room for a matrix.</summary>
    /// <param name="rows">Output features, N.</param>
    /// <param name="cols">Input features, K.</param>
    public PackedMatrix(int rows, int cols)
    {
        Check.Positive(rows, nameof(rows));
        Check.Positive(cols, nameof(cols));
        Rows = rows;
        Cols = cols;
        _memory = AlignedMemory.Allocate(checked((rows + Width - 1) / Width * Width * cols));
        _data = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_memory.Span));
    }

    /// <summary>Output features, N.</summary>
    public int Rows { get; }

    /// <summary>Input features, K.</summary>
    public int Cols { get; }

    /// <summary>Stores a matrix [n, K] as features <paramref name="firstRow"/>.. of this one.</summary>
    public void Pack(ReadOnlySpan<float> weight, int firstRow)
    {
        int rows = weight.Length / Cols;
        Check.Length(weight.Length, rows * Cols, nameof(weight));
        Check.AtLeast(Rows, (long)firstRow + rows, nameof(weight));
        for (int r = 0; r < rows; r++)
        {
            int at = firstRow + r;
            float* column = _data + ((nint)(at / Width) * Cols * Width) + (at % Width);
            var row = weight.Slice(r * Cols, Cols);
            for (int k = 0; k < row.Length; k++)
            {
                column[(nint)k * Width] = row[k];
            }
        }
    }

    /// <summary>y = x·Wᵀ, or y += x·Wᵀ where the sum is made first and then added.</summary>
    /// <param name="x">[m, K], rows <paramref name="ldx"/> apart.</param>
    /// <param name="ldx">Floats from one row of x to the next.</param>
    /// <param name="m">Rows.</param>
    /// <param name="y">[m, N], rows <paramref name="ldy"/> apart.</param>
    /// <param name="ldy">Floats from one row of y to the next.</param>
    /// <param name="add">True when the product is added to y.</param>
    public void Multiply(ReadOnlySpan<float> x, int ldx, int m, Span<float> y, int ldy, bool add)
    {
        Check.NotNegative(m, nameof(m));
        if (m == 0)
        {
            return;
        }

        Check.AtLeast(ldx, Cols, nameof(ldx));
        Check.AtLeast(ldy, Rows, nameof(ldy));
        Check.AtLeast(x.Length, ((m - 1L) * ldx) + Cols, nameof(x));
        Check.AtLeast(y.Length, ((m - 1L) * ldy) + Rows, nameof(y));
        fixed (float* px = x, py = y)
        {
            switch (Cpu.Active)
            {
                case Isa.Avx512: PackedLoops.Wide<Lanes512>(_data, Rows, Cols, px, ldx, m, py, ldy, add); break;
                case Isa.Avx2: PackedLoops.Narrow<Lanes256>(_data, Rows, Cols, px, ldx, m, py, ldy, add); break;
                default: PackedLoops.Narrow<Lanes128>(_data, Rows, Cols, px, ldx, m, py, ldy, add); break;
            }
        }

        GC.KeepAlive(this);
    }
}
