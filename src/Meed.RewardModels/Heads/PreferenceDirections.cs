using Meed.RewardModels.Uncertainty;

namespace Meed.RewardModels.Heads;

/// <summary>A multi-attribute reward looked at along a direction: one model, and each user's own trade between its attributes.</summary>
/// <remarks>
/// r(x, y, u) = ⟨u, a(x, y)⟩, ‖u‖ = 1, a the ratings that attribute regression predicts.
/// <para>
/// Wang et al. 2024, "Arithmetic Control of LLMs for Diverse User Preferences: Directional Preference Alignment with Multi-Objective Rewards", arXiv:2402.18571. A user's direction is fitted to a few of
/// their comparisons (a logistic fit on differences of attributes), each asked where it tells the most (<see cref="LastLayerLaplace.NextQuery"/>).
/// </para>
/// </remarks>
public static class PreferenceDirections
{
    /// <summary>⟨u, a⟩ for u the direction scaled to length 1.</summary>
    /// <param name="attributes">a, [K].</param>
    /// <param name="direction">[K], not all zero.</param>
    public static double Score(ReadOnlySpan<double> attributes, ReadOnlySpan<double> direction)
    {
        if (attributes.Length != direction.Length)
        {
            throw new ArgumentException($"PreferenceDirections: {attributes.Length} attributes, but a direction of {direction.Length}.", nameof(direction));
        }

        double product = 0, square = 0;
        for (int k = 0; k < direction.Length; k++)
        {
            product += attributes[k] * direction[k];
            square += direction[k] * direction[k];
        }

        return square > 0 && double.IsFinite(square) ? product / Math.Sqrt(square)
            : throw new ArgumentException("PreferenceDirections: a direction has a finite number other than 0.", nameof(direction));
    }

    /// <summary>The direction of two attributes at an angle: (cos, sin).</summary>
    /// <param name="degrees">0 is the first attribute alone, 90 the second, below 0 the second avoided.</param>
    public static double[] Angle(double degrees) => [Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180)];

    /// <summary>Cosine between two directions.</summary>
    public static double Cosine(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double square = 0;
        foreach (double x in first)
        {
            square += x * x;
        }

        return Score(first, second) / Math.Sqrt(square);
    }

    /// <summary>A user's direction, of length 1, and how sure it is, from comparisons.</summary>
    /// <param name="differences">a(first) − a(second), [N][K].</param>
    /// <param name="labels">Probability that the user prefers the first, [N].</param>
    /// <param name="precision">Precision of the prior; above 0.</param>
    public static (double[] Direction, LastLayerLaplace Posterior) Fit(IReadOnlyList<double[]> differences, IReadOnlyList<double> labels, double precision = 1)
    {
        var posterior = LastLayerLaplace.Fit(differences, labels, precision);
        double norm = Math.Sqrt(posterior.Weights.Sum(w => w * w));
        return ([.. posterior.Weights.Select(w => norm > 0 ? w / norm : 0)], posterior);
    }
}
