using Meed.Objectives.Posterior;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Posterior;

public class TiltedTargetTests
{
    private static readonly System.Text.Json.JsonElement s_reference = Values.Root.GetProperty("posterior");
    private static readonly double[] s_prior = s_reference.GetProperty("prior").Doubles();
    private static readonly double[] s_rewards = s_reference.GetProperty("rewards").Doubles();
    private static readonly double[] s_policy = s_reference.GetProperty("policy").Doubles();
    private static readonly double s_beta = s_reference.GetProperty("beta").GetDouble();

    [Fact]
    public void LogProbs_ReferencePrior_EqualsPyTorch()
    {
        var target = TiltedTarget.LogProbs(s_prior, s_rewards, s_beta);

        Values.Near(s_reference.GetProperty("target").Doubles(), target);
        Assert.Equal(s_reference.GetProperty("logPartition").GetDouble(), TiltedTarget.LogPartition(s_prior, s_rewards, s_beta), 1e-12);
        Assert.Equal(s_reference.GetProperty("kl").GetDouble(), TiltedTarget.Kl(s_policy, target), 1e-12);
        Assert.Equal(s_reference.GetProperty("entropy").GetDouble(), TiltedTarget.Entropy(target), 1e-12);
    }

    [Fact]
    public void LogProbs_Target_ReachesBetaLogZAndNoOtherPolicyDoesBetter()
    {
        double Objective(double[] logP) => logP.Select((p, y) => Math.Exp(p) * s_rewards[y]).Sum() - (s_beta * TiltedTarget.Kl(logP, s_prior));
        double best = s_beta * TiltedTarget.LogPartition(s_prior, s_rewards, s_beta);

        Assert.Equal(best, Objective(TiltedTarget.LogProbs(s_prior, s_rewards, s_beta)), 1e-12);
        Assert.True(Objective(s_policy) < best - 1e-3);
        Assert.True(Objective(s_prior) < best - 1e-3);
    }

    [Fact]
    public void LogProbs_AnswerThePriorNeverGives_StaysImpossible()
    {
        var target = TiltedTarget.LogProbs([Math.Log(0.5), Math.Log(0.5), double.NegativeInfinity], [0, 0, 100], 0.1);

        Assert.Equal([Math.Log(0.5), Math.Log(0.5), double.NegativeInfinity], target);
        Assert.Equal(Math.Log(2), TiltedTarget.Entropy(target), 1e-12);
    }

    [Fact]
    public void Kl_OfADistributionWithItself_IsZero() => Assert.Equal(0, TiltedTarget.Kl(s_policy, s_policy));

    [Fact]
    public void KlRegularisedReward_ReferencePolicy_EqualsPyTorch()
    {
        Values.Near(s_reference.GetProperty("klReward").Doubles(), KlRegularisedReward.Compute(s_rewards, s_policy, s_prior, s_beta));
        Assert.Equal(s_rewards, KlRegularisedReward.Compute(s_rewards, s_policy, s_prior, 0));
    }

    [Fact]
    public void KlRegularisedReward_AtTheTarget_IsTheSameForEveryAnswer()
    {
        var target = TiltedTarget.LogProbs(s_prior, s_rewards, s_beta);

        var rewards = KlRegularisedReward.Compute(s_rewards, target, s_prior, s_beta);

        Assert.All(rewards, r => Assert.Equal(rewards[0], r, 1e-12));
    }

    [Fact]
    public void DistributionalPolicyGradient_ReferencePolicy_EqualsPyTorch()
    {
        double logZ = s_reference.GetProperty("logPartition").GetDouble();

        Values.Near(s_reference.GetProperty("dpg").Doubles(), DistributionalPolicyGradient.Advantages(s_rewards, s_policy, s_prior, logZ, s_beta));
        Assert.Equal(s_reference.GetProperty("logPartitionEstimate").GetDouble(), DistributionalPolicyGradient.LogPartition(s_rewards, s_policy, s_prior, s_beta), 1e-9);
    }

    [Fact]
    public void DistributionalPolicyGradient_AtTheTarget_IsZeroForEveryAnswer()
    {
        var target = TiltedTarget.LogProbs(s_prior, s_rewards, s_beta);

        var advantages = DistributionalPolicyGradient.Advantages(s_rewards, target, s_prior, TiltedTarget.LogPartition(s_prior, s_rewards, s_beta), s_beta);

        Assert.All(advantages, a => Assert.Equal(0, a, 1e-6f));
    }

    [Fact]
    public void DistributionalPolicyGradient_LargestWeight_CutsOnlyLargerOnes()
    {
        double logZ = TiltedTarget.LogPartition(s_prior, s_rewards, s_beta);
        var exact = DistributionalPolicyGradient.Advantages(s_rewards, s_policy, s_prior, logZ, s_beta);

        var cut = DistributionalPolicyGradient.Advantages(s_rewards, s_policy, s_prior, logZ, s_beta, largestWeight: 1.5);

        Assert.Contains(exact, a => a > 0.5f);
        Assert.Equal(exact.Select(a => Math.Min(a, 0.5f)), cut);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void LogProbs_BetaNotAboveZero_IsAnError(double beta)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TiltedTarget.LogProbs(s_prior, s_rewards, beta));
    }
}
