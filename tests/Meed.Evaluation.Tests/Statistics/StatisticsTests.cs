using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Tests.Statistics;

public class StatisticsTests
{
    // Python fractions: min(1, 2·Σ_{i ≤ min(b, c)} C(b + c, i) / 2^(b + c)), exact.
    [Theory]
    [InlineData(86, 150, 3.715936139571442e-05)]   // the approval ratings of Agresti, Categorical Data Analysis, table 10.1
    [InlineData(5, 11, 0.210113525390625)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(3, 3, 1.0)]
    [InlineData(12, 4, 0.076812744140625)]
    [InlineData(121, 59, 4.434449263755176e-06)]   // statsmodels' example of mcnemar(exact=True): 4.434e-06
    [InlineData(0, 0, 1.0)]
    public void McNemar_OfCounts_IsTheExactBinomial(int b, int c, double expected) => Assert.Equal(expected, McNemar.Exact(b, c), expected * 1e-10);

    [Fact]
    public void McNemar_OfVeryManyItems_StaysFinite() => Assert.InRange(McNemar.Exact(50_000, 51_000), 0.0015, 0.0018);   // normal: z = 999 / sqrt(101000), p = 0.00167

    [Fact]
    public void Holm_OfRsExample_IsItsAnswer()
    {
        // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
        double[] expected = [0.05, 0.08, 0.09, 0.09, 0.09];
        var found = Holm.Adjust([0.05, 0.01, double.NaN, 0.04, 0.03, 0.02]);
        double[] sorted = [.. found.Where(p => !double.IsNaN(p)).Order()];
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(expected[i], sorted[i], 1e-12);
        }

