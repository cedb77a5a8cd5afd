namespace Meed.Numerics.Tests.Reference;

/// <summary>Compares values and gradients of an operation with a float64 forward and its central differences.</summary>
/// <remarks>
/// The outcome is Σ w·y with fixed weights w, so that every output counts. Differences use step 1e-5 in float64; the error is relative to the
/// largest entry of the gradient (at least 0.01), because float32 sums carry errors of that size, not of the size of their smallest entry.
/// </remarks>
internal static class GradientCheck
{
    public const double Tolerance = 1e-4;
    private const double Step = 1e-5;

    /// <summary>Checks value and gradients of every input.</summary>
    public static void Run(Func<Tensor[], Tensor> operation, Func<double[][], double[]> reference, int[][] shapes, Func<int, int, double>? initial = null, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        var inputs = new double[shapes.Length][];
        for (int i = 0; i < shapes.Length; i++)
        {
            inputs[i] = new double[Shapes.Length(shapes[i])];
            for (int j = 0; j < inputs[i].Length; j++)
            {
                // Values are exact in float32, so that both sides see the same input.
                inputs[i][j] = (float)(initial is null ? random.NextNormal() : initial(i, j));
            }
        }

        double[] expected = reference(inputs);
        var weights = new double[expected.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)random.NextNormal();
        }

        var leaves = new Tensor[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            leaves[i] = Tensor.From(Array.ConvertAll(inputs[i], value => (float)value), shapes[i]).Reshape(shapes[i]).RequireGrad();
        }

        using var scope = Tape.Begin();
        var y = operation(leaves);
        Assert.Equal(expected.Length, y.Length);
        Close("value", Array.ConvertAll(y.ToArray(), value => (double)value), expected, 1e-5);
        var seedGradient = Tensor.From(Array.ConvertAll(weights, value => (float)value), y.Shape).Reshape(y.Shape);
        y.Backward(seedGradient);

        // Through one more operation the pass owns the gradient it hands over, and rules may work in place; the numbers stay the same.
        float[][] direct = Array.ConvertAll(leaves, leaf => leaf.Grad?.ToArray() ?? []);
        foreach (var leaf in leaves)
        {
            leaf.Leaf!.IsSet = false;
        }

        (operation(leaves) * 2f).Backward(seedGradient * 0.5f);
        for (int i = 0; i < leaves.Length; i++)
        {
            Assert.Equal(direct[i], leaves[i].Grad?.ToArray() ?? []);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            var numeric = new double[inputs[i].Length];
            for (int j = 0; j < numeric.Length; j++)
            {
                double at = inputs[i][j];
                inputs[i][j] = at + Step;
                double up = Weighted(reference(inputs), weights);
                inputs[i][j] = at - Step;
                double down = Weighted(reference(inputs), weights);
                inputs[i][j] = at;
                numeric[j] = (up - down) / (2 * Step);
            }

            var gradient = leaves[i].Grad;
            Assert.True(gradient is not null || numeric.All(value => value == 0), $"input {i} received no gradient");
            if (gradient is not null)
            {
                Close($"gradient of input {i}", Array.ConvertAll(gradient.ToArray(), value => (double)value), numeric, Tolerance);
            }
        }

        // The second way to gradients, in which the rules are recorded, gives the same numbers where it exists.
        Tensor[] recorded;
        try
        {
            recorded = Tape.Gradient(y, leaves, seedGradient, createGraph: true);
        }
        catch (NotSupportedException)
        {
            return;
        }

        for (int i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Grad is { } plain)
            {
                Close($"recorded gradient of input {i}", Array.ConvertAll(recorded[i].ToArray(), value => (double)value), Array.ConvertAll(plain.ToArray(), value => (double)value), Tolerance);
            }
        }
    }

    /// <summary>Checks second derivatives: the gradient of Σ w·∂(Σ v·y)/∂x against central differences of the first gradient.</summary>
    public static void RunSecond(Func<Tensor[], Tensor> operation, Func<double[][], double[]> reference, int[][] shapes, Func<int, int, double>? initial = null, ulong seed = 2)
    {
        // The gradient of a float64 forward by central differences with a step that leaves enough digits for a second difference.
        const double inner = 1e-4;
        var random = new RandomStream(seed);
        var inputs = new double[shapes.Length][];
        for (int i = 0; i < shapes.Length; i++)
        {
            inputs[i] = new double[Shapes.Length(shapes[i])];
            for (int j = 0; j < inputs[i].Length; j++)
            {
                inputs[i][j] = (float)(initial is null ? random.NextNormal() : initial(i, j));
            }
        }

        double[] v = new double[reference(inputs).Length];
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = (float)random.NextNormal();
        }

        double[][] w = Array.ConvertAll(inputs, input => Array.ConvertAll(input, _ => (double)(float)random.NextNormal()));

        // Σ w·g is the derivative of the outcome along w.
        double Along()
        {
            double[][] up = new double[inputs.Length][];
            double[][] down = new double[inputs.Length][];
            for (int i = 0; i < inputs.Length; i++)
            {
                up[i] = inputs[i].Zip(w[i], (x, d) => x + (inner * d)).ToArray();
                down[i] = inputs[i].Zip(w[i], (x, d) => x - (inner * d)).ToArray();
            }

            return (Weighted(reference(up), v) - Weighted(reference(down), v)) / (2 * inner);
        }

        using var scope = Tape.Begin();
        var leaves = new Tensor[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            leaves[i] = Tensor.From(Array.ConvertAll(inputs[i], value => (float)value), shapes[i]).Reshape(shapes[i]).RequireGrad();
        }

        var y = operation(leaves);
        var first = Tape.Gradient(y, leaves, Tensor.From(Array.ConvertAll(v, value => (float)value), y.Shape).Reshape(y.Shape), createGraph: true);
        var outcome = Tensor.Scalar(0f);
        for (int i = 0; i < first.Length; i++)
        {
            outcome += (first[i] * Tensor.From(Array.ConvertAll(w[i], value => (float)value), shapes[i]).Reshape(shapes[i])).Sum();
        }

        var second = outcome.IsTracked ? Tape.Gradient(outcome, leaves) : Array.ConvertAll(leaves, leaf => Tensor.Zeros(leaf.Shape));
        for (int i = 0; i < inputs.Length; i++)
        {
            var numeric = new double[inputs[i].Length];
            for (int j = 0; j < numeric.Length; j++)
            {
                double at = inputs[i][j];
                inputs[i][j] = at + inner;
                double up = Along();
                inputs[i][j] = at - inner;
                double down = Along();
                inputs[i][j] = at;
                numeric[j] = (up - down) / (2 * inner);
            }

            // Two nested differences with step 1e-4 are good to about 1e-7 absolute; float32 rules to about 1e-4 relative.
            Close($"second derivative by input {i}", Array.ConvertAll(second[i].ToArray(), value => (double)value), numeric, 5e-4);
        }
    }

    private static double Weighted(double[] y, double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += y[i] * weights[i];
        }

        return sum;
    }

    private static void Close(string what, double[] actual, double[] expected, double tolerance)
    {
        double scale = Math.Max(0.01, expected.Length == 0 ? 0 : expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * scale, $"{what}, entry {i}: {actual[i]:G9} against {expected[i]:G9} (largest {scale:G4})");
        }
    }
}
