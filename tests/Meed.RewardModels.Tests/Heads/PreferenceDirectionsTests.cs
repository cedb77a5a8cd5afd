using Meed.Numerics;
using Meed.RewardModels.Heads;

namespace Meed.RewardModels.Tests.Heads;

public class PreferenceDirectionsTests
{
    [Fact]
    public void Score_AnyLengthOfDirection_IsTheProjection()
    {
        Assert.Equal(((3 * 0.6) + (1 * 0.8)), PreferenceDirections.Score([3, 1], [6, 8]), 1e-12);
        Assert.Equal(3, PreferenceDirections.Score([3, 1], PreferenceDirections.Angle(0)), 1e-12);
        Assert.Equal(1, PreferenceDirections.Score([3, 1], PreferenceDirections.Angle(90)), 1e-12);
        Assert.Equal((3 - 1) / Math.Sqrt(2), PreferenceDirections.Score([3, 1], PreferenceDirections.Angle(-45)), 1e-12);
        Assert.Equal(-1, PreferenceDirections.Cosine([1, 2], [-2, -4]), 1e-12);
    }

    [Fact]
    public void Score_BadDirection_SaysWhy()
    {
        Assert.Contains("a finite number other than 0", Assert.Throws<ArgumentException>(() => PreferenceDirections.Score([1, 2], [0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("2 attributes, but a direction of 1", Assert.Throws<ArgumentException>(() => PreferenceDirections.Score([1, 2], [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_UsersWhoWeighDifferently_OrdersTheirAnswersBetterThanTheCrowdsDirection()
    {
        // What it is for: 20 users, each with a direction of their own, 30 answered comparisons each. Accuracy on new ones, own direction minus the mean direction of all users.
        var random = new RandomStream(1);
        double[][] users = [.. Enumerable.Range(0, 20).Select(_ => Draw(random, 3))];
        var fitted = users.Select(u => Fitted(random, u)).ToArray();
        double[] crowd = [.. Enumerable.Range(0, 3).Select(k => fitted.Average(f => f[k]))];
        double[] gain = [.. users.Select((u, i) => Accuracy(random, u, fitted[i], crowd))];
        double mean = gain.Average(), error = Math.Sqrt(gain.Sum(g => (g - mean) * (g - mean)) / 19 / 20);

        Assert.True(mean - (2.093 * error) > 0, $"gain {mean:P1} ± {error:P1}");
    }

    private static double[] Draw(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => (double)random.NextNormal())];

    private static double[] Fitted(RandomStream random, double[] user)
    {
        double[][] x = [.. Enumerable.Range(0, 30).Select(_ => Draw(random, 3))];
        double[] y = [.. x.Select(d => random.NextDouble() < 1 / (1 + Math.Exp(-3 * PreferenceDirections.Score(d, user))) ? 1.0 : 0)];
        return PreferenceDirections.Fit(x, y).Direction;
    }

    private static double Accuracy(RandomStream random, double[] user, double[] own, double[] crowd) => Enumerable.Range(0, 400).Select(_ => Draw(random, 3)).Average(d =>
    {
        int truth = Math.Sign(PreferenceDirections.Score(d, user));
        return (Math.Sign(PreferenceDirections.Score(d, own)) == truth ? 1.0 : 0) - (Math.Sign(PreferenceDirections.Score(d, crowd)) == truth ? 1.0 : 0);
    });
}
