namespace Meed.Evaluation.Statistics;

/// <summary>How two lists of numbers go together.</summary>
public static class Correlation
{
    /// <summary>The linear correlation, −1 to 1; NaN when one list is constant or has fewer than two values.</summary>
    public static double Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        Require(x, y);
        double mx = x.Count == 0 ? 0 : x.Average(), my = y.Count == 0 ? 0 : y.Average(), xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
            xy += (x[i] - mx) * (y[i] - my);
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : double.NaN;
    }

    /// <summary>The correlation of ranks; equal values share their mean rank. Spearman 1904.</summary>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        Require(x, y);
        return Pearson(Ranks(x), Ranks(y));
    }

    /// <summary>Ranks from 1; equal values share their mean rank.</summary>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[values.Count];
        for (int i = 0; i < order.Length;)
        {
            int end = i;
            while (end < order.Length && values[order[end]] == values[order[i]])
            {
                end++;
            }

            for (int k = i; k < end; k++)
            {
                ranks[order[k]] = (i + 1 + end) / 2.0;
            }

            i = end;
        }

        return ranks;
    }

    private static void Require(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"Correlation: {x.Count} and {y.Count} values; both lists belong to the same items.");
        }
    }
}
