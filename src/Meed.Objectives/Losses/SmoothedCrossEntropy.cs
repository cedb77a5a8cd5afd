using Meed.Numerics;

namespace Meed.Objectives.Losses;

/// <summary>Cross-entropy against targets that leave a little probability to every token.</summary>
/// <remarks>
/// ℓ = −(1 − ε)·log p(target) − (ε / V)·Σ_v log p(v), p = softmax(logits)
/// <para>Szegedy et al. 2016, section 7, arXiv:1512.00567. In nats. A policy warmed up with it still tries tokens it was never shown, at a rate near ε / V, which exploration needs.</para>
/// </remarks>
public static class SmoothedCrossEntropy
{
    /// <summary>Loss of each token.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N] shown tokens.</param>
    /// <param name="smoothing">ε, 0 to below 1.</param>
    /// <returns>[N].</returns>
    public static Tensor Loss(Tensor logits, int[] targets, float smoothing)
    {
        ArgumentNullException.ThrowIfNull(targets);
        Shapes.Require(logits, [targets.Length, -1]);
        if (smoothing is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), $"SmoothedCrossEntropy: smoothing is {smoothing}; it is 0 to below 1.");
        }

        var shown = Ops.TokenLogProbs(logits, targets);              // [N]
        var every = logits.Mean(-1) - logits.LogSumExp();            // [N], the mean over v of log p(v)
        return -((1 - smoothing) * shown) - (smoothing * every);     // [N]
    }
}
