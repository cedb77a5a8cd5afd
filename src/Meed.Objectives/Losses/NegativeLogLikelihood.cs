using Meed.Numerics;

namespace Meed.Objectives.Losses;

/// <summary>Cross-entropy of supervised fine-tuning, one value per token.</summary>
/// <remarks>
/// ℓ = −log π(token | tokens before it)
/// <para>In nats. Where only logits are at hand, <see cref="Ops.CrossEntropy"/> gives the same without a second [B, T, V].</para>
/// </remarks>
public static class NegativeLogLikelihood
{
    /// <summary>Loss of each token.</summary>
    /// <param name="logProbs">log π of the shown tokens, [B, T].</param>
    /// <returns>[B, T]; the caller masks and reduces.</returns>
    public static Tensor Loss(Tensor logProbs)
    {
        Shapes.Require(logProbs, [-1, -1]);
        return -logProbs;   // [B, T]
    }
}
