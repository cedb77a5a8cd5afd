namespace Meed.Evaluation.Statistics;

/// <summary>The factor on log-odds that makes their log loss smallest.</summary>
/// <remarks>Temperature scaling (Guo et al. 2017, arXiv:1706.04599), as its inverse: fitted on a validation part, used on the test part.</remarks>
public static class LogOddsScale
{
    /// <summary>The factor, between 0.01 and 100; 1 where there is nothing to fit. Golden-section search over its logarithm; the loss is convex in the factor.</summary>
    /// <param name="logOdds">Log-odds of each item.</param>
    /// <param name="outcomes">What came of it: 1, 0, or between where the label is soft.</param>
    public static double Fit(IReadOnlyList<double> logOdds, IReadOnlyList<double> outcomes)
    {
        ArgumentNullException.ThrowIfNull(logOdds);
        ArgumentNullException.ThrowIfNull(outcomes);
        if (logOdds.Count == 0)
        {
            return 1;
        }

        double Loss(double logFactor) => Calibration.LogLoss([.. logOdds.Select(o => 1 / (1 + Math.Exp(-o * Math.Exp(logFactor))))], outcomes);
        double low = Math.Log(0.01), high = Math.Log(100), ratio = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-4)
        {
            double a = high - (ratio * (high - low)), b = low + (ratio * (high - low));
            (low, high) = Loss(a) < Loss(b) ? (low, b) : (a, high);
        }

        return Math.Exp((low + high) / 2);
    }
}
