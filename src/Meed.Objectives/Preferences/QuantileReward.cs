using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Several quantiles of a rating at once, by the pinball loss.</summary>
/// <remarks>
/// ℓ = (1/K)·Σ_k max(τ_k·(y − q_k), (τ_k − 1)·(y − q_k))
/// <para>Koenker and Bassett 1978; as reward models Dorka 2024, arXiv:2409.10164. The spread of the quantiles is the doubt about a response.</para>
/// </remarks>
public static class QuantileReward
{
    /// <summary>Loss of each response.</summary>
    /// <param name="quantiles">q, [B, K].</param>
    /// <param name="ratings">y, [B], a constant.</param>
    /// <param name="levels">τ, K numbers inside 0..1.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor quantiles, Tensor ratings, float[] levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        Shapes.Require(quantiles, [-1, levels.Length]);
        Shapes.Require(ratings, [quantiles.Shape[0]]);
        if (Array.Exists(levels, l => l is not (> 0 and < 1)))
        {
            throw new ArgumentException($"QuantileReward: levels are [{string.Join(", ", levels)}]; each lies inside 0..1.", nameof(levels));
        }

        var error = ratings.Reshape(ratings.Length, 1) - quantiles;                                    // [B, K]
        var rising = Tensor.From(levels, 1, levels.Length);                                            // [1, K]
        return Tensor.Maximum(error * rising, error * (rising - 1f)).Mean(1);                          // [B]
    }
}
