namespace Meed.RewardModels.Progress;

/// <summary>Progress labels from stages and their usual durations, and how much a demonstration chunk is worth imitating.</summary>
/// <remarks>
/// With ᾱ_k the mean share of a demonstration that stage k takes: y = Σ_{j&lt;k} ᾱ_j + ᾱ_k·(t − s_k)/(e_k − s_k). A slow demonstration then has the same progress at the same stage as a quick one.
/// <para>
/// SARM, "Stage-Aware Reward Modeling for Long Horizon Robot Manipulation" (atlas row 231). Weights of behaviour cloning from a chunk's gain Δ: 1 above κ, 0 below 0, else
/// clip((Δ − (μ − 2σ))/(4σ), 0, 1), divided by their mean over the batch.
/// </para>
/// </remarks>
public static class StageProgress
{
    /// <summary>Mean share of each stage over annotated demonstrations.</summary>
    /// <param name="durations">Steps of each stage, one list a demonstration, all of one length.</param>
    public static double[] MeanShares(IReadOnlyList<int[]> durations)
    {
        ArgumentNullException.ThrowIfNull(durations);
        if (durations.Count == 0 || durations.Any(d => d.Length != durations[0].Length || d.Sum() <= 0))
        {
            throw new ArgumentException("StageProgress: every demonstration has the same stages and at least one step.", nameof(durations));
        }

        return [.. Enumerable.Range(0, durations[0].Length).Select(k => durations.Average(d => (double)d[k] / d.Sum()))];
    }

    /// <summary>Progress of every step of a demonstration, 0 to 1.</summary>
    /// <param name="durations">Steps of each of its stages.</param>
    /// <param name="shares">Mean shares.</param>
    public static double[] Labels(IReadOnlyList<int> durations, IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(durations);
        ArgumentNullException.ThrowIfNull(shares);
        var labels = new List<double>();
        double before = 0;
        for (int k = 0; k < durations.Count; k++)
        {
            for (int t = 1; t <= durations[k]; t++)
            {
                labels.Add(before + (shares[k] * t / durations[k]));
            }

            before += shares[k];
        }

        return [.. labels];
    }

    /// <summary>Cloning weights of chunks, mean 1 over the batch where any is above 0.</summary>
    /// <param name="gains">Progress gained by each chunk.</param>
    /// <param name="threshold">κ, the gain from which a chunk counts fully.</param>
    public static double[] CloningWeights(IReadOnlyList<double> gains, double threshold)
    {
        ArgumentNullException.ThrowIfNull(gains);
        double mean = gains.Count == 0 ? 0 : gains.Average(), deviation = gains.Count == 0 ? 0 : Math.Sqrt(gains.Average(g => (g - mean) * (g - mean)));
        double[] weights = [.. gains.Select(g => g > threshold ? 1 : g < 0 ? 0 : deviation == 0 ? 0.5 : Math.Clamp((g - (mean - (2 * deviation))) / (4 * deviation), 0, 1))];
        double average = weights.Length == 0 ? 0 : weights.Average();
        return average == 0 ? weights : [.. weights.Select(w => w / average)];
    }
}
