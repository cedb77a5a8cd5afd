using System.Diagnostics;
using System.Text.Json;
using Meed.Numerics.Kernels;

namespace Meed.Compare;

/// <summary>Times calls and writes JSON lines that bench/compare/run reads.</summary>
public static class Output
{
    /// <summary>The first line: who measured.</summary>
    public static void Header(string name, CaseOptions options) => Write(new
    {
        header = name,
        side = "Meed",
        isa = Cpu.Active.ToString(),
        threads = options.Threads,
        runtime = Environment.Version.ToString(),
    });

    /// <summary>A further line of the header.</summary>
    public static void Note(string name, string value) => Write(new Dictionary<string, string> { ["note"] = name, ["value"] = value });

    /// <summary>Median seconds of one call, from samples that each last a fraction of the given time.</summary>
    public static void Measure(string item, Action call, CaseOptions options, double work = 0)
    {
        // Warm up: at least 30 calls or a third of the time.
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (calls < 30 && Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds || Stopwatch.GetElapsedTime(start).TotalSeconds < options.Seconds / 3)
        {
            call();
            calls++;
        }

        double estimate = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        const int Samples = 9;
        int perSample = Math.Max(1, (int)(options.Seconds / Samples / estimate));
        var seconds = new double[Samples];
        for (int s = 0; s < Samples; s++)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < perSample; i++)
            {
                call();
            }

            seconds[s] = Stopwatch.GetElapsedTime(start).TotalSeconds / perSample;
        }

        Array.Sort(seconds);
        Write(new { item, seconds = seconds[Samples / 2], fastest = seconds[0], slowest = seconds[^1], work });
    }

    /// <summary>Seconds of something that is done once.</summary>
    public static void Once(string item, double seconds, double work = 0) => Write(new { item, seconds, fastest = seconds, slowest = seconds, work });

    private static void Write(object line) => Console.WriteLine(JsonSerializer.Serialize(line));
}
