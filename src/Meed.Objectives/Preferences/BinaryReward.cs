using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>A score as the log-odds of being good, from labels of single responses.</summary>
/// <remarks>
/// ℓ = −y·log σ(s) − (1 − y)·log σ(−s)
/// <para>Outcome verifiers: Cobbe et al. 2021, arXiv:2110.14168. y may be soft, such as the share of Monte-Carlo continuations of a step that ended right.</para>
/// </remarks>
public static class BinaryReward
{
    /// <summary>Loss of each response.</summary>
    /// <param name="scores">s, [B].</param>
    /// <param name="labels">y, 0..1, [B], a constant.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor scores, Tensor labels)
    {
        Shapes.Require(scores, [-1]);
        Shapes.RequireSame(scores, labels);
        return -(labels * scores.LogSigmoid()) - ((1f - labels) * (-scores).LogSigmoid());
    }
}
