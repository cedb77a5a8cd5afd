namespace Meed.Evaluation.Statistics;

/// <summary>The smallest difference between two rewards on the same items that a test would probably have found.</summary>
/// <remarks>
/// For paired proportions with a share ψ of items on which the two differ and a difference δ of their accuracies, McNemar's test at level α needs
/// n = (z(1 − α/2)·√ψ + z(power)·√(ψ − δ²))² / δ² items (Miettinen 1968; Connor 1987, Biometrics 43). <see cref="Paired"/> solves it for δ.
/// </remarks>
public static class DetectableEffect
{
    /// <summary>Items needed to find a difference.</summary>
    /// <param name="difference">δ, above 0 and at most ψ.</param>
    /// <param name="discordant">ψ, the share of items on which exactly one is right.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="power">Chance of finding it.</param>
    public static double Items(double difference, double discordant, double alpha = 0.05, double power = 0.8)
    {
        if (!(difference > 0) || !(discordant >= difference) || discordant > 1)
        {
            throw new ArgumentException($"DetectableEffect.Items: a difference of {difference} with a discordant share of {discordant}; 0 < difference ≤ discordant ≤ 1.");
        }

        double root = (Normal.Quantile(1 - (alpha / 2)) * Math.Sqrt(discordant)) + (Normal.Quantile(power) * Math.Sqrt(discordant - (difference * difference)));
        return root * root / (difference * difference);
    }

    /// <summary>The difference that this many items find with the stated power; NaN when no difference up to ψ would do.</summary>
    /// <param name="items">Items that both judged.</param>
    /// <param name="discordant">ψ, as found between the two.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="power">Chance of finding it.</param>
    public static double Paired(double items, double discordant, double alpha = 0.05, double power = 0.8)
    {
        if (!(discordant > 0) || Items(discordant, discordant, alpha, power) > items)
        {
            return double.NaN;
        }

        double low = 0, high = discordant;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Items(middle, discordant, alpha, power) > items ? (middle, high) : (low, middle);
        }

        return high;
    }
}
