namespace Meed.Objectives.Metrics;

/// <summary>The chance that at least one of k samples is right, estimated without bias from n samples of which c are.</summary>
/// <remarks>
/// pass@k = 1 − C(n − c, k) / C(n, k) = 1 − Π_{i=n−c+1..n} (1 − k / i)
/// <para>Chen et al. 2021, Eq. 1, arXiv:2107.03374. The product form does not overflow.</para>
/// </remarks>
public static class PassAtK
{
    /// <summary>Estimate for one prompt.</summary>
    /// <param name="samples">n, at least k.</param>
    /// <param name="correct">c, 0..n.</param>
    /// <param name="k">1..n.</param>
    /// <returns>0..1.</returns>
    public static double Estimate(int samples, int correct, int k)
    {
        if (k < 1 || k > samples || correct < 0 || correct > samples)
        {
            throw new ArgumentException($"PassAtK: k is {k}, samples {samples}, correct {correct}; it needs 1 ≤ k ≤ samples and 0 ≤ correct ≤ samples.");
        }

        if (samples - correct < k)
        {
            return 1;
        }

        double miss = 1;
        for (int i = samples - correct + 1; i <= samples; i++)
        {
            miss *= 1 - ((double)k / i);
        }

        return 1 - miss;
    }
}
