using Meed.Numerics;

namespace Meed.Evaluation.Lab;

/// <summary>Best-of-n: draw n answers, keep the one that a proxy scores highest.</summary>
public static class BestOfN
{
    /// <summary>KL divergence from the policy to its best-of-n, in nats: ln n − (n − 1)/n.</summary>
    /// <remarks>Exact where scores never tie, an upper bound otherwise (Stiennon et al. 2020, arXiv:2009.01325; Beirami et al. 2024, arXiv:2401.01879).</remarks>
    public static double Kl(double n) => n >= 1 ? Math.Log(n) - ((n - 1) / n) : throw new ArgumentOutOfRangeException(nameof(n), $"BestOfN.Kl: n is {n}; it is 1 or more.");

    /// <summary>The same divergence for answers that can be listed: Σ q·ln(q/p) with q(i) = F(i)ⁿ − F(below i)ⁿ, tied answers sharing by their probability.</summary>
    /// <param name="probabilities">Probability of each answer.</param>
    /// <param name="proxy">Proxy score of each answer.</param>
    /// <param name="n">Draws.</param>
    public static double Kl(IReadOnlyList<double> probabilities, IReadOnlyList<double> proxy, int n)
    {
        Require(probabilities, proxy);
        double below = 0, kl = 0;
        foreach (var tied in Enumerable.Range(0, proxy.Count).GroupBy(i => proxy[i]).OrderBy(g => g.Key))
        {
            double p = tied.Sum(i => probabilities[i]);
            double q = Math.Pow(below + p, n) - Math.Pow(below, n);
            kl += q > 0 ? q * Math.Log(q / p) : 0;
            below += p;
        }

        return kl;
    }

    /// <summary>The divergence estimated from draws: mean of ln n + (n − 1)·ln u over best-of-n answers, u the share of answers that score no higher.</summary>
    public static double SampledKl(IReadOnlyList<double> proxy, int n, int draws, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        ArgumentNullException.ThrowIfNull(random);
        double[] sorted = [.. proxy.Order()];
        double sum = 0;
        for (int d = 0; d < draws; d++)
        {
            int best = 0;
            for (int k = 0; k < n; k++)
            {
                best = Math.Max(best, random.NextInt(sorted.Length));
            }

            sum += Math.Log(n) + ((n - 1) * Math.Log((best + 0.5) / sorted.Length));   // the middle of the answer's own step
        }

        return sum / draws;
    }

    /// <summary>Expected value of the best of n, without bias, from N ≥ n answers: every subset of n counts once.</summary>
    /// <remarks>Sorted by proxy, the answer of rank i is the best of C(i − 1, n − 1) of the C(N, n) subsets (Nakano et al. 2021, arXiv:2112.09332, appendix I). Answers of equal proxy share their weight.</remarks>
    /// <param name="proxy">Proxy score of each answer.</param>
    /// <param name="value">What is averaged, such as the gold reward.</param>
    /// <param name="n">Size of the subsets.</param>
    public static double Expected(IReadOnlyList<double> proxy, IReadOnlyList<double> value, int n)
    {
        Require(proxy, value);
        int total = proxy.Count;
        if (n < 1 || n > total)
        {
            throw new ArgumentOutOfRangeException(nameof(n), $"BestOfN.Expected: n is {n} with {total} answers; it lies between 1 and that.");
        }

        int[] order = [.. Enumerable.Range(0, total).OrderBy(i => proxy[i])];
        var weight = new double[total];
        double w = (double)n / total;   // the best answer is in C(N − 1, n − 1) subsets
        for (int rank = total; rank >= n; rank--)
        {
            weight[rank - 1] = w;
            w *= rank > 1 ? (double)(rank - n) / (rank - 1) : 0;   // C(i − 2, n − 1) / C(i − 1, n − 1)
        }

        double sum = 0;
        for (int from = 0; from < total;)
        {
            int to = from;
            double share = 0, mean = 0;
            while (to < total && proxy[order[to]] == proxy[order[from]])
            {
                share += weight[to];
                mean += value[order[to]];
                to++;
            }

            sum += share * mean / (to - from);
            from = to;
        }

        return sum;
    }

    private static void Require(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count != b.Count || a.Count == 0)
        {
            throw new ArgumentException($"BestOfN: {a.Count} and {b.Count} values; each answer has one of both, and there is at least one.");
        }
    }
}
