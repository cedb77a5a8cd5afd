using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Bench;

/// <summary>What an edit costs.</summary>
/// <param name="Name">The edit.</param>
/// <param name="Group">What it touches.</param>
/// <param name="Changed">Share of the comparisons whose text it changed.</param>
/// <param name="Accuracy">Accuracy after the edit.</param>
/// <param name="Drop">Accuracy before less after, with its clustered 95 % interval.</param>
/// <param name="Turned">Share of comparisons whose winner it turned.</param>
/// <param name="P">Exact McNemar, before against after.</param>
/// <param name="HolmP">Corrected for all edits.</param>
public sealed record TransformationResult(string Name, string Group, double Changed, double Accuracy, Interval Drop, double Turned, double P, double HolmP);

/// <summary>Scores edited texts and compares with the plain ones.</summary>
public static class TransformationTest
{
    /// <summary>Runs every edit.</summary>
    /// <param name="scorer">What is tested.</param>
    /// <param name="items">The items; each contributes its first comparison.</param>
    /// <param name="limit">Most items, evenly spread over the file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async ValueTask<(IReadOnlyList<TransformationResult> Results, int Pairs)> RunAsync(BenchScorer scorer, IReadOnlyList<BenchItem> items, int limit = 400, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(items);
        BenchItem[] plain = [.. Enumerable.Range(0, Math.Min(limit, items.Count)).Select(k => Pair(items[(int)((long)k * items.Count / Math.Min(limit, items.Count))]))];
        ulong[] clusters = [.. plain.Select(p => p.Cluster)];
        double[] before = Wins(await scorer.ScoreAsync(plain, cancellationToken).ConfigureAwait(false));
        var results = new List<TransformationResult>();
        foreach (var edit in Transformations.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            BenchItem[] edited = [.. plain.Select(p => Edit(p, edit))];
            double[] after = Wins(await scorer.ScoreAsync(edited, cancellationToken).ConfigureAwait(false));
            double[] drop = [.. before.Select((b, i) => b - after[i])];
            results.Add(new TransformationResult(edit.Name, edit.Group, plain.Where((p, i) => Differ(p, edited[i])).Count() / (double)plain.Length, after.Average(), ClusteredBootstrap.Mean(drop, clusters, resamples: 500),
                drop.Count(d => d != 0) / (double)drop.Length, McNemar.Test(before, after).P, double.NaN));
        }

        double[] corrected = Holm.Adjust([.. results.Select(r => r.P)]);
        return ([.. results.Select((r, i) => r with { HolmP = corrected[i] })], plain.Length);
    }

    private static double[] Wins(double[][] scores) => [.. scores.Select(s => s[0] > s[1] ? 1 : s[0] == s[1] ? 0.5 : 0.0)];

    private static BenchItem Pair(BenchItem item)
    {
        var (better, worse) = item.Pairs[0];
        return item with { Row = item.Row with { Responses = [item.Row.Responses[better], item.Row.Responses[worse]] }, Pairs = [new BenchPair(0, 1)], Shown = item.Shown[better] < item.Shown[worse] ? [0, 1] : [1, 0] };
    }

    private static BenchItem Edit(BenchItem item, Transformation edit) => edit.OnPrompt
        ? item with { Row = item.Row with { Prompt = [.. item.Row.Prompt.Select((m, i) => i == item.Row.Prompt.Count - 1 ? m with { Content = Transformations.Run(edit, m.Content) } : m)] } }
        : item with { Row = item.Row with { Responses = [.. item.Row.Responses.Select(r => r with { Text = Transformations.Run(edit, r.Text ?? "") })] } };

    private static bool Differ(BenchItem a, BenchItem b) => a.Text(0) != b.Text(0) || a.Text(1) != b.Text(1) || !a.Row.Prompt.Select(m => m.Content).SequenceEqual(b.Row.Prompt.Select(m => m.Content));
}
