using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry with a probability for a label: how many of the judges, or how sure one was.</summary>
/// <remarks>
/// d = s(y₁) − s(y₂);  ℓ = −p·log σ(d) − (1 − p)·log σ(−d)
/// <para>The cross-entropy between the label's distribution and the model's; p = ½ is a tie that asks for equal scores (RRM, arXiv:2409.13156).</para>
/// </remarks>
public static class SoftBradleyTerry
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="first">s(y₁), [B].</param>
    /// <param name="second">s(y₂), [B].</param>
    /// <param name="probability">p that the first is better, 0..1, [B], a constant.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor first, Tensor second, Tensor probability)
    {
        Shapes.Require(first, [-1]);
        Shapes.RequireSame(first, second, probability);
        var d = first - second;                                                                        // [B]
        return -(probability * d.LogSigmoid()) - ((1f - probability) * (-d).LogSigmoid());             // [B]
    }
}
