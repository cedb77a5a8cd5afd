using Meed.Evaluation.Bench;

namespace Meed.Evaluation.Protocols;

/// <summary>A comparison under a criterion.</summary>
/// <param name="Criterion">The criterion, in words or by name.</param>
/// <param name="Modality">What the responses are made of, such as text or image.</param>
/// <param name="Label">1 the first is better, −1 the second, 0 a tie.</param>
public sealed record CriterionItem(string Criterion, string Modality, int Label);

/// <summary>How a criterion-conditioned reward did.</summary>
/// <param name="WithTies">Accuracy over three labels; ties are said where the margin is small.</param>
/// <param name="WithoutTies">Accuracy on items that have a winner.</param>
/// <param name="Threshold">Mean of the margins below which a tie is said.</param>
/// <param name="ByModality">Accuracy over three labels in each modality.</param>
public sealed record CriterionResult(double WithTies, double WithoutTies, double Threshold, IReadOnlyDictionary<string, double> ByModality);

/// <summary>Benchmark of rewards that are told a criterion, with ties, over modalities.</summary>
/// <remarks>
/// After Omni-Reward (Jin et al. 2025, atlas row 196). A reward gives margins; a tie is said where |margin| is at most τ. Each half of the items gets the τ that is best on the other half, so that no item decides its own.
/// In files, criterion and tie are <c>context</c> and <c>p: 0.5</c> of the own layout.
/// </remarks>
public static class CriterionPairs
{
    /// <summary>The result of margins.</summary>
    /// <param name="items">The items.</param>
    /// <param name="margins">Score of the first response less that of the second, under the item's criterion.</param>
    public static CriterionResult Of(IReadOnlyList<CriterionItem> items, IReadOnlyList<double> margins)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(margins);
        if (items.Count != margins.Count || items.Count < 2)
        {
            throw new ArgumentException($"CriterionPairs.Of: {margins.Count} margins for {items.Count} items; one each, and two or more.");
        }

        int[][] halves = [[.. Enumerable.Range(0, items.Count).Where(i => i % 2 == 0)], [.. Enumerable.Range(0, items.Count).Where(i => i % 2 == 1)]];
        double[] thresholds = [Best(halves[1]), Best(halves[0])];
        double[] right = [.. items.Select((item, i) => Said(margins[i], thresholds[i % 2]) == item.Label ? 1.0 : 0)];
        return new CriterionResult(right.Average(), items.Select((item, i) => (item.Label, Value: Math.Sign(margins[i]) == item.Label ? 1.0 : 0)).Where(x => x.Label != 0).Select(x => x.Value).DefaultIfEmpty(double.NaN).Average(), thresholds.Average(),
            items.Select((item, i) => (item.Modality, Value: right[i])).GroupBy(x => x.Modality).ToDictionary(g => g.Key, g => g.Average(x => x.Value)));

        double Best(int[] half)
        {
            double best = 0, most = -1;
            foreach (double threshold in half.Select(i => Math.Abs(margins[i])).Append(0).Distinct().Order())
            {
                double score = half.Count(i => Said(margins[i], threshold) == items[i].Label);
                (best, most) = score > most ? (threshold, score) : (best, most);
            }

            return best;
        }
    }

    /// <summary>Criterion, modality and label of rows in the own layout: <c>context</c>, <c>subset</c>, and the first pair.</summary>
    public static IReadOnlyList<CriterionItem> Items(IEnumerable<RewardModels.Data.PreferenceRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.Where(r => r.Pairs.Count > 0).Select(r => new CriterionItem(r.Context ?? "", r.Subset ?? "text", r.Pairs[0].IsTie ? 0 : (r.Pairs[0].First == 0) == (r.Pairs[0].Probability > 0.5) ? 1 : -1))];
    }

    /// <summary>Margins of a scorer on such rows.</summary>
    public static async ValueTask<IReadOnlyList<double>> MarginsAsync(BenchScorer scorer, IReadOnlyList<BenchItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(items);
        var scores = await scorer.ScoreAsync(items, cancellationToken).ConfigureAwait(false);
        return [.. scores.Select(s => s[0] - s[1])];
    }

    private static int Said(double margin, double threshold) => Math.Abs(margin) <= threshold ? 0 : Math.Sign(margin);
}
