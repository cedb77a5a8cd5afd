namespace Meed.Rewards;

/// <summary>The reward algebra on columns: what every combinator computes, whatever it judges.</summary>
/// <remarks>
/// Sum, product, minimum and maximum leave NotApplicable children out and fail on any other child without a number; a row that no
/// child concerns is NotApplicable. <c>cause[i]</c> is the child whose status row i took over, or -1. Rows do not see each other here.
/// All columns have the same length B; results may not overlap inputs.
/// </remarks>
public static partial class ScoreMath
{
    /// <summary>Σ wᵢ·xᵢ; with children left out, the rest is rescaled by Σ|w| / Σ|w of the rest|.</summary>
    public static void Sum(IReadOnlyList<ScoreColumn> children, ReadOnlySpan<double> weights, ScoreColumn result, Span<int> cause)
    {
        RequireSame(children, result, cause.Length);
        if (weights.Length != children.Count)
        {
            throw new ArgumentException($"ScoreMath.Sum: {weights.Length} weights for {children.Count} children; each child has one.", nameof(weights));
        }

        double all = 0;
        foreach (double w in weights)
        {
            all += Math.Abs(w);
        }

        for (int row = 0; row < result.Count; row++)
        {
            double sum = 0, present = 0;
            int applicable = 0;
            cause[row] = -1;
            for (int c = 0; c < children.Count && cause[row] < 0; c++)
            {
                if (Takes(children, c, row, cause))
                {
                    sum += weights[c] * children[c].Values.Span[row];
                    present += Math.Abs(weights[c]);
                    applicable++;
                }
            }

            if (applicable < children.Count && applicable > 0 && present > 0)
            {
                sum *= all / present;
            }

            Finish(children, row, applicable, sum, result, cause);
        }
    }

    /// <summary>Π xᵢ.</summary>
    public static void Product(IReadOnlyList<ScoreColumn> children, ScoreColumn result, Span<int> cause)
        => Fold(children, result, cause, 1, static (a, x) => a * x);

    /// <summary>The smallest xᵢ.</summary>
    public static void Minimum(IReadOnlyList<ScoreColumn> children, ScoreColumn result, Span<int> cause)
        => Fold(children, result, cause, double.PositiveInfinity, static (a, x) => x < a ? x : a);

    /// <summary>The largest xᵢ.</summary>
    public static void Maximum(IReadOnlyList<ScoreColumn> children, ScoreColumn result, Span<int> cause)
        => Fold(children, result, cause, double.NegativeInfinity, static (a, x) => x > a ? x : a);

    /// <summary>Where the condition reaches the threshold the child, elsewhere <paramref name="closed"/>. A condition without a number decides the row.</summary>
    /// <remarks>The child's rows below the threshold are never looked at: they need not be evaluated. cause is 0 for the condition, 1 for the child.</remarks>
    public static void Gate(ScoreColumn condition, ScoreColumn child, double threshold, double closed, ScoreColumn result, Span<int> cause)
    {
        RequireSame([condition, child], result, cause.Length);
        for (int row = 0; row < result.Count; row++)
        {
            var status = condition.Status.Span[row];
            bool open = status == ScoreStatus.Ok && condition.Values.Span[row] >= threshold;
            var from = open ? child : condition;
            cause[row] = from.Status.Span[row] == ScoreStatus.Ok ? -1 : open ? 1 : 0;
            result.Status.Span[row] = from.Status.Span[row];
            result.Values.Span[row] = cause[row] >= 0 ? 0 : open ? child.Values.Span[row] : closed;
        }
    }

