using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Tests.Statistics;

public class LogOddsScaleTests
{
    [Fact]
    public void Fit_LogOddsTwiceTooLarge_IsOneHalf()
    {
        var random = new Random(2);
        double[] odds = [.. Enumerable.Range(0, 20_000).Select(_ => 6 * (random.NextDouble() - 0.5))];
        double[] outcomes = [.. odds.Select(o => random.NextDouble() < 1 / (1 + Math.Exp(-o / 2)) ? 1.0 : 0)];

        Assert.InRange(LogOddsScale.Fit(odds, outcomes), 0.46, 0.54);
        Assert.Equal(1, LogOddsScale.Fit([], []));
    }
}
