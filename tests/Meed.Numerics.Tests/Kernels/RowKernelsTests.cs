using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

/// <summary>Softmax, log-probabilities and norms against float64 definitions.</summary>
public class RowKernelsTests
{
    private static readonly (int Rows, int Cols)[] Shapes = [.. KernelTest.Lengths.Select(n => (1 + (n % 3), n))];

    [Fact]
    public void Softmax_EveryLengthAndInstructionSet_EqualsTheScalarDefinition()
    {
        foreach ((int rows, int cols) in Shapes)
        {
            float[] x = KernelTest.Random(rows * cols, cols, 5f), dy = KernelTest.Random(rows * cols, cols + 1);
            double[] p = PerRow(x, rows, cols, Probabilities);
            double[] logs = [.. PerRow(x, rows, cols, r => { double l = LogSumExp(r); return [.. r.Select(v => v - l)]; })];
            double[] lse = [.. Enumerable.Range(0, rows).Select(r => LogSumExp([.. x.Skip(r * cols).Take(cols).Select(v => (double)v)]))];
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                Span<float> y = KernelTest.Bordered(new float[rows * cols], out float[] whole);
                KernelTest.Bordered(x, out float[] wx);
                ReadOnlySpan<float> input = wx.AsSpan(32, x.Length);
                SoftmaxKernels.Softmax(input, y, rows, cols);
                KernelTest.AssertBorderIntact(whole);
                KernelTest.AssertClose(p, y, 2e-6, 1e-12, $"softmax {rows}x{cols} {isa}");
                float[] log = new float[x.Length], l = new float[rows], d1 = new float[x.Length], d2 = new float[x.Length], d3 = new float[x.Length];
                SoftmaxKernels.LogSoftmax(input, log, rows, cols);
                KernelTest.AssertClose(logs, log, 1e-6, 2e-6, $"log-softmax {rows}x{cols} {isa}");
                SoftmaxKernels.LogSumExp(input, l, rows, cols);
                KernelTest.AssertClose(lse, l, 1e-6, 1e-6, $"log-sum-exp {rows}x{cols} {isa}");
                SoftmaxKernels.SoftmaxBackward(y, dy, d1, rows, cols, false);
                SoftmaxKernels.LogSoftmaxBackward(log, dy, d2, rows, cols, false);
                SoftmaxKernels.LogSumExpBackward(input, l, dy.AsSpan(0, rows), d3, rows, cols, false);
                for (int r = 0; r < rows; r++)
                {
                    int at = r * cols;
                    double mean = Enumerable.Range(at, cols).Sum(i => p[i] * dy[i]), sum = Enumerable.Range(at, cols).Sum(i => (double)dy[i]);
                    for (int i = at; i < at + cols; i++)
                    {
                        Assert.Equal(p[i] * (dy[i] - mean), d1[i], 3e-6);
                        Assert.Equal(dy[i] - (p[i] * sum), d2[i], 1e-5 * (1 + Math.Abs(sum)));
                        Assert.Equal(dy[r] * p[i], d3[i], 5e-6);
                    }
                }

                float[] all = [.. y, .. log, .. l, .. d1, .. d2, .. d3];
                first ??= all;
                KernelTest.AssertSameBits(first, all, $"{rows}x{cols} {isa}");
            }
        }
    }

    [Fact]
    public void Softmax_LargeLogits_StaysFinite()
    {
        foreach (Isa isa in KernelTest.Isas)
        {
            using Cpu.Scope scope = Cpu.Use(isa);
            var y = new float[4];
            SoftmaxKernels.Softmax([1000f, 1000f, -1000f, float.NegativeInfinity], y, 1, 4);
            Assert.Equal([0.5f, 0.5f, 0f, 0f], y);
        }
    }

    [Fact]
    public void Softmax_MaskedTail_GivesTheBitsOfTheShortRow()
    {
        foreach (int n in KernelTest.Lengths)
        {
            float[] x = KernelTest.Random(n, n, 3f), y = new float[n], masked = new float[300];
            SoftmaxKernels.Softmax(x, y, 1, n);
            SoftmaxKernels.Softmax([.. x, .. Enumerable.Repeat(float.NegativeInfinity, 300 - n)], masked, 1, 300);
            KernelTest.AssertSameBits(y, masked.AsSpan(0, n), $"{n}");
        }
    }

    [Fact]
    public void LogProbs_EveryVocabularyAndInstructionSet_EqualTheScalarDefinition()
    {
        foreach ((int rows, int cols) in Shapes)
        {
            float[] x = KernelTest.Random(rows * cols, cols, 4f), gradient = KernelTest.Random(rows, 2);
            int[] targets = [.. Enumerable.Range(0, rows).Select(r => r == 2 ? -1 : (cols - 1) * r / 2)];
            double[] p = PerRow(x, rows, cols, Probabilities);
            float[]? first = null;
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                float[] logProbs = new float[rows], lse = new float[rows], entropy = new float[rows], dx = [.. x];
                LogProbKernels.Forward(x, targets, logProbs, lse, rows, cols);
                LogProbKernels.Entropy(x, entropy, rows, cols);
                LogProbKernels.Backward(dx, targets, lse, gradient, dx, rows, cols, false);   // over the logits themselves
                for (int r = 0; r < rows; r++)
                {
                    double h = -Enumerable.Range(r * cols, cols).Sum(i => p[i] > 0 ? p[i] * Math.Log(p[i]) : 0);
                    Assert.Equal(h, entropy[r], 1e-5);
                    Assert.Equal(targets[r] < 0 ? 0 : Math.Log(p[(r * cols) + targets[r]]), logProbs[r], 4e-6);
                    for (int c = 0; c < cols; c++)
                    {
                        double expected = targets[r] < 0 ? 0 : gradient[r] * ((c == targets[r] ? 1 : 0) - p[(r * cols) + c]);
                        Assert.Equal(expected, dx[(r * cols) + c], 5e-6);
                    }
                }

                float[] sum = [.. x];
                LogProbKernels.Backward(x, targets, lse, gradient, sum, rows, cols, true);
                KernelTest.AssertClose([.. x.Select((v, i) => (double)v + dx[i])], sum, 1e-6, 1e-6, "added");
                float[] all = [.. logProbs, .. lse, .. entropy, .. dx];
                first ??= all;
                KernelTest.AssertSameBits(first, all, $"{rows}x{cols} {isa}");
            }
        }
    }

    [Fact]
    public void LogProbs_IgnoredRowOfNaN_GivesZeros()
    {
        float[] x = [1f, 2f, 3f, float.NaN, float.NaN, float.NaN], l = new float[2], lse = new float[2], dx = new float[6];
        LogProbKernels.Forward(x, [1, -1], l, lse, 2, 3);
        LogProbKernels.Backward(x, [1, -1], lse, [1f, float.NaN], dx, 2, 3, false);
        Assert.Equal(0f, l[1]);
        Assert.All(dx[3..], v => Assert.Equal(0f, v));
        Assert.Contains("target 3 of row 0", Assert.Throws<ArgumentException>(() => LogProbKernels.Forward(x, [3, 0], l, lse, 2, 3)).Message);
    }

    [Fact]
    public void LogProbs_RowAloneOrInABatch_HasTheSameBits()
    {
        float[] x = KernelTest.Random(500 * 130, 1, 3f), all = new float[500], lse = new float[500], one = new float[1], oneLse = new float[1];
        int[] targets = [.. Enumerable.Range(0, 500).Select(r => r % 130)];
        LogProbKernels.Forward(x, targets, all, lse, 500, 130);
        foreach (int r in new[] { 0, 1, 77, 499 })
        {
            LogProbKernels.Forward(x.AsSpan(r * 130, 130), [targets[r]], one, oneLse, 1, 130);
            Assert.Equal(all[r], one[0]);
        }
    }

    [Fact]
    public void Norms_EveryLengthAndInstructionSet_EqualTheScalarDefinition()
    {
        foreach ((int rows, int cols) in Shapes.Append((300, 40)).Append((600, 128)))
        {
            float[] x = [.. KernelTest.Random(rows * cols, cols).Select(v => v + 0.7f)];
            float[] gain = KernelTest.Random(cols, 2), bias = KernelTest.Random(cols, 3), dy = KernelTest.Random(rows * cols, 4);
            foreach (bool layer in new[] { true, false })
            {
                double[] expected = PerRow(x, rows, cols, r => Normalise(r, gain, layer ? bias : null));
                (double[] edx, double[] eGain, double[] eBias) = NormGradient(x, gain, dy, rows, cols, layer);
                float[]? first = null;
                foreach (Isa isa in KernelTest.Isas)
                {
                    using Cpu.Scope scope = Cpu.Use(isa);
                    float[] y = new float[x.Length], mean = new float[rows], rstd = new float[rows], dx = new float[x.Length], dGain = new float[cols], dBias = new float[cols];
                    if (layer)
                    {
                        NormKernels.LayerNorm(x, gain, bias, y, mean, rstd, rows, cols, 1e-5f);
                        NormKernels.LayerNormBackward(x, gain, mean, rstd, dy, dx, dGain, dBias, rows, cols, false);
                    }
                    else
                    {
                        NormKernels.RmsNorm(x, gain, y, rstd, rows, cols, 1e-5f);
                        NormKernels.RmsNormBackward(x, gain, rstd, dy, dx, dGain, rows, cols, false);
                    }

                    string what = $"layer {layer} {rows}x{cols} {isa}";
                    if (cols > 2 || !layer)   // the deviation of one or two values is badly conditioned
                    {
                        KernelTest.AssertClose(expected, y, 1e-5, 1e-5, what);
                        double largest = edx.Max(Math.Abs) + 1;
                        KernelTest.AssertClose(edx, dx, 1e-4, 1e-4 * largest, what + " dx");
                        KernelTest.AssertClose(eGain, dGain, 1e-4, 1e-4 * Math.Sqrt(rows), what + " gain");
                        KernelTest.AssertClose(layer ? eBias : new double[cols], dBias, 1e-5, 1e-4, what + " bias");
                    }

                    float[] all = [.. y, .. rstd, .. dx, .. dGain, .. dBias];
                    first ??= all;
                    KernelTest.AssertSameBits(first, all, what);
                    float[] sum = [.. dy];
                    if (!layer)
                    {
                        NormKernels.RmsNormBackward(x, gain, rstd, dy, sum, new float[cols], rows, cols, true);
                        KernelTest.AssertClose([.. dy.Select((v, i) => (double)v + dx[i])], sum, 1e-6, 1e-6, what + " added");
                    }
                }
            }
        }
    }

    [Fact]
    public void LayerNorm_RowAloneOrInABatch_HasTheSameBits()
    {
        float[] x = KernelTest.Random(200 * 96, 1), gain = KernelTest.Random(96, 2), y = new float[x.Length], mean = new float[200], rstd = new float[200], one = new float[96];
        NormKernels.LayerNorm(x, gain, [], y, mean, rstd, 200, 96, 1e-5f);
        NormKernels.LayerNorm(x.AsSpan(150 * 96, 96), gain, [], one, mean.AsSpan(0, 1), rstd.AsSpan(0, 1), 1, 96, 1e-5f);
        KernelTest.AssertSameBits(y.AsSpan(150 * 96, 96), one, "row 150");
    }

    private static double[] PerRow(float[] x, int rows, int cols, Func<double[], double[]> f) =>
        [.. Enumerable.Range(0, rows).SelectMany(r => f([.. x.Skip(r * cols).Take(cols).Select(v => (double)v)]))];

    private static double LogSumExp(double[] x) => x.Max() + Math.Log(x.Sum(v => Math.Exp(v - x.Max())));

    private static double[] Probabilities(double[] x)
    {
        double l = LogSumExp(x);
        return [.. x.Select(v => Math.Exp(v - l))];
    }

    private static double[] Normalise(double[] x, float[] gain, float[]? bias)
    {
        double mean = bias is null ? 0 : x.Average();
        double rstd = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5f);
        return [.. x.Select((v, i) => ((v - mean) * rstd * gain[i]) + (bias is null ? 0 : bias[i]))];
    }

    private static (double[] Dx, double[] Gain, double[] Bias) NormGradient(float[] x, float[] gain, float[] dy, int rows, int cols, bool layer)
    {
        double[] dx = new double[x.Length], dGain = new double[cols], dBias = new double[cols];
        for (int r = 0; r < rows; r++)
        {
            double[] row = [.. x.Skip(r * cols).Take(cols).Select(v => (double)v)];
            double mean = layer ? row.Average() : 0, rstd = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-5f);
            double[] u = [.. row.Select(v => (v - mean) * rstd)];
            double[] w = [.. Enumerable.Range(0, cols).Select(c => (double)dy[(r * cols) + c] * gain[c])];
            double meanW = layer ? w.Average() : 0, meanWu = w.Zip(u).Average(p => p.First * p.Second);
            for (int c = 0; c < cols; c++)
            {
                dx[(r * cols) + c] = rstd * (w[c] - meanW - (u[c] * meanWu));
                dGain[c] += dy[(r * cols) + c] * u[c];
                dBias[c] += dy[(r * cols) + c];
            }
        }

        return (dx, dGain, dBias);
    }
}
