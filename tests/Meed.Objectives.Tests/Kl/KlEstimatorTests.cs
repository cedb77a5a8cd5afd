using Meed.Numerics;
using Meed.Objectives.Kl;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Kl;

public class KlEstimatorTests
{
    [Theory]
    [InlineData(KlEstimator.K1)]
    [InlineData(KlEstimator.K2)]
    [InlineData(KlEstimator.K3)]
    public void Estimate_ReferenceBatch_EqualsPyTorch(KlEstimator estimator)
    {
        var inputs = Values.Root.GetProperty("inputs");

        var kl = estimator.Estimate(Tensor.From(inputs.GetProperty("logProbs").Floats(), 5, 4), Tensor.From(inputs.GetProperty("refLogProbs").Floats(), 5, 4));

        Values.Near(Values.Root.GetProperty("kl").GetProperty(estimator.ToString()).Doubles(), kl.ToArray());
    }

    [Theory]
    [InlineData(KlEstimator.K1, 1, 1)]
    [InlineData(KlEstimator.K2, 3, 5)]
    [InlineData(KlEstimator.K3, 5, 3)]
    public void Estimate_Gradients_EqualCentralDifferences(KlEstimator estimator, int rows, int tokens)
    {
        var x = GradientCheck.Numbers(rows * tokens, 6);
        var y = GradientCheck.Numbers(rows * tokens, 7);
        double Value(double p, double q) => estimator switch { KlEstimator.K1 => p - q, KlEstimator.K2 => 0.5 * (p - q) * (p - q), _ => Math.Exp(q - p) - (q - p) - 1 };

        GradientCheck.Run(p => p.Select((v, i) => Value(v, y[i])).Sum(), t => estimator.Estimate(t, Tensor.From(y, rows, tokens)).Sum(), x, rows, tokens);
        GradientCheck.Run(q => q.Select((v, i) => Value(x[i], v)).Sum(), t => estimator.Estimate(Tensor.From(x, rows, tokens), t).Sum(), y, rows, tokens);
    }

    [Fact]
    public void Estimate_ExpectationUnderThePolicy_IsTheTrueDivergence()
    {
        double[] p = [0.5, 0.3, 0.2], q = [0.2, 0.2, 0.6];
        double truth = p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
        var logP = Tensor.From([.. p.Select(v => (float)Math.Log(v))], 1, 3);
        var logQ = Tensor.From([.. q.Select(v => (float)Math.Log(v))], 1, 3);

        double Expectation(Tensor values) => values.ToArray().Zip(p, (v, w) => v * w).Sum();

        Assert.Equal(truth, Expectation(KlK1.Estimate(logP, logQ)), 1e-6);
        Assert.Equal(truth, Expectation(KlK3.Estimate(logP, logQ)), 1e-6);
        Assert.InRange(Expectation(KlK2.Estimate(logP, logQ)), 0.5 * truth, 2 * truth);   // biased
        Assert.All(KlK3.Estimate(logP, logQ).ToArray(), v => Assert.True(v >= 0));
        Assert.All(KlK2.Estimate(logP, logQ).ToArray(), v => Assert.True(v >= 0));
    }

    [Fact]
    public void Estimate_ShiftOfPolicyAndReferenceTogether_ChangesNothing()
    {
        var x = Tensor.From([-1f, -2f], 1, 2);
        var y = Tensor.From([-1.5f, -1.25f], 1, 2);

        Assert.Equal(KlK3.Estimate(x, y).ToArray(), KlK3.Estimate(x - 0.5f, y - 0.5f).ToArray());
        Assert.Equal(KlK2.Estimate(x, y).ToArray(), KlK2.Estimate(x - 0.5f, y - 0.5f).ToArray());
    }

    [Fact]
    public void Estimate_ShapesThatDiffer_IsAnError()
    {
        foreach (var estimator in Enum.GetValues<KlEstimator>())
        {
            Assert.Throws<ArgumentException>(() => estimator.Estimate(Tensor.Zeros(2, 3), Tensor.Zeros(2, 1)));
        }
    }
}
