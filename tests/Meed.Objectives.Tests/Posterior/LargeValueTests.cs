using Meed.Objectives.Posterior;

namespace Meed.Objectives.Tests.Posterior;

/// <summary>Sums of exponentials whose terms leave the range of a double (e^710), and every wrong argument.</summary>
public class LargeValueTests
{
    // log Σ exp(prior + r/β) by hand: the smaller term is e^-2000 of the larger one.
    [Theory]
    [InlineData(0, 0, 2, 0, 0.001, 2000)]
    [InlineData(0, 0, 0, 2, 0.001, 2000)]
    [InlineData(0, 0, -2, -4, 0.001, -2000)]
    [InlineData(-2000, -4000, 0, 0, 1, -2000)]
    [InlineData(2000, 0, 0, 0, 1, 2000)]
    public void TiltedTarget_LogPartition_IsTheLargestTerm(double prior0, double prior1, double reward0, double reward1, double beta, double expected)
    {
        Assert.Equal(expected, TiltedTarget.LogPartition([prior0, prior1], [reward0, reward1], beta), 1e-9);
    }

    // log of the mean of exp(prior + r/β − log π) over two rows: the largest term minus log 2.
    [Theory]
    [InlineData(2, 0, 0, 0, 0, 0, 0.001, 2000)]
    [InlineData(0, 2, 0, 0, 0, 0, 0.001, 2000)]
    [InlineData(-2, -4, 0, 0, 0, 0, 0.001, -2000)]
    [InlineData(0, 0, -2000, 0, 0, 0, 1, 2000)]
    [InlineData(0, 0, 0, 0, -2000, -4000, 1, -2000)]
    public void DistributionalPolicyGradient_LogPartition_IsTheLargestTermOverTwo(double reward0, double reward1, double log0, double log1, double prior0, double prior1, double beta, double expected)
    {
        double value = DistributionalPolicyGradient.LogPartition([reward0, reward1], [log0, log1], [prior0, prior1], beta);

        Assert.Equal(expected - Math.Log(2), value, 1e-9);
    }

    [Fact]
    public void DistributionalPolicyGradient_OneRow_IsEnough()
    {
        // exp(-1 + 1/2 + 1.5 - 1) - 1 = 0
        Assert.Equal(1, DistributionalPolicyGradient.LogPartition([1], [-1.5], [-1], 2), 1e-12);
        Assert.Equal([0f], DistributionalPolicyGradient.Advantages([1], [-1.5], [-1], 1, 2));
    }

    [Fact]
    public void LengthsThatDiffer_AreNamed()
    {
        Assert.Contains("2 prior log-probs and 1 rewards", Message(() => TiltedTarget.LogPartition([0, 0], [0], 1)));
        Assert.Contains("0 prior log-probs and 0 rewards", Message(() => TiltedTarget.LogPartition([], [], 1)));
        Assert.Contains("1 and 2 log-probs", Message(() => TiltedTarget.Kl([0], [0, 0])));
        Assert.Contains("1 rewards, 2 log-probs, 1 prior", Message(() => DistributionalPolicyGradient.LogPartition([0], [0, 0], [0], 1)));
        Assert.Contains("1 rewards, 1 log-probs, 2 prior", Message(() => DistributionalPolicyGradient.Advantages([0], [0], [0, 0], 0, 1)));
        Assert.Contains("0 rewards", Message(() => DistributionalPolicyGradient.LogPartition([], [], [], 1)));
        Assert.Contains("1 rewards, 2 log-probs, 1 prior", Message(() => KlRegularisedReward.Compute([0], [0, 0], [0], 1)));
        Assert.Contains("1 rewards, 1 log-probs, 2 prior", Message(() => KlRegularisedReward.Compute([0], [0], [0, 0], 1)));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    [Fact]
    public void BetaOutsideItsRange_IsAnError()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DistributionalPolicyGradient.LogPartition([0], [0], [0], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => KlRegularisedReward.Compute([0], [0], [0], -0.1));
    }

    [Fact]
    public void KlRegularisedReward_BetaZero_DoesNotLookAtLogProbs() =>
        Assert.Equal([3d], KlRegularisedReward.Compute([3], [double.NegativeInfinity], [double.NegativeInfinity], 0));
}
