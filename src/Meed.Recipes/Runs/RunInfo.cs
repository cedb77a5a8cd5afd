using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meed.Recipes.Runs;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus : byte
{
    /// <summary>A process works on it, or died without saying so.</summary>
    Running,

    /// <summary>Came to its end.</summary>
    Finished,

    /// <summary>Stopped by the user with a checkpoint.</summary>
    Interrupted,

    /// <summary>Stopped by an error.</summary>
    Failed,
}

/// <summary>The machine that a run used.</summary>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="InstructionSet">The kernel path: avx512, avx2 or portable.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record Machine(string System, int Cores, string InstructionSet, string Runtime)
{
    /// <summary>This machine.</summary>
    public static Machine Here { get; } = new(
        $"{(OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : "other")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        Environment.ProcessorCount,
        Numerics.Kernels.Cpu.Active.ToString().ToLowerInvariant(),
        RuntimeInformation.FrameworkDescription);

    /// <summary>What results may depend on in their last bits and their speed: <c>linux-x64 avx512 2 cores</c>.</summary>
    [JsonIgnore]
    public string Class => $"{System} {InstructionSet} {Cores} cores";

    /// <summary>Largest working set of this process so far, in megabytes.</summary>
    public static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / 1e6);
    }
}

/// <summary>What <c>run.json</c> of a run folder says; <c>meed runs</c> reads only this file.</summary>
public sealed record RunInfo
{
    /// <summary>File name in a run folder.</summary>
    public const string FileName = "run.json";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Name of the recipe.</summary>
    public string Name { get; init; } = "";

    /// <summary>Kind of the recipe.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>How the run stands.</summary>
    public RunStatus Status { get; init; }

    /// <summary>When it began, UTC.</summary>
    public DateTime Started { get; init; }

    /// <summary>When it ended, UTC; null while it has not.</summary>
    public DateTime? Finished { get; init; }

    /// <summary>Seconds of work, over all its parts when it was resumed.</summary>
    public double Seconds { get; init; }

    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>SHA-256 of the resolved recipe.</summary>
    public string RecipeHash { get; init; } = "";

    /// <summary>Version of the program, with its commit when it was built from one.</summary>
    public string Version { get; init; } = ProgramVersion;

    /// <summary>The machine.</summary>
    public Machine? Machine { get; init; }

    /// <summary>The process that works on it.</summary>
    public int Process { get; init; }

    /// <summary>When that process started, UTC: process numbers come again.</summary>
    public DateTime ProcessStarted { get; init; }

    /// <summary>The figures worth a line in a list, such as <c>pass@1</c> before and after.</summary>
    public IReadOnlyDictionary<string, double> Headline { get; init; } = new Dictionary<string, double>();

    /// <summary>Largest working set of the process in megabytes; 0 until the run ended.</summary>
    public double PeakMegabytes { get; init; }

    /// <summary>Why it failed, or how to resume; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>True when results depended on a clock: a time budget ended a phase.</summary>
    public bool ClockBound { get; init; }

    /// <summary>Where it was read from; not stored.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>The status with a dead process told apart: running, finished, interrupted, failed or killed.</summary>
    [JsonIgnore]
    public string State => Status != RunStatus.Running ? Status.ToString().ToLowerInvariant() : Alive() ? "running" : "killed";

    /// <summary>The run as worked on by this process.</summary>
    public RunInfo Mine()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return this with { Machine = Machine.Here, Process = process.Id, ProcessStarted = process.StartTime.ToUniversalTime(), Status = RunStatus.Running };
    }

    /// <summary>Version of the running program.</summary>
    public static string ProgramVersion { get; } = typeof(RunInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Reads a run folder.</summary>
    /// <exception cref="IOException">There is no readable <c>run.json</c>.</exception>
    public static RunInfo Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            var info = JsonSerializer.Deserialize<RunInfo>(File.ReadAllBytes(path), s_json) ?? throw new JsonException("it is empty");
            return info with { Folder = folder };
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is not readable: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{folder} is not a run folder: it has no {FileName}.", e);
        }
    }

    /// <summary>Writes <c>run.json</c> whole or not at all.</summary>
    public void Write(string folder) => Disk.Replace(Path.Combine(folder, FileName), file => JsonSerializer.Serialize(file, this, s_json));

    private bool Alive()
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process);
            return Math.Abs((process.StartTime.ToUniversalTime() - ProcessStarted).TotalSeconds) < 2;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
