using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>A reward model that first writes a critique and then scores with the critique before it.</summary>
/// <remarks>
/// ℓ = −Σ_t log π(c_t) − w·log σ(s(y⁺, c⁺) − s(y⁻, c⁻))
/// <para>MM-RLHF (atlas row 53) and BaseReward's critique arm (row 104): the language-model loss on written critiques plus the pairwise loss on scores that follow them.</para>
/// </remarks>
public static class CritiqueThenScore
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="critiqueLogProbs">log π of the critiques' tokens in nats, [B, T], 0 in the padding.</param>
    /// <param name="chosen">s(y⁺, c⁺), [B].</param>
    /// <param name="rejected">s(y⁻, c⁻), [B].</param>
    /// <param name="weight">w, 0 or more.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor critiqueLogProbs, Tensor chosen, Tensor rejected, float weight = 1f)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected);
        Shapes.Require(critiqueLogProbs, [chosen.Length, -1]);
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        return -critiqueLogProbs.Sum(1) - ((chosen - rejected).LogSigmoid() * weight);
    }
}
