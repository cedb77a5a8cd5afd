using System.Diagnostics;
using System.Globalization;

namespace Meed.Mutate;

/// <summary>A worker and the pipe to it; killed when it does not answer in time.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StreamReader _output;

    private WorkerProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput;
    }

    /// <summary>How many cases the worker has.</summary>
    public int Cases { get; private set; }

    /// <summary>The mutants that initialisers of static fields reach.</summary>
    public HashSet<int> Initialisers { get; private set; } = [];

    /// <summary>Starts a worker beside a built test project. With a mutant given, that one is on from the first instruction.</summary>
    public static WorkerProcess? Start(string copy, string project, int? mutant = null)
    {
        string tests = project + ".Tests";
        string folder = Path.Combine(copy, tests);
        string own = Path.Combine(folder, "Meed.Mutate.dll");
        lock (typeof(WorkerProcess))
        {
            if (!File.Exists(own))
            {
                File.Copy(typeof(WorkerProcess).Assembly.Location, own);
            }
        }

        var start = new ProcessStartInfo("dotnet", ["exec", "--depsfile", Path.Combine(folder, tests + ".deps.json"), "--runtimeconfig", Path.Combine(folder, tests + ".runtimeconfig.json"), own, "--worker", tests, project])
        {
            WorkingDirectory = copy,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("MEED_DATA");
        start.Environment["DOTNET_GCHeapHardLimit"] = "60000000";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["MEED_MUTANT"] = mutant?.ToString(CultureInfo.InvariantCulture) ?? "";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var worker = new WorkerProcess(process);
        string? ready = worker.Read(TimeSpan.FromMinutes(2));
        if (ready is null)
        {
            worker.Dispose();
            return null;
        }

        string[] words = ready.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        worker.Cases = int.Parse(words[1], CultureInfo.InvariantCulture);
        worker.Initialisers = [.. words.Skip(2).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return worker;
    }

    /// <summary>The worker's answer; null when it died or the time ended, and then it is of no more use.</summary>
    public string? Ask(string question, TimeSpan limit)
    {
        try
        {
            _process.StandardInput.WriteLine(question);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            return null;
        }

        return Read(limit);
    }

    /// <summary>True while the process runs; after an answer of null, false means it crashed by itself.</summary>
    public bool IsAlive => !_process.WaitForExit(500);

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }

        _process.Dispose();
    }

    /// <summary>The next answer. The time is counted in waits of a second, so that a machine that pauses everything makes no mutant endless.</summary>
    private string? Read(TimeSpan limit)
    {
        var line = _output.ReadLineAsync();
        for (int waits = 0; waits < limit.TotalSeconds;)
        {
            if (!line.Wait(TimeSpan.FromSeconds(1)))
            {
                waits++;
            }
            else if (line.Result is null or ['\u0001', ..])
            {
                return line.Result?[1..];
            }
            else
            {
                line = _output.ReadLineAsync();
            }
        }

        return null;
    }
}
