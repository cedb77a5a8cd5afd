using System.Text.Json;

namespace Meed.Recipes.Runs;

/// <summary>The metrics of a run as columns, read from its <c>metrics.jsonl</c> and <c>timing.jsonl</c>.</summary>
public sealed class MetricTable
{
    private readonly Dictionary<(string Phase, string Name), List<(double Step, double Value)>> _series = [];
    private readonly List<(string Phase, string Name)> _order = [];

    /// <summary>Phase and name of every series, in the order of first appearance.</summary>
    public IReadOnlyList<(string Phase, string Name)> Series => _order;

    /// <summary>Points of a series by step; empty when the run has none.</summary>
    public IReadOnlyList<(double Step, double Value)> this[string phase, string name] => _series.TryGetValue((phase, name), out var points) ? points : [];

    /// <summary>Reads a run folder. A last line that a crash cut off is left out.</summary>
    public static MetricTable Read(string folder)
    {
        var table = new MetricTable();
        foreach (string file in new[] { "metrics.jsonl", "timing.jsonl" })
        {
            string path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                continue;
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                table.Add(line);
            }
        }

        return table;
    }

    private void Add(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            string phase = json.RootElement.GetProperty("phase").GetString()!;
            double step = json.RootElement.GetProperty("step").GetDouble();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name is "phase" or "step")
                {
                    continue;
                }

                double value = property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetDouble() : double.NaN;
                var key = (phase, property.Name);
                if (!_series.TryGetValue(key, out var points))
                {
                    _series[key] = points = [];
                    _order.Add(key);
                }

                points.Add((step, value));
            }
        }
        catch (JsonException)
        {
            // A line that a crash cut off.
        }
    }
}
