namespace Meed.Evaluation.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>The value below which a standard normal variable falls with probability p.</summary>
    /// <remarks>Newton steps on <see cref="Cumulative"/> from the rational approximation of Abramowitz and Stegun 26.2.23; about 1e-14.</remarks>
    /// <param name="p">Between 0 and 1, exclusive.</param>
    public static double Quantile(double p)
    {
        if (p is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), $"Normal.Quantile: p is {p}; it lies between 0 and 1.");
        }

        if (p > 0.5)
        {
            return -Quantile(1 - p);
        }

        double t = Math.Sqrt(-2 * Math.Log(p));
        double x = -(t - ((2.515517 + (t * (0.802853 + (0.010328 * t)))) / (1 + (t * (1.432788 + (t * (0.189269 + (0.001308 * t))))))));
        for (int i = 0; i < 6; i++)
        {
            double density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
            double step = (Cumulative(x) - p) / density;
            x -= step / (1 + (0.5 * x * step));   // Halley: Φ'' = −x·φ
        }

        return x;
    }

    /// <summary>Probability that a standard normal variable is at most x.</summary>
    /// <remarks>½·erfc(−x/√2): the series of erf for |x| below 3, the continued fraction of the tail beyond (Abramowitz and Stegun 7.1.6, 26.2.14).</remarks>
    public static double Cumulative(double x)
    {
        double size = Math.Abs(x), density = Math.Exp(-0.5 * size * size) / Math.Sqrt(2 * Math.PI);
        double tail;
        if (size < 3)
        {
            double term = size, sum = size;
            for (int k = 1; k < 200 && Math.Abs(term) > 1e-17 * sum; k++)
            {
                term *= size * size / ((2 * k) + 1);
                sum += term;
            }

            tail = 0.5 - (density * sum);
        }
        else
        {
            double fraction = size;
            for (int k = 120; k >= 1; k--)
            {
                fraction = size + (k / fraction);
            }

            tail = density / fraction;
        }

        return x > 0 ? 1 - tail : tail;
    }
}
