using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Every user has an ideal answer, a mixture of a few learned prototypes; nearer answers are preferred.</summary>
/// <remarks>
/// u = Σ_k w_k·p_k, w = softmax of the user's logits;  ℓ = −log σ(‖f(y⁻) − u‖² − ‖f(y⁺) − u‖²)
/// <para>PAL, "Pluralistic Alignment Framework for Learning from Heterogeneous Preferences" (atlas row 46). A new user fits only the K numbers w, the rest stays.</para>
/// </remarks>
public static class IdealPoint
{
    /// <summary>Loss of each pair, by distance.</summary>
    /// <param name="chosen">f(y⁺), [B, D].</param>
    /// <param name="rejected">f(y⁻), [B, D].</param>
    /// <param name="prototypes">p, [K, D].</param>
    /// <param name="weights">Logits of each pair's user, [B, K].</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor prototypes, Tensor weights)
    {
        var user = User(chosen, rejected, prototypes, weights);                                        // [B, D]
        return -((rejected - user).Square().Sum(1) - (chosen - user).Square().Sum(1)).LogSigmoid();
    }

    /// <summary>Loss of each pair by inner product: ℓ = −log σ(⟨f(y⁺) − f(y⁻), u⟩).</summary>
    /// <inheritdoc cref="Loss"/>
    public static Tensor InnerLoss(Tensor chosen, Tensor rejected, Tensor prototypes, Tensor weights)
    {
        var user = User(chosen, rejected, prototypes, weights);
        return -((chosen - rejected) * user).Sum(1).LogSigmoid();
    }

    private static Tensor User(Tensor chosen, Tensor rejected, Tensor prototypes, Tensor weights)
    {
        Shapes.Require(chosen, [-1, -1]);
        Shapes.RequireSame(chosen, rejected);
        Shapes.Require(prototypes, [-1, chosen.Shape[1]]);
        Shapes.Require(weights, [chosen.Shape[0], prototypes.Shape[0]]);
        return weights.Softmax().MatMul(prototypes);
    }
}
