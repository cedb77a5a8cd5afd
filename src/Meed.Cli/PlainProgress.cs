using System.Diagnostics;
using System.Globalization;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli;

/// <summary>Progress as plain lines, for logs and pipes: a line every few seconds, a sampled answer every ten.</summary>
/// <param name="output">Where lines go.</param>
/// <param name="clock">Time since the start.</param>
internal sealed class PlainProgress(TextWriter output, Stopwatch clock) : IRunProgress
{
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_sample = TimeSpan.FromSeconds(10);

    private TimeSpan _lastLine = TimeSpan.MinValue;
    private TimeSpan _lastSample = TimeSpan.MinValue;
    private long _steps;

    public void Phase(string phase, long steps, TimeSpan? budget)
    {
        _steps = steps;
        _lastLine = TimeSpan.MinValue;
        string limit = budget is { } b ? $", at most {Durations.Words(b)}" : "";
        string text = phase switch
        {
            "warm-start" => $"Warm start on demonstrations: {steps} steps{limit}.",
            "before" => "Measuring on held-out items before training.",
            "train" => $"Training by reward: {steps} steps{limit}.",
            "after" => "Measuring on held-out items after training.",
            _ => phase,
        };
        output.WriteLine($"{Stamp()}  {text}");
    }

    public void Step(long step, IReadOnlyList<(string Name, double Value)> values)
    {
        if (_lastLine != TimeSpan.MinValue && clock.Elapsed - _lastLine < s_line && step != _steps)
        {
            return;
        }

        _lastLine = clock.Elapsed;
        output.WriteLine($"{Stamp()}    step {step}/{_steps}  {Progress.Line(values)}");
    }

    public void Sample(RunSample sample)
    {
        if (_lastSample == TimeSpan.MinValue || clock.Elapsed - _lastSample >= s_sample)
        {
            _lastSample = clock.Elapsed;
            output.WriteLine($"{Stamp()}    {Progress.Line(sample)}");
        }
    }

    public void Measured(long step, IReadOnlyDictionary<string, double> values) =>
        output.WriteLine($"{Stamp()}    held-out  {string.Join("  ", values.Select(v => $"{v.Key} {Scale.Figure(v.Value, RunReport.FormatOf(v.Key))}"))}");

    public void Note(string text) => output.WriteLine($"{Stamp()}  {text}");

    private string Stamp() => clock.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(6) + " s";
}

/// <summary>What both kinds of progress say.</summary>
internal static class Progress
{
    private static readonly string[] s_first = ["reward/mean", "loss", "kl", "entropy", "length/mean", "time/tokens_per_second"];

    /// <summary>The values worth a line.</summary>
    public static string Line(IReadOnlyList<(string Name, double Value)> values) =>
        string.Join("  ", s_first.SelectMany(n => values.Where(v => v.Name == n)).Select(v => $"{Name(v.Name)} {Scale.Figure(v.Value, RunReport.FormatOf(v.Name))}"));

    /// <summary>A sampled answer with its verdict in one line.</summary>
    public static string Line(RunSample sample)
    {
        string verdict = sample.Reward is { } reward ? $"reward {Scale.Figure(reward)}" : "not scored";
        return $"sample  {Flat(sample.Prompt)} {Flat(sample.Response)}  →  {verdict}{(sample.Reason is { Length: > 0 } r ? $" ({r})" : "")}";
    }

    /// <summary>A text on one line, cut.</summary>
    public static string Flat(string text)
    {
        string flat = text.ReplaceLineEndings("⏎");
        return flat.Length > 90 ? flat[..89] + "…" : flat;
    }

    private static string Name(string name) => name switch { "reward/mean" => "reward", "length/mean" => "length", "time/tokens_per_second" => "tokens/s", _ => name };
}
