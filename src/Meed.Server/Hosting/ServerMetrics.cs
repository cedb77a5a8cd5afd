using System.Globalization;
using System.Text;

namespace Meed.Server.Hosting;

/// <summary>Counters and histograms in the Prometheus text format.</summary>
internal sealed class ServerMetrics
{
    private static readonly double[] s_bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Histogram> _histograms = new(StringComparer.Ordinal);

    /// <summary>Adds to a counter, named with its labels as Prometheus writes them.</summary>
    public void Add(string series, long count = 1)
    {
        lock (_lock)
        {
            _counters[series] = _counters.GetValueOrDefault(series) + count;
        }
    }

    /// <summary>Takes one duration into a histogram.</summary>
    public void Observe(string name, string labels, TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        int bucket = 0;
        while (bucket < s_bounds.Length && seconds > s_bounds[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            string key = $"{name}|{labels}";
            if (!_histograms.TryGetValue(key, out var histogram))
            {
                _histograms[key] = histogram = new Histogram();
            }

            histogram.Buckets[bucket]++;
            histogram.Sum += seconds;
            histogram.Count++;
        }
    }

    /// <summary>The whole page.</summary>
    public string Write(Admission admission)
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            string? last = null;
            foreach (var (series, value) in _counters)
            {
                Head(text, ref last, series.Split('{')[0], "counter");
                text.Append(CultureInfo.InvariantCulture, $"{series} {value}\n");
            }

            foreach (var (key, histogram) in _histograms)
            {
                string[] parts = key.Split('|');
                Head(text, ref last, parts[0], "histogram");
                long below = 0;
                for (int i = 0; i <= s_bounds.Length; i++)
                {
                    below += histogram.Buckets[i];
                    string bound = i == s_bounds.Length ? "+Inf" : s_bounds[i].ToString(CultureInfo.InvariantCulture);
                    text.Append(CultureInfo.InvariantCulture, $"{parts[0]}_bucket{{{parts[1]},le=\"{bound}\"}} {below}\n");
                }

                text.Append(CultureInfo.InvariantCulture, $"{parts[0]}_sum{{{parts[1]}}} {histogram.Sum}\n{parts[0]}_count{{{parts[1]}}} {histogram.Count}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"# TYPE meed_requests_in_flight gauge\nmeed_requests_in_flight {admission.Requests}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE meed_samples_in_flight gauge\nmeed_samples_in_flight {admission.Samples}\n");
        return text.ToString();
    }

    private static void Head(StringBuilder text, ref string? last, string name, string type)
    {
        if (name != last)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
            last = name;
        }
    }

    private sealed class Histogram
    {
        public long[] Buckets { get; } = new long[s_bounds.Length + 1];

        public double Sum { get; set; }

        public long Count { get; set; }
    }
}
