using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Bradley-Terry with an upper margin: similar responses may not get scores that are far apart.</summary>
/// <remarks>
/// d = s(y⁺) − s(y⁻), δ = β₁/(similarity + β₂) + β₃;  ℓ = −log σ(d) − log σ(δ − d)
/// <para>
/// "Prior Constraints-based Reward Model Training for Aligning Large Language Models" (atlas row 245). Similarity is the length ratio, shorter over longer, or the cosine of embeddings, in 0..1.
/// Its minimum lies at d = δ/2.
/// </para>
/// </remarks>
public static class PriorConstraint
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">s(y⁺), [B].</param>
    /// <param name="rejected">s(y⁻), [B].</param>
    /// <param name="cap">δ, [B], a constant.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor cap)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected, cap);
        var d = chosen - rejected;                                                                     // [B]
        return -d.LogSigmoid() - (cap - d).LogSigmoid();                                               // [B]
    }

    /// <summary>δ of a similarity.</summary>
    /// <param name="similarity">0..1.</param>
    /// <param name="slope">β₁.</param>
    /// <param name="offset">β₂, above 0.</param>
    /// <param name="floor">β₃.</param>
    public static double Cap(double similarity, double slope = 1, double offset = 0.2, double floor = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(offset);
        return (slope / (Math.Clamp(similarity, 0, 1) + offset)) + floor;
    }

    /// <summary>The shorter length over the longer one; 1 for two empty texts.</summary>
    public static double LengthRatio(int first, int second) => Math.Max(first, second) == 0 ? 1 : (double)Math.Min(first, second) / Math.Max(first, second);
}
