using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>log Φ of the standard normal distribution, with its first derivative φ/Φ; it has no second.</summary>
/// <remarks>In float64, through Mills' ratio: Marsaglia's series up to 3 deviations, the continued fraction beyond.</remarks>
internal static class NormalLogCdf
{
    private static readonly double s_halfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    public static Tensor Of(Tensor x)
    {
        var at = x.ToArray();
        var value = new float[at.Length];
        var slope = new float[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            double log = Value(at[i]);
            value[i] = (float)log;
            slope[i] = (float)Math.Exp((-0.5 * at[i] * at[i]) - s_halfLogTwoPi - log);
        }

        // The tangent at x: its value and its gradient are those of log Φ.
        return ((x - x.Detach()) * Tensor.From(slope, x.Shape)) + Tensor.From(value, x.Shape);
    }

    /// <summary>log Φ(x) to some 1e-14 relative.</summary>
    public static double Value(double x)
    {
        if (x > 0)
        {
            return double.LogP1(-Math.Exp(Value(-x)));
        }

        return (-0.5 * x * x) - s_halfLogTwoPi + Math.Log(Mills(-x));
    }

    // (1 − Φ(x)) / φ(x) for x ≥ 0.
    private static double Mills(double x)
    {
        if (x < 3)
        {
            // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …), Marsaglia 2004.
            double term = x, sum = x;
            for (int k = 1; k < 200 && Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
            {
                term *= x * x / ((2 * k) + 1);
                sum += term;
            }

            double density = Math.Exp((-0.5 * x * x) - s_halfLogTwoPi);
            return (0.5 / density) - sum;
        }

        // 1/(x + 1/(x + 2/(x + 3/(x + …)))).
        double tail = x;
        for (int k = 120; k >= 1; k--)
        {
            tail = x + (k / tail);
        }

        return 1 / tail;
    }
}
