using Meed.Numerics;
using Meed.RewardModels.Uncertainty;

namespace Meed.RewardModels.Tests.Uncertainty;

public class ConformalBandTests
{
    [Theory]
    [InlineData(0.5, 3)]                            // ⌈6·0.5⌉ = 3rd of 1, 2, 3, 4, 5
    [InlineData(0.4, 4)]                            // ⌈3.6⌉ = 4th
    [InlineData(0.2, 5)]                            // ⌈4.8⌉ = 5th
    [InlineData(0.1, double.PositiveInfinity)]      // ⌈5.4⌉ = 6th of five
    public void Fit_FiveResiduals_TakesTheRank(double miss, double radius)
    {
        var band = ConformalBand.Fit([0, 0, 0, 0, 0], [3, -1, 5, -2, 4], miss);

        Assert.Equal(radius, band.Radius);
        Assert.Equal((10 - (2 * radius), 10 + (2 * radius)), band.Around(10, spread: 2));
    }

    [Fact]
    public void Around_NewSamples_HoldsTheStatedShare()
    {
        // A biased model with heavy-tailed noise: coverage over 200 draws of calibration and test stays within its bounds.
        double covered = Enumerable.Range(0, 200).Average(seed => Coverage((ulong)seed, scaled: false).Covered);

        Assert.InRange(covered, 0.89, 0.92);        // 0.9 to 0.9 + 1/51, give or take the error of 20,000 samples
    }

    [Fact]
    public void Around_SpreadKnown_IsNarrowerAtTheSameCoverage()
    {
        var plain = Enumerable.Range(0, 100).Select(seed => Coverage((ulong)seed, scaled: false)).ToArray();
        var scaled = Enumerable.Range(0, 100).Select(seed => Coverage((ulong)seed, scaled: true)).ToArray();
        double[] narrower = [.. plain.Zip(scaled, (a, b) => a.Width - b.Width)];
        double mean = narrower.Average(), error = Math.Sqrt(narrower.Sum(v => (v - mean) * (v - mean)) / (narrower.Length - 1) / narrower.Length);

        Assert.InRange(scaled.Average(s => s.Covered), 0.89, 0.93);
        Assert.True(mean - (1.98 * error) > 0, $"narrower by {mean:F3} ± {error:F3}");
    }

    [Fact]
    public void Fit_BadInput_SaysWhatIsWrong()
    {
        Assert.Contains("miss is 1;", Assert.Throws<ArgumentOutOfRangeException>(() => ConformalBand.Fit([1], [1], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("2 predictions, 1 observations", Assert.Throws<ArgumentException>(() => ConformalBand.Fit([1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("sample 1 has prediction NaN", Assert.Throws<ArgumentException>(() => ConformalBand.Fit([1, double.NaN], [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("spread 0", Assert.Throws<ArgumentException>(() => ConformalBand.Fit([1], [1], 0.1, [0])).Message, StringComparison.Ordinal);
    }

    private static (double Covered, double Width) Coverage(ulong seed, bool scaled)
    {
        var random = new RandomStream(seed);
        (double Predicted, double Observed, double Spread) Draw()
        {
            double x = random.NextNormal(), spread = 0.2 + Math.Abs(x);
            return (x, x + 0.3 + (spread * random.NextNormal()), spread);
        }

        var known = Enumerable.Range(0, 50).Select(_ => Draw()).ToArray();
        var band = ConformalBand.Fit([.. known.Select(s => s.Predicted)], [.. known.Select(s => s.Observed)], 0.1, scaled ? [.. known.Select(s => s.Spread)] : null);
        var fresh = Enumerable.Range(0, 100).Select(_ => Draw()).Select(s => (s.Observed, Band: band.Around(s.Predicted, scaled ? s.Spread : 1))).ToArray();
        return (fresh.Average(f => f.Observed >= f.Band.Low && f.Observed <= f.Band.High ? 1.0 : 0), fresh.Average(f => f.Band.High - f.Band.Low));
    }
}
