using Meed.Numerics;

namespace Meed.Objectives.Losses;

/// <summary>The clipped policy-gradient loss of PPO and GRPO, one value per token.</summary>
/// <remarks>
/// ρ = exp(log π − log π_old);  ℓ = −min(ρ·A, clamp(ρ, 1 − low, 1 + high)·A)
/// <para>Schulman et al. 2017, Eq. 7, arXiv:1707.06347. A high clip above the low one keeps rare tokens able to rise: Yu et al. 2025 (DAPO), arXiv:2503.14476.</para>
/// <para>Log-probabilities are in nats, [B, T]; the advantage is one number a row, [B], shared by the row's tokens.</para>
/// </remarks>
public static class ClippedSurrogate
{
    /// <summary>Loss of each token.</summary>
    /// <param name="logProbs">log π, [B, T]; gradients flow into it.</param>
    /// <param name="oldLogProbs">log π_old as recorded while sampling, [B, T]; a constant.</param>
    /// <param name="advantages">A, [B]; a constant.</param>
    /// <param name="clipLow">How far the ratio may fall below 1 before the gradient stops, 0..1.</param>
    /// <param name="clipHigh">How far it may rise above 1, 0 or more.</param>
    /// <returns>[B, T]; the caller masks and reduces.</returns>
    public static Tensor Loss(Tensor logProbs, Tensor oldLogProbs, Tensor advantages, float clipLow = 0.2f, float clipHigh = 0.2f)
    {
        Shapes.Require(logProbs, [-1, -1]);
        Shapes.RequireSame(logProbs, oldLogProbs);
        Shapes.Require(advantages, [logProbs.Shape[0]]);
        var ratio = (logProbs - oldLogProbs).Exp();                                                    // [B, T]
        var advantage = advantages.Reshape(advantages.Length, 1);                                      // [B, 1]
        return -Tensor.Minimum(ratio * advantage, ratio.Clamp(1 - clipLow, 1 + clipHigh) * advantage);  // [B, T]
    }

    /// <summary>Share of the counted tokens whose gradient the clip has stopped.</summary>
    /// <param name="logProbs">log π, [B·T] row-major.</param>
    /// <param name="oldLogProbs">log π_old, [B·T].</param>
    /// <param name="advantages">A, [B].</param>
    /// <param name="mask">Which tokens count, [B·T].</param>
    /// <param name="clipLow">As in <see cref="Loss"/>.</param>
    /// <param name="clipHigh">As in <see cref="Loss"/>.</param>
    /// <returns>0..1; 0 when no token counts.</returns>
    public static double ClippedShare(ReadOnlySpan<float> logProbs, ReadOnlySpan<float> oldLogProbs, ReadOnlySpan<float> advantages, ReadOnlySpan<bool> mask, float clipLow, float clipHigh)
    {
        if (logProbs.Length != oldLogProbs.Length || logProbs.Length != mask.Length || advantages.Length == 0 || logProbs.Length % advantages.Length != 0)
        {
            throw new ArgumentException($"ClippedSurrogate.ClippedShare: {logProbs.Length} log-probs, {oldLogProbs.Length} old log-probs, {mask.Length} mask values and {advantages.Length} advantages do not form [B, T] and [B].");
        }

        int tokens = logProbs.Length / advantages.Length, counted = 0, clipped = 0;
        for (int i = 0; i < logProbs.Length; i++)
        {
            if (mask[i])
            {
                float ratio = MathF.Exp(logProbs[i] - oldLogProbs[i]), advantage = advantages[i / tokens];
                counted++;
                clipped += (advantage > 0 && ratio > 1 + clipHigh) || (advantage < 0 && ratio < 1 - clipLow) ? 1 : 0;
            }
        }

        return counted == 0 ? 0 : (double)clipped / counted;
    }
}
