using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>A perceptron with GELU between its layers, and how studies train it.</summary>
internal sealed class SmallNet
{
    private readonly Linear[] _layers;

    /// <summary>A network.</summary>
    /// <param name="name">Names its parameters.</param>
    /// <param name="random">For the weights; a child of this name is taken.</param>
    /// <param name="widths">Inputs, inner layers, outputs.</param>
    public SmallNet(string name, RandomStream random, params int[] widths)
    {
        var own = random.Split(name, 0);
        _layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i => new Linear($"{name}.{i}", widths[i], widths[i + 1], own, activation: i < widths.Length - 2 ? Activation.Gelu : Activation.None))];
    }

    public IEnumerable<Parameter> Parameters => _layers.SelectMany(l => l.Parameters);

    /// <summary>[B, inputs] to [B, outputs].</summary>
    public Tensor Forward(Tensor x) => _layers.Aggregate(x, (y, layer) => layer.Forward(y));

    /// <summary>Outputs of rows, without gradients.</summary>
    public float[] Apply(IReadOnlyList<float[]> rows)
    {
        using var scope = Tape.Begin(record: false);
        return Forward(Matrix(rows)).ToArray();
    }

    /// <summary>Adam for a number of updates.</summary>
    public static void Fit(IEnumerable<Parameter> parameters, int steps, float learningRate, Func<int, Tensor> loss, CancellationToken stop)
    {
        var optimizer = new Adam(parameters, learningRate);
        for (int step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = Tape.Begin();
            optimizer.Step(loss(step), 1f, out _);
        }
    }

    /// <summary>Rows as a matrix.</summary>
    public static Tensor Matrix(IReadOnlyList<float[]> rows)
    {
        int width = rows[0].Length;
        var all = new float[rows.Count * width];
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].CopyTo(all, i * width);
        }

        return Tensor.From(all, rows.Count, width);
    }

    /// <summary>Vectors one after the other.</summary>
    public static float[] Join(params float[][] parts) => [.. parts.SelectMany(p => p)];

    /// <summary>Mean of vectors.</summary>
    public static float[] Mean(IReadOnlyList<float[]> rows)
    {
        var mean = new float[rows[0].Length];
        foreach (float[] row in rows)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += row[i] / rows.Count;
            }
        }

        return mean;
    }

    /// <summary>Rows with equal chance.</summary>
    public static T[] Draw<T>(IReadOnlyList<T> from, int count, RandomStream random) => [.. Enumerable.Range(0, count).Select(_ => from[random.NextInt(from.Count)])];
}
