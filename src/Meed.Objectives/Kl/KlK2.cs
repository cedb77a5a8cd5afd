using Meed.Numerics;

namespace Meed.Objectives.Kl;

/// <summary>The squared estimator of KL(π‖π_ref) from tokens that π sampled: biased, small variance, never negative.</summary>
/// <remarks>
/// k2 = ½·(log π − log π_ref)²
/// <para>Schulman 2020, "Approximating KL divergence". In nats. Its expected gradient equals that of the true KL(π‖π_ref), which makes it the one to use as a loss term.</para>
/// </remarks>
public static class KlK2
{
    /// <summary>Estimate at each token.</summary>
    /// <returns>[B, T]; the caller masks and reduces.</returns>
    public static Tensor Estimate(Tensor logProbs, Tensor refLogProbs)
    {
        Shapes.RequireSame(logProbs, refLogProbs);
        return 0.5f * (logProbs - refLogProbs).Square();   // [B, T]
    }
}
