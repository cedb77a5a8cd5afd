using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Meed.Rewards.Code;

/// <summary>Processes that run tests which are code, each in a sandbox of its own, kept between candidates. Every job runs in a fork that ends with it.</summary>
internal sealed class TestWorkers(CodeSandboxOptions options)
{
    // Tests come with the data set. Their own time is bounded in the fork (processor) and by the watch (idle, wall).
    private static readonly CodeLimits s_limits = new() { Cpu = TimeSpan.FromDays(365), Idle = TimeSpan.FromSeconds(10), Wall = TimeSpan.FromSeconds(120), Memory = 1L << 30, Output = 16 << 20 };

    private readonly ConcurrentBag<PythonWorker> _idle = [];

    /// <summary>How the tests of one candidate came out.</summary>
    /// <param name="Results">A counted reason for each test that was run, empty where it passed.</param>
    /// <param name="Fault">The candidate's fault that ended all tests; null when there is none.</param>
    /// <param name="Invalid">What is wrong with the tests themselves; null when nothing is.</param>
    public readonly record struct Outcome(IReadOnlyList<string> Results, string? Fault, string? Invalid);

    /// <summary>Runs tests against a loaded candidate.</summary>
    public Outcome Run(AssertTests tests, CodeSession candidate, bool all, CodeLimits limits, CancellationToken cancellationToken)
    {
        if (!_idle.TryTake(out var worker))
        {
            worker = PythonWorker.Start(tests: true, options, s_limits, CancellationToken.None);
        }
        else
        {
            worker.Process.Resume();
        }

        bool clean = false;
        using var cancellation = cancellationToken.Register(() => worker.Process.Kill(SandboxEnd.Cancelled));
        try
        {
            var outcome = Converse(worker, tests, candidate, all, limits, cancellationToken, out clean);
            return outcome;
        }
        finally
        {
            if (clean && !cancellationToken.IsCancellationRequested)
            {
                worker.Process.Pause();
                _idle.Add(worker);
            }
            else
            {
                worker.Dispose();
            }
        }
    }

    private static Outcome Converse(PythonWorker worker, AssertTests tests, CodeSession candidate, bool all, CodeLimits limits, CancellationToken cancellationToken, out bool clean)
    {
        clean = false;
        worker.Send(Job(tests, all, limits));
        bool called = false;
        for (; ; )
        {
            if (worker.Receive(out bool tooLong) is not { } frame)
            {
                // The test process is gone: a value of the candidate did that, or the tests did before there was one.
                string fault = worker.Fault(tooLong, cancellationToken);
                return called ? new Outcome([], "test_" + fault, null) : new Outcome([], null, $"the tests ended their process ({fault})");
            }

            if (frame.AsSpan().StartsWith("{\"op\""u8))
            {
                called |= frame.AsSpan().StartsWith("{\"op\":\"call\""u8);
                if (candidate.Ask(frame) is { } reply)
                {
                    worker.Send(reply.Frame);
                    continue;
                }

                worker.Send("{\"end\":1}"u8);
                clean = Ended(worker);
                return new Outcome([], candidate.Ended, null);
            }

            using var document = JsonDocument.Parse(frame, TypedJson.Reading);
            if (document.RootElement.TryGetProperty("ended", out _))
            {
                clean = true;
                return called ? new Outcome([], "test_crashed", null) : new Outcome([], null, "the tests ended their process");
            }

            clean = Ended(worker);
            return document.RootElement.TryGetProperty("invalid", out var invalid)
                ? new Outcome([], null, invalid.GetString())
                : new Outcome([.. document.RootElement.GetProperty("done").EnumerateArray().Select(r => r.GetString()!)], null, null);
        }
    }

    private static bool Ended(PythonWorker worker) => worker.Receive(out _) is { } frame && frame.AsSpan().StartsWith("{\"ended\":"u8);

    private static byte[] Job(AssertTests tests, bool all, CodeLimits limits)
    {
        var job = new StringBuilder("{\"context\":").Append(TypedJson.Quote(tests.Context)).Append(",\"setup\":").Append(TypedJson.Quote(tests.Setup))
            .Append(",\"entry\":").Append(tests.Entry is null ? "null" : TypedJson.Quote(tests.Entry))
            .Append(",\"all\":").Append(all ? "true" : "false")
            .Append(",\"cpu\":").Append((long)Math.Ceiling(limits.Cpu.TotalSeconds)).Append(",\"units\":[");
        for (int i = 0; i < tests.Units.Count; i++)
        {
            job.Append(i == 0 ? "" : ",").Append(TypedJson.Quote(tests.Units[i]));
        }

        return Encoding.UTF8.GetBytes(job.Append("]}").ToString());
    }
}
