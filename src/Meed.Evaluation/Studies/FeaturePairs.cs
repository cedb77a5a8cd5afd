using Meed.Numerics;
using Meed.Objectives.Preferences;

namespace Meed.Evaluation.Studies;

/// <summary>A comparison of two feature vectors.</summary>
/// <param name="First">One side.</param>
/// <param name="Second">The other.</param>
/// <param name="Probability">Probability that the first is better.</param>
internal sealed record FeaturePair(float[] First, float[] Second, float Probability = 1);

/// <summary>A score of a feature vector: linear, or with one hidden layer.</summary>
internal sealed class FeatureScorer
{
    private readonly Linear? _inner;
    private readonly Linear _last;

    /// <summary>A scorer.</summary>
    /// <param name="name">Prefix of the parameter names.</param>
    /// <param name="width">Features.</param>
    /// <param name="hidden">Hidden features; 0 for a linear score.</param>
    /// <param name="random">For the weights.</param>
    public FeatureScorer(string name, int width, int hidden, RandomStream random)
    {
        _inner = hidden > 0 ? new Linear($"{name}.inner", width, hidden, random, activation: Activation.Gelu) : null;
        _last = new Linear($"{name}.score", hidden > 0 ? hidden : width, 1, random);
    }

    public IEnumerable<Parameter> Parameters => [.. _inner?.Parameters ?? [], .. _last.Parameters];

    /// <summary>[N, features] to [N].</summary>
    public Tensor Forward(Tensor x) => _last.Forward(_inner is null ? x : _inner.Forward(x)).Reshape(x.Shape[0]);

    /// <summary>Scores without gradients.</summary>
    public double[] Score(IReadOnlyList<float[]> rows)
    {
        using var scope = Tape.Begin(record: false);
        return [.. Forward(Matrix(rows)).ToArray().Select(v => (double)v)];
    }

    /// <summary>Rows as a matrix.</summary>
    public static Tensor Matrix(IReadOnlyList<float[]> rows) => Tensor.From([.. rows.SelectMany(r => r)], rows.Count, rows[0].Length);
}

/// <summary>Trains and measures scorers of feature vectors by Bradley-Terry with soft labels.</summary>
internal static class FeaturePairs
{
    /// <summary>Trains by a number of updates on drawn pairs.</summary>
    public static void Train(FeatureScorer scorer, Func<int, IReadOnlyList<FeaturePair>> pool, int steps, int batch, float learningRate, RandomStream order, CancellationToken stop)
    {
        var optimizer = new Adam(scorer.Parameters, learningRate);
        for (int step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var pairs = pool(step);
            FeaturePair[] own = [.. Enumerable.Range(0, batch).Select(_ => pairs[order.NextInt(pairs.Count)])];
            var first = scorer.Forward(FeatureScorer.Matrix([.. own.Select(p => p.First)]));             // [B]
            var second = scorer.Forward(FeatureScorer.Matrix([.. own.Select(p => p.Second)]));
            optimizer.Step(SoftBradleyTerry.Loss(first, second, Tensor.From([.. own.Select(p => p.Probability)])).Mean());
        }
    }

    /// <summary>Trains on one set of pairs.</summary>
    public static void Train(FeatureScorer scorer, IReadOnlyList<FeaturePair> pairs, int steps, int batch, float learningRate, RandomStream order, CancellationToken stop) =>
        Train(scorer, _ => pairs, steps, batch, learningRate, order, stop);

    /// <summary>Share of pairs whose better side scores higher.</summary>
    public static double Accuracy(FeatureScorer scorer, IReadOnlyList<FeaturePair> pairs)
    {
        double[] first = scorer.Score([.. pairs.Select(p => p.First)]), second = scorer.Score([.. pairs.Select(p => p.Second)]);
        return Enumerable.Range(0, pairs.Count).Count(i => first[i] > second[i] == pairs[i].Probability > 0.5f) / (double)pairs.Count;
    }

    /// <summary>A vector of standard normal numbers.</summary>
    public static float[] Normal(int width, RandomStream random, float deviation = 1)
    {
        var x = new float[width];
        random.FillNormal(x, 0, deviation);
        return x;
    }
}
