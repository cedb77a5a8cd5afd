using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Of three trajectories two were named alike: their codes come closer than the third's.</summary>
/// <remarks>
/// ℓ = max(0, ‖φ(a) − φ(p)‖² − ‖φ(a) − φ(n)‖² + m)
/// <para>SIRL, "Similarity-based Implicit Representation Learning" (atlas row 77); the answer gives two triplets, one with each of the alike ones as the anchor, whose losses are averaged.</para>
/// </remarks>
public static class TripletSimilarity
{
    /// <summary>Loss of each triplet.</summary>
    /// <param name="anchors">φ(a), [B, D].</param>
    /// <param name="positives">φ(p), the one that is alike, [B, D].</param>
    /// <param name="negatives">φ(n), the odd one, [B, D].</param>
    /// <param name="margin">m, above 0.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor anchors, Tensor positives, Tensor negatives, float margin = 1f)
    {
        Shapes.Require(anchors, [-1, -1]);
        Shapes.RequireSame(anchors, positives, negatives);
        return ((anchors - positives).Square().Sum(1) - (anchors - negatives).Square().Sum(1) + margin).Relu();
    }

    /// <summary>Loss of each answer: the mean over both anchors.</summary>
    /// <param name="first">One of the two alike, [B, D].</param>
    /// <param name="second">The other, [B, D].</param>
    /// <param name="odd">The third, [B, D].</param>
    /// <param name="margin">m.</param>
    /// <returns>[B].</returns>
    public static Tensor Answer(Tensor first, Tensor second, Tensor odd, float margin = 1f) => (Loss(first, second, odd, margin) + Loss(second, first, odd, margin)) * 0.5f;
}
