using System.Diagnostics;
using System.Text.Json;

namespace Meed.Load;

/// <summary>Runs every kind of load against <c>meed serve</c> and against a bare Kestrel endpoint in turn, then writes the figures.</summary>
internal static class Suite
{
    private const string Profiles = "profiles:\n  maths: { reward: { numeric-answer: {} } }\n";
    private const int SoakBytes = 1 << 20;

    /// <summary>A long run at a modest rate with hostile requests among the good ones.</summary>
    public static async Task<int> SoakAsync(string meed, double minutes, double rate, double hostile, string output)
    {
        string folder = Directory.CreateTempSubdirectory("meed-soak-").FullName;
        File.WriteAllText(Path.Combine(folder, "rewards.yaml"), $"server: {{ maxBodyBytes: {SoakBytes} }}\nprofiles: {{ default: {{ reward: {{ numeric-answer: {{}} }} }}, gone: {{ reward: {{ numeric-answer: {{}} }} }} }}\n");
        using var server = Start(meed, "serve", Path.Combine(folder, "rewards.yaml"), "--listen", "http://127.0.0.1:8612");
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        try
        {
            await Ready("http://127.0.0.1:8612/readyz");
            var result = await new Soak(8612, TimeSpan.FromMinutes(minutes), rate, hostile, 16, SoakBytes, server.Id).RunAsync();
            Report.Soak(output, result);
            Console.WriteLine(JsonSerializer.Serialize(result));
            return result.WrongAnswers + result.WrongStatuses + result.Lost == 0 && result.Uncounted == 0 ? 0 : 1;
        }
        finally
        {
            server.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

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

            Report.Speed(output, rows);
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
}
