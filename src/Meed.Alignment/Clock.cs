using System.Diagnostics;

namespace Meed.Alignment;

/// <summary>Wall time of a step, split into the parts it was spent on.</summary>
internal sealed class Clock
{
    private readonly List<KeyValuePair<string, double>> _parts = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Ends the current part and gives it a name; parts of one name add up.</summary>
    public void Lap(string part)
    {
        long now = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        int at = _parts.FindIndex(p => p.Key == part);
        if (at < 0)
        {
            _parts.Add(new(part, seconds));
        }
        else
        {
            _parts[at] = new(part, _parts[at].Value + seconds);
        }
    }

    /// <summary>Shares of the parts, seconds of the step, tokens per second.</summary>
    public List<KeyValuePair<string, double>> Read(long tokens)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var timings = _parts.ConvertAll(p => new KeyValuePair<string, double>($"time/{p.Key}", p.Value / seconds));
        timings.Add(new("time/step_seconds", seconds));
        timings.Add(new("time/tokens_per_second", tokens / seconds));
        return timings;
    }
}
