using System.Numerics.Tensors;

namespace Meed.Numerics.Kernels.Plain;

/// <summary>Operations on each row of [rows, n]; a row's result depends on that row alone.</summary>
internal static class Rows
{
    /// <summary>y = exp(x − max) / Σ.</summary>
    public static void Softmax(ReadOnlySpan<float> x, Span<float> y, int rows, int n)
    {
        for (int r = 0; r < rows; r++)
        {
            var from = x.Slice(r * n, n);
            var to = y.Slice(r * n, n);
            TensorPrimitives.Subtract(from, TensorPrimitives.Max(from), to);
            TensorPrimitives.Exp(to, to);
            TensorPrimitives.Divide(to, TensorPrimitives.Sum<float>(to), to);
        }
    }

    /// <summary>y = x − log Σ exp(x).</summary>
    public static void LogSoftmax(ReadOnlySpan<float> x, Span<float> y, int rows, int n)
    {
        for (int r = 0; r < rows; r++)
        {
            var from = x.Slice(r * n, n);
            TensorPrimitives.Subtract(from, LogSumExp(from, y.Slice(r * n, n)), y.Slice(r * n, n));
        }
    }

    /// <summary>log Σ exp(x) of one row; scratch is as long as the row.</summary>
    public static float LogSumExp(ReadOnlySpan<float> row, Span<float> scratch)
    {
        float max = TensorPrimitives.Max(row);
        if (float.IsInfinity(max))
        {
            return max;
        }

        TensorPrimitives.Subtract(row, max, scratch);
        TensorPrimitives.Exp(scratch, scratch);
        return max + MathF.Log(TensorPrimitives.Sum<float>(scratch));
    }

    /// <summary>y[r] = log Σ exp(x[r]); scratch is as long as a row.</summary>
    public static void LogSumExp(ReadOnlySpan<float> x, Span<float> y, Span<float> scratch, int rows, int n)
    {
        for (int r = 0; r < rows; r++)
        {
            y[r] = LogSumExp(x.Slice(r * n, n), scratch);
        }
    }

    /// <summary>gx = y·(g − Σ g·y).</summary>
    public static void SoftmaxBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> gx, int rows, int n)
    {
        for (int r = 0; r < rows; r++)
        {
            var p = y.Slice(r * n, n);
            var from = g.Slice(r * n, n);
            var to = gx.Slice(r * n, n);
            TensorPrimitives.Subtract(from, TensorPrimitives.Dot(p, from), to);
            TensorPrimitives.Multiply(to, p, to);
        }
    }

    /// <summary>The log-probability of one entry in each row, and the row's log Σ exp. Rows with a negative target give 0.</summary>
    public static void LogProbs(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, Span<float> y, Span<float> logSum, Span<float> scratch, int n)
    {
        for (int r = 0; r < y.Length; r++)
        {
            if (targets[r] < 0)
            {
                y[r] = 0f;
                logSum[r] = 0f;
                continue;
            }

            var row = logits.Slice(r * n, n);
            logSum[r] = LogSumExp(row, scratch);
            y[r] = row[targets[r]] - logSum[r];
        }
    }

    /// <summary>gx[r] = g[r]·(onehot(target) − softmax(logits[r])); zero in rows with a negative target.</summary>
    public static void LogProbsBackward(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> logSum, ReadOnlySpan<float> g, Span<float> gx, int n)
    {
        for (int r = 0; r < g.Length; r++)
        {
            var to = gx.Slice(r * n, n);
            if (targets[r] < 0)
            {
                to.Clear();
                continue;
            }

            TensorPrimitives.Subtract(logits.Slice(r * n, n), logSum[r], to);
            TensorPrimitives.Exp(to, to);
            TensorPrimitives.Multiply(to, -g[r], to);
            to[targets[r]] += g[r];
        }
    }

    /// <summary>y = (x − mean)·rstd·weight + bias, keeping mean and rstd = 1/√(variance + ε) of each row.</summary>
    public static void LayerNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y, Span<float> mean, Span<float> rstd, int n, float epsilon)
    {
        for (int r = 0; r < mean.Length; r++)
        {
            var from = x.Slice(r * n, n);
            var to = y.Slice(r * n, n);
            float m = TensorPrimitives.Sum(from) / n;
            TensorPrimitives.Subtract(from, m, to);
            float s = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(to) / n) + epsilon);
            mean[r] = m;
            rstd[r] = s;
            TensorPrimitives.Multiply(to, s, to);
            TensorPrimitives.Multiply(to, weight, to);
            if (!bias.IsEmpty)
            {
                TensorPrimitives.Add(to, bias, to);
            }
        }
    }

    /// <summary>y = x·rstd·weight, keeping rstd = 1/√(mean square + ε) of each row.</summary>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, Span<float> y, Span<float> rstd, int n, float epsilon)
    {
        for (int r = 0; r < rstd.Length; r++)
        {
            var from = x.Slice(r * n, n);
            var to = y.Slice(r * n, n);
            float s = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares(from) / n) + epsilon);
            rstd[r] = s;
            TensorPrimitives.Multiply(from, s, to);
            TensorPrimitives.Multiply(to, weight, to);
        }
    }
}
