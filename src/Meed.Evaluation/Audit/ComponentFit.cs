namespace Meed.Evaluation.Audit;

/// <summary>How much of a reward's differences within groups each component carries.</summary>
/// <remarks>
/// Least squares without intercept of the reward, centred on its group, on the components, centred likewise: y = Σ w_c·x_c. For a weighted sum the fit is exact and w are its weights.
/// The share of a component is w_c·Σ x_c·y / Σ y², and the shares add up to the fit's R². A component that was not evaluated on a row counts 0 there.
/// </remarks>
internal sealed class ComponentFit
{
    public const int Most = 32;
    private readonly double[,] _xx = new double[Most, Most];
    private readonly double[] _xy = new double[Most];
    private double _yy;

    /// <summary>Adds one row: the centred reward and the centred components.</summary>
    public void Add(double reward, ReadOnlySpan<double> components)
    {
        _yy += reward * reward;
        for (int c = 0; c < components.Length; c++)
        {
            _xy[c] += components[c] * reward;
            for (int d = 0; d <= c; d++)
            {
                _xx[c, d] += components[c] * components[d];
            }
        }
    }

    /// <summary>Weights, shares and correlations of the first components, and R²; all NaN when the reward never varies within a group.</summary>
    public (double[] Weights, double[] Shares, double[] Correlations, double Explained) Solve(int count)
    {
        var weights = new double[count];
        var shares = new double[count];
        var correlations = new double[count];
        int[] live = [.. Enumerable.Range(0, count).Where(c => _xx[c, c] > 0)];
        for (int c = 0; c < count; c++)
        {
            correlations[c] = _xx[c, c] > 0 && _yy > 0 ? _xy[c] / Math.Sqrt(_xx[c, c] * _yy) : double.NaN;
        }

        if (_yy <= 0)
        {
            return ([.. weights.Select(_ => double.NaN)], [.. shares.Select(_ => double.NaN)], correlations, double.NaN);
        }

        // Columns scaled to length one; a trace of ridge keeps components that repeat one another solvable.
        int n = live.Length;
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            double scale = Math.Sqrt(_xx[live[i], live[i]]);
            for (int j = 0; j < n; j++)
            {
                a[i, j] = _xx[Math.Max(live[i], live[j]), Math.Min(live[i], live[j])] / scale / Math.Sqrt(_xx[live[j], live[j]]);
            }

            a[i, i] += 1e-9;
            a[i, n] = _xy[live[i]] / scale;
        }

        Eliminate(a, n);
        double explained = 0;
        for (int i = 0; i < n; i++)
        {
            int c = live[i];
            weights[c] = a[i, n] / Math.Sqrt(_xx[c, c]);
            shares[c] = weights[c] * _xy[c] / _yy;
            explained += shares[c];
        }

        return (weights, shares, correlations, explained);
    }

    private static void Eliminate(double[,] a, int n)
    {
        for (int p = 0; p < n; p++)
        {
            int best = p;
            for (int i = p + 1; i < n; i++)
            {
                best = Math.Abs(a[i, p]) > Math.Abs(a[best, p]) ? i : best;
            }

            for (int j = 0; j <= n; j++)
            {
                (a[p, j], a[best, j]) = (a[best, j], a[p, j]);
            }

            for (int i = 0; i < n; i++)
            {
                double factor = i == p ? 0 : a[i, p] / a[p, p];
                for (int j = p; j <= n && factor != 0; j++)
                {
                    a[i, j] -= factor * a[p, j];
                }
            }
        }

        for (int p = 0; p < n; p++)
        {
            a[p, n] /= a[p, p];
        }
    }
}
