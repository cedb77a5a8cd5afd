namespace Meed.Numerics.Kernels.Plain;

/// <summary>Optimiser updates, one value after the other.</summary>
internal static class Steps
{
    /// <summary>One Adam step; decay is η·λ, stepSize η / (1 − β₁ᵗ), rootCorrection 1 / √(1 − β₂ᵗ).</summary>
    public static void Adam(Span<float> value, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, float scale, float beta1, float beta2, float stepSize, float rootCorrection, float epsilon, float decay)
    {
        for (int i = 0; i < value.Length; i++)
        {
            float g = gradient[i] * scale;
            first[i] = (beta1 * first[i]) + ((1f - beta1) * g);
            second[i] = (beta2 * second[i]) + ((1f - beta2) * g * g);
            value[i] -= (decay * value[i]) + (stepSize * first[i] / ((MathF.Sqrt(second[i]) * rootCorrection) + epsilon));
        }
    }
}
