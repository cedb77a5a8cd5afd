namespace Meed.Evaluation.Studies;

/// <summary>How well scores tell two kinds apart.</summary>
internal static class RankStatistics
{
    /// <summary>Chance that a good one scores above a bad one, equal scores counting half; ½ where one kind is missing.</summary>
    public static double Auroc(IReadOnlyList<(double Score, bool Good)> items)
    {
        long good = items.Count(i => i.Good), bad = items.Count - good;
        if (good == 0 || bad == 0)
        {
            return 0.5;
        }

        double sum = 0, below = 0;
        foreach (var group in items.GroupBy(i => i.Score).OrderBy(g => g.Key))
        {
            double own = group.Count(i => !i.Good);
            sum += group.Count(i => i.Good) * (below + (own / 2));
            below += own;
        }

        return sum / ((double)good * bad);
    }
}
