using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;

namespace Meed.Recipes.Training;

/// <summary>Measures a reward model on test comparisons beside rulers that know nothing of the text.</summary>
internal static class RewardModelMeasurement
{
    /// <summary>The ruler that the tests compare with.</summary>
    public const string Length = "length, direction from training";

    /// <summary>Log-odds of each comparison that its first response is better.</summary>
    public static double[] LogOdds(RewardNetwork network, RewardObjective objective, TrainingData data, int[] comparisons)
    {
        var (numbers, places) = Numbers(network, data, comparisons);
        ReadOnlySpan<float> Of(int row) => numbers.AsSpan(places[row] * network.Outputs, network.Outputs);
        return Array.ConvertAll(comparisons, i => objective.LogOdds(Of(data.Comparisons[i].First), Of(data.Comparisons[i].Second)));
    }

    /// <summary>Rewards of both sides of each comparison.</summary>
    public static (double[] First, double[] Second) Rewards(RewardNetwork network, RewardObjective objective, TrainingData data, int[] comparisons)
    {
        var (numbers, places) = Numbers(network, data, comparisons);
        double Of(int row) => objective.Score(numbers.AsSpan(places[row] * network.Outputs, network.Outputs));
        return (Array.ConvertAll(comparisons, i => Of(data.Comparisons[i].First)), Array.ConvertAll(comparisons, i => Of(data.Comparisons[i].Second)));
    }

