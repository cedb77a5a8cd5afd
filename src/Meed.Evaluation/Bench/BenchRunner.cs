using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>What a bench does besides accuracy.</summary>
public sealed record BenchOptions
{
    /// <summary>Comparisons the edits are measured on; 0 leaves them out.</summary>
    public int TransformationPairs { get; init; } = 400;

    /// <summary>Comparisons of swapped prompts; 0 leaves them out.</summary>
    public int ContrastPairs { get; init; } = 500;

    /// <summary>Seed of the resamples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Resamples of an interval.</summary>
    public int Resamples { get; init; } = ClusteredBootstrap.Resamples;
}

/// <summary>Runs a suite: every scorer on every item, then the tables.</summary>
public static class BenchRunner
{
    /// <summary>The report of some scorers; the first, where it is a reward, is tested against all others.</summary>
    public static async Task<BenchReport> RunAsync(BenchData data, IReadOnlyList<BenchScorer> scorers, BenchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(scorers);
        ArgumentNullException.ThrowIfNull(options);
        var results = new List<ScorerResult>();
        var outcomes = new List<IReadOnlyList<Outcome>>();
        double[][] first = [];
        foreach (var scorer in scorers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scores = await scorer.ScoreAsync(data.Items, cancellationToken).ConfigureAwait(false);
            var found = data.Suite.Outcomes(data.Items, scores);
            first = outcomes.Count == 0 ? scores : first;
            outcomes.Add(found);
            results.Add(Result(data, scorer, scores, found, options));
        }

        const int tested = 0;
        var paired = new List<PairedResult>();
        for (int i = 0; i < results.Count && scorers[tested] is RewardScorer; i++)
        {
            if (i != tested)
            {
                paired.Add(Pair(data.Suite, results[tested].Name, outcomes[tested], results[i].Name, outcomes[i], options));
            }
        }

        double[] corrected = Holm.Adjust([.. paired.Select(p => p.P)]);
        bool texts = data.Items.All(i => i.Row.Responses.All(r => r.Text is not null)) && scorers[tested] is RewardScorer;
        var (edits, pairs) = texts && options.TransformationPairs > 0 ? await TransformationTest.RunAsync(scorers[tested], data.Items, options.TransformationPairs, cancellationToken).ConfigureAwait(false) : ([], 0);
        return new BenchReport
        {
            Suite = data.Suite.Name, Summary = data.Suite.Summary, Headline = data.Suite.Headline, Files = data.Files, Hash = data.Hash, Items = data.Items.Count, Comparisons = data.Items.Sum(i => i.Pairs.Count),
            Prompts = data.Items.Select(i => i.Cluster).Distinct().Count(), Ties = data.Ties, Bad = data.Bad.Count, ByDocumentation = data.ByDocumentation, Scorers = results,
            Paired = [.. paired.Select((p, i) => p with { HolmP = corrected[i] })], Transformations = edits, TransformationPairs = pairs,
            Probes = texts && scorers[tested] is RewardScorer { Reward: RewardModels.RewardModel model } ? RewardProbes.Run(model, data.Items, first) : [],
            Contrast = texts && options.ContrastPairs > 0 ? await ContrastPairs.RunAsync(scorers[tested], data.Items, options.ContrastPairs, cancellationToken).ConfigureAwait(false) : null,
        };
    }

