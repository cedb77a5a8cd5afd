namespace Meed.Rewards;

/// <summary>Functions of one value, and statistics over rows.</summary>
public static partial class ScoreMath
{
    /// <summary>x, kept between minimum and maximum.</summary>
    public static double Clip(double x, double minimum, double maximum) => x < minimum ? minimum : x > maximum ? maximum : x;

    /// <summary>factor·x + offset.</summary>
    public static double Scale(double x, double factor, double offset) => factor * x + offset;

    /// <summary>1 / (1 + exp(−(x − center) / width)), in a form that does not overflow.</summary>
    public static double Sigmoid(double x, double center, double width)
    {
        double z = (x - center) / width;
        if (z >= 0)
        {
            return 1 / (1 + Math.Exp(-z));
        }

        double e = Math.Exp(z);
        return e / (1 + e);
    }

    /// <summary>sign(x)·|x|^exponent: keeps the order of negative values too.</summary>
    public static double Power(double x, double exponent) => Math.CopySign(Math.Pow(Math.Abs(x), exponent), x);

    /// <summary>The value of the highest step that x reaches: values[k] where k steps have at[i] ≤ x.</summary>
    /// <param name="x">The value.</param>
    /// <param name="at">Rising thresholds, [K].</param>
    /// <param name="values">Values of the tiers from below the first threshold up, [K + 1].</param>
    public static double Tier(double x, ReadOnlySpan<double> at, ReadOnlySpan<double> values)
    {
        if (values.Length != at.Length + 1)
        {
            throw new ArgumentException($"ScoreMath.Tier: {at.Length} thresholds need {at.Length + 1} values, not {values.Length}.", nameof(values));
        }

        int k = 0;
        while (k < at.Length && x >= at[k])
        {
            k++;
        }

        return values[k];
    }

    /// <summary>0 up to max − soft, then falling in a straight line to −penalty at max, and −penalty beyond.</summary>
    public static double LengthPenalty(double length, double max, double soft, double penalty)
    {
        if (length <= max - soft)
        {
            return 0;
        }

        return length >= max ? -penalty : -penalty * (length - (max - soft)) / soft;
    }

    /// <summary>A weight that goes from one value to another between two steps.</summary>
    public static double Anneal(long step, double from, double to, long start, long end, AnnealShape shape)
    {
        double t = end <= start ? (step >= end ? 1 : 0) : Clip((double)(step - start) / (end - start), 0, 1);
        t = shape == AnnealShape.Cosine ? (1 - Math.Cos(Math.PI * t)) / 2 : t;
        return t == 0 ? from : t == 1 ? to : shape == AnnealShape.Exponential ? from * Math.Pow(to / from, t) : from + t * (to - from);
    }

    /// <summary>rₖ − rₖ₊₁ over steps; the last step keeps its value, so that the differences add up to the first value.</summary>
    /// <remarks>Paying differences takes away the gain from adding more steps of the same value. (On Designing Effective RL Reward at Training Time for LLM Reasoning.)</remarks>
    public static void Delta(ReadOnlySpan<double> steps, Span<double> result)
    {
        for (int k = 0; k < steps.Length; k++)
        {
            result[k] = k + 1 < steps.Length ? steps[k] - steps[k + 1] : steps[k];
        }
    }

    /// <summary>(x − mean) / (deviation + epsilon) over the rows of each group that have a number, clipped to ±limit.</summary>
    /// <param name="child">The column.</param>
    /// <param name="offsets">Group offsets, [groups + 1].</param>
    /// <param name="epsilon">Keeps a group without spread at 0 instead of dividing by 0.</param>
    /// <param name="limit">Largest absolute value.</param>
    /// <param name="deviate">False only takes the mean off.</param>
    /// <param name="result">Receives the values; statuses are the child's.</param>
    public static void Standardise(ScoreColumn child, ReadOnlySpan<int> offsets, double epsilon, double limit, bool deviate, ScoreColumn result)
    {
        var present = new double[child.Count];
        for (int g = 0; g + 1 < offsets.Length; g++)
        {
            int n = Present(child, offsets[g], offsets[g + 1], present);
            var (mean, deviation) = n > 0 ? Moments(present.AsSpan(0, n)) : (0, 0);
            for (int row = offsets[g]; row < offsets[g + 1]; row++)
            {
                result.Status.Span[row] = child.Status.Span[row];
                result.Values.Span[row] = child.Status.Span[row] != ScoreStatus.Ok ? 0
                    : Clip((child.Values.Span[row] - mean) / (deviate ? deviation + epsilon : 1), -limit, limit);
            }
        }
    }

    /// <summary>The share of its group's other rows that a row beats, ties counted half: (rank − ½) / n with ranks from ½ ties.</summary>
    /// <remarks>(#smaller + ½·#equal) / n over the n rows with a number, the row itself among the equal ones: between 0 and 1 exclusive, ½ for a group of one.</remarks>
    public static void Quantile(ScoreColumn child, ReadOnlySpan<int> offsets, ScoreColumn result)
    {
        var present = new double[child.Count];
        for (int g = 0; g + 1 < offsets.Length; g++)
        {
            int n = Present(child, offsets[g], offsets[g + 1], present);
            var sorted = present.AsSpan(0, n);
            sorted.Sort();
            for (int row = offsets[g]; row < offsets[g + 1]; row++)
            {
                result.Status.Span[row] = child.Status.Span[row];
                result.Values.Span[row] = child.Status.Span[row] == ScoreStatus.Ok ? QuantileIn(sorted, child.Values.Span[row]) : 0;
            }
        }
    }

    /// <summary>(#smaller + ½·#equal) / n of a value among sorted reference values.</summary>
    public static double QuantileIn(ReadOnlySpan<double> sorted, double x)
    {
        int below = 0, above = sorted.Length;
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < x ? (middle + 1, high) : (low, middle);
        }

        below = low;
        high = above;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] <= x ? (middle + 1, high) : (low, middle);
        }

        return (below + 0.5 * (low - below)) / sorted.Length;
    }

    private static int Present(ScoreColumn child, int start, int end, double[] present)
    {
        int n = 0;
        for (int row = start; row < end; row++)
        {
            if (child.Status.Span[row] == ScoreStatus.Ok)
            {
                present[n++] = child.Values.Span[row];
            }
        }

        return n;
    }
}

/// <summary>How an annealed weight moves.</summary>
public enum AnnealShape : byte
{
    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a cosine: slow at both ends.</summary>
    Cosine,

    /// <summary>By a constant factor a step; both ends are positive.</summary>
    Exponential,
}
