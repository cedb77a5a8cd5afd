using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Meed.Load;

/// <summary>The page of figures and the file behind it: each kind of run replaces its own part and keeps the other's.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Stores the figures of a suite.</summary>
    public static void Speed(string page, IReadOnlyList<(string Server, double Rate, LoadResult Result)> rows)
        => Store(page, "speed", JsonSerializer.SerializeToNode(rows.Select(r => new { r.Server, r.Rate, r.Result, Cores = Environment.ProcessorCount }))!);

    /// <summary>Stores the figures of a soak.</summary>
    public static void Soak(string page, SoakResult result) => Store(page, "soak", JsonSerializer.SerializeToNode(result)!);

    /// <summary>Writes the page anew from the file behind it.</summary>
    public static void Rewrite(string page) => File.WriteAllText(page, Page(JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(page, ".json")))!.AsObject()));

    private static void Store(string page, string part, JsonNode value)
    {
        string file = Path.ChangeExtension(page, ".json");
        var all = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsObject() : [];
        all[part] = value;
        File.WriteAllText(file, all.ToJsonString(s_indented) + "\n");
        Rewrite(page);
    }

    private static string Page(JsonObject all)
    {
        var text = new StringBuilder("# Speed of the server\n");
        if (all["speed"] is { } speed)
        {
            Speed(text, speed.AsArray());
        }

        if (all["soak"].Deserialize<SoakResult>() is { } soak)
        {
            Soak(text, soak);
        }

        return text.ToString();
    }

    private static void Speed(StringBuilder text, JsonArray rows)
    {
        var results = rows.Select(r => (Server: (string)r!["Server"]!, Rate: (double)r["Rate"]!, Result: r["Result"].Deserialize<LoadResult>()!)).ToList();
        text.Append(CultureInfo.InvariantCulture, $"""

            `dotnet run -c Release --project bench/load -- suite --meed src/Meed.Cli/bin/Release/net10.0/meed.dll --output docs/serve/performance.md`

            A client in a second process on loopback keeps 32 connections busy on {(int?)rows[0]!["Cores"] ?? 2} cores that both share. The profile is `numeric-answer`, the endpoint OpenRLHF's
            `get_reward`, every answer is checked. `bare` is a Kestrel endpoint in the same run that reads the body and answers a constant. Each full load ran twice, in turn;
            the better of the two is shown with its share of the better bare run. Half load has due times at half of that rate, and latency counts from the due time.

            | requests | load | requests/s | samples/s | p50 ms | p99 ms | p99.9 ms | wrong | of bare Kestrel |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var mode in results.GroupBy(r => r.Result.Mode))
        {
            var full = mode.Where(r => r.Server == "meed" && r.Rate == 0).MaxBy(r => r.Result.RequestsPerSecond).Result;
            var best = mode.Where(r => r.Server == "bare").MaxBy(r => r.Result.RequestsPerSecond).Result;
            var half = mode.Single(r => r.Rate > 0).Result;
            string name = mode.Key switch { "new" => "1 sample, new connection", "keep" => "1 sample, kept connection", _ => "64 samples, kept connection" };
            Row(text, name, "full", full, (full.RequestsPerSecond / best.RequestsPerSecond).ToString("P0", CultureInfo.InvariantCulture));
            Row(text, name, "half", half, "");
        }
    }

    private static void Row(StringBuilder text, string name, string load, LoadResult r, string share) => text.Append(CultureInfo.InvariantCulture,
        $"| {name} | {load} | {r.RequestsPerSecond:N0} | {r.SamplesPerSecond:N0} | {r.P50:F2} | {r.P99:F2} | {r.P999:F2} | {r.Wrong} | {share} |\n");

    private static void Soak(StringBuilder text, SoakResult s)
    {
        long hostile = s.Hostile.Values.Sum();
        double[] memory = [.. s.MemoryMegabytes];
        int third = Math.Max(1, memory.Length / 3);
        double early = memory.Take(1).DefaultIfEmpty().Average(), middle = memory.Skip(third).Take(third).DefaultIfEmpty().Average(), late = memory.TakeLast(third).DefaultIfEmpty().Average();
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Soak

            `dotnet run -c Release --project bench/load -- soak --meed src/Meed.Cli/bin/Release/net10.0/meed.dll --minutes {s.Minutes:0} --rate {s.AskedRate:0} --output docs/serve/performance.md`

            {s.Connections} kept connections at a modest rate, chosen so that a shared machine serves it with a fifth of a core, with hostile requests among the good ones. A good request has eight samples, and which
            of them are right spells the request's number, so that another request's answer does not fit. At the end the server's own count of samples must be what was sent.
            Latencies are those of a machine that did other work at the same time.

            | what | figure |
            | --- | --- |
            | date, machine | {s.Date}, {s.Machine} |
            | time | {s.Minutes:0.0} minutes |
            | rate | {s.Rate:0.0} requests/s |
            | good requests | {s.Requests:N0} ({s.Samples:N0} samples) |
            | hostile requests | {hostile:N0} ({100.0 * hostile / Math.Max(1, hostile + s.Requests):0.00} %) of {s.Hostile.Count} kinds |
            | wrong answers | {s.WrongAnswers} |
            | wrong statuses | {s.WrongStatuses} |
            | requests without an answer | {s.Lost} |
            | samples counted by the server beyond or short of those sent | {s.Uncounted} |
            | p50, p99 | {s.P50:0.00} ms, {s.P99:0.00} ms |
            | resident memory at the start; mean of the second and of the last third; most | {early:0.0} MB; {middle:0.0} MB and {late:0.0} MB; {memory.DefaultIfEmpty().Max():0.0} MB |

            Hostile requests: {string.Join(", ", s.Hostile.Select(h => $"{h.Key} ({h.Value.ToString("N0", CultureInfo.InvariantCulture)})"))}.

            """);
    }
}
