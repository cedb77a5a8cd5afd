using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Sums, products and extrema of spans, rows and columns.</summary>
/// <remarks>The order of addition depends on the length alone, never on threads or the instruction set.</remarks>
public static unsafe class ReduceKernels
{
    private const int Chunk = 16384;
    private const int ChunksPerPass = 256;

    private enum Kind
    {
        Sum,
        Squares,
        Dot,
        Max,
        Min,
    }

    /// <summary>Σ x; 0 for an empty span.</summary>
    public static float Sum(ReadOnlySpan<float> x) => (float)Reduce(Kind.Sum, x, x);

    /// <summary>Σ x², added up in double over blocks.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x) => Reduce(Kind.Squares, x, x);

    /// <summary>Σ a·b.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Check.Length(b.Length, a.Length, nameof(b));
        return (float)Reduce(Kind.Dot, a, b);
    }

    /// <summary>Largest element; -infinity for an empty span, NaN if any element is NaN.</summary>
    public static float Max(ReadOnlySpan<float> x) => (float)Reduce(Kind.Max, x, x);

    /// <summary>Smallest element; +infinity for an empty span, NaN if any element is NaN.</summary>
    public static float Min(ReadOnlySpan<float> x) => (float)Reduce(Kind.Min, x, x);

    /// <summary>y[r] = Σ over c of x[r, c].</summary>
    public static void RowSums(ReadOnlySpan<float> x, Span<float> y, int rows, int cols, bool accumulate)
    {
        Check.Length(x.Length, checked(rows * cols), nameof(x));
        Check.Length(y.Length, rows, nameof(y));
        fixed (float* px = x, py = y)
        {
            RowJobs.Run(new RowSumKernel { A = px, B = null, Y = py, Cols = cols, Accumulate = accumulate }, rows, cols);
        }
    }

    /// <summary>y[r] = Σ over c of a[r, c]·b[r, c].</summary>
    public static void RowDots(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, int rows, int cols, bool accumulate)
    {
        Check.Length(a.Length, checked(rows * cols), nameof(a));
        Check.Length(b.Length, a.Length, nameof(b));
        Check.Length(y.Length, rows, nameof(y));
        fixed (float* pa = a, pb = b, py = y)
        {
            RowJobs.Run(new RowSumKernel { A = pa, B = pb, Y = py, Cols = cols, Accumulate = accumulate }, rows, cols);
        }
    }

    /// <summary>y[r] = max over c of x[r, c]; NaN if any is NaN.</summary>
    public static void RowMax(ReadOnlySpan<float> x, Span<float> y, int rows, int cols)
    {
        Check.Positive(cols, nameof(cols));
        Check.Length(x.Length, checked(rows * cols), nameof(x));
        Check.Length(y.Length, rows, nameof(y));
        fixed (float* px = x, py = y)
        {
            RowJobs.Run(new RowMaxKernel { X = px, Y = py, Cols = cols }, rows, cols);
        }
    }

    /// <summary>y[r] = the first column of the largest element of row r; NaN counts as largest.</summary>
    public static void RowArgMax(ReadOnlySpan<float> x, Span<int> y, int rows, int cols)
    {
        Check.Positive(cols, nameof(cols));
        Check.Length(x.Length, checked(rows * cols), nameof(x));
        Check.Length(y.Length, rows, nameof(y));
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<float> row = x.Slice(r * cols, cols);
            float largest = Max(row);
            int index = float.IsNaN(largest) ? -1 : row.IndexOf(largest);
            for (int c = 0; index < 0; c++)
            {
                index = float.IsNaN(row[c]) || row[c] == largest ? c : -1;
            }

            y[r] = index;
        }
    }

    /// <summary>y[c] = Σ over r of x[r, c]: blocks of 256 rows, then the blocks in order.</summary>
    public static void ColumnSums(ReadOnlySpan<float> x, Span<float> y, int rows, int cols, bool accumulate)
    {
        Check.Length(x.Length, checked(rows * cols), nameof(x));
        Check.Length(y.Length, cols, nameof(y));
        fixed (float* px = x, py = y)
        {
            var kernel = new ColumnSumKernel { X = px, Y = py, Rows = rows, Cols = cols, Accumulate = accumulate };
            RowJobs.Run(kernel, (cols + ColumnSumKernel.Width - 1) / ColumnSumKernel.Width, (long)rows * ColumnSumKernel.Width);
        }
    }

    private static double Reduce(Kind kind, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double* partials = stackalloc double[ChunksPerPass];
        double result = kind switch
        {
            Kind.Max => float.NegativeInfinity,
            Kind.Min => float.PositiveInfinity,
            _ => 0,
        };
        fixed (float* pa = a, pb = b)
        {
            int total = (a.Length + Chunk - 1) / Chunk;
            for (int done = 0; done < total; done += ChunksPerPass)
            {
                int chunks = Math.Min(ChunksPerPass, total - done);
                var job = new ReduceJob { Kind = kind, A = pa, B = pb, Partials = partials, First = done, Length = a.Length, Isa = Cpu.Active };
                Workers.Run(ref job, chunks, a.Length >= 131_072);
                for (int i = 0; i < chunks; i++)
                {
                    result = kind switch
                    {
                        Kind.Max => Math.Max(result, partials[i]),
                        Kind.Min => Math.Min(result, partials[i]),
                        _ => result + partials[i],
                    };
                }
            }
        }

        return result;
    }

    private struct ReduceJob : IChunkJob
    {
        public Kind Kind;
        public float* A;
        public float* B;
        public double* Partials;
        public int First;
        public int Length;
        public Isa Isa;

        public readonly void Run(int chunk)
        {
            int start = (First + chunk) * Chunk;
            int n = Math.Min(Chunk, Length - start);
            Partials[chunk] = Isa switch
            {
                Isa.Avx512 => One<Lanes512>(start, n),
                Isa.Avx2 => One<Lanes256>(start, n),
                _ => One<Lanes128>(start, n),
            };
        }

        private readonly float One<T>(int start, int n)
            where T : struct, ILanes<T> => Kind switch
            {
                Kind.Sum => RowMath.Sum<T>(A + start, n),
                Kind.Squares => RowMath.SumOfSquares<T>(A + start, n),
                Kind.Dot => RowMath.Dot<T>(A + start, B + start, n),
                Kind.Max => RowMath.Max<T>(A + start, n),
                _ => Smallest<T>(A + start, n),
            };

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Smallest<T>(float* x, int n)
            where T : struct, ILanes<T>
        {
            T m = T.Splat(float.PositiveInfinity);
            T unordered = T.Zero;
            for (int i = 0; i < n; i += Lanes.Count)
            {
                T a = n - i >= Lanes.Count ? T.Load(x + i) : T.LoadPartial(x + i, n - i, float.PositiveInfinity);
                m = T.WhereLess(a, m, a, m);
                unordered = T.WhereEqual(a, a, unordered, a);
            }

            float flag = T.Sum(unordered);
            return float.IsNaN(flag) ? flag : T.Min(m);
        }
    }

    private struct RowSumKernel : IRowRange
    {
        public float* A;
        public float* B;
        public float* Y;
        public int Cols;
        public bool Accumulate;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * Cols;
                float sum = B == null ? RowMath.Sum<T>(A + start, Cols) : RowMath.Dot<T>(A + start, B + start, Cols);
                Y[r] = Accumulate ? Y[r] + sum : sum;
            }
        }
    }

    private struct RowMaxKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int Cols;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                Y[r] = RowMath.Max<T>(X + ((nint)r * Cols), Cols);
            }
        }
    }

    private struct ColumnSumKernel : IRowRange
    {
        public const int Width = 64;
        private const int RowBlock = 256;

        public float* X;
        public float* Y;
        public int Rows;
        public int Cols;
        public bool Accumulate;

        // A "row" here is a strip of 64 columns.
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int strip = first; strip < first + count; strip++)
            {
                int c = strip * Width;
                int end = Math.Min(Cols, c + Width);
                if (end - c == Width)
                {
                    Wide<T>(c);
                }
                else
                {
                    for (; c < end; c += Lanes.Count)
                    {
                        Narrow<T>(c, Math.Min(Lanes.Count, end - c));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Wide<T>(int c)
            where T : struct, ILanes<T>
        {
            float* y = Y + c;
            bool add = Accumulate;
            for (int r = 0; r < Rows || !add; r += RowBlock)
            {
                T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
                float* x = X + ((nint)r * Cols) + c;
                for (int i = Math.Min(RowBlock, Rows - r); i > 0; i--, x += Cols)
                {
                    a0 += T.Load(x);
                    a1 += T.Load(x + 16);
                    a2 += T.Load(x + 32);
                    a3 += T.Load(x + 48);
                }

                T.Store(y, add ? T.Load(y) + a0 : a0);
                T.Store(y + 16, add ? T.Load(y + 16) + a1 : a1);
                T.Store(y + 32, add ? T.Load(y + 32) + a2 : a2);
                T.Store(y + 48, add ? T.Load(y + 48) + a3 : a3);
                add = true;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Narrow<T>(int c, int width)
            where T : struct, ILanes<T>
        {
            float* y = Y + c;
            bool add = Accumulate;
            for (int r = 0; r < Rows || !add; r += RowBlock)
            {
                T a = T.Zero;
                float* x = X + ((nint)r * Cols) + c;
                for (int i = Math.Min(RowBlock, Rows - r); i > 0; i--, x += Cols)
                {
                    a += width == Lanes.Count ? T.Load(x) : T.LoadPartial(x, width, 0f);
                }

                if (width == Lanes.Count)
                {
                    T.Store(y, add ? T.Load(y) + a : a);
                }
                else
                {
                    T.StorePartial(y, add ? T.LoadPartial(y, width, 0f) + a : a, width);
                }

                add = true;
            }
        }
    }
}
