namespace Meed.Objectives.Posterior;

/// <summary>The reward whose plain policy gradient is that of KL(π‖p*): RL with a KL penalty as reverse-KL fitting of <see cref="TiltedTarget"/>.</summary>
/// <remarks>
/// r_KL(y) = r(y) − β·(log π(y) − log π₀(y)), held constant under the gradient;  ∇ E_π[r_KL] = −β·∇ KL(π‖p*)
/// <para>Korbak et al. 2022, section 4, arXiv:2205.11275 (atlas row 261). Log-probabilities are summed over the response, in nats.</para>
/// </remarks>
public static class KlRegularisedReward
{
    /// <summary>Reward of each row.</summary>
    /// <param name="rewards">r, [B].</param>
    /// <param name="logProbs">log π of the whole response as it was sampled, [B].</param>
    /// <param name="priorLogProbs">log π₀ of the whole response, [B].</param>
    /// <param name="beta">β, 0 or more; 0 is unregularised reward maximisation.</param>
    /// <returns>[B].</returns>
    public static double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<double> logProbs, ReadOnlySpan<double> priorLogProbs, double beta)
    {
        if (rewards.Length != logProbs.Length || rewards.Length != priorLogProbs.Length)
        {
            throw new ArgumentException($"KlRegularisedReward: {rewards.Length} rewards, {logProbs.Length} log-probs, {priorLogProbs.Length} prior log-probs; all are [B].");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        var result = new double[rewards.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = beta == 0 ? rewards[i] : rewards[i] - (beta * (logProbs[i] - priorLogProbs[i]));
        }

        return result;
    }
}
