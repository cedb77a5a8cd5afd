using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Layer norm and RMS norm of rows [R, C], forward and backward.</summary>
/// <remarks>
/// Layer norm (Ba et al. 2016, arXiv:1607.06450): y = (x − mean)·rstd·gain + bias, rstd = 1/√(variance + ε), variance over C without correction.
/// RMS norm (Zhang and Sennrich 2019, arXiv:1910.07467): y = x·rstd·gain, rstd = 1/√(mean of x² + ε).
/// A row's result depends on that row alone. Gain and bias gradients are added to their spans, over rows in order.
/// </remarks>
public static unsafe class NormKernels
{
    /// <summary>y, and the mean and 1/deviation of each row for the backward call. bias may be empty.</summary>
    public static void LayerNorm(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> y, Span<float> mean, Span<float> rstd, int rows, int cols, float epsilon)
    {
        Require(x.Length, gain.Length, rstd.Length, rows, cols);
        Check.Length(y.Length, x.Length, nameof(y));
        Check.Length(mean.Length, rows, nameof(mean));
        if (bias.Length != 0)
        {
            Check.Length(bias.Length, cols, nameof(bias));
        }

        fixed (float* px = x, pg = gain, pb = bias, py = y, pm = mean, pr = rstd)
        {
            RowJobs.Run(new ForwardKernel { X = px, Gain = pg, Bias = bias.Length == 0 ? null : pb, Y = py, Mean = pm, Rstd = pr, Cols = cols, Epsilon = epsilon }, rows, cols * 3L);
        }
    }

