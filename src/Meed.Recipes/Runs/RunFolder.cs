using System.Globalization;
using System.Text;

namespace Meed.Recipes.Runs;

/// <summary>The folder of one run, open for writing: recipe, metrics, samples, events, checkpoints.</summary>
/// <remarks>
/// <c>metrics.jsonl</c>, <c>samples.jsonl</c> and the checkpoints are the same bytes for the same recipe, seed and machine class, whether the run
/// was interrupted or not. What depends on the clock stands apart, in <c>timing.jsonl</c>, <c>run.json</c> and the event file.
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private readonly LineFile _metrics;
    private readonly LineFile _timing;
    private readonly LineFile _samples;
    private readonly EventFile _events;
    private readonly string _eventName;
    private long _order;

    private RunFolder(string path, RunInfo info, IReadOnlyDictionary<string, long> lengths, long order)
    {
        Path = path;
        Info = info;
        _order = order;
        _eventName = Directory.EnumerateFiles(path, "events.out.tfevents.*").Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? $"events.out.tfevents.{new DateTimeOffset(info.Started, TimeSpan.Zero).ToUnixTimeSeconds()}.meed";
        _metrics = new LineFile(File("metrics.jsonl"), lengths.GetValueOrDefault("metrics.jsonl"));
        _timing = new LineFile(File("timing.jsonl"), lengths.GetValueOrDefault("timing.jsonl"));
        _samples = new LineFile(File("samples.jsonl"), lengths.GetValueOrDefault("samples.jsonl"));
        _events = new EventFile(File(_eventName), lengths.GetValueOrDefault(_eventName));
        Checkpoints = new CheckpointStore(File("checkpoints"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What <c>run.json</c> says now.</summary>
    public RunInfo Info { get; private set; }

    /// <summary>The checkpoints.</summary>
    public CheckpointStore Checkpoints { get; }

    /// <summary>Begins a run in <c>root/name/time</c>.</summary>
    /// <param name="root">The runs folder.</param>
    /// <param name="info">Name, kind, seed and hash; started, machine and process are filled in.</param>
    /// <param name="recipe">The resolved recipe as YAML.</param>
    public static RunFolder Begin(string root, RunInfo info, string recipe)
    {
        ArgumentNullException.ThrowIfNull(info);
        var now = DateTime.UtcNow;
        string stem = System.IO.Path.Combine(root, info.Name, now.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture));
        string path = stem;
        for (int i = 2; Directory.Exists(path); i++)
        {
            path = $"{stem}-{i}";
        }

        Directory.CreateDirectory(path);
        info = info.Mine() with { Started = now, Folder = path };
        Disk.ReplaceText(System.IO.Path.Combine(path, "recipe.yaml"), recipe);
        info.Write(path);
        return new RunFolder(path, info, new Dictionary<string, long>(), 0);
    }

    /// <summary>Goes on with a run from a checkpoint: what was written after it is cut off.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="checkpoint">The checkpoint to go on from; null to begin the run again.</param>
    /// <param name="order">The order number of that checkpoint.</param>
    public static RunFolder Resume(string path, CheckpointHeader? checkpoint, long order)
    {
        var info = RunInfo.Read(path).Mine() with { Finished = null, Message = null };
        foreach (string leftover in Directory.EnumerateFiles(path, "*.tmp", SearchOption.AllDirectories))
        {
            Disk.TryDelete(leftover);
        }

        info.Write(path);
        return new RunFolder(path, info, checkpoint?.Files ?? new Dictionary<string, long>(), order);
    }

    /// <summary>Path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes the scalars of a step: names under <c>time/</c> to <c>timing.jsonl</c>, all others to <c>metrics.jsonl</c>, all to the event file.</summary>
    public void Scalars(string phase, long step, IReadOnlyList<(string Name, double Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var lasting = values.Where(v => !IsTiming(v.Name)).ToList();
        var timing = values.Where(v => IsTiming(v.Name)).ToList();
        if (lasting.Count > 0)
        {
            _metrics.Write(Line(phase, step, lasting));
        }

        if (timing.Count > 0)
        {
            _timing.Write(Line(phase, step, timing));
        }

        _events.Scalars(step, [.. values.Select(v => (phase == "train" ? v.Name : $"{phase}/{v.Name}", v.Value))]);
        _metrics.Flush();
        _timing.Flush();
        _events.Flush();
        Info = Info with { Step = step };
    }

    /// <summary>True for a name whose value depends on the clock.</summary>
    public static bool IsTiming(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("time/", StringComparison.Ordinal);
    }

    /// <summary>Writes sampled answers.</summary>
    public void Samples(IEnumerable<RunSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        foreach (var sample in samples)
        {
            _samples.Write(sample.ToLine());
        }

        _samples.Flush();
    }

    /// <summary>Writes a checkpoint: first the logs to disk, then the state, so that the lengths it notes are there after a crash.</summary>
    public string Checkpoint(string phase, long step, Action<Stream> state)
    {
        _metrics.Flush(toDisk: true);
        _timing.Flush(toDisk: true);
        _samples.Flush(toDisk: true);
        _events.Flush(toDisk: true);
        var header = new CheckpointHeader(step, phase, new Dictionary<string, long>
        {
            ["metrics.jsonl"] = _metrics.Length, ["timing.jsonl"] = _timing.Length, ["samples.jsonl"] = _samples.Length, [_eventName] = _events.Length,
        });
        return Checkpoints.Save(++_order, header, state);
    }

    /// <summary>Changes and stores <c>run.json</c>.</summary>
    public void Update(Func<RunInfo, RunInfo> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Info = change(Info);
        Info.Write(Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _timing.Dispose();
        _samples.Dispose();
        _events.Dispose();
    }

    private static string Line(string phase, long step, List<(string Name, double Value)> values)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"phase\":\"{phase}\",\"step\":{step}");
        foreach (var (name, value) in values)
        {
            string number = double.IsNaN(value) ? "\"NaN\"" : double.IsPositiveInfinity(value) ? "\"Infinity\"" : double.IsNegativeInfinity(value) ? "\"-Infinity\"" : value.ToString("R", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $",{System.Text.Json.JsonSerializer.Serialize(name)}:{number}");
        }

        return text.Append('}').ToString();
    }
}
