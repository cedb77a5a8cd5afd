using Meed.Numerics;

namespace Meed.Objectives.Kl;

/// <summary>The plain estimator of KL(π‖π_ref) from tokens that π sampled: unbiased, large variance, may be negative.</summary>
/// <remarks>
/// k1 = log π − log π_ref
/// <para>Schulman 2020, "Approximating KL divergence". In nats.</para>
/// <para>As a value (in the reward, or as a metric) it is unbiased. As a loss term it is useless: its expected gradient is zero. Use <see cref="KlK2"/> there.</para>
/// </remarks>
public static class KlK1
{
    /// <summary>Estimate at each token.</summary>
    /// <returns>[B, T]; the caller masks and reduces.</returns>
    public static Tensor Estimate(Tensor logProbs, Tensor refLogProbs)
    {
        Shapes.RequireSame(logProbs, refLogProbs);
        return logProbs - refLogProbs;   // [B, T]
    }
}