    /// <summary>Gradients of layer norm. dBias may be empty; dGain and dBias are added to.</summary>
    public static void LayerNormBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> mean, ReadOnlySpan<float> rstd, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain, Span<float> dBias, int rows, int cols, bool accumulate)
    {
        Require(x.Length, gain.Length, rstd.Length, rows, cols);
        Check.Length(mean.Length, rows, nameof(mean));
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Check.Length(dGain.Length, cols, nameof(dGain));
        if (dBias.Length != 0)
        {
            Check.Length(dBias.Length, cols, nameof(dBias));
        }

        fixed (float* px = x, pg = gain, pm = mean, pr = rstd, pdy = dy, pdx = dx, pdg = dGain, pdb = dBias)
        {
            // The gain first: dx may be dy.
            var weights = new WeightKernel { X = px, Mean = pm, Rstd = pr, Dy = pdy, DGain = pdg, DBias = dBias.Length == 0 ? null : pdb, Rows = rows, Cols = cols };
            RowJobs.Run(weights, (cols + WeightKernel.Width - 1) / WeightKernel.Width, rows * 128L);
            RowJobs.Run(new BackwardKernel { X = px, Gain = pg, Mean = pm, Rstd = pr, Dy = pdy, Dx = pdx, Cols = cols, Accumulate = accumulate }, rows, cols * 4L);
        }
    }

    /// <summary>y, and the 1/root-mean-square of each row for the backward call.</summary>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> gain, Span<float> y, Span<float> rstd, int rows, int cols, float epsilon)
    {
        Require(x.Length, gain.Length, rstd.Length, rows, cols);
        Check.Length(y.Length, x.Length, nameof(y));
        fixed (float* px = x, pg = gain, py = y, pr = rstd)
        {
            RowJobs.Run(new ForwardKernel { X = px, Gain = pg, Bias = null, Y = py, Mean = null, Rstd = pr, Cols = cols, Epsilon = epsilon }, rows, cols * 2L);
        }
    }

    /// <summary>Gradients of RMS norm; dGain is added to.</summary>
    public static void RmsNormBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> rstd, ReadOnlySpan<float> dy, Span<float> dx, Span<float> dGain, int rows, int cols, bool accumulate)
    {
        Require(x.Length, gain.Length, rstd.Length, rows, cols);
        Check.Length(dy.Length, x.Length, nameof(dy));
        Check.Length(dx.Length, x.Length, nameof(dx));
        Check.Length(dGain.Length, cols, nameof(dGain));
        fixed (float* px = x, pg = gain, pr = rstd, pdy = dy, pdx = dx, pdg = dGain)
        {
            var weights = new WeightKernel { X = px, Mean = null, Rstd = pr, Dy = pdy, DGain = pdg, DBias = null, Rows = rows, Cols = cols };
            RowJobs.Run(weights, (cols + WeightKernel.Width - 1) / WeightKernel.Width, rows * 128L);
            RowJobs.Run(new BackwardKernel { X = px, Gain = pg, Mean = null, Rstd = pr, Dy = pdy, Dx = pdx, Cols = cols, Accumulate = accumulate }, rows, cols * 4L);
        }
    }

    private static void Require(int length, int gain, int rstd, int rows, int cols, [CallerMemberName] string where = "")
    {
        Check.Positive(cols, nameof(cols), where);
        Check.Length(length, checked(rows * cols), "x", where);
        Check.Length(gain, cols, nameof(gain), where);
        Check.Length(rstd, rows, nameof(rstd), where);
    }

    private struct ForwardKernel : IRowRange
    {
        public float* X;
        public float* Gain;
        public float* Bias;
        public float* Y;
        public float* Mean;   // null for RMS norm
        public float* Rstd;
        public int Cols;
        public float Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int cols = Cols;
            float* gain = Gain;
            float* bias = Bias;
            for (int r = first; r < first + count; r++)
            {
                float* x = X + ((nint)r * cols);
                float* y = Y + ((nint)r * cols);
                float mean = 0f;
                float squares;
                if (Mean != null)
                {
                    mean = RowMath.Sum<T>(x, cols) / cols;
                    squares = RowMath.SumOfSquares<T>(x, cols, mean);
                    Mean[r] = mean;
                }
                else
                {
                    squares = RowMath.SumOfSquares<T>(x, cols);
                }

                float rstd = 1f / MathF.Sqrt((squares / cols) + Epsilon);
                Rstd[r] = rstd;
                T center = T.Splat(mean), scale = T.Splat(rstd);
                int i = 0;
                if (bias != null)
                {
                    for (; i <= cols - Lanes.Count; i += Lanes.Count)
                    {
                        T.Store(y + i, T.Fma((T.Load(x + i) - center) * scale, T.Load(gain + i), T.Load(bias + i)));
                    }
                }
                else
                {
                    for (; i <= cols - Lanes.Count; i += Lanes.Count)
                    {
                        T.Store(y + i, (T.Load(x + i) - center) * scale * T.Load(gain + i));
                    }
                }

                if (i < cols)
                {
                    int rest = cols - i;
                    T unit = (T.LoadPartial(x + i, rest, 0f) - center) * scale;
                    T g = T.LoadPartial(gain + i, rest, 0f);
                    T.StorePartial(y + i, bias != null ? T.Fma(unit, g, T.LoadPartial(bias + i, rest, 0f)) : unit * g, rest);
                }
            }
        }
    }

    private struct BackwardKernel : IRowRange
    {
        public float* X;
        public float* Gain;
        public float* Mean;
        public float* Rstd;
        public float* Dy;
        public float* Dx;
        public int Cols;
        public bool Accumulate;

        // With u = (x − mean)·rstd and w = dy·gain:  dx = rstd·(w − mean(w) − u·mean(w·u)); RMS norm has no mean(w).
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int cols = Cols;
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * cols;
                float* x = X + start;
                float* dy = Dy + start;
                float* dx = Dx + start;
                T center = T.Splat(Mean != null ? Mean[r] : 0f), scale = T.Splat(Rstd[r]);
                T s0 = T.Zero, s1 = T.Zero, q0 = T.Zero, q1 = T.Zero;
                int i = 0;
                for (; i <= cols - 32; i += 32)
                {
                    T w0 = T.Load(dy + i) * T.Load(Gain + i);
                    T w1 = T.Load(dy + i + 16) * T.Load(Gain + i + 16);
                    s0 += w0;
                    s1 += w1;
                    q0 = T.Fma(w0, (T.Load(x + i) - center) * scale, q0);
                    q1 = T.Fma(w1, (T.Load(x + i + 16) - center) * scale, q1);
                }

                for (; i < cols; i += Lanes.Count)
                {
                    int rest = Math.Min(Lanes.Count, cols - i);
                    T w = Load<T>(dy + i, rest) * Load<T>(Gain + i, rest);
                    s0 += w;
                    q0 = T.Fma(w, (Load<T>(x + i, rest) - center) * scale, q0);
                }

                T meanW = Mean != null ? T.Splat(T.Sum(s0 + s1) / cols) : T.Zero;
                T meanWu = T.Splat(T.Sum(q0 + q1) / cols);
                for (i = 0; i < cols; i += Lanes.Count)
                {
                    int rest = Math.Min(Lanes.Count, cols - i);
                    T w = Load<T>(dy + i, rest) * Load<T>(Gain + i, rest);
                    T u = (Load<T>(x + i, rest) - center) * scale;
                    T d = scale * T.Fma(-u, meanWu, w - meanW);
                    if (Accumulate)
                    {
                        d = Load<T>(dx + i, rest) + d;
                    }

                    if (rest == Lanes.Count)
                    {
                        T.Store(dx + i, d);
                    }
                    else
                    {
                        T.StorePartial(dx + i, d, rest);
                    }
                }
            }
        }
    }

    private struct WeightKernel : IRowRange
    {
        public const int Width = 64;
        private const int RowBlock = 256;

        public float* X;
        public float* Mean;
        public float* Rstd;
        public float* Dy;
        public float* DGain;
        public float* DBias;
        public int Rows;
        public int Cols;

        // A "row" here is a strip of 64 columns: blocks of 256 rows, added in order.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            int end = Math.Min(Cols, (first + count) * Width);
            int c = first * Width;
            for (; c <= end - Width; c += Width)
            {
                Wide<T>(c);
            }

            for (; c < end; c += Lanes.Count)
            {
                int width = Math.Min(Lanes.Count, end - c);
                T gain = Load<T>(DGain + c, width);
                T bias = DBias != null ? Load<T>(DBias + c, width) : T.Zero;
                for (int block = 0; block < Rows; block += RowBlock)
                {
                    T g = T.Zero, b = T.Zero;
                    int last = Math.Min(Rows, block + RowBlock);
                    for (int r = block; r < last; r++)
                    {
                        nint at = ((nint)r * Cols) + c;
                        T dy = Load<T>(Dy + at, width);
                        T u = (Load<T>(X + at, width) - T.Splat(Mean != null ? Mean[r] : 0f)) * T.Splat(Rstd[r]);
                        g = T.Fma(dy, u, g);
                        b += dy;
                    }

                    gain += g;
                    bias += b;
                }

                Store(DGain + c, gain, width);
                if (DBias != null)
                {
                    Store(DBias + c, bias, width);
                }
            }
        }

        // Four strips side by side.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Wide<T>(int c)
            where T : struct, ILanes<T>
        {
            bool layer = Mean != null;
            for (int block = 0; block < Rows; block += RowBlock)
            {
                T g0 = T.Zero, g1 = g0, g2 = g0, g3 = g0, b0 = g0, b1 = g0, b2 = g0, b3 = g0;
                int last = Math.Min(Rows, block + RowBlock);
                for (int r = block; r < last; r++)
                {
                    float* x = X + ((nint)r * Cols) + c;
                    float* dy = Dy + ((nint)r * Cols) + c;
                    T center = T.Splat(layer ? Mean[r] : 0f), scale = T.Splat(Rstd[r]);
                    T d0 = T.Load(dy), d1 = T.Load(dy + 16), d2 = T.Load(dy + 32), d3 = T.Load(dy + 48);
                    g0 = T.Fma(d0, (T.Load(x) - center) * scale, g0);
                    g1 = T.Fma(d1, (T.Load(x + 16) - center) * scale, g1);
                    g2 = T.Fma(d2, (T.Load(x + 32) - center) * scale, g2);
                    g3 = T.Fma(d3, (T.Load(x + 48) - center) * scale, g3);
                    b0 += d0;
                    b1 += d1;
                    b2 += d2;
                    b3 += d3;
                }

                Add(DGain + c, g0, g1, g2, g3);
                if (DBias != null)
                {
                    Add(DBias + c, b0, b1, b2, b3);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<T>(float* p, T a, T b, T c, T d)
            where T : struct, ILanes<T>
        {
            T.Store(p, T.Load(p) + a);
            T.Store(p + 16, T.Load(p + 16) + b);
            T.Store(p + 32, T.Load(p + 32) + c);
            T.Store(p + 48, T.Load(p + 48) + d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<T>(float* p, int count)
        where T : struct, ILanes<T> => count == Lanes.Count ? T.Load(p) : T.LoadPartial(p, count, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* p, T value, int count)
        where T : struct, ILanes<T>
    {
        if (count == Lanes.Count)
        {
            T.Store(p, value);
        }
        else
        {
            T.StorePartial(p, value, count);
        }
    }
}
