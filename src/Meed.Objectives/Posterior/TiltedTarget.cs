namespace Meed.Objectives.Posterior;

/// <summary>The exact optimum of KL-regularised reward maximisation over answers that can be listed: the Bayesian posterior of the prior policy.</summary>
/// <remarks>
/// p*(y) = π₀(y)·exp(r(y) / β) / Z,  Z = Σ_y π₀(y)·exp(r(y) / β);  max_π E_π[r] − β·KL(π‖π₀) = β·log Z, reached at π = p*
/// <para>Korbak et al. 2022, section 4, arXiv:2205.11275 (atlas row 261). Log-probabilities in nats; sums in float64.</para>
/// </remarks>
public static class TiltedTarget
{
    /// <summary>log p* of each answer.</summary>
    /// <param name="priorLogProbs">log π₀, [A]; −∞ for answers the prior never gives.</param>
    /// <param name="rewards">r, [A].</param>
    /// <param name="beta">β, above 0: how much reward one nat of divergence is worth.</param>
    /// <returns>[A].</returns>
    public static double[] LogProbs(ReadOnlySpan<double> priorLogProbs, ReadOnlySpan<double> rewards, double beta)
    {
        double logPartition = LogPartition(priorLogProbs, rewards, beta);
        var result = new double[rewards.Length];
        for (int y = 0; y < result.Length; y++)
        {
            result[y] = priorLogProbs[y] + (rewards[y] / beta) - logPartition;
        }

        return result;
    }

    /// <summary>log Z.</summary>
    /// <inheritdoc cref="LogProbs"/>
    public static double LogPartition(ReadOnlySpan<double> priorLogProbs, ReadOnlySpan<double> rewards, double beta)
    {
        if (priorLogProbs.Length != rewards.Length || rewards.Length == 0)
        {
            throw new ArgumentException($"TiltedTarget: {priorLogProbs.Length} prior log-probs and {rewards.Length} rewards; both are [A], A at least 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        double most = double.NegativeInfinity, sum = 0;
        for (int y = 0; y < rewards.Length; y++)
        {
            most = Math.Max(most, priorLogProbs[y] + (rewards[y] / beta));
        }

        for (int y = 0; y < rewards.Length; y++)
        {
            sum += Math.Exp(priorLogProbs[y] + (rewards[y] / beta) - most);
        }

        return most + Math.Log(sum);
    }

    /// <summary>KL(p‖q) = Σ p·(log p − log q), in nats; answers with p = 0 add nothing.</summary>
    public static double Kl(ReadOnlySpan<double> logP, ReadOnlySpan<double> logQ)
    {
        if (logP.Length != logQ.Length)
        {
            throw new ArgumentException($"TiltedTarget.Kl: {logP.Length} and {logQ.Length} log-probs; both are [A].");
        }

        double sum = 0;
        for (int y = 0; y < logP.Length; y++)
        {
            sum += double.IsNegativeInfinity(logP[y]) ? 0 : Math.Exp(logP[y]) * (logP[y] - logQ[y]);
        }

        return sum;
    }

    /// <summary>Entropy −Σ p·log p, in nats.</summary>
    public static double Entropy(ReadOnlySpan<double> logP)
    {
        double sum = 0;
        foreach (double p in logP)
        {
            sum -= double.IsNegativeInfinity(p) ? 0 : Math.Exp(p) * p;
        }

        return sum;
    }
}
