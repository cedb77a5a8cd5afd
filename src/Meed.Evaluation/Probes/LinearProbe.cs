namespace Meed.Evaluation.Probes;

/// <summary>A linear classifier on frozen features: logistic regression on standardised columns with a ridge.</summary>
/// <remarks>P(label) = σ(w·(x − mean)/deviation + b), full-batch gradient steps on the mean log loss + λ/2·|w|²; the problem is convex, so the start does not matter.</remarks>
public sealed class LinearProbe
{
    private readonly double[] _mean, _deviation, _weights;
    private readonly double _bias;

    private LinearProbe(double[] mean, double[] deviation, double[] weights, double bias) => (_mean, _deviation, _weights, _bias) = (mean, deviation, weights, bias);

    /// <summary>Weights on standardised columns.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Log-odds of the label.</summary>
    public double Score(ReadOnlySpan<float> features)
    {
        double sum = _bias;
        for (int k = 0; k < _weights.Length; k++)
        {
            sum += _weights[k] * (features[k] - _mean[k]) / _deviation[k];
        }

        return sum;
    }

    /// <summary>Learns from rows.</summary>
    /// <param name="features">N rows of D features.</param>
    /// <param name="labels">N labels.</param>
    /// <param name="ridge">λ.</param>
    /// <param name="steps">Gradient steps.</param>
    public static LinearProbe Fit(IReadOnlyList<float[]> features, IReadOnlyList<bool> labels, double ridge = 1e-2, int steps = 200)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (features.Count != labels.Count || features.Count == 0)
        {
            throw new ArgumentException($"LinearProbe.Fit: {features.Count} rows and {labels.Count} labels; each row has one, and there is at least one.");
        }

        int n = features.Count, d = features[0].Length;
        var mean = new double[d];
        var deviation = new double[d];
        foreach (float[] x in features)
        {
            for (int k = 0; k < d; k++)
            {
                mean[k] += x[k] / n;
            }
        }

        foreach (float[] x in features)
        {
            for (int k = 0; k < d; k++)
            {
                deviation[k] += (x[k] - mean[k]) * (x[k] - mean[k]) / n;
            }
        }

        for (int k = 0; k < d; k++)
        {
            deviation[k] = deviation[k] > 1e-12 ? Math.Sqrt(deviation[k]) : 1;
        }

        double[][] rows = [.. features.Select(x => x.Select((v, k) => (v - mean[k]) / deviation[k]).ToArray())];
        var weights = new double[d];
        double bias = 0;

        // The curvature of the loss is at most (D + 1)/4 + λ on standardised columns; Nesterov's momentum makes up for so short a step.
        double rate = 1 / (((d + 1) / 4.0) + ridge), biasBefore = 0;
        double[] before = new double[d], ahead = new double[d], gradient = new double[d];
        for (int step = 0; step < steps; step++)
        {
            double momentum = step / (step + 3.0), aheadBias = bias + (momentum * (bias - biasBefore)), biasGradient = 0;
            for (int k = 0; k < d; k++)
            {
                ahead[k] = weights[k] + (momentum * (weights[k] - before[k]));
                gradient[k] = ridge * ahead[k];
            }

            for (int i = 0; i < n; i++)
            {
                double score = aheadBias;
                for (int k = 0; k < d; k++)
                {
                    score += ahead[k] * rows[i][k];
                }

                double push = ((1 / (1 + Math.Exp(-score))) - (labels[i] ? 1 : 0)) / n;
                biasGradient += push;
                for (int k = 0; k < d; k++)
                {
                    gradient[k] += push * rows[i][k];
                }
            }

            (biasBefore, bias) = (bias, aheadBias - (rate * biasGradient));
            for (int k = 0; k < d; k++)
            {
                before[k] = weights[k];
                weights[k] = ahead[k] - (rate * gradient[k]);
            }
        }

        return new LinearProbe(mean, deviation, weights, bias);
    }
}
