using Meed.Numerics;

namespace Meed.Objectives.Kl;

/// <summary>Which estimator of KL(π‖π_ref) a trainer uses.</summary>
public enum KlEstimator : byte
{
    /// <summary><see cref="KlK1"/>.</summary>
    K1,

    /// <summary><see cref="KlK2"/>.</summary>
    K2,

    /// <summary><see cref="KlK3"/>.</summary>
    K3,
}

/// <summary>Calls the estimator that an option names.</summary>
public static class KlEstimators
{
    /// <summary>Estimate at each token, [B, T].</summary>
    public static Tensor Estimate(this KlEstimator estimator, Tensor logProbs, Tensor refLogProbs) => estimator switch
    {
        KlEstimator.K1 => KlK1.Estimate(logProbs, refLogProbs),
        KlEstimator.K2 => KlK2.Estimate(logProbs, refLogProbs),
        KlEstimator.K3 => KlK3.Estimate(logProbs, refLogProbs),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "Known estimators: K1, K2, K3."),
    };
}
