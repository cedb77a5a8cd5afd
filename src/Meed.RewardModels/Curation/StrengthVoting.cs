namespace Meed.RewardModels.Curation;

/// <summary>What becomes of a comparison after an ensemble has voted on it.</summary>
/// <param name="Strength">Mean margin of the ensemble, chosen minus rejected.</param>
/// <param name="Deviation">Standard deviation of the margins.</param>
/// <param name="Probability">The label to train with: 1, 0 where it was flipped, between where it was softened.</param>
/// <param name="Margin">The margin to train with.</param>
public readonly record struct VotedLabel(double Strength, double Deviation, double Probability, double Margin);

/// <summary>Finds wrong and doubtful labels by the preference strength of several reward models.</summary>
/// <remarks>
/// μ̂ = mean of r_k(y⁺) − r_k(y⁻). The share with the most negative μ̂ is flipped; where |μ̂| is small the label becomes σ(μ̂/τ), at least ½ of it kept; the rest keeps its label and gets the margin μ̂.
/// <para>"Secrets of RLHF in Large Language Models Part II: Reward Modeling", section 2 (atlas row 22). The shares are options; the paper flips the lowest tenth and softens weak pairs.</para>
/// </remarks>
public static class StrengthVoting
{
    /// <summary>Votes on comparisons.</summary>
    /// <param name="margins">Margin of each of K models for each of N comparisons, [N][K].</param>
    /// <param name="flip">Share with the lowest strength that is flipped where its strength is below 0.</param>
    /// <param name="soften">Share above it that gets a soft label.</param>
    /// <param name="temperature">τ of the soft label, above 0.</param>
    /// <returns>One label a comparison, in order.</returns>
    public static VotedLabel[] Vote(IReadOnlyList<double[]> margins, double flip = 0.1, double soften = 0.2, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(margins);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        if (flip < 0 || soften < 0 || flip + soften > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(flip), $"StrengthVoting: flip is {flip} and soften is {soften}; both are shares that add up to at most 1.");
        }

        double[] strength = [.. margins.Select(m => m.Average())];
        var labels = new VotedLabel[strength.Length];
        int rank = 0;
        foreach (int i in Enumerable.Range(0, strength.Length).OrderBy(i => strength[i]))
        {
            double mean = strength[i], deviation = Math.Sqrt(margins[i].Average(m => (m - mean) * (m - mean))), share = rank++ / (double)strength.Length;
            double soft = Math.Max(0.5, 1 / (1 + Math.Exp(-mean / temperature)));
            labels[i] = share < flip && mean < 0 ? new VotedLabel(mean, deviation, 0, 0)
                : share < flip + soften ? new VotedLabel(mean, deviation, soft, 0)
                : new VotedLabel(mean, deviation, 1, Math.Max(0, mean));
        }

        return labels;
    }
}
