using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Heads;

namespace Meed.Evaluation.Studies;

/// <summary>The head of the reward model.</summary>
public enum EditedHead : byte
{
    /// <summary>A linear head on the hidden state; its numbers are edited.</summary>
    Dense,

    /// <summary>A linear head on sparse features of the hidden state; those are edited.</summary>
    Sparse,
}

/// <summary>Options of <see cref="SparseHeadEdits"/>.</summary>
public sealed record SparseHeadEditsOptions
{
    /// <summary>The head.</summary>
    public EditedHead Method { get; init; }

    /// <summary>Planted attributes.</summary>
    public int Attributes { get; init; } = 16;

    /// <summary>Width of the hidden state.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Sparse features, of which four are kept.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Training pairs.</summary>
    public int Pairs { get; init; } = 2000;

    /// <summary>Updates of the autoencoder, and as many of the head.</summary>
    public int Steps { get; init; } = 800;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.BelowOne(("Attributes", Attributes), ("Width", Width), ("Features", Features), ("Pairs", Pairs), ("Steps", Steps));
}

/// <summary>Turns the weight of the one number of a reward head that stands for an attribute, and looks which preferences turn.</summary>
/// <remarks>
/// A hidden state is the sum of the directions of three of sixteen planted attributes, with noise; the gold reward gives each attribute ±1. For each attribute the number of the head's input that correlates most with it is found on
/// training states, and its weight is negated. Wanted: pairs that differ in this attribute alone turn; pairs that do not differ in it stay. Measures: <c>edit_selectivity</c>, the share of the first that turn minus that of the second;
/// <c>accuracy</c> on held-out pairs before any edit; <c>feature_correlation</c>, the mean best correlation.
/// <para>"Interpretable Reward Model via Sparse Autoencoder" (atlas row 230).</para>
/// </remarks>
public sealed class SparseHeadEdits(SparseHeadEditsOptions options) : IStudy
{
    private const int Active = 3;

    private sealed record State(int[] Attributes, float[] Hidden);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        float[][] directions = [.. Enumerable.Range(0, options.Attributes).Select(_ => Unit(FeaturePairs.Normal(options.Width, world)))];
        double[] worth = [.. Enumerable.Range(0, options.Attributes).Select(_ => world.NextBool() ? 1.0 : -1.0)];
        var train = Pairs(options.Pairs, worth, directions, world);
        var test = Pairs(1000, worth, directions, world);
        var states = train.SelectMany(p => new[] { p.First, p.Second }).ToArray();

        var autoencoder = new SparseAutoencoder(options.Width, options.Features, 4, random.Split("weights", 0));
        var dense = new Parameter("dense", Tensor.Zeros(1, options.Width));
        var order = random.Split("order", 0);
        bool sparse = options.Method == EditedHead.Sparse;
        var reading = new Adam(autoencoder.Autoencoder, 3e-3f);
        for (int step = 0; sparse && step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            reading.Step(autoencoder.ReconstructionLoss(FeatureScorer.Matrix([.. Enumerable.Range(0, 64).Select(_ => states[order.NextInt(states.Length)].Hidden)])).Mean());
        }

