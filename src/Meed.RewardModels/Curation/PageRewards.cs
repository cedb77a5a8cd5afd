namespace Meed.RewardModels.Curation;

/// <summary>Preference pairs from clicks on ranked pages: whole lists, and swaps of two positions.</summary>
/// <remarks>
/// "Enhanced Whole Page Optimization via Mixed-Grained Reward Mechanism-Adapted Language Models" (atlas row 102): a page scorer learns from lists, an item scorer from swaps that changed engagement; training on
/// rankings pays their weighted sum.
/// </remarks>
public static class PageRewards
{
    /// <summary>A page that was shown, and what was clicked.</summary>
    /// <param name="Items">Items in the order shown.</param>
    /// <param name="Clicks">Clicks of each position.</param>
    public sealed record Page(IReadOnlyList<int> Items, IReadOnlyList<int> Clicks);

    /// <summary>Pairs of pages of one query, the better first: more clicks discounted by position, Σ clicks/log₂(2 + position).</summary>
    /// <param name="pages">Pages of one query.</param>
    /// <param name="gap">Smallest difference that makes a pair.</param>
    public static IEnumerable<(int Better, int Worse)> Lists(IReadOnlyList<Page> pages, double gap = 0)
    {
        ArgumentNullException.ThrowIfNull(pages);
        double[] worth = [.. pages.Select(p => Discounted(p.Clicks.Select(c => (double)c)))];
        return from i in Enumerable.Range(0, pages.Count) from j in Enumerable.Range(0, pages.Count) where worth[i] - worth[j] > gap select (i, j);
    }

    /// <summary>Items whose exchange changed engagement: two pages that are equal but for two exchanged positions; the item that stands higher on the better page is preferred.</summary>
    /// <param name="pages">Pages of one query.</param>
    public static IEnumerable<(int Preferred, int Other)> Swaps(IReadOnlyList<Page> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        foreach (var (better, worse) in Lists(pages))
        {
            int[] different = [.. Enumerable.Range(0, Math.Min(pages[better].Items.Count, pages[worse].Items.Count)).Where(k => pages[better].Items[k] != pages[worse].Items[k])];
            if (different.Length == 2 && pages[better].Items[different[0]] == pages[worse].Items[different[1]] && pages[better].Items[different[1]] == pages[worse].Items[different[0]])
            {
                yield return (pages[better].Items[different[0]], pages[better].Items[different[1]]);
            }
        }
    }

    /// <summary>The mixed reward of a ranking: w·page score + (1 − w)·position-discounted mean of item scores.</summary>
    public static double Mixed(double pageScore, IReadOnlyList<double> itemScores, double weight = 0.5)
    {
        ArgumentNullException.ThrowIfNull(itemScores);
        double discounts = Discounted(itemScores.Select(_ => 1.0));
        return (weight * pageScore) + (discounts == 0 ? 0 : (1 - weight) * Discounted(itemScores) / discounts);
    }

    /// <summary>Normalised discounted cumulative gain of relevances in the order shown, 0..1; 1 where nothing is relevant.</summary>
    public static double Ndcg(IReadOnlyList<double> relevances)
    {
        ArgumentNullException.ThrowIfNull(relevances);
        double ideal = Discounted(relevances.OrderByDescending(r => r));
        return ideal == 0 ? 1 : Discounted(relevances) / ideal;
    }

    private static double Discounted(IEnumerable<double> values) => values.Select((v, k) => v / Math.Log2(2 + k)).Sum();
}
