using System.Diagnostics;
using System.Text;

namespace Meed.Cli.Tests;

/// <summary>The program as its own process.</summary>
internal sealed class MeedProcess : IDisposable
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public MeedProcess(string folder, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "meed.dll"));
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        Process = new Process { StartInfo = start };
        Process.OutputDataReceived += (_, e) => Append(_out, e.Data);
        Process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        Process.Start();
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
        Process.StandardInput.Close();
    }

    public Process Process { get; }

    public string Out
    {
        get
        {
            lock (_out)
            {
                return _out.ToString();
            }
        }
    }

    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Runs to the end.</summary>
    public static (int Code, string Out, string Error) Run(string folder, params string[] args)
    {
        using var meed = new MeedProcess(folder, args);
        return (meed.Wait(), meed.Out, meed.Error);
    }

    /// <summary>Waits for the end and gives the exit code; a program that takes longer than three minutes is killed.</summary>
    public int Wait()
    {
        if (!Process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            Process.Kill();
        }

        Process.WaitForExit();
        return Process.ExitCode;
    }

    /// <summary>SIGKILL: nothing of the program runs after it.</summary>
    public void Kill()
    {
        try
        {
            Process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It came to its end first.
        }

        Process.WaitForExit();
    }

    /// <summary>SIGTERM, which takes the same path as Ctrl-C: children of background shells inherit an ignored SIGINT.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-TERM", Process.Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }

    private static void Append(StringBuilder to, string? line)
    {
        if (line is not null)
        {
            lock (to)
            {
                to.AppendLine(line);
            }
        }
    }
}
