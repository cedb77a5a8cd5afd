namespace Meed.Evaluation.Protocols;

/// <summary>An event of a stream: frames between two surprises.</summary>
/// <param name="First">Its first frame.</param>
/// <param name="Count">Its frames.</param>
/// <param name="Mean">Mean latent of the event, [D].</param>
/// <param name="Surprise">Prediction error of its first frame, in units of the usual error.</param>
public sealed record StreamEvent(long First, int Count, float[] Mean, double Surprise);

/// <summary>Memory of an unbounded stream that is cut where the next frame surprises.</summary>
/// <remarks>
/// After Cambrian-S (Yang et al. 2025, arXiv:2511.04670). A linear predictor guesses the next latent frame from the last one, x̂ = x + W·x, learned while watching by normalised least mean squares;
/// the error ‖x − x̂‖ over its running mean is the surprise. A surprise above the threshold closes an event, of which only the mean latent stays. When the budget is full, the least surprising event joins its
/// predecessor, so that length costs resolution, not the past. The surprise can also pay for exploration.
/// </remarks>
public sealed class SurpriseMemory
{
    private readonly int _width, _budget;
    private readonly double _threshold, _rate, _decay;
    private readonly float[] _weights;
    private readonly List<StreamEvent> _events = [];
    private float[]? _last;
    private double[] _sum;
    private int _count;
    private long _first, _time;
    private double _usual, _opening;

    /// <summary>An empty memory.</summary>
    /// <param name="width">Numbers of a latent frame.</param>
    /// <param name="budget">Closed events it keeps, beside the open one.</param>
    /// <param name="threshold">Surprise that closes an event, in units of the usual error.</param>
    /// <param name="rate">Learning rate of the predictor, between 0 and 2.</param>
    /// <param name="decay">How long the usual error remembers.</param>
    public SurpriseMemory(int width, int budget, double threshold = 1.8, double rate = 0.02, double decay = 0.98)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 2);
        (_width, _budget, _threshold, _rate, _decay) = (width, budget, threshold, rate, decay);
        _weights = new float[width * width];
        _sum = new double[width];
    }

    /// <summary>The events so far, the open one last.</summary>
    public IReadOnlyList<StreamEvent> Events => _count == 0 ? _events : [.. _events, Open()];

    /// <summary>Watches a frame.</summary>
    /// <returns>Its surprise; 0 for the first frames.</returns>
    public double Watch(ReadOnlySpan<float> frame)
    {
        if (frame.Length != _width)
        {
            throw new ArgumentException($"SurpriseMemory.Watch: the frame has {frame.Length} numbers; this memory has {_width}.");
        }

        double surprise = 0;
        if (_last is { } last)
        {
            surprise = Predict(last, frame);
            if (surprise > _threshold && _count > 0)
            {
                _events.Add(Open());
                (_sum, _count, _first, _opening) = (new double[_width], 0, _time, surprise);
                Forget();
            }
        }

        for (int k = 0; k < _width; k++)
        {
            _sum[k] += frame[k];
        }

        _count++;
        _time++;
        _last = frame.ToArray();
        return surprise;
    }

    private StreamEvent Open() => new(_first, _count, [.. _sum.Select(s => (float)(s / _count))], _opening);

    private double Predict(float[] last, ReadOnlySpan<float> frame)
    {
        double error = 0, size = 1e-6;
        var off = new double[_width];
        for (int k = 0; k < _width; k++)
        {
            double guess = last[k];
            for (int j = 0; j < _width; j++)
            {
                guess += _weights[(k * _width) + j] * last[j];
            }

            off[k] = frame[k] - guess;
            error += off[k] * off[k];
            size += last[k] * last[k];
        }

        error = Math.Sqrt(error);
        bool warm = _time > 8;
        double surprise = warm ? error / Math.Max(_usual, 1e-9) : 0;

        // What surprises is an event, not the rule: neither the predictor nor the usual error learns from it.
        if (!warm || surprise <= _threshold)
        {
            _usual = _time <= 1 ? error : warm ? (_decay * _usual) + ((1 - _decay) * error) : _usual + ((error - _usual) / _time);
            for (int k = 0; k < _width; k++)
            {
                for (int j = 0; j < _width; j++)
                {
                    _weights[(k * _width) + j] += (float)(_rate * off[k] * last[j] / size);
                }
            }
        }

        return surprise;
    }

    private void Forget()
    {
        if (_events.Count <= _budget)
        {
            return;
        }

        int least = 1;
        for (int i = 2; i < _events.Count; i++)
        {
            least = _events[i].Surprise < _events[least].Surprise ? i : least;
        }

        var (before, gone) = (_events[least - 1], _events[least]);
        int count = before.Count + gone.Count;
        _events[least - 1] = before with { Count = count, Mean = [.. before.Mean.Select((m, k) => ((m * before.Count) + (gone.Mean[k] * gone.Count)) / count)] };
        _events.RemoveAt(least);
    }
}
