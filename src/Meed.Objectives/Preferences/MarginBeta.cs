using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Direct preference optimisation that learns more from pairs which a reward model tells clearly apart.</summary>
/// <remarks>
/// β(δ) = β₀·(1 + w·(1 − e^{−k·δ}));  ℓ = −log σ(β(δ)·h), h = [log π(y⁺) − log π_ref(y⁺)] − [log π(y⁻) − log π_ref(y⁻)]
/// <para>MM-DPO of "MM-RLHF: The Next Step Forward in Multimodal LLM Alignment" (atlas row 53). δ is the reward model's margin; β runs from β₀ to β₀·(1 + w).</para>
/// </remarks>
public static class MarginBeta
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="logRatio">h in nats, summed over the tokens of each answer, [B].</param>
    /// <param name="margins">δ, [B], a constant; below 0 is an error of the pair's order and counts as 0.</param>
    /// <param name="beta">β₀, above 0.</param>
    /// <param name="weight">w, 0 or more.</param>
    /// <param name="rate">k, 0 or more.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor logRatio, Tensor margins, float beta = 0.1f, float weight = 0.5f, float rate = 0.5f)
    {
        Shapes.Require(logRatio, [-1]);
        Shapes.RequireSame(logRatio, margins);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        var scale = ((1f - (-rate * margins.Relu()).Exp()) * weight + 1f) * beta;                      // [B]
        return -(scale * logRatio).LogSigmoid();
    }
}
