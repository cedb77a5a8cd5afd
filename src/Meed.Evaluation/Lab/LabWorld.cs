using Meed.Numerics;

namespace Meed.Evaluation.Lab;

/// <summary>A world whose gold reward is known: answers are feature vectors, normal at the start; gold likes most of them in a line and one, say length, only up to a point.</summary>
/// <remarks>
/// gold(x) = w·x + a·l − b·l², l the last feature, w of length 1 drawn by seed, a = 1.2, b = 0.7. Around the start a longer answer is better; far out it is worse, and no linear proxy can know.
/// That is the extremal Goodhart effect of Manheim and Garrabrant 2018, arXiv:1803.04585, in its smallest form.
/// </remarks>
public sealed class LabWorld
{
    private readonly double[] _weights;

    /// <summary>The world of a seed.</summary>
    /// <param name="features">Features of an answer, at least 2.</param>
    /// <param name="seed">Its seed.</param>
    public LabWorld(int features, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 2);
        var random = new RandomStream(seed).Split("world");
        _weights = [.. Enumerable.Range(0, features - 1).Select(_ => random.NextNormal())];
        double size = Math.Sqrt(_weights.Sum(w => w * w));
        _weights = [.. _weights.Select(w => w / size)];
        Features = features;
    }

    /// <summary>Features of an answer.</summary>
    public int Features { get; }

    /// <summary>The gold reward of an answer.</summary>
    public double Gold(ReadOnlySpan<double> answer)
    {
        double sum = 0, length = answer[^1];
        for (int k = 0; k < _weights.Length; k++)
        {
            sum += _weights[k] * answer[k];
        }

        return sum + (1.2 * length) - (0.7 * length * length);
    }

    /// <summary>Mean gold of a policy that draws normal answers of unit variance around a centre: exact.</summary>
    public double MeanGold(ReadOnlySpan<double> centre) => Gold(centre) - 0.7;   // E[l²] = centre² + 1

    /// <summary>An answer of the starting policy, moved to a centre.</summary>
    public double[] Draw(RandomStream random, ReadOnlySpan<double> centre = default)
    {
        ArgumentNullException.ThrowIfNull(random);
        var answer = new double[Features];
        for (int k = 0; k < Features; k++)
        {
            answer[k] = random.NextNormal() + (centre.IsEmpty ? 0 : centre[k]);
        }

        return answer;
    }
}

/// <summary>A linear proxy, Bradley-Terry on gold's noisy labels.</summary>
public sealed class LabProxy
{
    private readonly double[] _weights;

    private LabProxy(double[] weights) => _weights = weights;

    /// <summary>Its weights.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>The proxy's score.</summary>
    public double Score(ReadOnlySpan<double> answer)
    {
        double sum = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            sum += _weights[k] * answer[k];
        }

        return sum;
    }

    /// <summary>Learns from labelled pairs: P(first better) = σ(gold difference), a share of labels turned round.</summary>
    /// <param name="world">The world.</param>
    /// <param name="pairs">Pairs.</param>
    /// <param name="noise">Share of turned labels.</param>
    /// <param name="random">Draws pairs and labels.</param>
    /// <param name="margins">True when labels also say how much better, 0, ½ or 1 by gold's difference below 1, below 2 or more, and the loss asks for that margin: −ln σ(difference − margin).</param>
    public static LabProxy Train(LabWorld world, int pairs, double noise, RandomStream random, bool margins = false)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(random);
        int d = world.Features;
        var differences = new double[pairs][];
        var asked = new double[pairs];
        for (int i = 0; i < pairs; i++)
        {
            double[] a = world.Draw(random), b = world.Draw(random);
            bool first = random.NextDouble() < 1 / (1 + Math.Exp(world.Gold(b) - world.Gold(a)));
            first ^= random.NextBool(noise);
            asked[i] = margins ? Math.Min(2, Math.Floor(Math.Abs(world.Gold(a) - world.Gold(b)))) / 2 : 0;
            differences[i] = [.. Enumerable.Range(0, d).Select(k => first ? a[k] - b[k] : b[k] - a[k])];
        }

        // Gradient steps on the mean loss with L2; the loss is convex and the features are of unit size.
        var w = new double[d];
        var gradient = new double[d];
        for (int step = 0; step < 150; step++)
        {
            for (int k = 0; k < d; k++)
            {
                gradient[k] = 1.0 / pairs * w[k];
            }

            for (int i = 0; i < pairs; i++)
            {
                double[] x = differences[i];
                double margin = -asked[i];
                for (int k = 0; k < d; k++)
                {
                    margin += w[k] * x[k];
                }

                double push = 1 / (1 + Math.Exp(margin)) / pairs;
                for (int k = 0; k < d; k++)
                {
                    gradient[k] -= push * x[k];
                }
            }

            for (int k = 0; k < d; k++)
            {
                w[k] -= 0.8 * gradient[k];
            }
        }

        return new LabProxy(w);
    }
}
