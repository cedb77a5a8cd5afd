namespace Meed.RewardModels.Uncertainty;

/// <summary>A band around predicted rewards that holds the true one with a stated probability, whatever the model.</summary>
/// <remarks>
/// On n calibration samples that the model has not seen:  residual = |y − f(x)| / s(x);  radius = the ⌈(n + 1)(1 − α)⌉-th smallest;
/// band f(x) ± radius·s(x). A new sample drawn like the calibration samples lies in it with probability at least 1 − α, and below 1 − α + 1/(n + 1) where residuals do not tie.
/// With s = 1 all bands are equally wide; with a model's own spread (an ensemble's deviation, √ of <see cref="LastLayerLaplace.Variance"/>) they are wide where it is unsure.
/// <para>Vovk, Gammerman and Shafer 2005; Lei et al. 2018, "Distribution-Free Predictive Inference for Regression".</para>
/// </remarks>
public sealed record ConformalBand
{
    private ConformalBand(double radius, double miss, int samples) => (Radius, Miss, Samples) = (radius, miss, samples);

    /// <summary>Half the band's width at spread 1; infinite where the calibration samples are too few for so small a miss.</summary>
    public double Radius { get; }

    /// <summary>α.</summary>
    public double Miss { get; }

    /// <summary>n.</summary>
    public int Samples { get; }

    /// <summary>Finds the radius.</summary>
    /// <param name="predicted">f(x), [n].</param>
    /// <param name="observed">y, [n].</param>
    /// <param name="miss">α, the share of true values that may lie outside, above 0 and below 1.</param>
    /// <param name="spread">s(x), [n], each above 0; all 1 when left out.</param>
    /// <exception cref="ArgumentException">Lengths differ, nothing to calibrate on, or a number is not finite.</exception>
    public static ConformalBand Fit(IReadOnlyList<double> predicted, IReadOnlyList<double> observed, double miss = 0.1, IReadOnlyList<double>? spread = null)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(observed);
        if (miss is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(miss), $"ConformalBand: miss is {miss}; it is a share above 0 and below 1.");
        }

        int n = predicted.Count;
        if (n == 0 || observed.Count != n || (spread is not null && spread.Count != n))
        {
            throw new ArgumentException($"ConformalBand: {n} predictions, {observed.Count} observations{(spread is null ? "" : $", {spread.Count} spreads")}; they come in equal numbers, at least one.", nameof(observed));
        }

        var residuals = new double[n];
        for (int i = 0; i < n; i++)
        {
            double s = spread?[i] ?? 1;
            residuals[i] = Math.Abs(observed[i] - predicted[i]) / s;
            if (!(s > 0) || !double.IsFinite(residuals[i]))
            {
                throw new ArgumentException($"ConformalBand: sample {i} has prediction {predicted[i]}, observation {observed[i]} and spread {s}; all are finite and the spread above 0.", nameof(predicted));
            }
        }

        Array.Sort(residuals);
        int rank = (int)Math.Ceiling(((n + 1) * (1 - miss)) - 1e-9);
        return new ConformalBand(rank <= n ? residuals[rank - 1] : double.PositiveInfinity, miss, n);
    }

    /// <summary>The band around a prediction.</summary>
    /// <param name="predicted">f(x).</param>
    /// <param name="spread">s(x), above 0.</param>
    public (double Low, double High) Around(double predicted, double spread = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(spread);
        return (predicted - (Radius * spread), predicted + (Radius * spread));
    }
}
