using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>What members of an ensemble differ in.</summary>
public enum MemberSeeds : byte
{
    /// <summary>The seed of fine-tuning: order and head; features are shared.</summary>
    FineTuning,

    /// <summary>The seed of pretraining too: each member has features of its own.</summary>
    Pretraining,
}

/// <summary>How members' scores become one.</summary>
public enum MemberAggregate : byte
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their minimum.</summary>
    Minimum,

    /// <summary>Mean minus one standard deviation.</summary>
    MeanMinusDeviation,
}

/// <summary>Options of <see cref="EnsembleHacking"/>.</summary>
public sealed record EnsembleHackingOptions
{
    /// <summary>What members differ in.</summary>
    public MemberSeeds Members { get; init; }

    /// <summary>How their scores become one.</summary>
    public MemberAggregate Aggregate { get; init; }

    /// <summary>Members.</summary>
    public int Size { get; init; } = 5;

    /// <summary>Training pairs, the same for every member.</summary>
    public int Pairs { get; init; } = 400;

    /// <summary>Candidates a prompt of the best-of-n.</summary>
    public int Candidates { get; init; } = 256;

    /// <summary>Updates of each member.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Frozen features of a member.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.BelowOne(("Size", Size), ("Pairs", Pairs), ("Candidates", Candidates), ("Steps", Steps), ("Features", Features));
}

/// <summary>Ensembles of reward models choose the best of many; what they choose is judged by gold.</summary>
/// <remarks>
/// An answer is 24 standard normal numbers; gold is Σ tanh of the first six, minus a quarter of the square of the seventh. A member is a frozen random GELU map ("pretraining") with a linear head learned from noisy pairs ("fine-tuning").
/// Measures over 200 prompts: <c>best_of_n_gold</c>; <c>accuracy</c> on noiseless held-out pairs of the ensemble; <c>proxy_gap</c>, the mean score of the chosen, in standard deviations of all scores, minus their gold, in those of gold.
/// <para>"Helping or Herding? Reward Model Ensembles Mitigate but do not Eliminate Reward Hacking" (atlas row 70).</para>
/// </remarks>
public sealed class EnsembleHacking(EnsembleHackingOptions options) : IStudy
{
    private const int Width = 24, Prompts = 200;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        FeaturePair[] train = [.. Enumerable.Range(0, options.Pairs).Select(_ => Pair(world, noisy: true))], test = [.. Enumerable.Range(0, 1000).Select(_ => Pair(world, noisy: false))];
        var candidates = random.Split("candidates", 0);
        float[][] answers = [.. Enumerable.Range(0, Prompts * options.Candidates).Select(_ => FeaturePairs.Normal(Width, candidates))];
        var members = new List<Func<IReadOnlyList<float[]>, double[]>>();
        for (int m = 0; m < options.Size; m++)
        {
            var map = new Linear("map", Width, options.Features, random.Split("pretraining", options.Members == MemberSeeds.Pretraining ? m : 0), deviation: 1.5f / MathF.Sqrt(Width), activation: Activation.Gelu);
            var tuning = random.Split("fine-tuning", m);
            var head = new FeatureScorer("head", options.Features, 0, tuning);
            float[][] Map(IReadOnlyList<float[]> rows)
            {
                using var scope = Tape.Begin(record: false);
                return [.. map.Forward(FeatureScorer.Matrix(rows)).ToArray().Chunk(options.Features)];
            }

            float[][] first = Map([.. train.Select(p => p.First)]), second = Map([.. train.Select(p => p.Second)]);
            FeaturePairs.Train(head, [.. train.Select((p, i) => new FeaturePair(first[i], second[i], p.Probability))], options.Steps, 32, 0.01f, tuning.Split("order", 0), stop);
            members.Add(rows => head.Score(Map(rows)));
        }

        double[] scores = Ensemble(answers), gold = [.. answers.Select(Gold)];
        double[] firsts = Ensemble([.. test.Select(p => p.First)]), seconds = Ensemble([.. test.Select(p => p.Second)]);
        double chosenGold = 0, chosenScore = 0;
        for (int p = 0; p < Prompts; p++)
        {
            int best = Enumerable.Range(p * options.Candidates, options.Candidates).MaxBy(i => scores[i]);
            chosenGold += gold[best] / Prompts;
            chosenScore += scores[best] / Prompts;
        }

        double Standard(double value, double[] all) => (value - all.Average()) / Math.Sqrt(all.Average(v => v * v) - Math.Pow(all.Average(), 2));
        return new Dictionary<string, double>
        {
            ["best_of_n_gold"] = chosenGold,
            ["accuracy"] = Enumerable.Range(0, test.Length).Count(i => firsts[i] > seconds[i] == test[i].Probability > 0.5f) / (double)test.Length,
            ["proxy_gap"] = Standard(chosenScore, scores) - Standard(chosenGold, gold),
        };

        double[] Ensemble(IReadOnlyList<float[]> rows)
        {
            double[][] all = [.. members.Select(m => m(rows))];
            return [.. Enumerable.Range(0, rows.Count).Select(i =>
            {
                double[] own = [.. all.Select(a => a[i])];
                double mean = own.Average();
                return options.Aggregate switch { MemberAggregate.Minimum => own.Min(), MemberAggregate.Mean => mean, _ => mean - Math.Sqrt(own.Average(v => (v - mean) * (v - mean))) };
            })];
        }
    }

    private static double Gold(float[] x)
    {
        double sum = -0.25 * x[6] * x[6];
        for (int d = 0; d < 6; d++)
        {
            sum += Math.Tanh(x[d]);
        }

        return sum;
    }

    private static FeaturePair Pair(RandomStream random, bool noisy)
    {
        float[] a = FeaturePairs.Normal(Width, random), b = FeaturePairs.Normal(Width, random);
        double margin = Gold(a) - Gold(b);
        return new FeaturePair(a, b, (noisy ? random.NextBool(1 / (1 + Math.Exp(-2 * margin))) : margin > 0) ? 1 : 0);
    }
}
