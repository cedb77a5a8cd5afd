using Meed.Numerics;

namespace Meed.Objectives.Losses;

/// <summary>Entropy of the next-token distribution at each position.</summary>
/// <remarks>
/// H = −Σ_v p(v)·log p(v), p = softmax(logits)
/// <para>In nats, 0..log V. As a bonus it is subtracted from the loss: Williams and Peng 1991; Mnih et al. 2016, arXiv:1602.01783.</para>
/// </remarks>
public static class Entropy
{
    /// <summary>Entropy over the last axis.</summary>
    /// <param name="logits">[..., V].</param>
    /// <returns>The shape of <paramref name="logits"/> without V.</returns>
    public static Tensor Of(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Rank == 0)
        {
            throw new ArgumentException("Entropy.Of: logits are a single number; they need a last axis over the vocabulary.", nameof(logits));
        }

        var logProbs = logits.LogSoftmax();                // [..., V]
        return -(logProbs.Exp() * logProbs).Sum(-1);       // [...]
    }
}
