using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

/// <summary>Matrix products in float32, row-major: C = op(A)·op(B), op(A) [m, k], op(B) [k, n], C [m, n].</summary>
/// <remarks>
/// Every element of C is one accumulator that adds its k products in order with fused multiply-add, starting from 0, from the bias or,
/// when accumulating, from C. So a row of C has the same bits alone or in a batch of any size, in any blocking, on any number of threads
/// and on every instruction set. Leading dimensions are the distance between stored rows: a transposed A is stored [k, m], a transposed B [n, k].
/// With k = 0 the product is 0. Nothing is allocated on the managed heap.
/// </remarks>
public static unsafe partial class Gemm
{
    /// <summary>C = op(A)·op(B), or C += op(A)·op(B) when <paramref name="accumulate"/>.</summary>
    /// <exception cref="ArgumentException">A size is negative, a leading dimension too small, or a span too short.</exception>
    public static void Multiply(
        bool transA, bool transB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc, bool accumulate)
    {
        RequireA(transA, m, k, a.Length, lda);
        RequireB(transB, k, n, b.Length, ldb);
        RequireC(m, n, c.Length, ldc);
        fixed (float* pa = a, pb = b, pc = c)
        {
            Run(transA, transB, m, n, k, pa, lda, pb, ldb, pc, ldc, null, accumulate);
        }
    }

    /// <summary>C = op(A)·op(B) + bias, the bias [n] on every row. The sum of each element starts from its bias.</summary>
    /// <exception cref="ArgumentException">A size is negative, a leading dimension too small, or a span too short.</exception>
    public static void MultiplyBias(
        bool transA, bool transB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, ReadOnlySpan<float> bias, Span<float> c, int ldc)
    {
        RequireA(transA, m, k, a.Length, lda);
        RequireB(transB, k, n, b.Length, ldb);
        RequireC(m, n, c.Length, ldc);
        Check.Length(bias.Length, n, nameof(bias));
        fixed (float* pa = a, pb = b, pc = c, pbias = bias)
        {
            Run(transA, transB, m, n, k, pa, lda, pb, ldb, pc, ldc, pbias, false);
        }
    }

    /// <summary>The same product for <paramref name="batch"/> matrices, each a stride further on; a stride of 0 repeats the matrix (not for C).</summary>
    /// <exception cref="ArgumentException">A size is negative, a leading dimension or a stride too small, or a span too short.</exception>
    public static void MultiplyBatched(
        bool transA, bool transB, int batch, int m, int n, int k,
        ReadOnlySpan<float> a, int lda, int strideA, ReadOnlySpan<float> b, int ldb, int strideB, Span<float> c, int ldc, int strideC, bool accumulate)
    {
        Check.NotNegative(batch, nameof(batch));
        Check.NotNegative(strideA, nameof(strideA));
        Check.NotNegative(strideB, nameof(strideB));
        if (batch == 0)
        {
            return;
        }

        long last = batch - 1;
        RequireA(transA, m, k, a.Length - (last * strideA), lda);
        RequireB(transB, k, n, b.Length - (last * strideB), ldb);
        RequireC(m, n, c.Length - (last * strideC), ldc);
        if (batch > 1 && m > 0 && strideC < ((m - 1L) * ldc) + n)
        {
            throw new ArgumentException($"MultiplyBatched: strideC is {strideC}; the matrices of C would overlap.");
        }

        fixed (float* pa = a, pb = b, pc = c)
        {
            RunBatched(transA, transB, batch, m, n, k, pa, lda, strideA, pb, ldb, strideB, pc, ldc, strideC, accumulate);
        }
    }

    /// <summary>Floats that <see cref="Pack"/> needs for op(B) [k, n].</summary>
    public static int PackedLength(int k, int n)
    {
        Check.NotNegative(k, nameof(k));
        Check.NotNegative(n, nameof(n));
        return checked((n + Packing.Width - 1) / Packing.Width * Packing.Width * k);
    }

    /// <summary>Arranges op(B) [k, n] for <see cref="MultiplyPacked"/>; worth it when the same B is used often, as weights are while sampling.</summary>
    /// <exception cref="ArgumentException">A size is negative, the leading dimension too small, or a span too short.</exception>
    public static void Pack(bool transB, int k, int n, ReadOnlySpan<float> b, int ldb, Span<float> packed)
    {
        RequireB(transB, k, n, b.Length, ldb);
        Check.AtLeast(packed.Length, PackedLength(k, n), nameof(packed));
        fixed (float* pb = b, pp = packed)
        {
            RunPack(transB, k, n, pb, ldb, pp);
        }
    }

    /// <summary>C = op(A)·op(B) + bias with a packed B, or C += op(A)·op(B); the bits of <see cref="MultiplyBias"/> and <see cref="Multiply"/>.</summary>
    /// <param name="transA">Whether A is stored [k, m].</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="a">A.</param>
    /// <param name="lda">Distance between stored rows of A.</param>
    /// <param name="packed">op(B) from <see cref="Pack"/> with the same k and n.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">Distance between rows of C.</param>
    /// <param name="accumulate">Add to C; then the bias must be empty.</param>
    /// <exception cref="ArgumentException">A size is negative, a leading dimension too small, a span too short, or both bias and accumulate are given.</exception>
    public static void MultiplyPacked(
        bool transA, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, Span<float> c, int ldc, bool accumulate)
    {
        RequireA(transA, m, k, a.Length, lda);
        RequireC(m, n, c.Length, ldc);
        Check.AtLeast(packed.Length, PackedLength(k, n), nameof(packed));
        if (bias.Length != 0)
        {
            Check.Length(bias.Length, n, nameof(bias));
            if (accumulate)
            {
                throw new ArgumentException("MultiplyPacked: a bias and accumulate were given; each sum starts from one of them.");
            }
        }

        fixed (float* pa = a, pb = packed, pc = c, pbias = bias)
        {
            RunPacked(transA, m, n, k, pa, lda, pb, pc, ldc, bias.Length == 0 ? null : pbias, accumulate);
        }
    }

    private static void RequireA(bool trans, int m, int k, long length, int lda, [CallerMemberName] string where = "")
    {
        Check.NotNegative(m, nameof(m), where);
        Check.NotNegative(k, nameof(k), where);
        RequireMatrix(trans ? k : m, trans ? m : k, length, lda, "a", where);
    }

    private static void RequireB(bool trans, int k, int n, long length, int ldb, [CallerMemberName] string where = "")
    {
        Check.NotNegative(n, nameof(n), where);
        RequireMatrix(trans ? n : k, trans ? k : n, length, ldb, "b", where);
    }

    private static void RequireC(int m, int n, long length, int ldc, [CallerMemberName] string where = "") => RequireMatrix(m, n, length, ldc, "c", where);

    private static void RequireMatrix(int rows, int cols, long length, int stride, string name, string where)
    {
        if (stride < cols)
        {
            throw new ArgumentException($"{where}: the leading dimension of {name} is {stride}, a stored row has {cols} elements.");
        }

        if (rows > 0 && cols > 0)
        {
            Check.AtLeast(length, ((rows - 1L) * stride) + cols, name, where);
        }
    }
}
