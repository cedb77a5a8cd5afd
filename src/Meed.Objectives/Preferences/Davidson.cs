using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry with ties after Davidson: a tie is likeliest between equals.</summary>
/// <remarks>
/// With Z = e^{s₁} + e^{s₂} + ν·e^{(s₁+s₂)/2}: P(1 wins) = e^{s₁}/Z, P(2 wins) = e^{s₂}/Z, P(tie) = ν·e^{(s₁+s₂)/2}/Z. Divided by e^{(s₁+s₂)/2}, with d = s₁ − s₂:
/// log P = (d/2, −d/2 or log ν) − log(e^{d/2} + e^{−d/2} + ν).
/// <para>Davidson 1970, "On extending the Bradley-Terry model to accommodate ties in paired comparison experiments", JASA 65. ν ≥ 0 is learned as log ν; at ν = 2 equal scores tie with probability ½.</para>
/// </remarks>
public static class Davidson
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="first">s₁, [B].</param>
    /// <param name="second">s₂, [B].</param>
    /// <param name="outcomes">[B]: 1 the first won, −1 the second, 0 a tie.</param>
    /// <param name="logNu">log ν, one number [1]; gradients flow into it.</param>
    /// <returns>−log P(outcome), [B].</returns>
    public static Tensor Loss(Tensor first, Tensor second, int[] outcomes, Tensor logNu)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        Shapes.Require(first, [outcomes.Length]);
        Shapes.RequireSame(first, second);
        Shapes.Require(logNu, [1]);
        var half = (first - second) * 0.5f;                                                            // [B]
        var tie = logNu.BroadcastTo(outcomes.Length);                                                  // [B]
        var all = Tensor.Stack(half, -half, tie).Transpose(0, 1);                                      // [B, 3]
        return all.LogSumExp() - all.Gather([.. outcomes.Select(Outcomes.Column)]);                    // [B]
    }
}
