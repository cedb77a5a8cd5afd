using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Meed.Recipes.Atlas;

/// <summary>The table of measured results in <c>README.md</c>, taken from the result files that the measuring commands wrote.</summary>
internal static class ReadmeTable
{
    private const string Begin = "<!-- measured: written by meed docs -->";
    private const string End = "<!-- end -->";

    /// <summary>The README with its table written anew; unchanged where it has no place for one.</summary>
    public static string Write(string checkout)
    {
        string readme = File.ReadAllText(Path.Combine(checkout, "README.md"));
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : readme.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return readme;
        }

        var table = new StringBuilder("\n| what | measured | against | page |\n| --- | --- | --- | --- |\n");
        foreach (string row in Rows(checkout))
        {
            table.Append(row).Append('\n');
        }

        return readme[..(begin + Begin.Length)] + table + readme[end..];
    }

    private static IEnumerable<string> Rows(string checkout)
    {
        foreach (var record in RecipesDocument.Records(checkout))
        {
            var (before, after, gain) = record.Summary(record.Measures[0]);
            yield return string.Create(CultureInfo.InvariantCulture, $"| `{record.Name}` recipe, {record.Measures[0]} on held-out items, {record.Runs.Count} seeds, {record.Runs.Max(r => r.Seconds) / 60:F1} minutes a seed at most | {RecipesDocument.Share(after.Mean)}, gain {100 * gain.Mean:F1} points ({100 * gain.Low:F1} to {100 * gain.High:F1}) | {RecipesDocument.Share(before.Mean)} after the warm start | [measured](docs/measured.md) |");
        }

        foreach (var (name, title) in ((string, string)[])[("gemm", "matrix product, 33 shapes"), ("mlp-step", "training step of an MLP 4-64-64-2, batch 64"), ("gpt-step", "training step of a GPT, 0.8 M parameters"), ("sampling", "sampling with a cache, 3 batch sizes")])
        {
            foreach (string row in Compared(Path.Combine(checkout, "bench", "compare", "results", name + ".json"), title))
            {
                yield return row;
            }
        }

        if (Read(Path.Combine(checkout, "docs", "serve", "performance.json")) is { } serve)
        {
            var best = serve.GetProperty("speed").EnumerateArray().Where(r => r.GetProperty("Server").GetString() == "meed" && r.GetProperty("Rate").GetDouble() == 0).Select(r => r.GetProperty("Result")).ToList();
            string keep = Best(best, "keep", "RequestsPerSecond"), fresh = Best(best, "new", "RequestsPerSecond"), batch = Best(best, "batch", "SamplesPerSecond");
            yield return $"| `meed serve`, numeric answers, client and server on 2 cores | {fresh}/s on new connections, {keep}/s on kept ones, {batch} samples/s in batches of 64 | a bare Kestrel endpoint beside it | [serve](docs/serve/performance.md) |";
        }
    }

    private static IEnumerable<string> Compared(string path, string title)
    {
        if (Read(path) is not { } results)
        {
            yield break;
        }

        foreach (var result in results.EnumerateArray())
        {
            var items = result.GetProperty("items").EnumerateArray().ToArray();
            double[] ratios = [.. items.Select(i => i.GetProperty("ratio").GetDouble())];
            double mean = Math.Exp(ratios.Average(Math.Log));
            string range = items.Length switch
            {
                1 => string.Create(CultureInfo.InvariantCulture, $"{items[0].GetProperty("low").GetDouble():F2} to {items[0].GetProperty("high").GetDouble():F2}"),
                < 5 => string.Join(", ", items.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.GetProperty("item").GetString()} {i.GetProperty("ratio").GetDouble():F2}"))),
                _ => string.Create(CultureInfo.InvariantCulture, $"{ratios.Min():F2} to {ratios.Max():F2}"),
            };
            string isa = result.GetProperty("isa").GetString()!;
            int threads = result.GetProperty("threads").GetInt32();
            yield return string.Create(CultureInfo.InvariantCulture, $"| {title} | {mean:F2} times as fast ({range}) | {Peer(result)}, {isa}, {threads} {(threads == 1 ? "thread" : "threads")} | [performance](docs/performance.md) |");
        }
    }

    private static string Peer(JsonElement result)
    {
        foreach (var header in result.GetProperty("headers").EnumerateObject().Where(h => h.Name != "ours"))
        {
            if (header.Value.TryGetProperty("core", out var core) && header.Value.TryGetProperty("config", out var config))
            {
                return string.Join(' ', config.GetString()!.Split(' ').Take(2)) + " " + core.GetString();
            }

            if (header.Value.TryGetProperty("version", out var version))
            {
                return $"{header.Value.GetProperty("side").GetString()} {version.GetString()} at its fastest setting";
            }
        }

        throw new InvalidDataException("A stored comparison names no peer. Run bench/compare/run again.");
    }

    private static string Best(List<JsonElement> results, string mode, string figure) =>
        results.Where(r => r.GetProperty("Mode").GetString() == mode).Max(r => r.GetProperty(figure).GetDouble()).ToString("N0", CultureInfo.InvariantCulture);

    private static JsonElement? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
