using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry with less weight on pairs that are already told apart.</summary>
/// <remarks>
/// P = σ(s(y⁺) − s(y⁻));  ℓ = −(1 − 2·max(0, P − ½))^γ · log P
/// <para>The focal ranking loss of InternLM2 (Cai et al. 2024, section 4.2, arXiv:2403.17297), after Lin et al. 2017, arXiv:1708.02002. γ = 0 is Bradley-Terry; the weight is 1 for every pair in the wrong order.</para>
/// </remarks>
public static class FocalRanking
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">s(y⁺), [B].</param>
    /// <param name="rejected">s(y⁻), [B].</param>
    /// <param name="gamma">γ, 0 or more.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, float gamma = 2f)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected);
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        var d = chosen - rejected;                                                                     // [B]
        if (gamma == 0)
        {
            return -d.LogSigmoid();
        }

        // 1 − 2·max(0, P − ½) = 2·σ(−max(0, d)); in logarithms, so that a sure pair underflows to weight 0 and not to NaN.
        var weight = (((-d.Relu()).LogSigmoid() + MathF.Log(2f)) * gamma).Exp();                       // [B]
        return -(weight * d.LogSigmoid());                                                             // [B]
    }
}
