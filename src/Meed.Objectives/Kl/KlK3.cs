using Meed.Numerics;

namespace Meed.Objectives.Kl;

/// <summary>The low-variance estimator of KL(π‖π_ref) from tokens that π sampled: unbiased, never negative; GRPO's.</summary>
/// <remarks>
/// d = log π_ref − log π;  k3 = exp(d) − d − 1
/// <para>Schulman 2020, "Approximating KL divergence"; as a loss term in DeepSeekMath, Eq. 4, arXiv:2402.03300. In nats.</para>
/// <para>Unbiased as a value. Its gradient is that of KL(π_ref‖π), not of KL(π‖π_ref); both vanish at π = π_ref.</para>
/// </remarks>
public static class KlK3
{
    /// <summary>Estimate at each token.</summary>
    /// <returns>[B, T]; the caller masks and reduces.</returns>
    public static Tensor Estimate(Tensor logProbs, Tensor refLogProbs)
    {
        Shapes.RequireSame(logProbs, refLogProbs);
        var d = refLogProbs - logProbs;   // [B, T]
        return d.Exp() - d - 1f;          // [B, T]
    }

    /// <summary>The same as plain numbers, for metrics.</summary>
    /// <returns>As long as the inputs.</returns>
    public static double[] Values(ReadOnlySpan<float> logProbs, ReadOnlySpan<float> refLogProbs)
    {
        if (logProbs.Length != refLogProbs.Length)
        {
            throw new ArgumentException($"KlK3.Values: {logProbs.Length} log-probs and {refLogProbs.Length} reference log-probs; both are [B, T].", nameof(refLogProbs));
        }

        var values = new double[logProbs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double d = (double)refLogProbs[i] - logProbs[i];
            values[i] = Math.Exp(d) - d - 1;
        }

        return values;
    }
}
