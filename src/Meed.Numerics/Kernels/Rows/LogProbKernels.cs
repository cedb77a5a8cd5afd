using System.Runtime.CompilerServices;
using Meed.Numerics.Kernels.Simd;

namespace Meed.Numerics.Kernels;

/// <summary>Log-probabilities of chosen tokens from logits [R, V], without a second array of that size.</summary>
/// <remarks>
/// log p = x[t] − ln Σ exp(x), in nats, rows shifted by their maximum. A negative target marks a row that does not count: its value and its
/// gradient are 0, whatever its logits hold. Cross-entropy is the negated log-probability. A row's result depends on that row alone.
/// </remarks>
public static unsafe class LogProbKernels
{
    /// <summary>logProbs[r] = log p of targets[r]; logSumExp[r] is kept for the backward call.</summary>
    /// <exception cref="ArgumentException">A span has the wrong length, or a target is V or more.</exception>
    public static void Forward(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, Span<float> logProbs, Span<float> logSumExp, int rows, int vocabulary)
    {
        Require(logits.Length, targets, rows, vocabulary);
        Check.Length(logProbs.Length, rows, nameof(logProbs));
        Check.Length(logSumExp.Length, rows, nameof(logSumExp));
        fixed (float* px = logits, pl = logProbs, ps = logSumExp)
        fixed (int* pt = targets)
        {
            RowJobs.Run(new ForwardKernel { X = px, Targets = pt, LogProbs = pl, LogSumExp = ps, Cols = vocabulary }, rows, vocabulary * 4L);
        }
    }

    /// <summary>dLogits[r, v] = dLogProbs[r]·([v = t] − exp(x[r, v] − logSumExp[r])). dLogits may be the logits themselves.</summary>
    /// <exception cref="ArgumentException">A span has the wrong length, or a target is V or more.</exception>
    public static void Backward(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> logSumExp, ReadOnlySpan<float> dLogProbs, Span<float> dLogits, int rows, int vocabulary, bool accumulate)
    {
        Require(logits.Length, targets, rows, vocabulary);
        Check.Length(logSumExp.Length, rows, nameof(logSumExp));
        Check.Length(dLogProbs.Length, rows, nameof(dLogProbs));
        Check.Length(dLogits.Length, logits.Length, nameof(dLogits));
        fixed (float* px = logits, ps = logSumExp, pg = dLogProbs, pd = dLogits)
        fixed (int* pt = targets)
        {
            var kernel = new BackwardKernel { X = px, Targets = pt, LogSumExp = ps, Gradient = pg, Dx = pd, Cols = vocabulary, Accumulate = accumulate };
            RowJobs.Run(kernel, rows, vocabulary * 4L);
        }
    }

    /// <summary>entropy[r] = −Σ p·ln p of the row's distribution, in nats.</summary>
    public static void Entropy(ReadOnlySpan<float> logits, Span<float> entropy, int rows, int vocabulary)
    {
        Check.Positive(vocabulary, nameof(vocabulary));
        Check.Length(logits.Length, checked(rows * vocabulary), nameof(logits));
        Check.Length(entropy.Length, rows, nameof(entropy));
        fixed (float* px = logits, pe = entropy)
        {
            RowJobs.Run(new EntropyKernel { X = px, Y = pe, Cols = vocabulary }, rows, vocabulary * 4L);
        }
    }

    private static void Require(int length, ReadOnlySpan<int> targets, int rows, int vocabulary, [CallerMemberName] string where = "")
    {
        Check.Positive(vocabulary, nameof(vocabulary), where);
        Check.Length(length, checked(rows * vocabulary), "logits", where);
        Check.Length(targets.Length, rows, nameof(targets), where);
        for (int r = 0; r < targets.Length; r++)
        {
            if (targets[r] >= vocabulary)
            {
                throw new ArgumentException($"{where}: target {targets[r]} of row {r} is outside the vocabulary of {vocabulary}.");
            }
        }
    }

    private struct ForwardKernel : IRowRange
    {
        public float* X;
        public int* Targets;
        public float* LogProbs;
        public float* LogSumExp;
        public int Cols;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                int target = Targets[r];
                if (target < 0)
                {
                    LogProbs[r] = 0f;
                    LogSumExp[r] = 0f;
                    continue;
                }

                float* x = X + ((nint)r * Cols);
                float max = RowMath.Max<T>(x, Cols);
                float log = RowMath.Log(RowMath.ExpSum<T>(x, Cols, max));
                LogProbs[r] = x[target] - max - log;
                LogSumExp[r] = max + log;
            }
        }
    }

    private struct BackwardKernel : IRowRange
    {
        public float* X;
        public int* Targets;
        public float* LogSumExp;
        public float* Gradient;
        public float* Dx;
        public int Cols;
        public bool Accumulate;

        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                nint start = (nint)r * Cols;
                if (Targets[r] < 0)
                {
                    if (!Accumulate)
                    {
                        new Span<float>(Dx + start, Cols).Clear();
                    }

                    continue;
                }

                var op = new Rule { Shift = LogSumExp[r], Factor = -Gradient[r] };
                RowLoops.Binary<T, Rule>(op, X + start, X + start, Dx + start, Cols, Accumulate);
                Dx[start + Targets[r]] += Gradient[r];
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

    private struct EntropyKernel : IRowRange
    {
        public float* X;
        public float* Y;
        public int Cols;

        // H = ln Σ eᵈ − Σ d·eᵈ / Σ eᵈ with d = x − max; a logit of −∞ has probability 0 and adds nothing.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(int first, int count)
            where T : struct, ILanes<T>
        {
            for (int r = first; r < first + count; r++)
            {
                float* x = X + ((nint)r * Cols);
                float max = RowMath.Max<T>(x, Cols);
                T shift = T.Splat(max);
                T sum = T.Zero, weighted = T.Zero;
                for (int i = 0; i < Cols; i += Lanes.Count)
                {
                    T d = (Cols - i >= Lanes.Count ? T.Load(x + i) : T.LoadPartial(x + i, Cols - i, float.NegativeInfinity)) - shift;
                    T e = VectorMath.Exp(d);
                    sum += e;
                    weighted += T.WhereEqual(e, T.Zero, T.Zero, d * e);
                }

                float total = T.Sum(sum);
                Y[r] = RowMath.Log(total) - (T.Sum(weighted) / total);
            }
        }
    }
}
