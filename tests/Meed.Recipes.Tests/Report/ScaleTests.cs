using Meed.Recipes.Report;

namespace Meed.Recipes.Tests.Report;

public class ScaleTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 97, "0 20 40 60 80 100")]
    [InlineData(-0.01, 0.01, "−0.010 −0.005 0.000 0.005 0.010")]
    [InlineData(0, 3.4e6, "0 0.5M 1M 1.5M 2M 2.5M 3M 3.5M")]
    [InlineData(41000, 44000, "41k 41.5k 42k 42.5k 43k 43.5k 44k")]
    public void Label_OfRoundTicks_IsShort(double low, double high, string expected)
    {
        var scale = Scale.Of(low, high);
        Assert.Equal(expected, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Fact]
    public void Of_AnyRange_CoversItWithAFewEvenTicks()
    {
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)), high = low + (random.NextDouble() * Math.Pow(10, random.Next(-6, 7)));
            var scale = Scale.Of(low, high);
            Assert.True(scale.Low <= low + (1e-8 * (high - low)) && scale.High >= high - (1e-8 * (high - low)), $"{low} {high}");
            Assert.InRange(scale.Ticks.Count, 2, 12);
            Assert.Equal(scale.Ticks.Count, scale.Ticks.Distinct().Count());
        }
    }

    [Fact]
    public void Draw_OfTenThousandPoints_StaysSmall()
    {
        var chart = new LineChart { Title = "x", Lines = [new Series("y", [.. Enumerable.Range(0, 10_000).Select(i => ((double)i, Math.Sin(i / 500.0)))])] };
        Assert.InRange(chart.Draw().Length, 1000, 60_000);
    }

    [Fact]
    public void Smoothed_OfAStraightLine_IsTheLine()
    {
        var points = Enumerable.Range(0, 100).Select(i => ((double)i, 3.0 - (0.5 * i))).ToList();
        Assert.All(LineChart.Smoothed(points).Zip(points), p => Assert.Equal(p.Second.Item2, p.First.Y, 1e-9));
    }

    [Theory]
    [InlineData(1, 4, "1 2 3 4")]
    [InlineData(4, 4, "3 4 5")]
    [InlineData(0, 7, "0 1 2 3 4 5 6 7")]
    [InlineData(0, 17, "0 3 6 9 12 15")]
    public void Of_WholeNumbers_HasNoTicksBetweenThem(double low, double high, string expected)
    {
        var scale = Scale.Of(low, high, 7, tight: true, whole: true);

        Assert.Equal(expected, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Theory]
    [InlineData(-0.066, NumberFormat.Percent, "−6.6 points")]
    [InlineData(0.0102, NumberFormat.Percent, "1.02 points")]
    [InlineData(-0.25, NumberFormat.Plain, "−0.25")]
    [InlineData(double.NaN, NumberFormat.Percent, "–")]
    public void Difference_OfShares_IsInPoints(double value, NumberFormat format, string expected) => Assert.Equal(expected, Scale.Difference(value, format));
}
