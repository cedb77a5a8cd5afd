namespace Meed.Evaluation.Rollouts;

/// <summary>What another reward changes in one group.</summary>
/// <param name="Ranking">Some pair of rows is ordered the other way round: a over b before, b over a after. A tie made or broken does not count.</param>
/// <param name="Signs">Rows whose advantage (value minus the group's mean) has the other sign; an advantage of zero has none.</param>
/// <param name="SignalBefore">The values differed before.</param>
/// <param name="SignalAfter">They differ after.</param>
public readonly record struct GroupChange(bool Ranking, int Signs, bool SignalBefore, bool SignalAfter)
{
    /// <summary>Compares two values of the same rows.</summary>
    /// <remarks>
    /// O(n log n): in order of the values before, a reversal is a row whose value after lies below the largest of the rows strictly before it.
    /// Values that differ by less than a part in 10¹² of the group's largest are equal: sums added in another order differ so.
    /// </remarks>
    public static GroupChange Of(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length != after.Length)
        {
            throw new ArgumentException($"GroupChange.Of: before has {before.Length} values, after {after.Length}; both have one a row.");
        }

        int n = before.Length;
        var order = new int[n];
        var keys = Snapped(before);
        before = keys.ToArray();
        after = Snapped(after);
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        bool reversed = false;
        double highest = double.NegativeInfinity;
        for (int start = 0; start < n && !reversed;)
        {
            int end = start;
            double top = highest;
            for (; end < n && keys[end] == keys[start]; end++)
            {
                reversed |= after[order[end]] < highest;
                top = Math.Max(top, after[order[end]]);
            }

            (highest, start) = (top, end);
        }

        var (meanBefore, slackBefore, signalBefore) = Level(before);
        var (meanAfter, slackAfter, signalAfter) = Level(after);
        int signs = 0;
        for (int i = 0; i < n; i++)
        {
            double a = before[i] - meanBefore, b = after[i] - meanAfter;
            signs += (a > slackBefore && b < -slackAfter) || (a < -slackBefore && b > slackAfter) ? 1 : 0;
        }

        return new GroupChange(reversed, signs, signalBefore, signalAfter);
    }

    private static double[] Snapped(ReadOnlySpan<double> values)
    {
        double size = 0;
        foreach (double value in values)
        {
            size = Math.Max(size, Math.Abs(value));
        }

        double grain = 1e-12 * size;
        var snapped = values.ToArray();
        for (int i = 0; i < snapped.Length && grain > 0; i++)
        {
            snapped[i] = Math.Round(snapped[i] / grain) * grain;
        }

        return snapped;
    }

    // The mean, what rounding may make of a zero advantage, and whether the values differ.
    private static (double Mean, double Slack, bool Signal) Level(ReadOnlySpan<double> values)
    {
        double sum = 0, size = 0;
        bool signal = false;
        foreach (double value in values)
        {
            sum += value;
            size = Math.Max(size, Math.Abs(value));
            signal |= value != values[0];
        }

        return (values.Length == 0 ? 0 : sum / values.Length, 1e-12 * size * Math.Max(1, values.Length), signal);
    }
}

/// <summary>Changes counted over groups.</summary>
public sealed class ChangeCount
{
    /// <summary>Groups compared: those with at least two rows that have both numbers.</summary>
    public long Groups { get; private set; }

    /// <summary>Rows in them.</summary>
    public long Rows { get; private set; }

    /// <summary>Groups in which some pair is ordered the other way round.</summary>
    public long RankingFlips { get; private set; }

    /// <summary>Groups in which some advantage has the other sign.</summary>
    public long SignFlips { get; private set; }

    /// <summary>Rows whose advantage has the other sign.</summary>
    public long RowSignFlips { get; private set; }

    /// <summary>Groups whose values were all equal before.</summary>
    public long NoSignalBefore { get; private set; }

    /// <summary>Groups whose values are all equal after.</summary>
    public long NoSignalAfter { get; private set; }

    /// <summary>Share of the groups with a ranking flip; NaN without groups.</summary>
    public double RankingShare => (double)RankingFlips / Groups;

    /// <summary>Share of the groups with a sign flip; NaN without groups.</summary>
    public double SignShare => (double)SignFlips / Groups;

    /// <summary>Share of the rows with a sign flip; NaN without rows.</summary>
    public double RowSignShare => (double)RowSignFlips / Rows;

    /// <summary>Counts a group; one with fewer than two rows is passed over.</summary>
    public void Add(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length < 2)
        {
            return;
        }

        var change = GroupChange.Of(before, after);
        Groups++;
        Rows += before.Length;
        RankingFlips += change.Ranking ? 1 : 0;
        SignFlips += change.Signs > 0 ? 1 : 0;
        RowSignFlips += change.Signs;
        NoSignalBefore += change.SignalBefore ? 0 : 1;
        NoSignalAfter += change.SignalAfter ? 0 : 1;
    }
}
