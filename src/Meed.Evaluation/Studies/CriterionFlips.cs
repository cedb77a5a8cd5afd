using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>What a reward is told.</summary>
public enum CriterionUse : byte
{
    /// <summary>The two responses alone.</summary>
    Unconditioned,

    /// <summary>The criterion as well.</summary>
    Conditioned,
}

/// <summary>Options of <see cref="CriterionFlips"/>.</summary>
public sealed record CriterionFlipsOptions
{
    /// <summary>Without or with the criterion.</summary>
    public CriterionUse Reward { get; init; }

    /// <summary>Training pairs.</summary>
    public int Pairs { get; init; } = 1500;

    /// <summary>Held-out items.</summary>
    public int Items { get; init; } = 600;

    /// <summary>Gradient steps.</summary>
    public int Steps { get; init; } = 150;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Pairs", Pairs, 10), ("Items", Items, 10), ("Steps", Steps, 1));
}

/// <summary>Pairs of texts, pictures and sounds whose winner turns with the criterion, ties among them.</summary>
/// <remarks>
/// A response is a vector of 12 numbers; each modality shows the same four qualities (brief, warm, exact, bold) through a mixing matrix of its own, with noise. A criterion asks for one of the qualities, or for the least of it. Where the two
/// responses differ by less than 0.4 in it, annotators call it a tie. The reward is a linear Bradley-Terry model in a modality's features and, when told, their products with the criterion; ties count half each way in training. Measures:
/// <c>flipped</c>, accuracy on items that occur a second time under another criterion with the other winner; <c>with_ties</c> and <c>without_ties</c> over all items.
/// <para>Omni-Reward (atlas row 196).</para>
/// </remarks>
public sealed class CriterionFlips(CriterionFlipsOptions options) : IStudy
{
    private const int Qualities = 4, Width = 12;

    private static readonly string[] s_modalities = ["text", "image", "audio"];

    private sealed record Pair(int Modality, int Criterion, double[] First, double[] Second, int Label);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed).Split("world", 0);
        double[][][] mixing = [.. s_modalities.Select(_ => Enumerable.Range(0, Width).Select(_ => Enumerable.Range(0, Qualities).Select(_ => random.NextNormal()).ToArray()).ToArray())];
        var train = new List<double[]>();
        for (int i = 0; i < options.Pairs; i++)
        {
            var (pair, _) = New(random.NextInt(2 * Qualities), -1);
            double[] first = Features(pair, pair.First), second = Features(pair, pair.Second);
            if (pair.Label >= 0)
            {
                train.Add(LinearPreference.Minus(first, second));
            }

            if (pair.Label <= 0)
            {
                train.Add(LinearPreference.Minus(second, first));
            }
        }

        double[] weights = LinearPreference.Fit(train, 1e-4, options.Steps, stop);
        var items = new List<CriterionItem>();
        var margins = new List<double>();
        double flipped = 0;
        int flips = 0;
        for (int i = 0; i < options.Items; i++)
        {
            stop.ThrowIfCancellationRequested();
            int criterion = random.NextInt(2 * Qualities), other = (criterion + 1 + random.NextInt((2 * Qualities) - 1)) % (2 * Qualities);
            var (pair, again) = New(criterion, other);
            items.Add(new CriterionItem($"{criterion}", s_modalities[pair.Modality], pair.Label));
            margins.Add(Margin(pair));
            if (pair.Label * again.Label < 0)
            {
                flips += 2;
                flipped += (Math.Sign(Margin(pair)) == pair.Label ? 1 : 0) + (Math.Sign(Margin(again)) == again.Label ? 1 : 0);
            }
        }

        var result = CriterionPairs.Of(items, margins);
        return new Dictionary<string, double> { ["flipped"] = flipped / flips, ["with_ties"] = result.WithTies, ["without_ties"] = result.WithoutTies };

        double Margin(Pair pair) => LinearPreference.Dot(weights, LinearPreference.Minus(Features(pair, pair.First), Features(pair, pair.Second)));

        (Pair Pair, Pair Again) New(int criterion, int other)
        {
            int modality = random.NextInt(s_modalities.Length);
            double[] a = [.. Enumerable.Range(0, Qualities).Select(_ => random.NextNormal())], b = [.. Enumerable.Range(0, Qualities).Select(_ => random.NextNormal())];
            double[] Show(double[] q) => [.. mixing[modality].Select(row => LinearPreference.Dot(row, q) + (0.5 * random.NextNormal()))];
            double[] first = Show(a), second = Show(b);
            int Label(int c)
            {
                double difference = (c < Qualities ? 1 : -1) * (a[c % Qualities] - b[c % Qualities]);
                return Math.Abs(difference) < 0.4 ? 0 : Math.Sign(difference);
            }

            return (new Pair(modality, criterion, first, second, Label(criterion)), new Pair(modality, Math.Max(0, other), first, second, Label(Math.Max(0, other))));
        }
    }

    // A block of features for the modality, and one for modality and criterion.
    private double[] Features(Pair pair, double[] x)
    {
        bool told = options.Reward == CriterionUse.Conditioned;
        var features = new double[s_modalities.Length * Width * (told ? 1 + (2 * Qualities) : 1)];
        x.CopyTo(features, pair.Modality * Width);
        if (told)
        {
            x.CopyTo(features, ((s_modalities.Length * (1 + pair.Criterion)) + pair.Modality) * Width);
        }

        return features;
    }
}
