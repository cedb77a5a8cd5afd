using Meed.Numerics.Tests.Reference;

namespace Meed.Numerics.Tests.Gradients;

public class FusedGradientTests
{
    private static readonly int[][] s_rows = [[1], [7], [3, 5], [2, 3, 17], [4, 1], [2, 64]];

    [Fact]
    public void SoftmaxFamily_OverTheLastAxis_EqualsCentralDifferences()
    {
        foreach (int[] shape in s_rows)
        {
            int last = shape.Length - 1;
            GradientCheck.Run(x => x[0].Softmax(), x => Doubles.Along(x[0], shape, last, row => [.. row.Select(v => Math.Exp(v - Doubles.LogSumExp(row)))]), [shape]);
            GradientCheck.Run(x => x[0].LogSoftmax(), x => Doubles.Along(x[0], shape, last, row => [.. row.Select(v => v - Doubles.LogSumExp(row))]), [shape]);
            GradientCheck.Run(x => x[0].LogSumExp(), x => Doubles.Along(x[0], shape, last, row => [Doubles.LogSumExp(row)]), [shape]);
        }

        int[] small = [3, 5];
        GradientCheck.RunSecond(x => x[0].Softmax(), x => Doubles.Along(x[0], small, 1, row => [.. row.Select(v => Math.Exp(v - Doubles.LogSumExp(row)))]), [small]);
        GradientCheck.RunSecond(x => x[0].LogSoftmax(), x => Doubles.Along(x[0], small, 1, row => [.. row.Select(v => v - Doubles.LogSumExp(row))]), [small]);
        GradientCheck.RunSecond(x => x[0].LogSumExp(), x => Doubles.Along(x[0], small, 1, row => [Doubles.LogSumExp(row)]), [small]);
    }

    [Fact]
    public void Softmax_HugeValues_StayFinite()
    {
        Assert.Equal([0.5f, 0.5f, 0f], Tensor.From([1000f, 1000f, -1000f]).Softmax().ToArray());
        Assert.Equal(1000.6931f, Tensor.From([1000f, 1000f]).LogSumExp().Item(), 1e-4f);
        Assert.Equal([0f, float.NegativeInfinity], Tensor.From([3f, float.NegativeInfinity]).LogSoftmax().ToArray());
    }

    [Fact]
    public void TokenLogProbs_WithRowsLeftOut_EqualsCentralDifferences()
    {
        foreach (int vocabulary in (int[])[1, 5, 17, 128])
        {
            int[] targets = [0, vocabulary - 1, -1, vocabulary / 2];
            Func<double[][], double[]> reference = x => [.. targets.Select((target, row) =>
            {
                var logits = x[0][(row * vocabulary)..((row + 1) * vocabulary)];
                return target < 0 ? 0 : logits[target] - Doubles.LogSumExp(logits);
            })];
            GradientCheck.Run(x => Ops.TokenLogProbs(x[0], targets), reference, [[2, 2, vocabulary]]);
            GradientCheck.Run(x => Ops.CrossEntropy(x[0], targets), x => Doubles.Map(reference(x), v => -v), [[4, vocabulary]]);
            if (vocabulary == 5)
            {
                GradientCheck.RunSecond(x => Ops.TokenLogProbs(x[0], targets), reference, [[4, vocabulary]]);
            }
        }
    }

    [Fact]
    public void CrossEntropy_NotANumberInRowsLeftOut_ChangesNothing()
    {
        var logits = Tensor.From([1f, 2f, float.NaN, float.NaN], 2, 2).RequireGrad();
        var loss = Ops.CrossEntropy(logits, [1, -1]).Sum();
        loss.Backward();

        // float64: log(1 + exp(-1)) = 0.31326168751822286
        Assert.Equal(0.3132617f, loss.Item(), 1e-6f);
        Assert.Equal([0f, 0f], logits.Grad!.ToArray()[2..]);
        Assert.All(logits.Grad.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 2)]
    [InlineData(129, 3)]
    [InlineData(256, 1)]
    public void LinearRows_RepeatedRows_EqualsCentralDifferences(int inputs, int outputs)
    {
        int[] rows = [4, 0, 4, 2, 1];
        var matrix = Tensor.Normal(new RandomStream(3), 0f, 1f, 5, inputs);
        float[] values = matrix.ToArray();
        double[] stored = [.. rows.SelectMany(r => values.AsSpan(r * inputs, inputs).ToArray()).Select(v => (double)v)];
        GradientCheck.Run(x => Ops.LinearRows(matrix, rows, x[0]), x => Doubles.MatMul(stored, x[0], 1, rows.Length, outputs, inputs, false, true), [[outputs, inputs]]);
        GradientCheck.Run(x => Ops.LinearRows(matrix, rows, x[0], x[1]), WithBias, [[outputs, inputs], [outputs]]);
        GradientCheck.RunSecond(x => Ops.LinearRows(matrix, rows, x[0], x[1]).Square(), x => Doubles.Map(WithBias(x), v => v * v), [[outputs, inputs], [outputs]]);

        double[] WithBias(double[][] x)
        {
            double[] y = Doubles.MatMul(stored, x[0], 1, rows.Length, outputs, inputs, false, true);
            return [.. y.Select((v, i) => v + x[1][i % outputs])];
        }
    }

