using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Ratings by several criteria, of which some may be missing.</summary>
/// <remarks>
/// ℓ = Σ_k m_k·(s_k − y_k)² / Σ_k m_k, m the criteria that were rated; 0 where none was
/// <para>HelpSteer, arXiv:2311.09528; ArmoRM, arXiv:2406.12845. What stands in a missing place changes nothing.</para>
/// </remarks>
public static class AttributeRegression
{
    /// <summary>Loss of each response.</summary>
    /// <param name="scores">s, [B, K].</param>
    /// <param name="ratings">y, [B, K], a constant; anything where the mask is false.</param>
    /// <param name="rated">m, [B·K].</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor scores, Tensor ratings, bool[] rated)
    {
        ArgumentNullException.ThrowIfNull(rated);
        Shapes.Require(scores, [-1, -1]);
        Shapes.RequireSame(scores, ratings);
        if (rated.Length != scores.Length)
        {
            throw new ArgumentException($"AttributeRegression: {rated.Length} mask values for scores of {Shapes.Text(scores.Shape)}.", nameof(rated));
        }

        int rows = scores.Shape[0], width = scores.Shape[1];
        var shares = new float[rows];
        for (int b = 0; b < rows; b++)
        {
            shares[b] = 1f / Math.Max(1, rated.AsSpan(b * width, width).Count(true));
        }

        // The ratings are selected before the difference, so that a NaN in a missing place stays out of it.
        var error = scores.Where(rated, 0f) - ratings.Where(rated, 0f);                                // [B, K]
        return error.Square().Sum(1) * Tensor.From(shares);                                            // [B]
    }
}
