using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>The pairwise logistic loss of reward models: a difference of scores is a log-odds.</summary>
/// <remarks>
/// d = s(y⁺) − s(y⁻) − m;  ℓ = −(1 − ε)·log σ(d) − ε·log σ(−d)
/// <para>Bradley and Terry 1952; as a reward model's loss Ouyang et al. 2022, Eq. 1, arXiv:2203.02155. The margin m is Touvron et al. 2023 (Llama 2), Eq. 2, arXiv:2307.09288; ε softens every label by the same share.</para>
/// </remarks>
public static class BradleyTerry
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">s(y⁺), [B].</param>
    /// <param name="rejected">s(y⁻), [B].</param>
    /// <param name="margin">m, [B], a constant; 0 when null.</param>
    /// <param name="smoothing">ε, 0 to below ½.</param>
    /// <returns>[B]; the caller reduces.</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor? margin = null, float smoothing = 0f)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected);
        if (smoothing is not (>= 0 and < 0.5f))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), $"BradleyTerry: smoothing is {smoothing}; it is 0 to below 0.5.");
        }

        var d = chosen - rejected;                       // [B]
        if (margin is not null)
        {
            Shapes.RequireSame(chosen, margin);
            d -= margin;
        }

        return smoothing == 0 ? -d.LogSigmoid() : -((1 - smoothing) * d.LogSigmoid()) - (smoothing * (-d).LogSigmoid());
    }
}