    [Fact]
    public void LinearRows_OneRowOrMany_SameBits()
    {
        var random = new RandomStream(4);
        Tensor matrix = Tensor.Normal(random, 0f, 1f, 300, 77), weight = Tensor.Normal(random, 0f, 1f, 2, 77), bias = Tensor.Normal(random, 0f, 1f, 2);
        int[] all = [.. Enumerable.Range(0, 300).Select(i => (i * 7) % 300)];
        float[] together = Ops.LinearRows(matrix, all, weight, bias).ToArray();
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(together.AsSpan(2 * i, 2).ToArray(), Ops.LinearRows(matrix, [all[i]], weight, bias).ToArray());
        }
    }

    [Fact]
    public void LinearRows_RowOutsideOrTrackedMatrix_IsRefused()
    {
        var weight = Tensor.Ones(1, 3);
        Assert.Contains("index 1 is 5", Assert.Throws<ArgumentOutOfRangeException>(() => Ops.LinearRows(Tensor.Ones(5, 3), [0, 5], weight)).Message, StringComparison.Ordinal);
        Assert.Contains("gets no gradient", Assert.Throws<ArgumentException>(() => Ops.LinearRows(Tensor.Ones(5, 3).RequireGrad(), [0], weight)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Linear_EveryActivation_EqualsCentralDifferences()
    {
        (Activation Kind, Func<double, double> F)[] activations =
        [
            (Activation.None, x => x), (Activation.Tanh, Math.Tanh), (Activation.Gelu, Doubles.Gelu), (Activation.Silu, x => x * Doubles.Sigmoid(x)),
            (Activation.Sigmoid, Doubles.Sigmoid), (Activation.Relu, x => Math.Max(x, 0)),
        ];
        foreach (var (kind, f) in activations)
        {
            foreach (var (rows, inputs, outputs) in (ReadOnlySpan<(int, int, int)>)[(1, 1, 1), (3, 4, 5), (6, 3, 33)])
            {
                double[] WithBias(double[][] x) => Doubles.Map(Doubles.Broadcast(Doubles.MatMul(x[0], x[1], 1, rows, outputs, inputs, false, true), [rows, outputs], x[2], [outputs], [rows, outputs], (a, b) => a + b), f);
                GradientCheck.Run(x => Ops.Linear(x[0], x[1], x[2], kind), WithBias, [[rows, inputs], [outputs, inputs], [outputs]]);
                GradientCheck.Run(x => Ops.Linear(x[0], x[1], null, kind), x => Doubles.Map(Doubles.MatMul(x[0], x[1], 1, rows, outputs, inputs, false, true), f), [[rows, inputs], [outputs, inputs]]);
                if (rows == 3)
                {
                    GradientCheck.RunSecond(x => Ops.Linear(x[0], x[1], x[2], kind), WithBias, [[rows, inputs], [outputs, inputs], [outputs]]);
                }
            }
        }

        GradientCheck.Run(x => Ops.Linear(x[0], x[1]), x => Doubles.MatMul(x[0], x[1], 1, 6, 2, 4, false, true), [[2, 3, 4], [2, 4]]);
    }

    [Fact]
    public void SiluProduct_BothInputs_EqualCentralDifferences()
    {
        Func<double[][], double[]> reference = x => [.. x[0].Zip(x[1], (gate, up) => gate * Doubles.Sigmoid(gate) * up)];
        foreach (int[] shape in (int[][])[[1], [3, 5], [2, 3, 33]])
        {
            GradientCheck.Run(x => Ops.SiluProduct(x[0], x[1]), reference, [shape, shape]);
        }

        GradientCheck.RunSecond(x => Ops.SiluProduct(x[0], x[1]), reference, [[3, 5], [3, 5]]);
        Assert.Throws<ArgumentException>(() => Ops.SiluProduct(Tensor.Ones(4), Tensor.Ones(4, 1)));
    }

    [Fact]
    public void Norms_EveryInput_EqualCentralDifferences()
    {
        foreach (int[] shape in (int[][])[[1, 3], [4, 7], [2, 3, 33], [5]])
        {
            int n = shape[^1];
            double[] Layer(double[][] x) => Doubles.Broadcast(
                Doubles.Broadcast(Doubles.Along(x[0], shape, shape.Length - 1, Normal), shape, x[1], [n], shape, (a, b) => a * b), shape, x[2], [n], shape, (a, b) => a + b);
            double[] Rms(double[][] x) => Doubles.Broadcast(
                Doubles.Along(x[0], shape, shape.Length - 1, row => [.. row.Select(v => v / Math.Sqrt(row.Average(u => u * u) + 1e-5))]), shape, x[1], [n], shape, (a, b) => a * b);
            GradientCheck.Run(x => Ops.LayerNorm(x[0], x[1], x[2]), Layer, [shape, [n], [n]]);
            GradientCheck.Run(x => Ops.LayerNorm(x[0], x[1], null), x => Layer([x[0], x[1], new double[n]]), [shape, [n]]);
            GradientCheck.Run(x => Ops.RmsNorm(x[0], x[1]), Rms, [shape, [n]]);
            if (n == 7)
            {
                GradientCheck.RunSecond(x => Ops.LayerNorm(x[0], x[1], x[2]), Layer, [shape, [n], [n]]);
                GradientCheck.RunSecond(x => Ops.RmsNorm(x[0], x[1]), Rms, [shape, [n]]);
            }
        }
    }

    [Fact]
    public void CausalAttention_HeadsGroupsAndLengths_EqualCentralDifferences()
    {
        foreach (var (batch, tokens, heads, keyHeads, size) in (ReadOnlySpan<(int, int, int, int, int)>)[(1, 1, 1, 1, 1), (2, 5, 2, 2, 3), (2, 4, 4, 2, 4), (1, 7, 3, 1, 2), (1, 19, 1, 1, 8)])
        {
            int[] q = [batch, tokens, heads * size];
            int[] k = [batch, tokens, keyHeads * size];
            GradientCheck.Run(x => Ops.CausalAttention(x[0], x[1], x[2], heads, keyHeads), x => Doubles.Attention(x[0], x[1], x[2], batch, tokens, heads, keyHeads, size, null), [q, k, k]);
            if (batch == 2)
            {
                int[] lengths = [tokens, 2];
                GradientCheck.Run(x => Ops.CausalAttention(x[0], x[1], x[2], heads, keyHeads, lengths), x => Doubles.Attention(x[0], x[1], x[2], batch, tokens, heads, keyHeads, size, lengths), [q, k, k]);
            }
        }
    }

    [Fact]
    public void Rotary_PositionsAndHeads_EqualCentralDifferences()
    {
        GradientCheck.Run(x => Ops.Rotary(x[0], 3), x => Doubles.Rotary(x[0], 2, 5, 3, 4, null, 10000), [[2, 5, 12]]);
        GradientCheck.Run(x => Ops.Rotary(x[0], 1, [3, 100], 500f), x => Doubles.Rotary(x[0], 2, 3, 1, 8, [3, 100], 500), [[2, 3, 8]]);
        GradientCheck.RunSecond(x => Ops.Rotary(x[0], 1).Square(), x => Doubles.Map(Doubles.Rotary(x[0], 1, 3, 1, 4, null, 10000), v => v * v), [[1, 3, 4]]);
    }

    private static double[] Normal(double[] row)
    {
        double mean = row.Average();
        double variance = row.Average(value => (value - mean) * (value - mean));
        return [.. row.Select(value => (value - mean) / Math.Sqrt(variance + 1e-5))];
    }
}
