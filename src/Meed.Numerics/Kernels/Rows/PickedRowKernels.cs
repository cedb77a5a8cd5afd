using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Products with chosen rows of a matrix, read where they stand.</summary>
/// <remarks>Meant for few outputs: a score from stored features. The order of addition depends on sizes alone.</remarks>
public static unsafe class PickedRowKernels
{
    /// <summary>y[i, k] = Σ over c of x[index[i], c]·w[k, c], plus bias[k] where there is one.</summary>
    public static void Products(ReadOnlySpan<float> x, ReadOnlySpan<int> index, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, Span<float> y, int cols, int outputs)
    {
        Require(x.Length, index, cols);
        Check.Length(w.Length, checked(outputs * cols), nameof(w));
        Check.Length(y.Length, checked(index.Length * outputs), nameof(y));
        if (!bias.IsEmpty)
        {
            Check.Length(bias.Length, outputs, nameof(bias));
        }

        fixed (float* px = x, pw = w, pb = bias, py = y)
        fixed (int* pi = index)
        {
            RowJobs.Run(new ProductKernel { X = px, Index = pi, W = pw, Bias = pb, Y = py, Cols = cols, Outputs = outputs }, index.Length, (long)cols * outputs);
        }
    }

    /// <summary>w[k, c] (+)= Σ over i, in order, of g[i, k]·x[index[i], c].</summary>
    public static void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<int> index, ReadOnlySpan<float> g, Span<float> w, int cols, int outputs, bool accumulate)
    {
        Require(x.Length, index, cols);
        Check.Length(g.Length, checked(index.Length * outputs), nameof(g));
        Check.Length(w.Length, checked(outputs * cols), nameof(w));
        fixed (float* px = x, pg = g, pw = w)
        fixed (int* pi = index)
        {
            var kernel = new GradientKernel { X = px, Index = pi, G = pg, W = pw, Rows = index.Length, Cols = cols, Outputs = outputs, Accumulate = accumulate };
            RowJobs.Run(kernel, (cols + GradientKernel.Width - 1) / GradientKernel.Width, (long)index.Length * outputs * GradientKernel.Width);
        }
    }

    private static void Require(int length, ReadOnlySpan<int> index, int cols)
    {
        Check.Positive(cols, nameof(cols));
        int rows = length / cols;
        foreach (int i in index)
        {
            if ((uint)i >= (uint)rows)
            {
                throw new ArgumentOutOfRangeException(nameof(index), $"Row {i} of a matrix of {rows} rows was asked for.");
            }
        }
    }

    private struct ProductKernel : IRowRange
    {
        // Rows stand anywhere: those that come next are asked for while this one is summed.
        private const int Ahead = 2;

        public float* X;
        public int* Index;
        public float* W;
        public float* Bias;
        public float* Y;
        public int Cols;
        public int Outputs;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int i = first; i < first + count; i++)
            {
                float* row = X + ((nint)Index[i] * Cols);
                if (i + Ahead < first + count)
                {
                    Fetch(X + ((nint)Index[i + Ahead] * Cols), Cols);
                }

                for (int k = 0; k < Outputs; k++)
                {
                    float sum = RowMath.Dot<T>(row, W + ((nint)k * Cols), Cols);
                    Y[((nint)i * Outputs) + k] = Bias == null ? sum : sum + Bias[k];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* row, int cols)
    {
        if (Sse.IsSupported)
        {
            for (int c = 0; c < cols; c += Lanes.Count)
            {
                Sse.Prefetch0(row + c);
            }
        }
    }

    private struct GradientKernel : IRowRange
    {
        public const int Width = 128;

        public float* X;
        public int* Index;
        public float* G;
        public float* W;
        public int Rows;
        public int Cols;
        public int Outputs;
        public bool Accumulate;

        // A "row" here is a strip of 128 columns, whose sums stay in registers.
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int strip = first; strip < first + count; strip++)
            {
                int c = strip * Width, end = Math.Min(Cols, c + Width);
                for (int k = 0; k < Outputs; k++)
                {
                    if (end - c == Width)
                    {
                        Wide<T>(k, c);
                        continue;
                    }

                    for (int at = c; at < end; at += Lanes.Count)
                    {
                        Narrow<T>(k, at, Math.Min(Lanes.Count, end - at));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Wide<T>(int k, int c)
            where T : struct, ILanes<T>
        {
            T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero, a4 = T.Zero, a5 = T.Zero, a6 = T.Zero, a7 = T.Zero;
            for (int i = 0; i < Rows; i++)
            {
                float* x = X + ((nint)Index[i] * Cols) + c;
                T g = T.Splat(G[((nint)i * Outputs) + k]);
                a0 = T.Fma(T.Load(x), g, a0);
                a1 = T.Fma(T.Load(x + 16), g, a1);
                a2 = T.Fma(T.Load(x + 32), g, a2);
                a3 = T.Fma(T.Load(x + 48), g, a3);
                a4 = T.Fma(T.Load(x + 64), g, a4);
                a5 = T.Fma(T.Load(x + 80), g, a5);
                a6 = T.Fma(T.Load(x + 96), g, a6);
                a7 = T.Fma(T.Load(x + 112), g, a7);
            }

            float* w = W + ((nint)k * Cols) + c;
            bool add = Accumulate;
            T.Store(w, add ? T.Load(w) + a0 : a0);
            T.Store(w + 16, add ? T.Load(w + 16) + a1 : a1);
            T.Store(w + 32, add ? T.Load(w + 32) + a2 : a2);
            T.Store(w + 48, add ? T.Load(w + 48) + a3 : a3);
            T.Store(w + 64, add ? T.Load(w + 64) + a4 : a4);
            T.Store(w + 80, add ? T.Load(w + 80) + a5 : a5);
            T.Store(w + 96, add ? T.Load(w + 96) + a6 : a6);
            T.Store(w + 112, add ? T.Load(w + 112) + a7 : a7);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Narrow<T>(int k, int c, int width)
            where T : struct, ILanes<T>
        {
            T sum = T.Zero;
            for (int i = 0; i < Rows; i++)
            {
                float* x = X + ((nint)Index[i] * Cols) + c;
                sum = T.Fma(width == Lanes.Count ? T.Load(x) : T.LoadPartial(x, width, 0f), T.Splat(G[((nint)i * Outputs) + k]), sum);
            }

            float* w = W + ((nint)k * Cols) + c;
            if (width == Lanes.Count)
            {
                T.Store(w, Accumulate ? T.Load(w) + sum : sum);
            }
            else
            {
                T.StorePartial(w, Accumulate ? T.LoadPartial(w, width, 0f) + sum : sum, width);
            }
        }
    }
}
