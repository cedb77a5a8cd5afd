using System.Globalization;
using System.Text;
using Meed.Evaluation.Bench;

namespace Meed.Evaluation.Lab;

/// <summary>The lab's findings as Markdown.</summary>
public static class LabMarkdown
{
    /// <summary>Curves and stops.</summary>
    public static string Write(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Over-optimisation\n\n{report.Options.Seeds} worlds, {report.Options.Features} features, {100 * report.Options.Noise:0.#} % of labels turned. Gold above the start, 95 % intervals over worlds; d = √KL. The fit is d·(α − β·d) for best-of-n, d·(α − β·ln d) for reinforcement learning.\n\n");
        BenchMarkdown.Table(text, ["what is optimised", "most gold", "at d", "gold at the end", "95 % interval", "end d", "proxy at the end", "α", "β"], report.Curves.Select(c =>
        {
            var peak = c.Points.MaxBy(p => p.Gold.Value)!;
            var end = c.Points[^1];
            return (string[])[c.Name, F(peak.Gold.Value), F(peak.Distance), F(end.Gold.Value), $"{F(end.Gold.Low)} to {F(end.Gold.High)}", F(end.Distance), F(end.Proxy), $"{F(c.Fit.Alpha)} ({F(c.Alpha.Low)} to {F(c.Alpha.High)})", $"{F(c.Fit.Beta)} ({F(c.Beta.Low)} to {F(c.Beta.High)})"];
        }));
        text.Append(CultureInfo.InvariantCulture, $"\n## When to stop\n\nBest-of-n with {report.Options.Labels[report.Options.Labels.Count / 2]} labels. The recommended stop is the peak of a curve fitted to {report.Options.Prompts} prompts of {report.Options.Answers} answers with gold labels; the oracle knows the world.\n\n");
        BenchMarkdown.Table(text, ["rule", "gold", "lost against the oracle", "95 % interval"], report.Stops.Select(s => (string[])[s.Rule, F(s.Gold), F(s.Lost.Value), $"{F(s.Lost.Low)} to {F(s.Lost.High)}"]));
        text.Append("\n## Divergence of best-of-n\n\nIn nats, in the first world: by formula, exact over 4,096 listed answers, estimated from 4,000 draws.\n\n");
        BenchMarkdown.Table(text, ["n", "ln n − (n − 1)/n", "listed", "sampled"], report.Kl.Select(k => (string[])[BenchMarkdown.Count(k.N), F(k.Formula), F(k.Listed), F(k.Sampled)]));
        return text.ToString();
    }

    /// <summary>A study of best-of-n.</summary>
    public static string Write(IReadOnlyList<BestOfNCurve> curves, int prompts)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var text = new StringBuilder();
        int most = curves[0].Gold.Count;
        int[] sizes = [.. Enumerable.Range(1, most).Where(n => n is 1 or 2 or 4 or 8 || n == most)];
        text.Append(CultureInfo.InvariantCulture, $"# Best-of-n\n\n{prompts:N0} prompts of {most} answers. Mean gold of the answer that each scorer likes best among n, without bias; intervals draw prompts. KL(n) = ln n − (n − 1)/n: {string.Join(", ", sizes.Select(n => $"{n}: {F(BestOfN.Kl(n))}"))}.\n\n");
        BenchMarkdown.Table(text, ["chooses", .. sizes.Select(n => $"n = {n}"), "gain", "95 % interval", "of gold's gain"], curves.Select(c => (string[])
            [c.Scorer, .. sizes.Select(n => F(c.Gold[n - 1].Value)), F(c.Gain.Value), $"{F(c.Gain.Low)} to {F(c.Gain.High)}", BenchMarkdown.Share(c.Share)]));
        return text.ToString();
    }

    private static string F(double value) => double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');
}
