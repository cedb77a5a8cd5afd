using Meed.Evaluation.Probes;
using Meed.RewardModels;
using Meed.RewardModels.Networks;

namespace Meed.Evaluation.Bench;

/// <summary>Probes of a reward model on the responses of a bench: attributes that the file rates, and what can be read off the text.</summary>
public static class RewardProbes
{
    /// <summary>The results; empty where the model has nothing below a linear head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="items">The items.</param>
    /// <param name="scores">Its scores.</param>
    /// <param name="limit">Most responses.</param>
    public static IReadOnlyList<ProbeResult> Run(RewardModel model, IReadOnlyList<BenchItem> items, IReadOnlyList<double[]> scores, int limit = 2000)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(items);
        (int Item, int Response)[] all = [.. items.SelectMany((item, i) => item.Row.Responses.Select((_, r) => (i, r)))];
        (int Item, int Response)[] rows = [.. Enumerable.Range(0, Math.Min(limit, all.Length)).Select(k => all[(int)((long)k * all.Length / Math.Min(limit, all.Length))]).Where(r => !double.IsNaN(scores[r.Item][r.Response]))];
        var store = model.Network.NewStore();
        if (model.Network is not TransformerNetwork)
        {
            return [];
        }

        store.Add([.. rows.Select(r => new RewardInput(items[r.Item].Row.Prompt, items[r.Item].Text(r.Response), items[r.Item].Row.Context))]);
        float[] flat = model.Network.Features(store, [.. Enumerable.Range(0, rows.Length)])!;
        int width = flat.Length / Math.Max(1, rows.Length);
        var attributes = new Dictionary<string, bool?[]>
        {
            ["longer than the median"] = Above([.. rows.Select(r => (double?)items[r.Item].Text(r.Response).Length)]),
            ["has markdown"] = [.. rows.Select(r => (bool?)(NullRulers.Markdown(items[r.Item].Text(r.Response)) > 0))],
            ["is the better one"] = [.. rows.Select(r => items[r.Item].Pairs.Any(p => p.Better == r.Response) == items[r.Item].Pairs.Any(p => p.Worse == r.Response) ? null : (bool?)items[r.Item].Pairs.Any(p => p.Better == r.Response))],
        };
        foreach (string name in items.SelectMany(i => i.Row.Responses).SelectMany(r => r.Attributes.Keys).Distinct())
        {
            attributes[name] = Above([.. rows.Select(r => items[r.Item].Row.Responses[r.Response].Attributes.TryGetValue(name, out double v) ? v : (double?)null)]);
        }

        return ProbeTest.Run([.. Enumerable.Range(0, rows.Length).Select(i => flat[(i * width)..((i + 1) * width)])], [.. rows.Select(r => scores[r.Item][r.Response])], [.. rows.Select(r => items[r.Item].Cluster)], attributes);
    }

    private static bool?[] Above(double?[] values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        return sorted.Length == 0 ? new bool?[values.Length] : [.. values.Select(v => v is { } x ? x > sorted[sorted.Length / 2] : (bool?)null)];
    }
}
