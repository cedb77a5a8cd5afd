using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class ReduceKernelsTests
{
    [Fact]
    public void Reductions_EveryLengthAndInstructionSet_EqualTheScalarLoop()
    {
        foreach (int n in KernelTest.Lengths.Append(16384).Append(16400).Append(70_001))
        {
            float[] a = KernelTest.Random(n, n), b = KernelTest.Random(n, n + 1);
            double[] expected = [a.Sum(v => (double)v), a.Sum(v => (double)v * v), a.Zip(b).Sum(p => (double)p.First * p.Second), a.Max(), a.Min()];
            double size = a.Sum(v => (double)v * v) + 1;
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                KernelTest.Bordered(a, out float[] wa);
                KernelTest.Bordered(b, out float[] wb);
                ReadOnlySpan<float> x = wa.AsSpan(32, n), y = wb.AsSpan(32, n);
                float[] actual = [ReduceKernels.Sum(x), (float)ReduceKernels.SumOfSquares(x), ReduceKernels.Dot(x, y), ReduceKernels.Max(x), ReduceKernels.Min(x)];
                KernelTest.AssertClose(expected, actual, 1e-6, 1e-6 * Math.Sqrt(size), $"{isa} {n}");
                first ??= actual;
                KernelTest.AssertSameBits(first, actual, $"{isa} {n}");
            }
        }
    }

    [Fact]
    public void RowsAndColumns_OddShapes_EqualTheScalarLoop()
    {
        foreach ((int rows, int cols) in new[] { (1, 1), (3, 5), (7, 16), (20, 64), (5, 257), (600, 33), (1030, 70), (4, 100), (0, 5) })
        {
            float[] x = KernelTest.Random(rows * cols, rows), w = KernelTest.Random(rows * cols, cols), startRow = KernelTest.Random(rows, 3), startCol = KernelTest.Random(cols, 4);
            double[] sums = [.. Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, cols).Sum(c => (double)x[(r * cols) + c]))];
            double[] dots = [.. Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, cols).Sum(c => (double)x[(r * cols) + c] * w[(r * cols) + c]))];
            double[] columns = [.. Enumerable.Range(0, cols).Select(c => Enumerable.Range(0, rows).Sum(r => (double)x[(r * cols) + c]))];
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] ySum = new float[rows], yDot = new float[rows], yMax = new float[rows], yCol = new float[cols];
                var arg = new int[rows];
                Array.Fill(yCol, float.NaN);
                ReduceKernels.RowSums(x, ySum, rows, cols, false);
                ReduceKernels.RowDots(x, w, yDot, rows, cols, false);
                ReduceKernels.RowMax(x, yMax, rows, cols);
                ReduceKernels.RowArgMax(x, arg, rows, cols);
                ReduceKernels.ColumnSums(x, yCol, rows, cols, false);
                KernelTest.AssertClose(sums, ySum, 1e-6, 1e-5, $"row sums {rows}x{cols} {isa}");
                KernelTest.AssertClose(dots, yDot, 1e-6, 1e-5, $"row dots {rows}x{cols} {isa}");
                KernelTest.AssertClose(columns, yCol, 1e-6, 1e-4, $"column sums {rows}x{cols} {isa}");
                for (int r = 0; r < rows; r++)
                {
                    float max = x.Skip(r * cols).Take(cols).Max();
                    Assert.Equal(max, yMax[r]);
                    Assert.Equal(Array.IndexOf(x, max, r * cols) - (r * cols), arg[r]);
                }

                float[] all = [.. ySum, .. yDot, .. yCol];
                first ??= all;
                KernelTest.AssertSameBits(first, all, $"{rows}x{cols} {isa}");
                float[] addRow = [.. startRow], addCol = [.. startCol];
                ReduceKernels.RowSums(x, addRow, rows, cols, true);
                ReduceKernels.ColumnSums(x, addCol, rows, cols, true);
                KernelTest.AssertClose([.. sums.Select((v, i) => v + startRow[i])], addRow, 1e-6, 1e-5, "added rows");
                KernelTest.AssertClose([.. columns.Select((v, i) => v + startCol[i])], addCol, 1e-6, 1e-4, "added columns");
            }
        }
    }

    [Fact]
    public void RowSums_ZerosBehindTheRow_ChangeNoBit()
    {
        foreach (int n in KernelTest.Lengths)
        {
            float[] x = KernelTest.Random(n, n), one = new float[1], other = new float[1];
            ReduceKernels.RowSums(x, one, 1, n, false);
            ReduceKernels.RowSums([.. x, .. new float[300 - n]], other, 1, 300, false);
            KernelTest.AssertSameBits(one, other, $"{n}");
        }
    }

    [Fact]
    public void Extrema_NaNAnywhere_GiveNaN()
    {
        foreach (int n in KernelTest.Lengths)
        {
            float[] x = KernelTest.Random(n, n);
            x[n * 7 % n == 0 ? n / 2 : 0] = float.NaN;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                Assert.True(float.IsNaN(ReduceKernels.Max(x)));
                Assert.True(float.IsNaN(ReduceKernels.Min(x)));
            }
        }

        Assert.Equal(float.NegativeInfinity, ReduceKernels.Max([]));
        Assert.Equal(float.PositiveInfinity, ReduceKernels.Max([1f, float.PositiveInfinity, -2f]));
        Assert.Equal(0f, ReduceKernels.Sum([]));
    }

    [Fact]
    public void Sum_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] x = KernelTest.Random(5_000_000, 1);
        int before = Workers.Count;
        try
        {
            Workers.Count = 1;
            float one = ReduceKernels.Sum(x);
            Workers.Count = 3;
            Assert.Equal(one, ReduceKernels.Sum(x));
        }
        finally
        {
            Workers.Count = before;
        }
    }
}
