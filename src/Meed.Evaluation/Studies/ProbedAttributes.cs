using Meed.Evaluation.Probes;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>How many attributes a reward model is trained on.</summary>
public enum TrainedAttributes : byte
{
    /// <summary>One.</summary>
    One,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>Options of <see cref="ProbedAttributes"/>.</summary>
public sealed record ProbedAttributesOptions
{
    /// <summary>One or all.</summary>
    public TrainedAttributes Attributes { get; init; }

    /// <summary>Training responses.</summary>
    public int Responses { get; init; } = 1000;

    /// <summary>Updates of 64 responses.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Width of the probed layer.</summary>
    public int Hidden { get; init; } = 8;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Responses", Responses, 64), ("Steps", Steps, 1), ("Hidden", Hidden, 2));
}

/// <summary>Reward models trained on one or on six attributes of a response are frozen and probed for all six.</summary>
/// <remarks>
/// A response is 24 numbers that mix six attributes (harmless, helpful, correct, coherent, complex, brief), with noise, through a fixed random layer with tanh. The model is 24 → 32 → hidden → attributes, trained by squared error on ratings; its reward is the mean rating it gives. Probes read the last
/// hidden layer on new responses. Measures: <c>probe_accuracy</c>, mean over attributes of <see cref="ProbeTest"/>; <c>best_of_16</c>, mean true worth (the mean of all six) of its choice among 16.
/// <para>Probing preference representations (atlas row 117).</para>
/// </remarks>
public sealed class ProbedAttributes(ProbedAttributesOptions options) : IStudy
{
    private const int Width = 24;

    private static readonly string[] s_names = ["harmless", "helpful", "correct", "coherent", "complex", "brief"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        double[][] mixing = [.. Enumerable.Range(0, Width).Select(_ => s_names.Select(_ => world.NextNormal()).ToArray())];
        (float[] Shown, double[] Truth)[] train = [.. Enumerable.Range(0, options.Responses).Select(_ => Draw())], test = [.. Enumerable.Range(0, 800).Select(_ => Draw())], candidates = [.. Enumerable.Range(0, 200 * 16).Select(_ => Draw())];

        int outputs = options.Attributes == TrainedAttributes.One ? 1 : s_names.Length;
        var weights = random.Split("weights", 0);
        Linear first = new("first", Width, 32, weights, activation: Activation.Gelu), second = new("second", 32, options.Hidden, weights, activation: Activation.Gelu), head = new("head", options.Hidden, outputs, weights);
        var optimizer = new Adam([.. first.Parameters, .. second.Parameters, .. head.Parameters], 3e-3f);
        var order = random.Split("order", 0);
        for (int step = 0; step < options.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            int[] rows = [.. Enumerable.Range(0, 64).Select(_ => order.NextInt(train.Length))];
            var said = head.Forward(Hidden(Matrix([.. rows.Select(r => train[r].Shown)])));                            // [64, outputs]
            var rated = Tensor.From([.. rows.SelectMany(r => train[r].Truth.Take(outputs).Select(v => (float)v))], 64, outputs);
            optimizer.Step((said - rated).Square().Mean());
        }

        float[] hidden = Run(x => Hidden(x), test), rewards = Run(x => head.Forward(Hidden(x)), test), choices = Run(x => head.Forward(Hidden(x)), candidates);
        double Reward(float[] all, int row) => Enumerable.Range(0, outputs).Average(k => all[(row * outputs) + k]);
        var probes = ProbeTest.Run([.. Enumerable.Range(0, test.Length).Select(i => hidden[(i * options.Hidden)..((i + 1) * options.Hidden)])], [.. Enumerable.Range(0, test.Length).Select(i => Reward(rewards, i))],
            [.. Enumerable.Range(0, test.Length).Select(i => (ulong)i)], s_names.Select((name, k) => (name, k)).ToDictionary(a => a.name, a => test.Select(t => (bool?)(t.Truth[a.k] > 0)).ToArray()));
        double best = Enumerable.Range(0, 200).Average(p => candidates[Enumerable.Range(16 * p, 16).MaxBy(i => Reward(choices, i))].Truth.Average());
        return new Dictionary<string, double> { ["probe_accuracy"] = probes.Average(p => p.Accuracy.Value), ["best_of_16"] = best };

        Tensor Hidden(Tensor x) => second.Forward(first.Forward(x));

        (float[], double[]) Draw()
        {
            double[] truth = [.. s_names.Select(_ => world.NextNormal())];
            return ([.. mixing.Select(row => (float)(Math.Tanh(row.Zip(truth, (m, t) => m * t).Sum() / 2) + (0.2 * world.NextNormal())))], truth);
        }

        static float[] Run(Func<Tensor, Tensor> network, (float[] Shown, double[] Truth)[] rows)
        {
            using var scope = Tape.Begin(record: false);
            return network(Matrix([.. rows.Select(r => r.Shown)])).ToArray();
        }
    }

    private static Tensor Matrix(float[][] rows) => Tensor.From([.. rows.SelectMany(r => r)], rows.Length, rows[0].Length);
}