    // Numbers of every response that some comparisons need, each scored once, and where they stand.
    private static (float[] Numbers, Dictionary<int, int> Places) Numbers(RewardNetwork network, TrainingData data, int[] comparisons)
    {
        int[] rows = [.. comparisons.SelectMany(i => (int[])[data.Comparisons[i].First, data.Comparisons[i].Second]).Distinct()];
        return (network.Score(data.Store, rows), rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i));
    }

    /// <summary>Decided comparisons of a part.</summary>
    public static int[] Decided(TrainingData data, SplitPart part) => [.. data.Of(part).Where(i => data.Comparisons[i].Probability != 0.5f)];

    /// <summary>Results of the pool and of each source.</summary>
    /// <param name="data">The data.</param>
    /// <param name="test">Decided test comparisons.</param>
    /// <param name="odds">The model's log-odds, calibrated.</param>
    /// <param name="unigrams">Log-odds of the unigram ruler; null without it.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">For the draws.</param>
    public static IReadOnlyList<SourceResult> Measure(TrainingData data, int[] test, double[] odds, double[]? unigrams, RewardEvaluateOptions options, ulong seed)
    {
        var random = new RandomStream(seed);
        var rulers = Rulers(data, test, unigrams, random.Split("random", 0));
        var groups = new List<(string Name, int[] Items)> { ("all", [.. Enumerable.Range(0, test.Length)]) };
        groups.AddRange(data.Sources.Select((s, k) => (s, (int[])[.. Enumerable.Range(0, test.Length).Where(i => data.Comparisons[test[i]].Source == k)])).Where(g => g.Item2.Length > 0));
        if (groups.Count == 2)
        {
            groups.RemoveAt(0);
        }

        var results = groups.Select(g => One(g.Name, g.Items, data, test, odds, rulers, options, random.Split("bootstrap", 0).NextUInt64())).ToList();
        double[] adjusted = Holm.Adjust([.. results.Select(r => r.PValue)]);
        return [.. results.Select((r, i) => r with { HolmPValue = adjusted[i] })];
    }

    /// <summary>Share of some comparisons on the side of length, in the direction of each source's training part.</summary>
    public static double LengthAccuracy(TrainingData data, int[] comparisons) => Rulers(data, comparisons, null, new RandomStream(0))[0].Right.Average();

    // Share of the right side that each ruler earns on each comparison: 1, 0, or ½ where it sees no difference.
    private static List<(string Name, double[] Right)> Rulers(TrainingData data, int[] test, double[]? unigrams, RandomStream random)
    {
        double[] Of(Func<Comparison, int, double> value) => [.. test.Select((t, i) => data.Comparisons[t] is var c && value(c, i) is var v && v == 0 ? 0.5 : (v > 0) == (data.Comparisons[t].Probability > 0.5f) ? 1 : 0)];
        double Longer(Comparison c) => data.Responses[c.First].Length - data.Responses[c.Second].Length;

        // Which side of length wins in each source, from its training comparisons.
        int[] direction = [.. data.Sources.Select((_, k) => Direction(data, k, Longer))];
        double[] coins = [.. test.Select(_ => random.NextBool() ? 1.0 : -1.0)];
        var rulers = new List<(string, double[])>
        {
            (Length, Of((c, _) => direction[c.Source] * Longer(c))),
            ("longest", Of((c, _) => Longer(c))),
            ("shortest", Of((c, _) => -Longer(c))),
            ("first", Of((c, _) => c.Position)),
            ("most markdown", Of((c, _) => data.Responses[c.First].Markdown - data.Responses[c.Second].Markdown)),
            ("random", Of((_, i) => coins[i])),
        };
        if (data.Responses.Any(r => !float.IsNaN(r.Mean)))
        {
            // Brightness of a picture or clip, size of the states: what a model that looks has to beat.
            double Brighter(Comparison c) => data.Responses[c.First].Mean - (double)data.Responses[c.Second].Mean is var d && double.IsFinite(d) ? d : 0;
            int[] side = [.. data.Sources.Select((_, k) => Direction(data, k, Brighter))];
            rulers.Insert(1, ("mean value, direction from training", Of((c, _) => side[c.Source] * Brighter(c))));
        }

        if (unigrams is not null)
        {
            rulers.Add(("unigrams", Of((_, i) => unigrams[i])));
        }

        return rulers;
    }

    private static int Direction(TrainingData data, int source, Func<Comparison, double> difference) =>
        Decided(data, SplitPart.Train).Where(i => data.Comparisons[i].Source == source).Sum(i => Math.Sign(difference(data.Comparisons[i])) * (data.Comparisons[i].Probability > 0.5f ? 1 : -1)) >= 0 ? 1 : -1;

    private static SourceResult One(string name, int[] items, TrainingData data, int[] test, double[] odds, List<(string Name, double[] Right)> rulers, RewardEvaluateOptions options, ulong seed)
    {
        int[] clusters = [.. items.Select(i => data.Comparisons[test[i]].Cluster)];
        double[] label = [.. items.Select(i => (double)data.Comparisons[test[i]].Probability)];
        double[] probability = [.. items.Select(i => 1 / (1 + Math.Exp(-odds[i])))];
        double[] right = [.. items.Select((i, k) => odds[i] == 0 ? 0.5 : (odds[i] > 0) == (label[k] > 0.5) ? 1.0 : 0.0)];

        // From the winner's side, so that the order in the file does not make calibration look better than it is.
        double[] sure = [.. probability.Select((p, k) => Math.Max(p, 1 - p))];
        double[] losses = [.. probability.Select((p, k) => Calibration.LogLoss([p], [label[k]]))];
        ulong[] keys = Array.ConvertAll(clusters, c => (ulong)c);
        Interval Mean(double[] values) => ClusteredBootstrap.Mean(values, keys, seed, resamples: options.Bootstrap);
        var length = rulers[0].Right;
        var sizes = clusters.CountBy(c => c).ToDictionary();
        double[] shares = [.. clusters.Select(c => 1.0 / sizes[c])];
        var (onlyModel, onlyLength, prompts) = Paired(items, clusters, right, length, seed);
        return new SourceResult
        {
            Source = name,
            Comparisons = items.Length,
            Prompts = prompts,
            Accuracy = Mean(right),
            LogLoss = Mean(losses),
            CalibrationError = Calibration.Error(sure, right),
            Calibration = [.. Calibration.Bins(sure, right).Select(b => new double[] { b.Confidence, b.Accuracy, b.Items })],
            Rulers = [.. rulers.Select(r => new RulerResult(r.Name, items.Average(i => r.Right[i]), Mean([.. items.Select((i, k) => right[k] - r.Right[i])])))],
            LengthByPrompts = ClusteredBootstrap.Mean([.. items.Select((i, k) => right[k] - length[i])], keys, seed, shares, options.Bootstrap),
            OnlyModel = onlyModel,
            OnlyLength = onlyLength,
            PValue = McNemar.Exact(onlyModel, onlyLength),
            Detectable = DetectableEffect.Paired(prompts, (double)(onlyModel + onlyLength) / Math.Max(1, prompts)),
        };
    }

    // One comparison a prompt, drawn by the seed, so that the pairs are independent; sides that a ruler cannot tell apart fall by a coin.
    private static (int OnlyModel, int OnlyLength, int Prompts) Paired(int[] items, int[] clusters, double[] right, double[] length, ulong seed)
    {
        var random = new RandomStream(seed);
        int first = 0, second = 0, prompts = 0;
        foreach (var group in Enumerable.Range(0, items.Length).GroupBy(k => clusters[k]))
        {
            int[] own = [.. group];
            int k = own[random.NextInt(own.Length)];
            bool model = right[k] == 0.5 ? random.NextBool() : right[k] == 1, ruler = length[items[k]] == 0.5 ? random.NextBool() : length[items[k]] == 1;
            prompts++;
            first += model && !ruler ? 1 : 0;
            second += ruler && !model ? 1 : 0;
        }

        return (first, second, prompts);
    }
}
