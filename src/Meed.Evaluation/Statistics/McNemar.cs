namespace Meed.Evaluation.Statistics;

/// <summary>The exact test of McNemar: do two rewards that judged the same items differ in how often they are right?</summary>
/// <remarks>Under equality each item on which exactly one is right falls to either with probability ½: p = min(1, 2·P(B ≤ min(b, c))) with B ~ Binomial(b + c, ½). McNemar 1947. It takes items for independent; where they come in clusters, see <see cref="ClusteredBootstrap"/>.</remarks>
public static class McNemar
{
    /// <summary>The two-sided p-value.</summary>
    /// <param name="onlyFirst">Items that only the first got right.</param>
    /// <param name="onlySecond">Items that only the second got right.</param>
    public static double Exact(long onlyFirst, long onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        long n = onlyFirst + onlySecond, less = Math.Min(onlyFirst, onlySecond);
        if (2 * less >= n)
        {
            return 1;
        }

        // Terms from the largest down, so that neither 2^-n nor the coefficients leave the range of a double.
        double log = -n * Math.Log(2);
        for (long i = 1; i <= less; i++)
        {
            log += Math.Log((double)(n - less + i) / i);
        }

        double ratio = 1, sum = 1;
        for (long i = less; i > 0 && ratio > 1e-18 * sum; i--)
        {
            ratio *= (double)i / (n - i + 1);
            sum += ratio;
        }

        return Math.Min(1, 2 * Math.Exp(log) * sum);
    }

    /// <summary>Counts the items that only one of two got right and tests them. Items of equal value, ties included, say nothing.</summary>
    /// <param name="first">Values of the first, such as 1, ½ or 0 an item.</param>
    /// <param name="second">Values of the second for the same items.</param>
    public static (long OnlyFirst, long OnlySecond, double P) Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"McNemar.Test: the first has {first.Length} items, the second {second.Length}; both judge the same items.");
        }

        long b = 0, c = 0;
        for (int i = 0; i < first.Length; i++)
        {
            b += first[i] > second[i] ? 1 : 0;
            c += first[i] < second[i] ? 1 : 0;
        }

        return (b, c, Exact(b, c));
    }
}
