using System.Globalization;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary>What <c>meed train</c> says at the end: the measures of any kind of run, and more where a kind has more to show.</summary>
internal static class RunSummary
{
    public static void Write(Terminal terminal, RunEnd end)
    {
        var o = terminal.Out;
        string folder = terminal.Short(end.Folder), report = Path.Combine(folder, RunReport.FileName), took = Durations.Words(TimeSpan.FromSeconds(end.Seconds));
        o.WriteLine();
        switch (end)
        {
            case LanguageEnd language:
                Samples(o, language.Samples);
                var info = RunInfo.Read(end.Folder);
                o.WriteLine($"{RunsCommand.Result(info)}  ({info.Step} steps, {took})");
                o.WriteLine($"report  {report}");
                return;
            case RewardModelEnd model:
                Sources(o, model.Results);
                o.WriteLine();
                o.WriteLine(model.Results.Variants.Count == 0 ? $"reward  {{ model: {{ path: {Path.Combine(folder, "reward-model")} }} }}" : $"reward  {Path.Combine(folder, "reward.yaml")}  (the chosen variant; every trained one stands in {Path.Combine(folder, "models")})");
                break;
            default:
                Table.Write(o, ["measure", ">value"], [.. end.Measures.Select(m => (IReadOnlyList<string>)[m.Key, Scale.Figure(m.Value, RunReport.FormatOf(m.Key))])]);
                break;
        }

        o.WriteLine($"report  {report}  ({took})");
    }

    private static void Samples(TextWriter o, IReadOnlyList<RunSample> samples)
    {
        var pairs = samples.Where(s => s.Phase is "before" or "after").GroupBy(s => s.Prompt).Where(g => g.Count() >= 2).Take(5).ToList();
        if (pairs.Count == 0)
        {
            return;
        }

        Table.Write(o, ["prompt", "before", "", "after", ""], [.. pairs.Select(g =>
        {
            var before = g.First(s => s.Phase == "before");
            var after = g.Last(s => s.Phase == "after");
            return (IReadOnlyList<string>)[Progress.Flat(g.Key), Progress.Flat(before.Response), Verdict(before), Progress.Flat(after.Response), Verdict(after)];
        })]);
        o.WriteLine();
    }

    private static void Sources(TextWriter o, RewardModelResults results)
    {
        if (results.Sources.Count == 0)
        {
            o.WriteLine("No test comparisons: nothing was measured. A prompt whose hash falls into bucket 0 of 5 is one.");
            return;
        }

        var c = CultureInfo.InvariantCulture;
        if (results.Variants.Count > 0)
        {
            Table.Write(o, ["variant", ">validation loss", ">accuracy", ">log loss", ">calibration error", ">minus length", ">seconds", "encoder; objective"], [.. results.Variants.Select(v => (IReadOnlyList<string>)
            [
                v.Chosen ? v.Name + " *" : v.Name, v.ValidationLogLoss.ToString("F4", c), string.Create(c, $"{100 * v.Sources[0].Accuracy.Value:F1} ±{50 * (v.Sources[0].Accuracy.High - v.Sources[0].Accuracy.Low):F1}"), v.Sources[0].LogLoss.Value.ToString("F3", c),
                string.Create(c, $"{100 * v.Sources[0].CalibrationError:F1}"), RewardModelReport.Points(v.Sources[0].Rulers[0].Difference), v.Seconds.ToString("F0", c), v.Objective.Length > 0 ? $"{v.Encoder}; {v.Objective}" : v.Encoder,
            ])]);
            o.WriteLine();
            o.WriteLine($"* chosen by the validation part: {results.Model}. What it reached:");
            o.WriteLine();
        }

        Table.Write(o, ["source", "test", "accuracy", "log loss", .. results.Sources[0].Rulers.Select(r => r.Name == "length, direction from training" ? "length" : r.Name), "p against length"], [.. results.Sources.Select(s => (IReadOnlyList<string>)
        [
            s.Source, s.Comparisons.ToString("N0", c), string.Create(c, $"{100 * s.Accuracy.Value:F1} ±{50 * (s.Accuracy.High - s.Accuracy.Low):F1}"), s.LogLoss.Value.ToString("F3", c),
            .. s.Rulers.Select(r => string.Create(c, $"{100 * r.Accuracy:F1}")), string.Create(c, $"{RewardModelReport.PValue(s.HolmPValue)}"),
        ])]);
        o.WriteLine();
        foreach (var (source, verdict) in results.Sources.Zip(RewardModelReport.Verdicts(results.Sources)))
        {
            o.WriteLine($"{source.Source}: {verdict}");
        }
    }

    private static string Verdict(RunSample sample) => (sample.Reward is { } reward ? reward.ToString("0.##", CultureInfo.InvariantCulture) : "failed") + (sample.Reason is { Length: > 0 } r ? $" {r}" : "");
}
