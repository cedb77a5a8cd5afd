using Meed.Recipes.Reproductions;

namespace Meed.Recipes.Tests.Reproductions;

public class StudentTTests
{
    // scipy.stats.t.ppf(p, df)
    [Theory]
    [InlineData(0.975, 1, 12.706204736432095)]
    [InlineData(0.975, 4, 2.7764451051977987)]
    [InlineData(0.975, 9, 2.2621571627409915)]
    [InlineData(0.975, 29, 2.045229642132703)]
    [InlineData(0.95, 7, 1.894578605061305)]
    [InlineData(0.025, 4, -2.7764451051977987)]
    public void Quantile_OfKnownCases_IsTheTablesValue(double p, int degrees, double expected) => Assert.Equal(expected, StudentT.Quantile(p, degrees), 1e-9);

    [Fact]
    public void Interval_OfFiveDifferences_IsMeanPlusMinusT()
    {
        // mean 3, s = sqrt(2.5), half = 2.7764451052 * sqrt(2.5) / sqrt(5) = 1.9632432
        var (mean, low, high) = StudentT.Interval([1, 2, 3, 4, 5]);
        Assert.Equal(3, mean);
        Assert.Equal(3 - 1.9632431614775, low, 1e-9);
        Assert.Equal(3 + 1.9632431614775, high, 1e-9);
    }

    [Fact]
    public void Interval_OfOneValue_IsRefused() => Assert.Throws<ArgumentException>(() => StudentT.Interval([1]));
}
