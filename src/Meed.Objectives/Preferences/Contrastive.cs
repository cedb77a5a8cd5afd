using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Each row finds its own partner among the partners of the batch.</summary>
/// <remarks>
/// ℓ_i = −log( exp(cos(a_i, p_i)/τ) / Σ_j exp(cos(a_i, p_j)/τ) )
/// <para>
/// InfoNCE, van den Oord et al. 2018, arXiv:1807.03748; SimCSE (arXiv:2104.08821) where both are the same text under two dropout masks, which "Secrets of RLHF Part II" adds to a
/// reward model's loss (atlas row 22). Between pictures or clips and texts, both directions are averaged (rows 225 and 229).
/// </para>
/// </remarks>
public static class Contrastive
{
    /// <summary>Loss of each row.</summary>
    /// <param name="anchors">a, [B, D].</param>
    /// <param name="positives">p, [B, D].</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor anchors, Tensor positives, float temperature = 0.05f)
    {
        Shapes.Require(anchors, [-1, -1]);
        Shapes.RequireSame(anchors, positives);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        int[] own = [.. Enumerable.Range(0, anchors.Shape[0])];
        return Ops.CrossEntropy(Cosines.All(anchors, positives) / temperature, own);                   // [B]
    }

    /// <summary>The mean of both directions, for pairs of two kinds.</summary>
    public static Tensor Symmetric(Tensor first, Tensor second, float temperature = 0.05f) => (Loss(first, second, temperature) + Loss(second, first, temperature)) * 0.5f;
}
