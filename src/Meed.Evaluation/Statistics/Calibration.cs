namespace Meed.Evaluation.Statistics;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Low">Lower end of the bin.</param>
/// <param name="High">Upper end.</param>
/// <param name="Items">Items in it.</param>
/// <param name="Confidence">Mean stated probability.</param>
/// <param name="Accuracy">Share that came true.</param>
public sealed record ReliabilityBin(double Low, double High, int Items, double Confidence, double Accuracy);

/// <summary>Whether stated probabilities come true as often as they say.</summary>
public static class Calibration
{
    /// <summary>Mean squared distance between probability and outcome; ¼ for always saying ½. Brier 1950.</summary>
    public static double Brier(IReadOnlyList<double> probabilities, IReadOnlyList<double> outcomes)
    {
        Require(probabilities, outcomes);
        return probabilities.Select((p, i) => (p - outcomes[i]) * (p - outcomes[i])).Average();
    }

    /// <summary>Mean −ln of the probability of what happened, in nats; ln 2 for always saying ½.</summary>
    public static double LogLoss(IReadOnlyList<double> probabilities, IReadOnlyList<double> outcomes)
    {
        Require(probabilities, outcomes);
        return probabilities.Select((p, i) => -((outcomes[i] * Math.Log(Math.Max(p, 1e-15))) + ((1 - outcomes[i]) * Math.Log(Math.Max(1 - p, 1e-15))))).Average();
    }

    /// <summary>Expected calibration error: mean distance between confidence and accuracy over bins of equal width, weighted by their items.</summary>
    /// <remarks>Naeini et al. 2015; Guo et al. 2017, arXiv:1706.04599. It is biased upwards where bins hold few items.</remarks>
    public static double Error(IReadOnlyList<double> probabilities, IReadOnlyList<double> outcomes, int bins = 10) =>
        Bins(probabilities, outcomes, bins).Sum(b => b.Items * Math.Abs(b.Confidence - b.Accuracy)) / Math.Max(1, probabilities.Count);

    /// <summary>The reliability diagram over [0, 1]; empty bins are left out.</summary>
    public static IReadOnlyList<ReliabilityBin> Bins(IReadOnlyList<double> probabilities, IReadOnlyList<double> outcomes, int bins = 10)
    {
        Require(probabilities, outcomes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var items = new int[bins];
        var confidence = new double[bins];
        var right = new double[bins];
        for (int i = 0; i < probabilities.Count; i++)
        {
            int bin = Math.Clamp((int)(probabilities[i] * bins), 0, bins - 1);
            items[bin]++;
            confidence[bin] += probabilities[i];
            right[bin] += outcomes[i];
        }

        return [.. Enumerable.Range(0, bins).Where(b => items[b] > 0).Select(b => new ReliabilityBin((double)b / bins, (b + 1.0) / bins, items[b], confidence[b] / items[b], right[b] / items[b]))];
    }

    /// <summary>The factor on margins that gives the lowest log loss of σ(factor · margin) for outcomes that all came true; 0 when margins point the wrong way.</summary>
    /// <remarks>Newton's method on the one-dimensional convex loss, with a weak prior λ·(factor·s)² (λ = 1e-4, s the margins' root mean square) that keeps it finite where every margin is right.</remarks>
    public static double Scale(IReadOnlyList<double> margins)
    {
        ArgumentNullException.ThrowIfNull(margins);
        double size = Math.Sqrt(margins.Count == 0 ? 0 : margins.Average(m => m * m));
        if (!(size > 0) || !double.IsFinite(size))
        {
            return 0;
        }

        double factor = 0;   // in units of 1 / size
        for (int step = 0; step < 60; step++)
        {
            double slope = 2e-4 * factor, curve = 2e-4;
            foreach (double margin in margins)
            {
                double x = margin / size, p = 1 / (1 + Math.Exp(factor * x));
                slope -= x * p / margins.Count;
                curve += x * x * p * (1 - p) / margins.Count;
            }

            double move = Math.Clamp(slope / curve, -2, 2);
            factor -= move;
            if (Math.Abs(move) < 1e-12)
            {
                break;
            }
        }

        return Math.Max(0, factor) / size;
    }

    private static void Require(IReadOnlyList<double> probabilities, IReadOnlyList<double> outcomes)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(outcomes);
        if (probabilities.Count != outcomes.Count || probabilities.Count == 0)
        {
            throw new ArgumentException($"Calibration: {probabilities.Count} probabilities and {outcomes.Count} outcomes; each item has one of both, and there is at least one.");
        }

        for (int i = 0; i < probabilities.Count; i++)
        {
            if (probabilities[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"Calibration: probability {i} is {probabilities[i]}; probabilities lie between 0 and 1.");
            }
        }
    }
}
