using Meed.Objectives.Metrics;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests;

public class PassAtKTests
{
    [Fact]
    public void Estimate_SmallCases_EqualsCountingEverySubset()
    {
        foreach (var c in Values.Root.GetProperty("passAtK").EnumerateArray())
        {
            Assert.Equal(c.GetProperty("value").GetDouble(), PassAtK.Estimate(c.GetProperty("samples").GetInt32(), c.GetProperty("correct").GetInt32(), c.GetProperty("k").GetInt32()), 1e-12);
        }
    }

    [Fact]
    public void Estimate_KIsOne_IsTheMean() => Assert.Equal(0.375, PassAtK.Estimate(8, 3, 1), 1e-12);

    [Theory]
    [InlineData(8, 3, 0)]
    [InlineData(8, 3, 9)]
    [InlineData(8, 9, 1)]
    [InlineData(8, -1, 1)]
    public void Estimate_NumbersThatCannotBe_AreErrors(int samples, int correct, int k)
    {
        Assert.Throws<ArgumentException>(() => PassAtK.Estimate(samples, correct, k));
    }
}
