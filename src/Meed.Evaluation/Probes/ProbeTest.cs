using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Probes;

/// <summary>What a linear probe reads from frozen features.</summary>
/// <param name="Attribute">What was asked.</param>
/// <param name="Count">Responses with the attribute.</param>
/// <param name="BaseRate">Share of the more frequent label.</param>
/// <param name="Accuracy">Accuracy on held-out prompts with its clustered 95 % interval.</param>
/// <param name="Certainty">Mean certainty of the distances to both cluster centres, 0 to 1.</param>
/// <param name="Drives">Rank correlation of the reward with those distances: how far the attribute drives the score.</param>
public sealed record ProbeResult(string Attribute, int Count, double BaseRate, Interval Accuracy, double Certainty, double Drives);

/// <summary>Probes of a reward model's last hidden state, one an attribute, five-fold by prompt.</summary>
/// <remarks>
/// After "Probing Preference Representations" (atlas row 117). An attribute is a yes or no about a response. The score of an attribute is s = (d₀ − d₁)/(d₀ + d₁), d the distance of the standardised features to the centre
/// of the responses without and with it, on the training folds; |s| is the certainty, and the rank correlation of s with the reward says how far the attribute drives it. What the paper leaves open is settled so.
/// </remarks>
public static class ProbeTest
{
    /// <summary>Probes each attribute.</summary>
    /// <param name="features">N rows of D frozen features.</param>
    /// <param name="rewards">N rewards.</param>
    /// <param name="prompts">N keys of prompts; rows of one prompt are held out together.</param>
    /// <param name="attributes">Names with N labels each; null where a row has none.</param>
    public static IReadOnlyList<ProbeResult> Run(IReadOnlyList<float[]> features, IReadOnlyList<double> rewards, IReadOnlyList<ulong> prompts, IReadOnlyDictionary<string, bool?[]> attributes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(attributes);
        if (features.Count != rewards.Count || features.Count != prompts.Count || attributes.Any(a => a.Value.Length != features.Count))
        {
            throw new ArgumentException($"ProbeTest.Run: {features.Count} rows of features, {rewards.Count} rewards, {prompts.Count} prompts; each attribute has as many labels.");
        }

        return [.. attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => One(a.Key, a.Value)).OfType<ProbeResult>()];

        ProbeResult? One(string name, bool?[] labels)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] is not null)];
            int yes = rows.Count(i => labels[i] == true);
            if (yes < 10 || rows.Length - yes < 10)
            {
                return null;
            }

            var right = new double[rows.Length];
            var drive = new double[rows.Length];
            for (int fold = 0; fold < Folds.Count; fold++)
            {
                int[] train = [.. rows.Where(i => Folds.Of(prompts[i]) != fold)];
                if (train.All(i => labels[i] == labels[train[0]]) || train.Length == rows.Length)
                {
                    continue;
                }

                var probe = LinearProbe.Fit([.. train.Select(i => features[i])], [.. train.Select(i => labels[i]!.Value)]);
                var centres = AttributeCentres.Of([.. train.Select(i => features[i])], [.. train.Select(i => labels[i]!.Value)]);
                for (int r = 0; r < rows.Length; r++)
                {
                    if (Folds.Of(prompts[rows[r]]) == fold)
                    {
                        right[r] = probe.Score(features[rows[r]]) > 0 == labels[rows[r]]!.Value ? 1 : 0;
                        drive[r] = centres.Lean(features[rows[r]]);
                    }
                }
            }

            return new ProbeResult(name, rows.Length, Math.Max(yes, rows.Length - yes) / (double)rows.Length, ClusteredBootstrap.Mean(right, [.. rows.Select(i => prompts[i])]), drive.Average(Math.Abs), Correlation.Spearman(drive, [.. rows.Select(i => rewards[i])]));
        }
    }
}

/// <summary>Centres of the responses with and without an attribute, in standardised features.</summary>
public sealed class AttributeCentres
{
    private readonly double[] _deviation, _with, _without;

    private AttributeCentres(double[] deviation, double[] with, double[] without) => (_deviation, _with, _without) = (deviation, with, without);

    /// <summary>The centres of labelled rows.</summary>
    public static AttributeCentres Of(IReadOnlyList<float[]> features, IReadOnlyList<bool> labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        int d = features[0].Length, n = features.Count;
        double[] Centre(Func<int, bool> takes)
        {
            var sum = new double[d];
            int count = 0;
            for (int i = 0; i < n; i++)
            {
                count += takes(i) ? 1 : 0;
                for (int k = 0; k < d && takes(i); k++)
                {
                    sum[k] += features[i][k];
                }
            }

            return [.. sum.Select(s => s / Math.Max(1, count))];
        }

        double[] mean = Centre(_ => true), deviation = [.. Enumerable.Range(0, d).Select(k => Math.Sqrt(Enumerable.Range(0, n).Average(i => (features[i][k] - mean[k]) * (features[i][k] - mean[k]))))];
        return new AttributeCentres([.. deviation.Select(v => v > 1e-6 ? v : 1)], Centre(i => labels[i]), Centre(i => !labels[i]));
    }

    /// <summary>(d₀ − d₁)/(d₀ + d₁): 1 on the centre with the attribute, −1 on the one without.</summary>
    public double Lean(ReadOnlySpan<float> features)
    {
        double with = 0, without = 0;
        for (int k = 0; k < _deviation.Length; k++)
        {
            with += Math.Pow((features[k] - _with[k]) / _deviation[k], 2);
            without += Math.Pow((features[k] - _without[k]) / _deviation[k], 2);
        }

        double sum = Math.Sqrt(with) + Math.Sqrt(without);
        return sum > 0 ? (Math.Sqrt(without) - Math.Sqrt(with)) / sum : 0;
    }
}
