using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Softmax, log-softmax and log-sum-exp of rows [R, C], forward and backward.</summary>
/// <remarks>Rows are shifted by their maximum. A row's result depends on that row alone. y may be x, dx may be dy.</remarks>
public static unsafe class SoftmaxKernels
{
    private const int ForwardCost = 4;

    /// <summary>y[r, c] = exp(x[r, c]) / Σ exp(x[r, ·]).</summary>
    public static void Softmax(ReadOnlySpan<float> x, Span<float> y, int rows, int cols)
    {
        Require(x, y, rows, cols);
        fixed (float* px = x, py = y)
        {
            RowJobs.Run(new SoftmaxKernel { X = px, Y = py, Cols = cols }, rows, (long)cols * ForwardCost);
        }
    }

    /// <summary>dx = y·(dy − Σ y·dy) with y the output of the forward call.</summary>
    public static void SoftmaxBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int cols, bool accumulate)
    {
        Require(y, dx, rows, cols);
        Check.Length(dy.Length, y.Length, nameof(dy));
        fixed (float* py = y, pdy = dy, pdx = dx)
        {
            RowJobs.Run(new SoftmaxBackwardKernel { Y = py, Dy = pdy, Dx = pdx, Cols = cols, Accumulate = accumulate }, rows, (long)cols * 2);
        }
    }

    /// <summary>y[r, c] = x[r, c] − ln Σ exp(x[r, ·]).</summary>
    public static void LogSoftmax(ReadOnlySpan<float> x, Span<float> y, int rows, int cols)
    {
        Require(x, y, rows, cols);
        fixed (float* px = x, py = y)
        {
            RowJobs.Run(new LogSoftmaxKernel { X = px, Y = py, Cols = cols }, rows, (long)cols * ForwardCost);
        }
    }

    /// <summary>dx = dy − exp(y)·Σ dy with y the output of the forward call.</summary>
    public static void LogSoftmaxBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int cols, bool accumulate)
    {
        Require(y, dx, rows, cols);
        Check.Length(dy.Length, y.Length, nameof(dy));
        fixed (float* py = y, pdy = dy, pdx = dx)
        {
            RowJobs.Run(new LogSoftmaxBackwardKernel { Y = py, Dy = pdy, Dx = pdx, Cols = cols, Accumulate = accumulate }, rows, (long)cols * ForwardCost);
        }
    }

    /// <summary>y[r] = ln Σ exp(x[r, ·]).</summary>
    public static void LogSumExp(ReadOnlySpan<float> x, Span<float> y, int rows, int cols)
    {
        Check.Positive(cols, nameof(cols));
        Check.Length(x.Length, checked(rows * cols), nameof(x));
        Check.Length(y.Length, rows, nameof(y));
        fixed (float* px = x, py = y)
        {
            RowJobs.Run(new LogSumExpKernel { X = px, Y = py, Cols = cols }, rows, (long)cols * ForwardCost);
        }
    }

    /// <summary>dx[r, c] = dy[r]·exp(x[r, c] − y[r]) with y the output of the forward call.</summary>
    public static void LogSumExpBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int cols, bool accumulate)
    {
        Require(x, dx, rows, cols);
        Check.Length(y.Length, rows, nameof(y));
        Check.Length(dy.Length, rows, nameof(dy));
        fixed (float* px = x, py = y, pdy = dy, pdx = dx)
        {
            RowJobs.Run(new LogSumExpBackwardKernel { X = px, Y = py, Dy = pdy, Dx = pdx, Cols = cols, Accumulate = accumulate }, rows, (long)cols * ForwardCost);
        }
    }

    private static void Require(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int rows, int cols, [CallerMemberName] string where = "")
    {
        Check.Positive(cols, nameof(cols), where);
        Check.Length(x.Length, checked(rows * cols), nameof(x), where);
        Check.Length(y.Length, x.Length, nameof(y), where);
    }

    private struct SoftmaxKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int Cols;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int cols = Cols;
            for (int r = first; r < first + count; r++)
            {
                float* x = X + ((nint)r * cols);
                float* y = Y + ((nint)r * cols);
                float sum = RowMath.ExpSum<T>(x, y, cols, RowMath.Max<T>(x, cols));
                T factor = T.Splat(1f / sum);
                int i = 0;
                for (; i <= cols - Lanes.Count; i += Lanes.Count)
                {
                    T.Store(y + i, T.Load(y + i) * factor);
                }

                if (i < cols)
                {
                    T.StorePartial(y + i, T.LoadPartial(y + i, cols - i, 0f) * factor, cols - i);
                }
            }
        }
    }

    private struct SoftmaxBackwardKernel : IRowRange
    {
        public float* Y;
        public float* Dy;
        public float* Dx;
        public int Cols;
        public bool Accumulate;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * Cols;
                var op = new Rule { Mean = RowMath.Dot<T>(Y + start, Dy + start, Cols) };
                RowLoops.Binary<T, Rule>(op, Y + start, Dy + start, Dx + start, Cols, Accumulate);
            }
        }

        private struct Rule : IBinaryOp
        {
            public float Mean;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly T Apply<T>(T a, T b)
                where T : struct, ILanes<T> => a * (b - T.Splat(Mean));
        }
    }

    private struct LogSoftmaxKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int Cols;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int cols = Cols;
            for (int r = first; r < first + count; r++)
            {
                float* x = X + ((nint)r * cols);
                float* y = Y + ((nint)r * cols);
                float max = RowMath.Max<T>(x, cols);
                T shift = T.Splat(max);
                T log = T.Splat(RowMath.Log(RowMath.ExpSum<T>(x, cols, max)));
                int i = 0;
                for (; i <= cols - Lanes.Count; i += Lanes.Count)
                {
                    T.Store(y + i, T.Load(x + i) - shift - log);
                }

                if (i < cols)
                {
                    T.StorePartial(y + i, T.LoadPartial(x + i, cols - i, 0f) - shift - log, cols - i);
                }
            }
        }
    }

    private struct LogSoftmaxBackwardKernel : IRowRange
    {
        public float* Y;
        public float* Dy;
        public float* Dx;
        public int Cols;
        public bool Accumulate;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * Cols;
                var op = new Rule { Sum = RowMath.Sum<T>(Dy + start, Cols) };
                RowLoops.Binary<T, Rule>(op, Y + start, Dy + start, Dx + start, Cols, Accumulate);
            }
        }

        private struct Rule : IBinaryOp
        {
            public float Sum;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly T Apply<T>(T a, T b)
                where T : struct, ILanes<T> => T.Fma(-VectorMath.Exp(a), T.Splat(Sum), b);
        }
    }

    private struct LogSumExpKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int Cols;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                float* x = X + ((nint)r * Cols);
                float max = RowMath.Max<T>(x, Cols);
                Y[r] = float.IsInfinity(max) ? max : max + RowMath.Log(RowMath.ExpSum<T>(x, Cols, max));
            }
        }
    }

    private struct LogSumExpBackwardKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public float* Dy;
        public float* Dx;
        public int Cols;
        public bool Accumulate;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * Cols;
                var op = new Rule { Shift = Y[r], Factor = Dy[r] };
                RowLoops.Binary<T, Rule>(op, X + start, X + start, Dx + start, Cols, Accumulate);
            }
        }

        private struct Rule : IBinaryOp
        {
            public float Shift;
            public float Factor;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly T Apply<T>(T a, T b)
                where T : struct, ILanes<T> => VectorMath.Exp(a - T.Splat(Shift)) * T.Splat(Factor);
        }
    }
}
