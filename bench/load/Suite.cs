using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Meed.Load;

/// <summary>Runs every kind of load against <c>meed serve</c> and against a bare Kestrel endpoint in turn, then writes the figures.</summary>
internal static class Suite
{
    private const string Profiles = "profiles:\n  maths: { reward: { numeric-answer: {} } }\n";

    public static async Task<int> RunAsync(string meed, double seconds, string output)
    {
        string folder = Directory.CreateTempSubdirectory("meed-load-").FullName;
        File.WriteAllText(Path.Combine(folder, "rewards.yaml"), Profiles);
        using var server = Start(meed, "serve", Path.Combine(folder, "rewards.yaml"), "--listen", "http://127.0.0.1:8610");
        using var bare = Start(Environment.ProcessPath!, "bare", "--port", "8611");
        try
        {
            await Ready("http://127.0.0.1:8610/readyz");
            var rows = new List<(string Server, double Rate, LoadResult Result)>();
            foreach (string mode in (string[])["new", "keep", "batch"])
            {
                double full = 0;
                foreach (var (name, port) in ((string, int)[])[("meed", 8610), ("bare", 8611), ("meed", 8610), ("bare", 8611)])
                {
                    var result = await Load(port, mode, seconds, 0, 0);
                    rows.Add((name, 0, result));
                    full = name == "meed" ? Math.Max(full, result.RequestsPerSecond) : full;
                    Print(name, 0, result);
                }

                var half = await Load(8610, mode, seconds, full / 2, 0);
                rows.Add(("meed", full / 2, half));
                Print("meed", full / 2, half);
            }

            Write(rows, output);
            return rows.TrueForAll(r => r.Result.Wrong == 0) ? 0 : 1;
        }
        finally
        {
            server.Kill();
            bare.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<LoadResult> Load(int port, string mode, double seconds, double rate, double hostile)
        => new LoadRun(new Uri($"http://127.0.0.1:{port}/get_reward"), mode, 32, TimeSpan.FromSeconds(seconds), rate, hostile).RunAsync();

    private static Process Start(string program, params string[] arguments)
    {
        bool assembly = program.EndsWith(".dll", StringComparison.Ordinal);
        return Process.Start(new ProcessStartInfo(assembly ? "dotnet" : program, assembly ? [program, .. arguments] : arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static async Task Ready(string url)
    {
        using var client = new HttpClient();
        for (int i = 0; i < 100; i++)
        {
            try
            {
                if ((await client.GetAsync(new Uri(url))).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new TimeoutException($"{url} did not answer within 10 s.");
    }

    private static void Print(string name, double rate, LoadResult r) => Console.WriteLine(
        $"{name,-5} {r.Mode,-6} {(rate > 0 ? "half" : "full")}  {r.RequestsPerSecond,9:N0} requests/s {r.SamplesPerSecond,11:N0} samples/s  p50 {r.P50} ms  p99 {r.P99} ms  wrong {r.Wrong}");

    private static void Write(List<(string Server, double Rate, LoadResult Result)> rows, string output)
    {
        var text = new StringBuilder("# Speed of the server\n\n");
        text.Append(CultureInfo.InvariantCulture, $"""
            `dotnet run -c Release --project bench/load -- suite --meed src/Meed.Cli/bin/Release/net10.0/meed.dll --output docs/serve/performance.md`

            A client in a second process on loopback keeps 32 connections busy on {Environment.ProcessorCount} cores that both share. The profile is `numeric-answer`, the endpoint OpenRLHF's
            `get_reward`, every answer is checked. `bare` is a Kestrel endpoint in the same run that reads the body and answers a constant. Each full load ran twice, in turn;
            the better of the two is shown with its share of the better bare run. Half load has due times at half of that rate, and latency counts from the due time.

            | requests | load | requests/s | samples/s | p50 ms | p99 ms | p99.9 ms | wrong | of bare Kestrel |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var mode in rows.GroupBy(r => r.Result.Mode))
        {
            var full = mode.Where(r => r.Server == "meed" && r.Rate == 0).MaxBy(r => r.Result.RequestsPerSecond).Result;
            var best = mode.Where(r => r.Server == "bare").MaxBy(r => r.Result.RequestsPerSecond).Result;
            var half = mode.Single(r => r.Rate > 0).Result;
            string name = mode.Key switch { "new" => "1 sample, new connection", "keep" => "1 sample, kept connection", _ => "64 samples, kept connection" };
            Row(text, name, "full", full, (full.RequestsPerSecond / best.RequestsPerSecond).ToString("P0", CultureInfo.InvariantCulture));
            Row(text, name, "half", half, "");
        }

        File.WriteAllText(output, text.ToString());
        File.WriteAllText(Path.ChangeExtension(output, ".json"), JsonSerializer.Serialize(rows.Select(r => new { r.Server, r.Rate, r.Result }), s_indented) + "\n");
    }

    private static void Row(StringBuilder text, string name, string load, LoadResult r, string share) => text.Append(CultureInfo.InvariantCulture,
        $"| {name} | {load} | {r.RequestsPerSecond:N0} | {r.SamplesPerSecond:N0} | {r.P50:F2} | {r.P99:F2} | {r.P999:F2} | {r.Wrong} | {share} |\n");

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
}