    private static ScorerResult Result(BenchData data, BenchScorer scorer, double[][] scores, IReadOnlyList<Outcome> outcomes, BenchOptions options)
    {
        var overall = Overall(data.Suite, outcomes, options);
        var subsets = outcomes.Where(data.Suite.IsPrimary).GroupBy(o => o.Subset).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SubsetFigure(g.Key, g.Count(), ClusteredBootstrap.Mean([.. g.Select(o => o.Value)], [.. g.Select(o => o.Cluster)], options.Seed, resamples: options.Resamples))).ToList();
        int tied = data.Items.Select((item, i) => item.Pairs.Count(p => scores[i][p.Better] == scores[i][p.Worse])).Sum();
        return new ScorerResult(scorer.Name, scorer.IsRuler, overall, [.. data.Suite.Groups(outcomes).Select(g => new GroupFigure(g.Name, g.Value))], subsets, scores.Sum(s => s.Count(double.IsNaN)), tied,
            data.HasTexts ? Sensitivity.Of(data.Items, scores) : null, scorer.IsRuler ? null : Calibrate(data.Items, scores, options));
    }

    // A plain mean is resampled by its sums; a weighted one by its outcomes, a few hundred times.
    private static Interval Overall(BenchSuite suite, IReadOnlyList<Outcome> outcomes, BenchOptions options)
    {
        if (suite is PreferencesSuite or RewardMathSuite or JudgeBenchSuite)
        {
            var primary = outcomes.Where(suite.IsPrimary).ToList();
            return ClusteredBootstrap.Mean([.. primary.Select(o => o.Value)], [.. primary.Select(o => o.Cluster)], options.Seed, resamples: options.Resamples);
        }

        return ClusteredBootstrap.Of([.. outcomes.Select(o => o.Cluster)], items => suite.Overall([.. items.Select(i => outcomes[i])]), options.Seed, Math.Min(300, options.Resamples));
    }

    private static PairedResult Pair(BenchSuite suite, string first, IReadOnlyList<Outcome> a, string second, IReadOnlyList<Outcome> b, BenchOptions options)
    {
        int[] primary = [.. Enumerable.Range(0, a.Count).Where(i => suite.IsPrimary(a[i]))];
        double[] x = [.. primary.Select(i => a[i].Value)], y = [.. primary.Select(i => b[i].Value)];
        ulong[] clusters = [.. primary.Select(i => a[i].Cluster)];
        var (onlyFirst, onlySecond, p) = McNemar.Test(x, y);
        var difference = ClusteredBootstrap.Mean([.. x.Select((v, i) => v - y[i])], clusters, options.Seed, resamples: options.Resamples);
        double discordant = (double)(onlyFirst + onlySecond) / Math.Max(1, x.Length);

        // Comparisons of one prompt are not independent; the number of prompts is the careful sample size.
        return new PairedResult(first, second, onlyFirst, onlySecond, difference, p, double.NaN, DetectableEffect.Paired(clusters.Distinct().Count(), discordant));
    }

    private static CalibrationResult? Calibrate(IReadOnlyList<BenchItem> items, double[][] scores, BenchOptions options)
    {
        var margins = new List<double>();
        var clusters = new List<ulong>();
        for (int i = 0; i < items.Count; i++)
        {
            foreach (var (better, worse) in items[i].Pairs)
            {
                double margin = scores[i][better] - scores[i][worse];
                if (double.IsFinite(margin))
                {
                    margins.Add(margin);
                    clusters.Add(items[i].Cluster);
                }
            }
        }

        if (margins.Count < 20)
        {
            return null;
        }

        // Each half of the prompts is scaled by the other half.
        double[] scale = [.. Enumerable.Range(0, 2).Select(half => Calibration.Scale([.. margins.Where((_, i) => (int)(clusters[i] >> 8 & 1) != half)]))];
        double[] p = [.. margins.Select((m, i) => 1 / (1 + Math.Exp(-scale[clusters[i] >> 8 & 1] * m)))];
        double[] confidence = [.. p.Select(v => Math.Max(v, 1 - v))], right = [.. p.Select(v => v > 0.5 ? 1 : v == 0.5 ? 0.5 : 0)];
        ulong[] keys = [.. clusters];
        int resamples = Math.Min(200, options.Resamples);
        return new CalibrationResult(
            ClusteredBootstrap.Of(keys, list => Calibration.Error([.. list.Select(i => confidence[i])], [.. list.Select(i => right[i])], 20), options.Seed, resamples),
            ClusteredBootstrap.Mean([.. p.Select(v => (1 - v) * (1 - v))], keys, options.Seed, resamples: options.Resamples),
            ClusteredBootstrap.Mean([.. p.Select(v => -Math.Log(Math.Max(v, 1e-15)))], keys, options.Seed, resamples: options.Resamples),
            scale.Average(), Calibration.Bins(confidence, right, 20));
    }
}