    /// <summary>How an ensemble's members become one value.</summary>
    /// <param name="members">At least one column.</param>
    /// <param name="by">The rule.</param>
    /// <param name="k">Standard deviations taken off by <see cref="EnsembleRule.MeanMinusDeviation"/>.</param>
    /// <param name="quorum">Members that must have a number; below it the row fails with the status of the first failed member.</param>
    /// <param name="result">Receives the values.</param>
    /// <param name="cause">Receives the first failed member of a row under the quorum, else -1.</param>
    /// <remarks>The deviation is the population's (divisor n). A row that all members find NotApplicable is NotApplicable.</remarks>
    public static void Ensemble(IReadOnlyList<ScoreColumn> members, EnsembleRule by, double k, int quorum, ScoreColumn result, Span<int> cause)
    {
        RequireSame(members, result, cause.Length);
        var present = new double[members.Count];
        for (int row = 0; row < result.Count; row++)
        {
            int n = 0, failed = -1;
            cause[row] = -1;
            for (int m = 0; m < members.Count; m++)
            {
                var status = members[m].Status.Span[row];
                if (status == ScoreStatus.Ok)
                {
                    present[n++] = members[m].Values.Span[row];
                }
                else if (failed < 0 || (members[failed].Status.Span[row] == ScoreStatus.NotApplicable && status != ScoreStatus.NotApplicable))
                {
                    failed = m;
                }
            }

            if (n == 0 || n < quorum)
            {
                cause[row] = failed;
                result.Status.Span[row] = failed < 0 ? ScoreStatus.VerifierError : members[failed].Status.Span[row];
                result.Values.Span[row] = 0;
                continue;
            }

            result.Status.Span[row] = ScoreStatus.Ok;
            result.Values.Span[row] = Aggregate(present.AsSpan(0, n), by, k);
        }
    }

    private static double Aggregate(Span<double> x, EnsembleRule by, double k)
    {
        if (by is EnsembleRule.Median or EnsembleRule.Minimum)
        {
            x.Sort();
            return by == EnsembleRule.Minimum ? x[0] : (x[(x.Length - 1) / 2] + x[x.Length / 2]) / 2;
        }

        var (mean, deviation) = Moments(x);
        return by == EnsembleRule.Mean ? mean : mean - k * deviation;
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> x)
    {
        double sum = 0, squares = 0;
        foreach (double v in x)
        {
            sum += v;
        }

        double mean = sum / x.Length;
        foreach (double v in x)
        {
            squares += (v - mean) * (v - mean);
        }

        return (mean, Math.Sqrt(squares / x.Length));
    }

    private static void Fold(IReadOnlyList<ScoreColumn> children, ScoreColumn result, Span<int> cause, double seed, Func<double, double, double> fold)
    {
        RequireSame(children, result, cause.Length);
        for (int row = 0; row < result.Count; row++)
        {
            double value = seed;
            int applicable = 0;
            cause[row] = -1;
            for (int c = 0; c < children.Count && cause[row] < 0; c++)
            {
                if (Takes(children, c, row, cause))
                {
                    value = fold(value, children[c].Values.Span[row]);
                    applicable++;
                }
            }

            Finish(children, row, applicable, value, result, cause);
        }
    }

    private static bool Takes(IReadOnlyList<ScoreColumn> children, int child, int row, Span<int> cause)
    {
        var status = children[child].Status.Span[row];
        if (status is not (ScoreStatus.Ok or ScoreStatus.NotApplicable))
        {
            cause[row] = child;
        }

        return status == ScoreStatus.Ok;
    }

    private static void Finish(IReadOnlyList<ScoreColumn> children, int row, int applicable, double value, ScoreColumn result, Span<int> cause)
    {
        if (cause[row] < 0 && applicable == 0)
        {
            cause[row] = 0;
        }

        bool ok = cause[row] < 0;
        result.Status.Span[row] = ok ? ScoreStatus.Ok : children[cause[row]].Status.Span[row];
        result.Values.Span[row] = ok ? value : 0;
    }

    private static void RequireSame(IReadOnlyList<ScoreColumn> children, ScoreColumn result, int causes)
    {
        ArgumentNullException.ThrowIfNull(children);
        if (children.Count == 0)
        {
            throw new ArgumentException("ScoreMath: there are no children; give at least one.", nameof(children));
        }

        foreach (var child in children)
        {
            if (child.Values.Length != result.Count || child.Status.Length != result.Count || result.Status.Length != result.Count || causes != result.Count)
            {
                throw new ArgumentException($"ScoreMath: a child has {child.Values.Length} values and {child.Status.Length} statuses, the result {result.Count} rows; all columns are [B].", nameof(children));
            }
        }
    }
}

/// <summary>How an ensemble's members become one value.</summary>
public enum EnsembleRule : byte
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their median; the mean of the middle two for an even number.</summary>
    Median,

    /// <summary>The smallest.</summary>
    Minimum,

    /// <summary>Mean minus k standard deviations.</summary>
    MeanMinusDeviation,
}
