namespace Meed.RewardModels.Uncertainty;

/// <summary>A Gaussian posterior of the last layer of a Bradley-Terry model: how sure its scores are.</summary>
/// <remarks>
/// Score w·φ, prior w ~ N(0, λ⁻¹I), comparisons with Δ = φ(first) − φ(second):  p = σ(w·Δ),
/// posterior N(ŵ, H⁻¹) around the mode, H = λI + Σ p(1 − p)·Δ·Δᵀ;  variance of a difference v = Δᵀ·H⁻¹·Δ;
/// probability ∫σ(d)·N(d; ŵ·Δ, v) dd ≈ σ(ŵ·Δ / √(1 + π·v/8)).
/// <para>MacKay 1992, "The Evidence Framework Applied to Classification Networks"; for reward models Yang et al. 2024, "Bayesian Reward Models for LLM Alignment", arXiv:2402.13210. In double, O(D³) once and O(D²) a question.</para>
/// </remarks>
public sealed class LastLayerLaplace
{
    private readonly double[,] _factor;   // L of H = L·Lᵀ
    private readonly double[] _weights;

    private LastLayerLaplace(double[] weights, double[,] factor)
    {
        _weights = weights;
        _factor = factor;
    }

    /// <summary>The mode, ŵ, [D].</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Finds the mode by Newton's method and the posterior around it.</summary>
    /// <param name="differences">Δ of every comparison, [N][D].</param>
    /// <param name="labels">Probability that the first is better, [N], 0..1.</param>
    /// <param name="precision">λ, above 0.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a number is not finite.</exception>
    public static LastLayerLaplace Fit(IReadOnlyList<double[]> differences, IReadOnlyList<double> labels, double precision = 1)
    {
        int width = Check(differences, precision);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != differences.Count)
        {
            throw new ArgumentException($"LastLayerLaplace: {differences.Count} comparisons, but {labels.Count} labels.", nameof(labels));
        }

        if (labels.FirstOrDefault(l => l is not (>= 0 and <= 1), 0.5) is not (>= 0 and <= 1) and var bad)
        {
            throw new ArgumentException($"LastLayerLaplace: a label is {bad}; labels are probabilities, 0 to 1.", nameof(labels));
        }

        var weights = new double[width];
        for (int round = 0; round < 100; round++)
        {
            // Newton: H·step = −λw + Σ (y − p)·Δ. The objective is strictly concave; halving keeps the step from overshooting.
            var gradient = new double[width];
            for (int k = 0; k < width; k++)
            {
                gradient[k] = -precision * weights[k];
            }

            for (int i = 0; i < differences.Count; i++)
            {
                double error = labels[i] - Sigmoid(Dot(weights, differences[i]));
                for (int k = 0; k < width; k++)
                {
                    gradient[k] += error * differences[i][k];
                }
            }

            double[] step = Solve(Factor(Curvature(weights, differences, precision)), gradient);
            double before = Objective(weights, differences, labels, precision), scale = 1;
            double[] next = Add(weights, step, scale);
            while (Objective(next, differences, labels, precision) < before && scale > 1e-6)
            {
                next = Add(weights, step, scale /= 2);
            }

            weights = next;
            if (step.Max(Math.Abs) < 1e-10)
            {
                break;
            }
        }

