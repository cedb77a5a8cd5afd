namespace Meed.Evaluation.Statistics;

/// <summary>Holm's correction of several p-values.</summary>
/// <remarks>Sorted upwards, p(i) becomes max over j ≤ i of min(1, (m − j + 1)·p(j)). Holm 1979: the chance of any false finding stays below the level, whatever depends on what.</remarks>
public static class Holm
{
    /// <summary>The corrected p-values, in the order given. NaN stays NaN and is not counted.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        var adjusted = new double[p.Count];
        Array.Fill(adjusted, double.NaN);
        double floor = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            floor = Math.Max(floor, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = floor;
        }

        return adjusted;
    }
}
