namespace Meed.Evaluation.Studies;

/// <summary>A linear Bradley-Terry reward on feature vectors, for studies: −ln σ(w·(x⁺ − x⁻)) + λ/2·|w|², Nesterov steps from zero.</summary>
internal static class LinearPreference
{
    /// <summary>Weights learned from differences, each better less worse.</summary>
    /// <param name="differences">N rows of D.</param>
    /// <param name="ridge">λ on the mean loss.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="stop">Asks for a stop.</param>
    /// <param name="even">Rows whose score is pulled to 0 by (w·x)²/2 · evenWeight; null for none.</param>
    /// <param name="evenWeight">Weight of that pull.</param>
    public static double[] Fit(IReadOnlyList<double[]> differences, double ridge, int steps, CancellationToken stop, IReadOnlyList<double[]>? even = null, double evenWeight = 0)
    {
        int d = differences[0].Length;
        double[] w = new double[d], before = new double[d], ahead = new double[d], gradient = new double[d];
        double curvature = (differences.Average(x => x.Sum(v => v * v)) / 4) + ridge + (even is { Count: > 0 } ? evenWeight * even.Average(x => x.Sum(v => v * v)) : 0), rate = 1 / curvature;
        for (int step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            double momentum = step / (step + 3.0);
            for (int k = 0; k < d; k++)
            {
                ahead[k] = w[k] + (momentum * (w[k] - before[k]));
                gradient[k] = ridge * ahead[k];
            }

            foreach (double[] x in differences)
            {
                Add(x, -1 / (1 + Math.Exp(Dot(ahead, x))) / differences.Count);
            }

            foreach (double[] x in evenWeight > 0 && even is not null ? even : [])
            {
                Add(x, evenWeight * Dot(ahead, x) / even!.Count);
            }

            for (int k = 0; k < d; k++)
            {
                before[k] = w[k];
                w[k] = ahead[k] - (rate * gradient[k]);
            }
        }

        return w;

        void Add(double[] x, double push)
        {
            for (int k = 0; k < d; k++)
            {
                gradient[k] += push * x[k];
            }
        }
    }

    /// <summary>w·x.</summary>
    public static double Dot(double[] w, double[] x)
    {
        double sum = 0;
        for (int k = 0; k < w.Length; k++)
        {
            sum += w[k] * x[k];
        }

        return sum;
    }

    /// <summary>a − b.</summary>
    public static double[] Minus(double[] a, double[] b)
    {
        var x = new double[a.Length];
        for (int k = 0; k < x.Length; k++)
        {
            x[k] = a[k] - b[k];
        }

        return x;
    }
}
