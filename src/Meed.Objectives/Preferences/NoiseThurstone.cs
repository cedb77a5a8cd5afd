using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Thurstone's loss on noised samples: the more noise, the less a difference of scores decides.</summary>
/// <remarks>
/// z = (s⁺ − s⁻) / σ(t), σ(t)² = σ₀² + σ₁²·t²;  ℓ = −log Φ(z), t the noise level in 0..1
/// <para>"Beyond VLM-Based Rewards: Diffusion-Native Latent Reward Modeling" (atlas row 194). Variances add: that of the judgement and that of the noise. The authors' code gives each side 2t² + 0.05, so σ₀² = 0.1 and σ₁ = 2, and trains by 1 − √Φ(z) instead of −log Φ(z). σ₁ = 0 is constant variance.</para>
/// </remarks>
public static class NoiseThurstone
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">s⁺ at the pair's noise level, [B].</param>
    /// <param name="rejected">s⁻, [B].</param>
    /// <param name="noise">t, 0..1, [B], a constant.</param>
    /// <param name="baseDeviation">σ₀, above 0.</param>
    /// <param name="noiseDeviation">σ₁, 0 or more.</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor noise, float baseDeviation = 1f, float noiseDeviation = 1f)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected, noise);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baseDeviation);
        ArgumentOutOfRangeException.ThrowIfNegative(noiseDeviation);
        var deviation = ((noise.Square() * (noiseDeviation * noiseDeviation)) + (baseDeviation * baseDeviation)).Sqrt();   // [B]
        return -NormalLogCdf.Of((chosen - rejected) / deviation);                                                         // [B]
    }
}
