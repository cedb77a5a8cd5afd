using Meed.Numerics;
using Meed.RewardModels.Curation;

namespace Meed.Evaluation.Studies;

/// <summary>What becomes of pairs on which the experts differ.</summary>
public enum DisputedPairs : byte
{
    /// <summary>They are left out.</summary>
    LeftOut,

    /// <summary>The judge answers them repeatedly; best and worst output make a training pair.</summary>
    AnsweredAgain,
}

/// <summary>Options of <see cref="ExpertRounds"/>.</summary>
public sealed record ExpertRoundsOptions
{
    /// <summary>What becomes of disputed pairs.</summary>
    public DisputedPairs Method { get; init; }

    /// <summary>Pairs without a human label.</summary>
    public int Pairs { get; init; } = 600;

    /// <summary>Deviation of an expert's noise.</summary>
    public double ExpertNoise { get; init; } = 2;

    /// <summary>Share of the pairs that differ in details alone, which the first expert reads the wrong way round.</summary>
    public double Details { get; init; } = 0.5;

    /// <summary>Answers of the judge to a disputed pair.</summary>
    public int Answers { get; init; } = 8;

    /// <summary>Updates in both phases together.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in StudyProblems.BelowOne(("Pairs", Pairs), ("Answers", Answers), ("Steps", Steps)))
        {
            yield return problem;
        }

        if (Details is not (>= 0 and <= 1) || !(ExpertNoise >= 0))
        {
            yield return $"Details is {Details}, a share, 0 to 1; ExpertNoise is {ExpertNoise}, 0 or more.";
        }
    }
}

/// <summary>A judge learns from five noisy experts: from pairs on which they agree, and, in a second phase, from its own repeated answers to the others.</summary>
/// <remarks>
/// An answer is 16 standard normal numbers, gold Σ tanh of the first six; the last three of these are details. Some pairs differ in details and in what means nothing alone. An expert reads a caption of an answer: gold with noise and a bias of its own along a random direction of the rest; the first expert reads
/// details the wrong way round, so that experts mostly differ about those pairs and agreement leaves out a kind of pair. The judge is a network with 32 hidden numbers.
/// In the second phase it gives several verdicts on each disputed pair, drawn from its probability; a verdict's score is the experts' mean margin for it. Where best and worst verdict differ, the best is the label (<see cref="ExpertAgreement"/>).
/// Measures on 1,000 held-out pairs by gold: <c>accuracy</c>, and <c>detail_accuracy</c> of those that differ in details; <c>agreed_share</c>.
/// <para>CAREVL, "From Captions to Rewards" (atlas row 259); the second phase trains by Bradley-Terry instead of direct preference optimisation, as the judge is no generator here.</para>
/// </remarks>
public sealed class ExpertRounds(ExpertRoundsOptions options) : IStudy
{
    private const int Width = 16, Signal = 6, Plain = 3, Experts = 5;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        float[][] bias = [.. Enumerable.Range(0, Experts).Select(_ => FeaturePairs.Normal(Width - Signal, world, 0.3f))];
        var pairs = Enumerable.Range(0, options.Pairs).Select(_ => Draw()).Select(p => (p.A, p.B, Margins: Enumerable.Range(0, Experts).Select(e => Read(p.A, e) - Read(p.B, e)).ToArray())).ToArray();
        var held = Enumerable.Range(0, 1000).Select(_ => Draw()).ToArray();
        FeaturePair[] test = [.. held.Select(p => new FeaturePair(p.A, p.B, Gold(p.A, 1) > Gold(p.B, 1) ? 1 : 0))], details = [.. test.Where((_, i) => held[i].Detail)];
        FeaturePair[] agreed = [.. pairs.Where(p => ExpertAgreement.Of(p.Margins) != 0).Select(p => new FeaturePair(p.A, p.B, ExpertAgreement.Of(p.Margins) > 0 ? 1 : 0))];
        var judge = new FeatureScorer("judge", Width, 32, random.Split("weights", 0));
        var order = random.Split("order", 0);
        FeaturePairs.Train(judge, agreed, options.Steps / 2, 32, 5e-3f, order, stop);
        var more = agreed.ToList();
        var again = random.Split("again", 0);
        foreach (var (a, b, margins) in options.Method == DisputedPairs.AnsweredAgain ? pairs.Where(p => ExpertAgreement.Of(p.Margins) == 0) : [])
        {
            double[] scores = judge.Score([a, b]);
            double[] verdicts = [.. Enumerable.Range(0, options.Answers).Select(_ => again.NextBool(1 / (1 + Math.Exp(scores[1] - scores[0]))) ? 1.0 : -1.0)];
            if (ExpertAgreement.Select([.. verdicts.Select(v => v * margins.Average())]) is { } chosen)
            {
                more.Add(new FeaturePair(a, b, verdicts[chosen.Chosen] > 0 ? 1 : 0));
            }
        }

        FeaturePairs.Train(judge, more, options.Steps - (options.Steps / 2), 32, 5e-3f, order, stop);
        return new Dictionary<string, double> { ["accuracy"] = FeaturePairs.Accuracy(judge, test), ["detail_accuracy"] = details.Length > 0 ? FeaturePairs.Accuracy(judge, details) : 0, ["agreed_share"] = agreed.Length / (double)pairs.Length };

        (float[] A, float[] B, bool Detail) Draw()
        {
            float[] a = FeaturePairs.Normal(Width, world), b = FeaturePairs.Normal(Width, world);
            bool detail = world.NextBool(options.Details);
            if (detail)
            {
                a.AsSpan(0, Plain).CopyTo(b);
            }

            return (a, b, detail);
        }

        double Read(float[] x, int expert)
        {
            double sum = Gold(x, expert == 0 ? -1 : 1) + (options.ExpertNoise * world.NextNormal());
            for (int d = Signal; d < Width; d++)
            {
                sum += bias[expert][d - Signal] * x[d];
            }

            return sum;
        }
    }

    private static double Gold(float[] x, int detailSign)
    {
        double sum = 0;
        for (int d = 0; d < Signal; d++)
        {
            sum += (d < Plain ? 1 : detailSign) * Math.Tanh(x[d]);
        }

        return sum;
    }
}
