namespace Meed.Recipes.Reproductions;

/// <summary>Student's t distribution, for intervals of a mean of few differences.</summary>
public static class StudentT
{
    /// <summary>The interval that covers the mean of the values with a probability, under normal differences.</summary>
    /// <remarks>mean ± t(1 − (1 − level)/2, n − 1) · s / √n with s² = Σ(x − mean)² / (n − 1).</remarks>
    /// <param name="values">At least two values.</param>
    /// <param name="level">Coverage, such as 0.95.</param>
    public static (double Mean, double Low, double High) Interval(IReadOnlyList<double> values, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2)
        {
            throw new ArgumentException($"StudentT.Interval: {values.Count} values; an interval needs 2 or more.", nameof(values));
        }

        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        double half = Quantile(1 - ((1 - level) / 2), values.Count - 1) * deviation / Math.Sqrt(values.Count);
        return (mean, mean - half, mean + half);
    }

    /// <summary>The value below which a t variable falls with probability p.</summary>
    /// <param name="p">Between 0 and 1, exclusive.</param>
    /// <param name="degrees">Degrees of freedom, 1 or more.</param>
    public static double Quantile(double p, int degrees)
    {
        if (p is not (> 0 and < 1) || degrees < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(p), $"StudentT.Quantile({p}, {degrees}): p lies between 0 and 1, degrees are 1 or more.");
        }

        if (p < 0.5)
        {
            return -Quantile(1 - p, degrees);
        }

        double low = 0, high = 1;
        while (Cumulative(high, degrees) < p)
        {
            high *= 2;
        }

        for (int i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Cumulative(middle, degrees) < p ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Probability that a t variable is at most x.</summary>
    /// <remarks>P = 1 − ½·I(ν/(ν + x²); ν/2, ½) for x ≥ 0, with I the regularised incomplete beta function.</remarks>
    public static double Cumulative(double x, int degrees)
    {
        double tail = 0.5 * IncompleteBeta(degrees / (degrees + (x * x)), degrees / 2.0, 0.5);
        return x >= 0 ? 1 - tail : tail;
    }

    // Regularised incomplete beta by Lentz's continued fraction (Abramowitz and Stegun 26.5.8).
    private static double IncompleteBeta(double x, double a, double b)
    {
        if (x is 0 or 1)
        {
            return x;
        }

        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - IncompleteBeta(1 - x, b, a);
        }

        double front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
        double c = 1, d = 1 / NotZero(1 - ((a + b) * x / (a + 1))), f = d;
        for (int m = 1; m < 500; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            f *= c * d;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            f *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-15)
            {
                break;
            }
        }

        return front * f;
    }

    private static double NotZero(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;

    // ln Γ of a half-integer argument, by its recurrence: exact up to rounding.
    private static double LogGamma(double z)
    {
        double result = z % 1 == 0 ? 0 : 0.5 * Math.Log(Math.PI);
        for (double k = z % 1 == 0 ? 1 : 0.5; k < z; k++)
        {
            result += Math.Log(k);
        }

        return result;
    }
}
