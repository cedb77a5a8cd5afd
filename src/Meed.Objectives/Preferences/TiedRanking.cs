using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry for pairs of unequal labels, and a pull together for pairs of equal ones.</summary>
/// <remarks>
/// unequal: ℓ = −log σ(d);  equal: ℓ = −log σ(d − m) − log σ(−d − m)
/// <para>
/// "SoliReward" (atlas row 182), where the tie term keeps the scores of winners close, so that one spurious feature cannot raise a winner further. The larger m, the steeper the
/// walls around d = 0; m = 0 is the sum of both orders.
/// </para>
/// </remarks>
public static class TiedRanking
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="first">s of the first, which is the better one where labels differ, [B].</param>
    /// <param name="second">s of the second, [B].</param>
    /// <param name="equal">[B] true where both have the same label.</param>
    /// <param name="margin">m.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor first, Tensor second, bool[] equal, float margin = 0f)
    {
        ArgumentNullException.ThrowIfNull(equal);
        Shapes.Require(first, [equal.Length]);
        Shapes.RequireSame(first, second);
        var d = first - second;                                                                                   // [B]
        return Tensor.Where(equal, -(d - margin).LogSigmoid() - (-d - margin).LogSigmoid(), -d.LogSigmoid());     // [B]
    }
}
