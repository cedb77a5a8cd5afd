using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Direct preference optimisation on single spans, without pairs: accurate spans rise, inaccurate ones fall.</summary>
/// <remarks>
/// accurate: ℓ = −log σ(β·log π/π_ref);  inaccurate: ℓ = −log σ(−β·log π/π_ref)
/// <para>FDPO of "Detecting and Preventing Hallucinations in Large Vision Language Models" (atlas row 20).</para>
/// </remarks>
public static class SpanPreference
{
    /// <summary>Loss of each span.</summary>
    /// <param name="logRatios">log π − log π_ref in nats, summed over the span's tokens, [N].</param>
    /// <param name="accurate">[N].</param>
    /// <param name="beta">β, above 0.</param>
    /// <returns>[N].</returns>
    public static Tensor Loss(Tensor logRatios, bool[] accurate, float beta = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(accurate);
        Shapes.Require(logRatios, [accurate.Length]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        return -Tensor.Where(accurate, logRatios * beta, logRatios * -beta).LogSigmoid();
    }
}