        return new LastLayerLaplace(weights, Factor(Curvature(weights, differences, precision)));
    }

    /// <summary>The posterior around weights that were trained elsewhere.</summary>
    /// <param name="weights">w, [D].</param>
    /// <param name="differences">Δ of every training comparison, [N][D].</param>
    /// <param name="precision">λ, above 0: the prior, for training with weight decay λ/2 on the sum of squares.</param>
    public static LastLayerLaplace Around(IReadOnlyList<double> weights, IReadOnlyList<double[]> differences, double precision = 1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        int width = Check(differences, precision);
        return weights.Count == width
            ? new LastLayerLaplace([.. weights], Factor(Curvature([.. weights], differences, precision)))
            : throw new ArgumentException($"LastLayerLaplace: {weights.Count} weights, but features of width {width}.", nameof(weights));
    }

    /// <summary>ŵ·Δ.</summary>
    public double Margin(ReadOnlySpan<double> difference) => Dot(_weights, Width(difference));

    /// <summary>v = Δᵀ·H⁻¹·Δ; with a sample's features instead of a difference, the variance of its score.</summary>
    public double Variance(ReadOnlySpan<double> difference)
    {
        double[] z = Forward(_factor, Width(difference));
        return Dot(z, z);
    }

    /// <summary>Probability that the first is better, with the weights' uncertainty in it.</summary>
    public double Probability(ReadOnlySpan<double> difference) => Sigmoid(Margin(difference) / Math.Sqrt(1 + (Math.PI * Variance(difference) / 8)));

    /// <summary>Information, in nats, that the label of a comparison would bring about the weights: ½·ln(1 + p(1 − p)·v).</summary>
    public double Information(ReadOnlySpan<double> difference)
    {
        double p = Sigmoid(Margin(difference));
        return 0.5 * Math.Log(1 + (p * (1 - p) * Variance(difference)));
    }

    /// <summary>The comparison to ask about next: the one whose label brings the most information; the first of equals.</summary>
    /// <param name="candidates">Δ of each, at least one.</param>
    /// <returns>Its index.</returns>
    public int NextQuery(IReadOnlyList<double[]> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfZero(candidates.Count);
        int best = 0;
        double most = double.NegativeInfinity;
        for (int i = 0; i < candidates.Count; i++)
        {
            double information = Information(candidates[i]);
            if (information > most)
            {
                (best, most) = (i, information);
            }
        }

        return best;
    }

    private static int Check(IReadOnlyList<double[]> differences, double precision)
    {
        ArgumentNullException.ThrowIfNull(differences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(precision);
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count);
        int width = differences[0].Length;
        for (int i = 0; i < differences.Count; i++)
        {
            if (differences[i].Length != width || !Array.TrueForAll(differences[i], double.IsFinite))
            {
                throw new ArgumentException($"LastLayerLaplace: comparison {i} has {differences[i].Length} features{(differences[i].Length == width ? ", one of them not finite" : $"; the first has {width}")}.", nameof(differences));
            }
        }

        return width;
    }

    private ReadOnlySpan<double> Width(ReadOnlySpan<double> difference) => difference.Length == _weights.Length ? difference
        : throw new ArgumentException($"LastLayerLaplace: {difference.Length} features; the posterior is over {_weights.Length}.", nameof(difference));

    private static double[,] Curvature(double[] weights, IReadOnlyList<double[]> differences, double precision)
    {
        int width = weights.Length;
        var h = new double[width, width];
        foreach (double[] d in differences)
        {
            double p = Sigmoid(Dot(weights, d)), c = p * (1 - p);
            for (int i = 0; i < width; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    h[i, j] += c * d[i] * d[j];
                }
            }
        }

        for (int i = 0; i < width; i++)
        {
            h[i, i] += precision;
        }

        return h;
    }

    // Cholesky, in place on the lower half; H is positive definite because λ is above 0.
    private static double[,] Factor(double[,] h)
    {
        int width = h.GetLength(0);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = h[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= h[i, k] * h[j, k];
                }

                h[i, j] = i == j ? Math.Sqrt(sum) : sum / h[j, j];
            }
        }

        return h;
    }

    private static double[] Forward(double[,] factor, ReadOnlySpan<double> b)
    {
        var z = new double[b.Length];
        for (int i = 0; i < z.Length; i++)
        {
            double sum = b[i];
            for (int k = 0; k < i; k++)
            {
                sum -= factor[i, k] * z[k];
            }

            z[i] = sum / factor[i, i];
        }

        return z;
    }

    private static double[] Solve(double[,] factor, double[] b)
    {
        double[] x = Forward(factor, b);
        for (int i = x.Length - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < x.Length; k++)
            {
                x[i] -= factor[k, i] * x[k];
            }

            x[i] /= factor[i, i];
        }

        return x;
    }

    private static double Objective(double[] weights, IReadOnlyList<double[]> differences, IReadOnlyList<double> labels, double precision)
    {
        double sum = -0.5 * precision * Dot(weights, weights);
        for (int i = 0; i < differences.Count; i++)
        {
            double m = Dot(weights, differences[i]);
            sum += (labels[i] * LogSigmoid(m)) + ((1 - labels[i]) * LogSigmoid(-m));
        }

        return sum;
    }

    private static double[] Add(double[] a, double[] b, double scale) => [.. a.Zip(b, (x, y) => x + (scale * y))];

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double LogSigmoid(double x) => x >= 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));
}
