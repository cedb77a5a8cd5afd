using Meed.Numerics;
using Meed.RewardModels.Heads;
using Meed.RewardModels.Uncertainty;

namespace Meed.RewardModels.Tests.Uncertainty;

public class LastLayerLaplaceTests
{
    [Fact]
    public void Fit_AnyComparisons_IsTheModeOfThePosterior()
    {
        var (x, y) = Sample(new RandomStream(3), 40, 5, 2);

        var fit = LastLayerLaplace.Fit(x, y, precision: 0.7);

        for (int k = 0; k < 5; k++)
        {
            double gradient = -0.7 * fit.Weights[k];
            for (int i = 0; i < x.Length; i++)
            {
                gradient += (y[i] - Sigmoid(fit.Margin(x[i]))) * x[i][k];
            }

            Assert.Equal(0, gradient, 1e-9);
        }
    }

    [Fact]
    public void Variance_OneComparison_IsTheInverseCurvature()
    {
        // w = 0, so p = ½: H = [[1 + 1, ½·2], ...] for Δ = (2, 1) is I + ¼·ΔΔᵀ = [[2, ½], [½, 1¼]], det = 2.25.
        var fit = LastLayerLaplace.Around([0, 0], [[2, 1]], precision: 1);

        Assert.Equal(1.25 / 2.25, fit.Variance([1, 0]), 1e-12);
        Assert.Equal(2 / 2.25, fit.Variance([0, 1]), 1e-12);
        Assert.Equal((1.25 + 2 - (2 * 0.5)) / 2.25, fit.Variance([1, 1]), 1e-12);
        Assert.Equal(0.5, fit.Probability([1, 1]), 1e-12);
        Assert.Equal(0.5 * Math.Log(1 + (0.25 * 1.25 / 2.25)), fit.Information([1, 0]), 1e-12);
    }

    [Fact]
    public void Variance_Curvature_AgreesWithDifferencesOfTheLogPosterior()
    {
        var (x, y) = Sample(new RandomStream(5), 30, 2, 2);
        var fit = LastLayerLaplace.Fit(x, y, precision: 0.5);
        double Log(double a, double b)
        {
            double[] w = [fit.Weights[0] + a, fit.Weights[1] + b];
            return (-0.25 * ((w[0] * w[0]) + (w[1] * w[1]))) + x.Select((d, i) => Math.Log(Sigmoid((y[i] > 0.5 ? 1 : -1) * ((w[0] * d[0]) + (w[1] * d[1]))))).Sum();
        }

        const double Step = 1e-4;
        double h11 = -(Log(Step, 0) - (2 * Log(0, 0)) + Log(-Step, 0)) / (Step * Step), h22 = -(Log(0, Step) - (2 * Log(0, 0)) + Log(0, -Step)) / (Step * Step);
        double h12 = -(Log(Step, Step) - Log(Step, -Step) - Log(-Step, Step) + Log(-Step, -Step)) / (4 * Step * Step);

        double expected = h22 / ((h11 * h22) - (h12 * h12));
        Assert.Equal(expected, fit.Variance([1, 0]), 1e-5 * expected);
    }

    [Fact]
    public void Probability_UnsureWeights_IsCloseToTheIntegral()
    {
        var fit = LastLayerLaplace.Around([1.5, 0], [[1, 0]], precision: 0.5);
        double[] asked = [1, 2];
        double mean = fit.Margin(asked), deviation = Math.Sqrt(fit.Variance(asked)), integral = 0, mass = 0;
        for (double z = -8; z <= 8; z += 0.001)
        {
            double weight = Math.Exp(-z * z / 2);
            integral += weight * Sigmoid(mean + (deviation * z));
            mass += weight;
        }

        Assert.Equal(integral / mass, fit.Probability(asked), 0.02);
        Assert.True(fit.Probability(asked) < Sigmoid(mean));
    }

