using System.Diagnostics;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Meed.Cli;

/// <summary>Progress on a terminal: one view that is drawn again a few times a second.</summary>
/// <param name="clock">Time since the start.</param>
internal sealed class LiveProgress(Stopwatch clock) : IRunProgress
{
    private readonly Lock _lock = new();
    private readonly List<(string Phase, string Text)> _done = [];
    private readonly Queue<string> _samples = new();
    private readonly List<double> _rewards = [];
    private string _phase = "";
    private long _steps;
    private long _step;
    private TimeSpan? _budget;
    private TimeSpan _begun;
    private TimeSpan _lastSample = TimeSpan.FromSeconds(-60);
    private string _values = "";
    private string _measured = "";
    private string _note = "";

    /// <summary>Shows the view while the work runs.</summary>
    public async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        return await AnsiConsole.Live(View()).AutoClear(true).StartAsync(async view =>
        {
            var running = Task.Run(work);
            while (await Task.WhenAny(running, Task.Delay(200)).ConfigureAwait(false) != running)
            {
                view.UpdateTarget(View());
            }

            return await running.ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public void Phase(string phase, long steps, TimeSpan? budget)
    {
        lock (_lock)
        {
            if (_phase is "warm-start" or "train")
            {
                _done.Add((_phase, $"{_step} steps in {Durations.Words(clock.Elapsed - _begun)}"));
            }

            (_phase, _steps, _step, _budget, _begun, _values) = (phase, steps, 0, budget, clock.Elapsed, "");
        }
    }

    public void Step(long step, IReadOnlyList<(string Name, double Value)> values)
    {
        lock (_lock)
        {
            _step = step;
            _values = Progress.Line(values);
            if (values.FirstOrDefault(v => v.Name == "reward/mean") is { Name: not null, Value: var reward } && double.IsFinite(reward))
            {
                _rewards.Add(reward);
            }
        }
    }

    public void Sample(RunSample sample)
    {
        lock (_lock)
        {
            if (clock.Elapsed - _lastSample < TimeSpan.FromSeconds(3))
            {
                return;
            }

            _lastSample = clock.Elapsed;
            _samples.Enqueue(Progress.Line(sample)["sample  ".Length..]);
            if (_samples.Count > 5)
            {
                _samples.Dequeue();
            }
        }
    }

    public void Measured(long step, IReadOnlyDictionary<string, double> values)
    {
        lock (_lock)
        {
            _measured = $"step {step}: {string.Join("  ", values.Where(v => v.Key is "gold" or "reward" || v.Key.StartsWith("pass@", StringComparison.Ordinal)).Select(v => $"{v.Key} {Scale.Figure(v.Value, RunReport.FormatOf(v.Key))}"))}";
        }
    }

    public void Note(string text)
    {
        lock (_lock)
        {
            _note = text;
        }
    }

    private Grid View()
    {
        lock (_lock)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
            void Row(string name, IRenderable value) => grid.AddRow(new Markup($"[grey]{name}[/]"), value);
            foreach (var (phase, text) in _done)
            {
                Row(Title(phase), new Text(text));
            }

            double spent = (clock.Elapsed - _begun).TotalSeconds;
            double share = Math.Min(1, Math.Max(_steps > 0 ? (double)_step / _steps : 0, _budget is { } b ? spent / b.TotalSeconds : 0));
            if (_steps > 0)
            {
                int cells = (int)Math.Round(share * 30);
                string left = share > 0.02 ? $"{Durations.Words(TimeSpan.FromSeconds(spent / share * (1 - share)))} left" : "";
                Row(Title(_phase), new Markup($"[green]{new string('━', cells)}[/][grey]{new string('━', 30 - cells)}[/] {_step}/{_steps}  [grey]{left}[/]"));
            }
            else
            {
                Row(Title(_phase), new Text("…"));
            }

            if (_values.Length > 0)
            {
                Row("now", new Text(_values));
            }

            if (_rewards.Count > 1)
            {
                Row("reward", new Text(Spark(_rewards)));
            }

            if (_measured.Length > 0)
            {
                Row("held-out", new Text(_measured));
            }

            foreach (string sample in _samples)
            {
                Row("sample", new Text(sample));
            }

            if (_note.Length > 0)
            {
                Row("note", new Text(_note));
            }

            return grid;
        }
    }

    private static string Title(string phase) => phase switch { "warm-start" => "warm start", "before" => "measuring", "after" => "measuring", "" => "preparing", _ => phase };

    // Means of up to 40 equal parts, as bars of eight heights.
    private static string Spark(List<double> values)
    {
        int parts = Math.Min(40, values.Count);
        var means = Enumerable.Range(0, parts).Select(i => values.Skip(i * values.Count / parts).Take(Math.Max(1, ((i + 1) * values.Count / parts) - (i * values.Count / parts))).Average()).ToList();
        double low = means.Min(), high = means.Max();
        return string.Concat(means.Select(m => "▁▂▃▄▅▆▇█"[high == low ? 0 : (int)Math.Min(7, (m - low) / (high - low) * 8)])) + $"  {Scale.Figure(means[0])} → {Scale.Figure(means[^1])}";
    }
}