        Assert.True(double.IsNaN(found[2]));
        Assert.Equal(0.05, found[1], 1e-12);
    }

    [Fact]
    public void Normal_AtTabledPoints_IsTheTable()
    {
        // scipy.stats.norm.ppf and norm.cdf
        Assert.Equal(1.959963984540054, Normal.Quantile(0.975), 1e-12);
        Assert.Equal(0.8416212335729143, Normal.Quantile(0.8), 1e-12);
        Assert.Equal(-3.090232306167813, Normal.Quantile(0.001), 1e-11);
        Assert.Equal(-6.361340902404056, Normal.Quantile(1e-10), 1e-9);
        Assert.Equal(0.15865525393145707, Normal.Cumulative(-1), 1e-14);
        Assert.Equal(9.865876450376946e-10, Normal.Cumulative(-6), 1e-20);
    }

    // "Cohen's kappa", Wikipedia: the worked table and the two with equal agreement.
    [Theory]
    [InlineData(20, 5, 10, 15, 0.4)]
    [InlineData(45, 15, 25, 15, 0.13043478260869565)]
    [InlineData(25, 35, 5, 35, 0.25925925925925924)]
    public void Kappa_OfTwoByTwoTables_IsTheWorkedValue(int bothYes, int onlyFirst, int onlySecond, int bothNo, double expected)
    {
        List<int> first = [.. Enumerable.Repeat(1, bothYes + onlyFirst), .. Enumerable.Repeat(0, onlySecond + bothNo)];
        List<int> second = [.. Enumerable.Repeat(1, bothYes), .. Enumerable.Repeat(0, onlyFirst), .. Enumerable.Repeat(1, onlySecond), .. Enumerable.Repeat(0, bothNo)];

        var kappa = CohenKappa.Of(first, second);

        Assert.Equal(expected, kappa.Kappa, 1e-12);
        Assert.Equal((double)Math.Max(bothYes + onlyFirst, onlySecond + bothNo) / first.Count, kappa.BaseRate, 1e-12);
    }

    [Fact]
    public void Kappa_OfThreeLabels_IsScikitLearnsExample() =>
        // sklearn.metrics.cohen_kappa_score, documentation example: 0.6875
        Assert.Equal(0.6875, CohenKappa.Of([0, 1, 0, 2, 1], [0, 1, 0, 2, 0]).Kappa, 1e-12);

    [Fact]
    public void Calibration_OfDocumentationExamples_IsTheirAnswer()
    {
        // sklearn.metrics.brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]): 0.0375
        Assert.Equal(0.0375, Calibration.Brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0]), 1e-12);

        // sklearn.metrics.log_loss, documentation example: 0.21616
        Assert.Equal(0.21616187468057912, Calibration.LogLoss([0.9, 0.1, 0.2, 0.65], [1, 0, 0, 1]), 1e-12);

        // torchmetrics BinaryCalibrationError(n_bins=2, norm='l1'), documentation example: 0.2900
        Assert.Equal(0.29, Calibration.Error([0.25, 0.25, 0.55, 0.75, 0.75], [0, 0, 1, 1, 1], 2), 1e-12);
    }

    [Fact]
    public void Calibration_Scale_FindsTheFactorThatTheMarginsWereDrawnWith()
    {
        // Preferences by Bradley-Terry with logits 3·x: the factor of x is 3.
        var random = new Random(1);
        var margins = new List<double>();
        for (int i = 0; i < 40_000; i++)
        {
            double x = (random.NextDouble() * 2) - 1;
            margins.Add(random.NextDouble() < 1 / (1 + Math.Exp(-3 * x)) ? x : -x);
        }

        Assert.InRange(Calibration.Scale(margins), 2.9, 3.1);
        Assert.Equal(0, Calibration.Scale([-1, -2, -3]));
        Assert.Equal(0, Calibration.Scale([0, 0]));
    }

    [Fact]
    public void Correlation_OfScipysExamples_IsTheirAnswer()
    {
        Assert.Equal(-0.828503883588428, Correlation.Pearson([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2]), 1e-12);      // scipy.stats.pearsonr
        Assert.Equal(0.8207826816681233, Correlation.Spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]), 1e-12);        // scipy.stats.spearmanr
    }

    [Fact]
    public void DetectableEffect_OfPairedProportions_FollowsConnor()
    {
        // By hand, ψ = 0.2, δ = 0.1: (1.959964·√0.2 + 0.841621·√0.19)² / 0.01 = 154.599
        double n = DetectableEffect.Items(0.1, 0.2);
        Assert.Equal(154.599, n, 1e-2);
        Assert.Equal(0.1, DetectableEffect.Paired(n, 0.2), 1e-9);
        Assert.True(double.IsNaN(DetectableEffect.Paired(5, 0.1)));
    }

    [Fact]
    public void DetectableEffect_Simulated_IsFoundAboutFourTimesInFive()
    {
        // 1,000 experiments of 400 items at ψ = 0.3 and the detectable δ. The exact test is a little conservative.
        double effect = DetectableEffect.Paired(400, 0.3);
        var random = new Random(7);
        int found = 0;
        for (int run = 0; run < 1000; run++)
        {
            int b = 0, c = 0;
            for (int i = 0; i < 400; i++)
            {
                double u = random.NextDouble();
                b += u < (0.3 + effect) / 2 ? 1 : 0;
                c += u >= (0.3 + effect) / 2 && u < 0.3 ? 1 : 0;
            }

            found += McNemar.Exact(b, c) < 0.05 ? 1 : 0;
        }

        Assert.InRange(found, 740, 830);
    }

    [Fact]
    public void Bootstrap_Simulated_CoversAsStated()
    {
        // 1,000 experiments: 60 clusters of 1 to 5 items that share a latent chance; the true mean is known.
        const double Truth = 0.6;
        var random = new Random(3);
        int covered = 0;
        const int Runs = 1000;
        for (int run = 0; run < Runs; run++)
        {
            var values = new List<double>();
            var clusters = new List<ulong>();
            for (ulong c = 0; c < 60; c++)
            {
                double chance = Truth + (0.35 * ((2 * random.NextDouble()) - 1));
                int size = 1 + random.Next(5);
                for (int i = 0; i < size; i++)
                {
                    values.Add(random.NextDouble() < chance ? 1 : 0);
                    clusters.Add(c);
                }
            }

            var interval = ClusteredBootstrap.Mean(values.ToArray(), clusters.ToArray(), (ulong)run, resamples: 300);
            covered += interval.Excludes(Truth) ? 0 : 1;
        }

        Assert.InRange((double)covered / Runs, 0.93, 0.97);
    }

    [Fact]
    public void Bootstrap_OfPairedDifferences_CoversAsStated()
    {
        // Two rewards on the same 150 items: 62 and 55 % right, correlated. The difference is 7 points.
        var random = new Random(11);
        int covered = 0;
        const int Runs = 1000;
        var values = new double[150];
        var clusters = new ulong[150];
        for (int run = 0; run < Runs; run++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double u = random.NextDouble();   // both right 45 %, only first 17 %, only second 10 %
                values[i] = u < 0.45 ? 0 : u < 0.62 ? 1 : u < 0.72 ? -1 : 0;
                clusters[i] = (ulong)i;
            }

            covered += ClusteredBootstrap.Mean(values, clusters, (ulong)run, resamples: 300).Excludes(0.07) ? 0 : 1;
        }

        Assert.InRange((double)covered / Runs, 0.93, 0.97);
    }

    [Fact]
    public void Bootstrap_OfTheSameItemsInAnotherOrder_IsTheSame()
    {
        double[] values = [1, 0, 1, 1, 0, 0, 1, 0.5];
        ulong[] clusters = [5, 5, 2, 9, 9, 1, 3, 7];
        var turned = ClusteredBootstrap.Mean([.. values.Reverse()], [.. clusters.Reverse()], 4);

        Assert.Equal(ClusteredBootstrap.Mean(values, clusters, 4), turned);
        Assert.Equal(turned.Value, ClusteredBootstrap.Of(clusters, items => items.Average(i => values[i]), 4).Value, 1e-12);
        Assert.Equal(turned.Low, ClusteredBootstrap.Of(clusters, items => items.Average(i => values[i]), 4).Low, 1e-12);
    }
}