    [Fact]
    public void Probability_FewComparisons_HasALowerLogLossThanTheMode()
    {
        // What it is for: little data in many dimensions. Log loss on new comparisons, mode minus posterior, 20 seeds.
        double[] gain = [.. Enumerable.Range(0, 20).Select(seed =>
        {
            var random = new RandomStream((ulong)seed);
            var truth = Normal(random, 12, 1.5);
            var (x, y) = Sample(random, 40, truth);
            var (newX, newY) = Sample(random, 500, truth);
            var fit = LastLayerLaplace.Fit(x, y, precision: 0.1);
            return LogLoss(newX, newY, d => Sigmoid(fit.Margin(d))) - LogLoss(newX, newY, d => fit.Probability(d));
        })];

        Assert.True(Low(gain) > 0, $"gain {gain.Average():F3}, lower end {Low(gain):F3}");
    }

    [Fact]
    public void NextQuery_AskedWhereItTellsMost_FindsTheDirectionSoonerThanChance()
    {
        // Cosine to the user's direction after 12 answers, asked minus drawn, 20 seeds.
        double[] gain = [.. Enumerable.Range(0, 20).Select(seed => Found(true, seed) - Found(false, seed))];

        Assert.True(Low(gain) > 0, $"gain {gain.Average():F3}, lower end {Low(gain):F3}");
    }

    [Fact]
    public void Fit_BadInput_SaysWhichComparison()
    {
        Assert.Contains("comparison 1 has 1 features; the first has 2", Assert.Throws<ArgumentException>(() => LastLayerLaplace.Fit([[1, 2], [3]], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("one of them not finite", Assert.Throws<ArgumentException>(() => LastLayerLaplace.Fit([[double.NaN]], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("1 comparisons, but 2 labels", Assert.Throws<ArgumentException>(() => LastLayerLaplace.Fit([[1]], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("a label is 2", Assert.Throws<ArgumentException>(() => LastLayerLaplace.Fit([[1]], [2])).Message, StringComparison.Ordinal);
        Assert.Contains("2 features; the posterior is over 1", Assert.Throws<ArgumentException>(() => LastLayerLaplace.Fit([[1]], [1]).Variance([1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LastLayerLaplace.Fit([[1]], [1], precision: 0));
    }

    private static double Found(bool ask, int seed)
    {
        var random = new RandomStream((ulong)seed);
        double[] truth = Normal(random, 6, 2);
        var (pool, _) = Sample(random, 300, truth);
        var open = pool.ToList();
        List<double[]> x = [];
        List<double> y = [];
        var answers = random.Split("answers", 0);
        for (int asked = 0; asked < 12; asked++)
        {
            int next = ask && x.Count > 0 ? LastLayerLaplace.Fit(x, y).NextQuery(open) : answers.NextInt(open.Count);
            x.Add(open[next]);
            y.Add(answers.NextDouble() < Sigmoid(Dot(truth, open[next])) ? 1 : 0);
            open.RemoveAt(next);
        }

        return PreferenceDirections.Cosine([.. LastLayerLaplace.Fit(x, y).Weights], truth);
    }

    private static (double[][] X, double[] Y) Sample(RandomStream random, int count, int width, double scale) => Sample(random, count, Normal(random, width, scale));

    private static (double[][] X, double[] Y) Sample(RandomStream random, int count, double[] truth)
    {
        double[][] x = [.. Enumerable.Range(0, count).Select(_ => Normal(random, truth.Length, 1))];
        return (x, [.. x.Select(d => random.NextDouble() < Sigmoid(Dot(truth, d)) ? 1.0 : 0.0)]);
    }

    private static double[] Normal(RandomStream random, int width, double scale) => [.. Enumerable.Range(0, width).Select(_ => scale * random.NextNormal())];

    private static double LogLoss(double[][] x, double[] y, Func<double[], double> probability) => x.Select((d, i) => -Math.Log(y[i] > 0.5 ? probability(d) : 1 - probability(d))).Average();

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // Lower end of the 95 % interval of the mean of 20 numbers (Student t with 19 degrees: 2.093).
    private static double Low(double[] values)
    {
        double mean = values.Average(), variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        return mean - (2.093 * Math.Sqrt(variance / values.Length));
    }
}
