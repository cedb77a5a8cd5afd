using Meed.Rewards;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Evaluation.Audit;

/// <summary>Earlier rollouts, against which new kinds of well-paid answers show.</summary>
public sealed class AuditBaseline
{
    private AuditBaseline(long rows, double mean, double threshold, bool atTop) => (Rows, Mean, Threshold, _atTop) = (rows, mean, threshold, atTop);

    private readonly bool _atTop;

    /// <summary>Rows with a reward.</summary>
    public long Rows { get; }

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>Their 75th percentile.</summary>
    public double Threshold { get; }

    /// <summary>Reads the baseline once.</summary>
    /// <exception cref="ArgumentException">No row has a reward.</exception>
    public static AuditBaseline Of(IEnumerable<RolloutRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sample = new Reservoir<double>(65_536);
        double mean = 0, top = double.NegativeInfinity;
        foreach (var row in rows.Where(r => r.Status == ScoreStatus.Ok))
        {
            sample.Add(row.Reward);
            mean += (row.Reward - mean) / sample.Seen;
            top = Math.Max(top, row.Reward);
        }

        if (sample.Seen == 0)
        {
            throw new ArgumentException("The baseline has no row with a reward.");
        }

        var sorted = sample.Items.Order().ToArray();
        double threshold = sorted[(int)Math.Ceiling(0.75 * sorted.Length) - 1];
        return new AuditBaseline(sample.Seen, mean, threshold, threshold == top && threshold > mean);
    }

    /// <summary>True for a reward above the 75th percentile. Where the percentile is the largest reward itself (many rewards are 0 or 1), reaching it counts, unless every row of the baseline has it.</summary>
    public bool IsHigh(double reward) => reward > Threshold || (_atTop && reward == Threshold);
}
