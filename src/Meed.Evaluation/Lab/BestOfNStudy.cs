using Meed.Evaluation.Bench;
using Meed.Evaluation.Statistics;
using Meed.RewardModels.Data;

namespace Meed.Evaluation.Lab;

/// <summary>What choosing by one scorer gives in gold.</summary>
/// <param name="Scorer">Who chose.</param>
/// <param name="Gold">Mean gold of the best of n for n = 1 to N, with intervals over prompts.</param>
/// <param name="Gain">Gold at N less gold at 1, with its interval.</param>
/// <param name="Share">Share of the gain that choosing by gold itself has.</param>
public sealed record BestOfNCurve(string Scorer, IReadOnlyList<Interval> Gold, Interval Gain, double Share);

/// <summary>Best-of-n on real answers with a gold score each.</summary>
public static class BestOfNStudy
{
    /// <summary>Curves for each scorer and for gold itself.</summary>
    /// <param name="items">Rows whose responses all have a rating, the gold score.</param>
    /// <param name="scorers">Who chooses.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<BestOfNCurve>> RunAsync(IReadOnlyList<BenchItem> items, IReadOnlyList<BenchScorer> scorers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(scorers);
        if (items.FirstOrDefault(i => i.Row.Responses.Any(r => r.Rating is null)) is { } bare)
        {
            throw new PreferenceException($"Line {bare.Row.Line} has responses without a rating; best-of-n needs a gold score for each.");
        }

        int most = items.Min(i => i.Row.Responses.Count);
        double[][] gold = [.. items.Select(i => i.Row.Responses.Select(r => r.Rating!.Value).ToArray())];
        ulong[] keys = [.. items.Select(i => i.Cluster)];
        var oracle = Curve("gold itself", gold);
        var curves = new List<BestOfNCurve> { oracle };
        foreach (var scorer in scorers)
        {
            double[][] scores = await scorer.ScoreAsync(items, cancellationToken).ConfigureAwait(false);
            curves.Add(Curve(scorer.Name, [.. scores.Select(s => s.Select(v => double.IsNaN(v) ? double.NegativeInfinity : v).ToArray())]));
        }

        return [.. curves.Select(c => c with { Share = c.Gain.Value / oracle.Gain.Value })];

        BestOfNCurve Curve(string name, double[][] scores)
        {
            double[][] found = [.. Enumerable.Range(1, most).Select(n => scores.Select((s, i) => BestOfN.Expected(s, gold[i], n)).ToArray())];
            return new BestOfNCurve(name, [.. found.Select(f => ClusteredBootstrap.Mean(f, keys))], ClusteredBootstrap.Mean([.. found[^1].Select((v, i) => v - found[0][i])], keys), double.NaN);
        }
    }
}
