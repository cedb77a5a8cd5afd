using System.Text;

namespace Meed.Rewards.Code;

/// <summary>A Python process in the sandbox that speaks in frames.</summary>
internal sealed class PythonWorker : IDisposable
{
    private static readonly string s_codec = Resource("codec.py"), s_candidate = Resource("candidate.py"), s_tests = Resource("tests.py");

    private readonly SandboxProcess _process;
    private readonly int _longest;

    private PythonWorker(SandboxProcess process, int longest)
    {
        _process = process;
        _longest = longest;
    }

    /// <summary>The watch over it.</summary>
    public SandboxProcess Process => _process;

    /// <summary>Starts a worker and waits until it says that it is there; what fails before is ours.</summary>
    public static PythonWorker Start(bool tests, CodeSandboxOptions options, CodeLimits limits, CancellationToken cancellationToken)
    {
        string python = CodeSandbox.PythonOf(options)
            ?? throw new SandboxException(ScoreStatus.VerifierError, $"There is no {(options.Python.Length > 0 ? options.Python : "/usr/bin/python3")}: install python3, or name the interpreter.");
        List<string> program = [python, "-s", "-B"];
        if (!options.Packages)
        {
            program.Add("-S");
        }

        program.AddRange(["-c", s_codec + (tests ? s_tests : s_candidate)]);
        var process = SandboxProcess.Start(SandboxCommand.Make(program, options, limits, null), limits, options.UnsafeLocal, cancellationToken);
        var worker = new PythonWorker(process, limits.Output);
        try
        {
            if (worker.Receive(out _) is not null)
            {
                return worker;
            }

            if (process.End == SandboxEnd.Cancelled)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            var end = process.End;
            process.Kill(SandboxEnd.None);   // it may have closed its stdout only; what it said stays in the pipe
            string said = end == SandboxEnd.None ? FirstLine(process.Error) : end.ToString();
            throw new SandboxException(end == SandboxEnd.None ? ScoreStatus.VerifierError : ScoreStatus.Timeout, $"The sandbox did not come up: {said}");
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Sends a frame; a worker that has ended shows when the answer is read.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            FrameChannel.Write(_process.Input, frame);
        }
        catch (IOException)
        {
            // The pipe is closed: it has ended.
        }
    }

    /// <summary>The next frame; null when it ended or the frame is too long.</summary>
    public byte[]? Receive(out bool tooLong)
    {
        tooLong = false;
        _process.Awaited = true;
        try
        {
            return FrameChannel.Read(_process.Output, _longest, out tooLong);
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            _process.Awaited = false;
        }
    }

    /// <summary>Why it sends nothing more, as a counted reason of the candidate's; throws when it is ours.</summary>
    public string Fault(bool tooLong, CancellationToken cancellationToken)
    {
        if (tooLong)
        {
            return "too_much_output";
        }

        int status = _process.End == SandboxEnd.None ? Ended() : 0;
        return _process.End switch
        {
            SandboxEnd.Cancelled => throw new OperationCanceledException(cancellationToken),
            SandboxEnd.Starved => throw new SandboxException(ScoreStatus.Timeout, "The machine gave the program no processor."),
            var end => Reason(end, status),
        };
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The counted reason of an end.</summary>
    public static string Reason(SandboxEnd end, int status) => end switch
    {
        SandboxEnd.OverCpu => "over_cpu",
        SandboxEnd.Idle => "idle",
        SandboxEnd.OverMemory => "over_memory",
        SandboxEnd.OverOutput => "too_much_output",
        _ => status == 128 + 24 ? "over_cpu" : status == 0 ? "exited" : "crashed",   // SIGXCPU
    };

    // It closed its pipe; give it a moment to end, then end it.
    private int Ended()
    {
        _process.Awaited = true;
        int status = _process.WaitOrKill(TimeSpan.FromSeconds(1));
        _process.Awaited = false;
        return status;
    }

    private static string FirstLine(Stream error)
    {
        var buffer = new byte[400];
        int read = error.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(buffer, 0, read).Trim();
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return text.Length == 0 ? "it ended without a word" : end < 0 ? text : text[..end];
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PythonWorker).Assembly.GetManifestResourceStream("Meed.Rewards.Code." + name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
