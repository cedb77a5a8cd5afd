using Meed.Numerics;
using Meed.Objectives.Losses;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Losses;

public class SmoothedCrossEntropyTests
{
    private static double Reference(double[] x, int rows, int vocabulary, int[] targets, double smoothing)
    {
        double sum = 0;
        for (int r = 0; r < rows; r++)
        {
            var row = x.AsSpan(r * vocabulary, vocabulary).ToArray();
            double z = Math.Log(row.Sum(Math.Exp));
            sum += (r + 1) * (-((1 - smoothing) * (row[targets[r]] - z)) - (smoothing * row.Average(v => v - z)));
        }

        return sum;
    }

    [Theory]
    [InlineData(1, 1, 0.1)]
    [InlineData(3, 5, 0.0)]
    [InlineData(4, 7, 0.2)]
    public void Loss_ValueAndGradient_EqualTheDefinitionInFloat64(int rows, int vocabulary, double smoothing)
    {
        var x = GradientCheck.Numbers(rows * vocabulary, 8, 2);
        int[] targets = [.. Enumerable.Range(0, rows).Select(r => (r * 3) % vocabulary)];
        var weights = Tensor.From([.. Enumerable.Range(1, rows).Select(r => (float)r)]);
        Tensor Forward(Tensor t) => (SmoothedCrossEntropy.Loss(t, targets, (float)smoothing) * weights).Sum();

        Assert.Equal(Reference([.. x.Select(v => (double)v)], rows, vocabulary, targets, smoothing), Forward(Tensor.From(x, rows, vocabulary)).Item(), 1e-5);
        GradientCheck.Run(p => Reference(p, rows, vocabulary, targets, smoothing), Forward, x, rows, vocabulary);
    }

    [Fact]
    public void Loss_WithoutSmoothing_IsCrossEntropy()
    {
        var logits = Tensor.From(GradientCheck.Numbers(12, 9, 2), 3, 4);

        Assert.Equal((-Ops.TokenLogProbs(logits, [0, 3, 1])).ToArray(), SmoothedCrossEntropy.Loss(logits, [0, 3, 1], 0).ToArray());
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void Loss_SmoothingOutsideZeroToOne_IsAnError(float smoothing)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothedCrossEntropy.Loss(Tensor.Zeros(1, 2), [0], smoothing));
    }
}
