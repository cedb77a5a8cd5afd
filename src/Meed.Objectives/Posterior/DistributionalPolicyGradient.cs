namespace Meed.Objectives.Posterior;

/// <summary>Distributional policy gradient: fits a policy to a target by KL(p*‖π), with importance weights from samples of the policy itself.</summary>
/// <remarks>
/// w(y) = p*(y) / π(y) = π₀(y)·exp(r(y) / β) / (Z·π(y));  ∇ KL(p*‖π) = −E_π[w(y)·∇ log π(y)] = −E_π[(w(y) − 1)·∇ log π(y)]
/// <para>Parshakova et al. 2019, arXiv:1912.08517; Khalifa et al. 2021 (GDC), arXiv:2012.11635; the baseline 1: Korbak et al. 2022, arXiv:2206.00761. Named as the way out of RL in arXiv:2205.11275 (atlas row 261).</para>
/// <para>w − 1 takes the place of the advantage. Z is one constant a prompt; <see cref="LogPartition"/> estimates it from the same samples where it is not known.</para>
/// </remarks>
public static class DistributionalPolicyGradient
{
    /// <summary>w − 1 of each row.</summary>
    /// <param name="rewards">r, [B].</param>
    /// <param name="logProbs">log π of the whole response as it was sampled, [B].</param>
    /// <param name="priorLogProbs">log π₀ of the whole response, [B].</param>
    /// <param name="logPartition">log Z of the row's prompt.</param>
    /// <param name="beta">β, above 0.</param>
    /// <param name="largestWeight">Weights are cut here, which biases the gradient; infinity keeps it exact.</param>
    /// <returns>[B].</returns>
    public static float[] Advantages(ReadOnlySpan<double> rewards, ReadOnlySpan<double> logProbs, ReadOnlySpan<double> priorLogProbs, double logPartition, double beta, double largestWeight = double.PositiveInfinity)
    {
        Check(rewards, logProbs, priorLogProbs, beta);
        var result = new float[rewards.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (float)(Math.Min(largestWeight, Math.Exp(priorLogProbs[i] + (rewards[i] / beta) - logProbs[i] - logPartition)) - 1);
        }

        return result;
    }

    /// <summary>log of the importance-sampling estimate Z = mean over rows of π₀(y)·exp(r(y) / β) / π(y), unbiased in Z.</summary>
    /// <inheritdoc cref="Advantages"/>
    public static double LogPartition(ReadOnlySpan<double> rewards, ReadOnlySpan<double> logProbs, ReadOnlySpan<double> priorLogProbs, double beta)
    {
        Check(rewards, logProbs, priorLogProbs, beta);
        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < rewards.Length; i++)
        {
            most = Math.Max(most, priorLogProbs[i] + (rewards[i] / beta) - logProbs[i]);
        }

        for (int i = 0; i < rewards.Length; i++)
        {
            sum += Math.Exp(priorLogProbs[i] + (rewards[i] / beta) - logProbs[i] - most);
        }

        return most + Math.Log(sum / rewards.Length);
    }

    private static void Check(ReadOnlySpan<double> rewards, ReadOnlySpan<double> logProbs, ReadOnlySpan<double> priorLogProbs, double beta)
    {
        if (rewards.Length == 0 || rewards.Length != logProbs.Length || rewards.Length != priorLogProbs.Length)
        {
            throw new ArgumentException($"DistributionalPolicyGradient: {rewards.Length} rewards, {logProbs.Length} log-probs, {priorLogProbs.Length} prior log-probs; all are [B], B at least 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
    }
}
