using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>Each response has a normal distribution of worth; the better draw wins.</summary>
/// <remarks>
/// z = (μ⁺ − μ⁻) / √(σ⁺² + σ⁻²);  ℓ = −log Φ(z), with log σ² predicted beside μ
/// <para>Thurstone 1927, case I without correlation. A model that predicts the variance says which responses it cannot judge. First derivative only.</para>
/// </remarks>
public static class Thurstone
{
    /// <summary>Loss of each pair.</summary>
    /// <param name="chosen">μ⁺, [B].</param>
    /// <param name="rejected">μ⁻, [B].</param>
    /// <param name="chosenLogVariance">log σ⁺², [B].</param>
    /// <param name="rejectedLogVariance">log σ⁻², [B].</param>
    /// <returns>[B].</returns>
    public static Tensor Loss(Tensor chosen, Tensor rejected, Tensor chosenLogVariance, Tensor rejectedLogVariance)
    {
        Shapes.Require(chosen, [-1]);
        Shapes.RequireSame(chosen, rejected, chosenLogVariance, rejectedLogVariance);
        var deviation = (chosenLogVariance.Exp() + rejectedLogVariance.Exp()).Sqrt();                  // [B]
        return -NormalLogCdf.Of((chosen - rejected) / deviation);                                      // [B]
    }

    /// <summary>Probability that the first is better, for numbers in float64.</summary>
    public static double Probability(double first, double second, double firstVariance, double secondVariance) =>
        Math.Exp(NormalLogCdf.Value((first - second) / Math.Sqrt(firstVariance + secondVariance)));
}
