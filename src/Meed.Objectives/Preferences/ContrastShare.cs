using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>A score as its share among the scores of the same answer under altered prompts.</summary>
/// <remarks>
/// r'(x, y) = exp(r(x, y)/τ) / (exp(r(x, y)/τ) + Σ_k exp(r(x_k, y)/τ))
/// <para>
/// "Confidence-aware Reward Optimization for Fine-tuning Text-to-Image Models" (atlas row 232). What a reward pays whatever the prompt asks cancels; what is left is whether the answer
/// fits this prompt rather than its neighbours.
/// </para>
/// </remarks>
public static class ContrastShare
{
    /// <summary>Share of each row.</summary>
    /// <param name="scores">r(x, y), [B].</param>
    /// <param name="altered">r(x_k, y), [B, K].</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <returns>[B], 0..1.</returns>
    public static Tensor Of(Tensor scores, Tensor altered, float temperature = 1f)
    {
        Shapes.Require(scores, [-1]);
        Shapes.Require(altered, [scores.Length, -1]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        return (Tensor.Concat(1, scores.Reshape(scores.Length, 1), altered) / temperature).Softmax().Select(1, 0);
    }
}
