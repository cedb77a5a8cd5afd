using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry whose margin is how strongly an ensemble of reward models prefers the pair.</summary>
/// <remarks>
/// μ̂ = (1/K)·Σ_k [r_k(y⁺) − r_k(y⁻)];  ℓ = −log σ(s(y⁺) − s(y⁻) − μ̂)
/// <para>"Secrets of RLHF in Large Language Models Part II: Reward Modeling", section 2.3 (atlas row 22). Strong pairs have to be told far apart; a negative μ̂, a doubtful label, asks for less than equality.</para>
/// </remarks>
public static class AdaptiveMargin
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">s(y⁺), [B].</param>
    /// <param name="rejected">s(y⁻), [B].</param>
    /// <param name="votes">r_k(y⁺) − r_k(y⁻) of K reward models, [K, B], constants.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor votes)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.Require(votes, [-1, chosen.Length]);
        return BradleyTerry.Loss(chosen, rejected, votes.Mean(0).Detach());
    }
}