        var learning = new Adam(sparse ? autoencoder.Head : [dense], 0.01f);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            var own = Enumerable.Range(0, 64).Select(_ => train[order.NextInt(train.Length)]).ToArray();
            learning.Step(BradleyTerry.Loss(Score(FeatureScorer.Matrix([.. own.Select(p => p.First.Hidden)])), Score(FeatureScorer.Matrix([.. own.Select(p => p.Second.Hidden)]))).Mean());
        }

        Tensor Score(Tensor hidden) => sparse ? autoencoder.Score(hidden) : Ops.Linear(hidden, dense.Value).Reshape(hidden.Shape[0]);
        double[] Margins(IReadOnlyList<(State First, State Second)> pairs)
        {
            using var scope = Tape.Begin(record: false);
            float[] a = Score(FeatureScorer.Matrix([.. pairs.Select(p => p.First.Hidden)])).ToArray(), b = Score(FeatureScorer.Matrix([.. pairs.Select(p => p.Second.Hidden)])).ToArray();
            return [.. a.Zip(b, (x, y) => (double)x - y)];
        }

        double accuracy = Margins(test).Count(m => m > 0) / (double)test.Length, selectivity = 0, correlation = 0;
        float[][] inputs = Inputs(states[..Math.Min(2000, states.Length)]);
        for (int attribute = 0; attribute < options.Attributes; attribute++)
        {
            stop.ThrowIfCancellationRequested();
            double[] has = [.. states.Take(inputs.Length).Select(s => s.Attributes.Contains(attribute) ? 1.0 : 0.0)];
            double[] found = [.. Enumerable.Range(0, inputs[0].Length).Select(f => Math.Abs(Correlation([.. inputs.Select(x => (double)x[f])], has)))];
            int number = Array.IndexOf(found, found.Max());
            correlation += found[number] / options.Attributes;
            var with = Enumerable.Range(0, 100).Select(_ => Differing(attribute, worth, directions, world)).ToArray();
            var without = Pairs(300, worth, directions, world).Where(p => p.First.Attributes.Contains(attribute) == p.Second.Attributes.Contains(attribute)).ToArray();
            double[] withBefore = Margins(with), withoutBefore = Margins(without);
            Negate(number);
            double[] withAfter = Margins(with), withoutAfter = Margins(without);
            Negate(number);
            selectivity += (Turned(withBefore, withAfter) - Turned(withoutBefore, withoutAfter)) / options.Attributes;
        }

        return new Dictionary<string, double> { ["edit_selectivity"] = selectivity, ["accuracy"] = accuracy, ["feature_correlation"] = correlation };

        static double Turned(double[] before, double[] after) => before.Zip(after).Count(p => p.First > 0 != p.Second > 0) / (double)before.Length;

        float[][] Inputs(State[] of)
        {
            using var scope = Tape.Begin(record: false);
            var hidden = FeatureScorer.Matrix([.. of.Select(s => s.Hidden)]);
            return sparse ? [.. autoencoder.Encode(hidden).ToArray().Chunk(options.Features)] : [.. of.Select(s => s.Hidden)];
        }

        void Negate(int number)
        {
            if (sparse)
            {
                autoencoder[number] = -autoencoder[number];
                return;
            }

            float[] weights = dense.Value.ToArray();
            weights[number] = -weights[number];
            dense.Load(weights);
        }
    }

    // The better state first.
    private (State First, State Second)[] Pairs(int count, double[] worth, float[][] directions, RandomStream random)
    {
        var pairs = new List<(State, State)>(count);
        while (pairs.Count < count)
        {
            State a = Of([.. random.Permutation(worth.Length).Take(Active)], directions, random), b = Of([.. random.Permutation(worth.Length).Take(Active)], directions, random);
            double margin = a.Attributes.Sum(k => worth[k]) - b.Attributes.Sum(k => worth[k]);
            if (margin != 0)
            {
                pairs.Add(margin > 0 ? (a, b) : (b, a));
            }
        }

        return [.. pairs];
    }

    // Two states that differ in one attribute alone; the better one first.
    private (State First, State Second) Differing(int attribute, double[] worth, float[][] directions, RandomStream random)
    {
        int[] others = [.. random.Permutation(worth.Length).Where(k => k != attribute).Take(Active - 1)];
        State with = Of([.. others, attribute], directions, random), without = Of(others, directions, random);
        return worth[attribute] > 0 ? (with, without) : (without, with);
    }

    private State Of(int[] attributes, float[][] directions, RandomStream random)
    {
        var hidden = FeaturePairs.Normal(options.Width, random, 0.05f);
        foreach (int k in attributes)
        {
            for (int d = 0; d < hidden.Length; d++)
            {
                hidden[d] += directions[k][d];
            }
        }

        return new State(attributes, hidden);
    }

    private static float[] Unit(float[] x)
    {
        float norm = MathF.Sqrt(x.Sum(v => v * v));
        return [.. x.Select(v => v / norm)];
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - ma) * (b[i] - mb);
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
        }

        return aa == 0 || bb == 0 ? 0 : ab / Math.Sqrt(aa * bb);
    }
}
