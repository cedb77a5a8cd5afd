namespace Meed.Evaluation.Probes;

/// <summary>A linear value of hidden states, learned by temporal differences, and what it says about single units.</summary>
/// <remarks>
/// V(h) = w·(h − mean)/deviation + b. Along an episode h₀ … h_T with reward r at its end: δ_t = V(h_{t+1}) − V(h_t) before the end and δ_T = r − V(h_T); w and b follow δ_t·∂V(h_t) in passes over the episodes with a falling rate (semi-gradient TD(0), no discount).
/// <para>Sparse Reward Subsystem in Large Language Models (atlas row 214): units with the largest weights, and units that follow the actual less the predicted reward.</para>
/// </remarks>
public sealed class ValueUnits
{
    private readonly double[] _mean, _deviation, _weights;
    private double _bias;

    private ValueUnits(double[] mean, double[] deviation) => (_mean, _deviation, _weights) = (mean, deviation, new double[mean.Length]);

    /// <summary>Weights on standardised units.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Units by the size of their weight, the largest first.</summary>
    public IReadOnlyList<int> Ranking => [.. Enumerable.Range(0, _weights.Length).OrderByDescending(k => Math.Abs(_weights[k]))];

    /// <summary>V of a hidden state; units outside the set count as average where one is given.</summary>
    public double Value(ReadOnlySpan<float> hidden, IReadOnlySet<int>? only = null)
    {
        double sum = _bias;
        for (int k = 0; k < _weights.Length; k++)
        {
            sum += only is null || only.Contains(k) ? _weights[k] * (hidden[k] - _mean[k]) / _deviation[k] : 0;
        }

        return sum;
    }

    /// <summary>Learns from episodes.</summary>
    /// <param name="episodes">Hidden states of each episode, in order, with the reward at its end.</param>
    /// <param name="passes">Passes over them.</param>
    /// <param name="rate">First learning rate; it falls to a tenth.</param>
    public static ValueUnits Fit(IReadOnlyList<(IReadOnlyList<float[]> States, double Reward)> episodes, int passes = 20, double rate = 0.01)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (episodes.Count == 0 || episodes.Any(e => e.States.Count == 0))
        {
            throw new ArgumentException($"ValueUnits.Fit: {episodes.Count} episodes, {episodes.Count(e => e.States.Count == 0)} of them empty; each has a state, and there is one.");
        }

        int d = episodes[0].States[0].Length;
        float[][] all = [.. episodes.SelectMany(e => e.States)];
        double[] mean = [.. Enumerable.Range(0, d).Select(k => all.Average(h => (double)h[k]))];
        var values = new ValueUnits(mean, [.. Enumerable.Range(0, d).Select(k => Math.Sqrt(all.Average(h => (h[k] - mean[k]) * (h[k] - mean[k]))) is > 1e-6 and var s ? s : 1)]) { _bias = episodes.Average(e => e.Reward) };
        for (int pass = 0; pass < passes; pass++)
        {
            double now = rate * (1 - (0.9 * pass / passes)), each = now / Math.Sqrt(d);   // d columns of unit size
            foreach (var (states, reward) in episodes)
            {
                for (int t = 0; t < states.Count; t++)
                {
                    double delta = (t + 1 < states.Count ? values.Value(states[t + 1]) : reward) - values.Value(states[t]);
                    for (int k = 0; k < d; k++)
                    {
                        values._weights[k] += each * delta * (states[t][k] - mean[k]) / values._deviation[k];
                    }

                    values._bias += now * delta;
                }
            }
        }

        return values;
    }

    /// <summary>Correlation of each unit's last activation with the prediction error r − V(h before the last).</summary>
    public IReadOnlyList<double> ErrorCorrelation(IReadOnlyList<(IReadOnlyList<float[]> States, double Reward)> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        double[] errors = [.. episodes.Select(e => e.Reward - Value(e.States[Math.Max(0, e.States.Count - 2)]))];
        return [.. Enumerable.Range(0, _weights.Length).Select(k => Statistics.Correlation.Pearson([.. episodes.Select(e => (double)e.States[^1][k])], errors))];
    }
}
