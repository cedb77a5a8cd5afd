using System.Collections.Concurrent;
using System.Diagnostics;

namespace Meed.Rewards.Code;

/// <summary>A process in the sandbox with its pipes. A watch adds up what its tree uses and ends it as a whole.</summary>
internal sealed class SandboxProcess : IDisposable
{
    private readonly Process _process;
    private readonly CodeLimits _limits;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly object _lock = new();
    private bool _disposed;
    private long _wanted, _idle, _wall;

    private readonly bool _walk;

    private SandboxProcess(Process process, CodeLimits limits, bool walk, CancellationToken cancellationToken)
    {
        _process = process;
        _limits = limits;
        _walk = walk;
        _cancellation = cancellationToken.Register(() => Kill(SandboxEnd.Cancelled));
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>True while the caller waits for it: only then may it be idle too long.</summary>
    public bool Awaited { get; set; } = true;

    /// <summary>Why it was stopped.</summary>
    public SandboxEnd End { get; private set; }

    /// <summary>Processor time of its tree at the last look, in nanoseconds.</summary>
    public long Cpu { get; private set; }

    /// <param name="command">What to start.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="walk">True where no sandbox dies with its outer process, so that ending it means walking its tree.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static SandboxProcess Start(ProcessStartInfo command, CodeLimits limits, bool walk, CancellationToken cancellationToken)
    {
        var process = Launcher.Start(command);
        var started = new SandboxProcess(process, limits, walk, cancellationToken);
        Watch.Add(started);
        return started;
    }

    /// <summary>Ends the whole tree; the first reason stays.</summary>
    public void Kill(SandboxEnd why)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            if (End == SandboxEnd.None)
            {
                End = why;
            }

            KillProcess();
        }
    }

    /// <summary>Leaves it alone until <see cref="Resume"/>: it waits for work and costs nothing.</summary>
    public void Pause() => Watch.Remove(this);

    /// <summary>Watches it again; idle and wall time start anew.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _idle = _wall = 0;
        }

        Watch.Add(this);
    }

    /// <summary>Waits until it has ended; the exit status, 128 + n for signal n.</summary>
    public int Wait()
    {
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits for its end, and ends it when that takes too long; the exit status.</summary>
    public int WaitOrKill(TimeSpan longest)
    {
        if (!_process.WaitForExit(longest))
        {
            KillProcess();
            _process.WaitForExit();
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        Watch.Remove(this);
        lock (_lock)
        {
            if (!_disposed && !_process.HasExited)
            {
                KillProcess();
            }

            _disposed = true;
            _process.Dispose();
        }
    }

    private void KillProcess()
    {
        try
        {
            // The sandbox dies with its outer process, and everything in it with the sandbox.
            _process.Kill(_walk);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended already.
        }
    }

    /// <summary>One look of the watch: <paramref name="passed"/> nanoseconds went by since the last, as far as the watch itself was running.</summary>
    /// <remarks>Where the watch is <paramref name="late"/>, the machine is short of processors: who sleeps may be waiting for us.</remarks>
    private void Look(long passed, bool late)
    {
        if (_process.HasExited)
        {
            return;
        }

        var use = ProcessUse.Of(_process.Id);
        Cpu = Math.Max(Cpu, use.Cpu);
        long wanted = use.Wanted - _wanted;
        _wanted = Math.Max(_wanted, use.Wanted);
        if (use.Cpu > _limits.Cpu.TotalNanoseconds)
        {
            Kill(SandboxEnd.OverCpu);
        }
        else if (use.Resident > _limits.Memory + (16L << 20))
        {
            Kill(SandboxEnd.OverMemory);
        }
        else if (Awaited)
        {
            _wall += passed;
            _idle += !late && !use.Busy && wanted < passed / 5 ? passed : 0;
            if (_idle > _limits.Idle.TotalNanoseconds)
            {
                Kill(SandboxEnd.Idle);
            }
            else if (_wall > _limits.Wall.TotalNanoseconds)
            {
                // It neither slept in the open nor used its time: either it hid its sleep, or it stood in line for a processor.
                Kill(_wanted < _wall / 5 ? SandboxEnd.Idle : SandboxEnd.Starved);
            }
        }
    }

    /// <summary>One thread starts every process: a sandbox dies with the thread that started it, and threads of the pool come and go.</summary>
    private static class Launcher
    {
        private static readonly BlockingCollection<(ProcessStartInfo Command, TaskCompletionSource<Process> Done)> s_queue = [];

        static Launcher() => new Thread(Work) { IsBackground = true, Name = "sandbox launcher" }.Start();

        public static Process Start(ProcessStartInfo command)
        {
            var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
            s_queue.Add((command, done));
            return done.Task.GetAwaiter().GetResult();
        }

        private static void Work()
        {
            foreach (var (command, done) in s_queue.GetConsumingEnumerable())
            {
                try
                {
                    Descriptors.KeepFromChildren();
                    done.SetResult(Process.Start(command) ?? throw new InvalidOperationException($"{command.FileName} did not start."));
                }
                catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
                {
                    done.SetException(new SandboxException(ScoreStatus.VerifierError, $"The sandbox did not start: {e.Message}"));
                }
            }
        }
    }

    /// <summary>Looks at every live process fifty times a second.</summary>
    private static class Watch
    {
        private const int Period = 20;
        private const long LongestStep = 100_000_000;   // when the watch itself was stopped, that time is nobody's
        private static readonly List<SandboxProcess> s_live = [];

        static Watch() => new Thread(Work) { IsBackground = true, Name = "sandbox watch" }.Start();

        public static void Add(SandboxProcess process)
        {
            lock (s_live)
            {
                s_live.Add(process);
                Monitor.Pulse(s_live);
            }
        }

        public static void Remove(SandboxProcess process)
        {
            lock (s_live)
            {
                s_live.Remove(process);
            }
        }

        private static void Work()
        {
            long last = Stopwatch.GetTimestamp();
            for (; ; )
            {
                SandboxProcess[] live;
                lock (s_live)
                {
                    while (s_live.Count == 0)
                    {
                        Monitor.Wait(s_live);
                        last = Stopwatch.GetTimestamp();
                    }
                }

                Thread.Sleep(Period);
                lock (s_live)
                {
                    live = [.. s_live];
                }

                long now = Stopwatch.GetTimestamp();
                long elapsed = (long)Stopwatch.GetElapsedTime(last, now).TotalNanoseconds, passed = Math.Min(LongestStep, elapsed);
                bool late = elapsed > 3 * Period * 1_000_000L;
                last = now;
                foreach (var process in live)
                {
                    lock (process._lock)
                    {
                        if (!process._disposed && process.End == SandboxEnd.None)
                        {
                            process.Look(passed, late);
                        }
                    }
                }
            }
        }
    }
}
