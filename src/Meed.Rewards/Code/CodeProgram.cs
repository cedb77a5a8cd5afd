using System.Diagnostics;
using System.Text;

namespace Meed.Rewards.Code;

/// <summary>A program as files and the command that runs it, ready to be run many times. Dispose it to delete the files.</summary>
public sealed class CodeProgram : IDisposable
{
    private const int PipeCapacity = 32768;   // an empty pipe takes twice as much at once

    private readonly string _folder;
    private readonly IReadOnlyList<string> _command;
    private readonly bool _addressSpace;
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private readonly bool _copy;

    private CodeProgram(string folder, IReadOnlyList<string> command, bool addressSpace, IReadOnlyDictionary<string, string>? environment, bool copy)
    {
        _folder = folder;
        _command = command;
        _addressSpace = addressSpace;
        _environment = environment;
        _copy = copy;
    }

    /// <summary>What the compiler said, when it refused the program; every run then fails with <c>compile_error</c>.</summary>
    public ProgramResult? Refused { get; private init; }

    /// <summary>How compiling went; null for programs that are not compiled.</summary>
    public ProgramResult? Compiled { get; private init; }

    /// <summary>Writes a Python program.</summary>
    /// <param name="sandbox">Where it will be run.</param>
    /// <param name="source">Its text.</param>
    /// <param name="files">Files it finds in its working folder, by name.</param>
    public static CodeProgram Python(CodeSandbox sandbox, string source, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        string python = CodeSandbox.PythonOf(sandbox.Options) ?? throw new SandboxException(ScoreStatus.VerifierError, "There is no /usr/bin/python3: install python3, or name the interpreter.");
        return Interpreted([python, "-s", "-B", "{file}"], "main.py", source, true, files);
    }

    /// <summary>Writes a program for an interpreter.</summary>
    /// <param name="command">The interpreter and its arguments; <c>{file}</c> stands for the program's path.</param>
    /// <param name="file">The program's file name, such as main.js.</param>
    /// <param name="source">Its text.</param>
    /// <param name="addressSpace">False for interpreters that reserve far more addresses than they use, such as node.</param>
    /// <param name="files">Files it finds in its working folder, by name.</param>
    public static CodeProgram Interpreted(IReadOnlyList<string> command, string file, string source, bool addressSpace = true, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        string folder = SandboxCommand.NewFolder();
        // A lone surrogate has no UTF-8 form; the program gets a replacement character and is as wrong as it was.
        File.WriteAllText(Path.Combine(folder, Plain(file)), source, new UTF8Encoding(false));
        string work = Path.Combine(folder, "files");
        foreach (var (name, content) in files ?? new Dictionary<string, byte[]>())
        {
            Directory.CreateDirectory(work);
            File.WriteAllBytes(Path.Combine(work, Plain(name)), content);
        }

        return new CodeProgram(folder, [.. command.Select(a => a.Replace("{file}", SandboxCommand.Program + "/" + file, StringComparison.Ordinal))], addressSpace, null, files is { Count: > 0 });
    }

    /// <summary>Compiles a C# program in the sandbox with the compiler of the installed SDK.</summary>
    /// <exception cref="SandboxException">There is no SDK, or the sandbox failed.</exception>
    public static CodeProgram CSharp(CodeSandbox sandbox, string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(source);
        sandbox.Require();
        var sdk = CSharpCompiler.Find() ?? throw new SandboxException(ScoreStatus.VerifierError, "C# programs need the .NET SDK under /usr: install dotnet-sdk there.");
        string folder = SandboxCommand.NewFolder();
        sdk.Prepare(folder, source);
        var compile = new CodeProgram(folder, sdk.Compile, false, CSharpCompiler.Environment(CSharpCompiler.Limits.Memory), false);
        ProgramResult result;
        byte[] assembly;
        using (CodeSandbox.Turn(cancellationToken))
        {
            (result, assembly) = compile.RunBytes(sandbox.Options, [], CSharpCompiler.Limits, cancellationToken);
        }

        bool refused = !result.Succeeded || assembly.Length == 0;
        if (!refused)
        {
            File.WriteAllBytes(Path.Combine(folder, "program.dll"), assembly);
        }

        return new CodeProgram(folder, sdk.Run, false, CSharpCompiler.Environment(512L << 20), false)
        {
            Compiled = result with { Output = "" },
            Refused = refused ? result with { Fault = "compile_error", Output = "" } : null,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left lies in the temporary folder.
        }
    }

    internal ProgramResult Run(CodeSandboxOptions options, byte[] input, CodeLimits limits, CancellationToken cancellationToken)
        => Refused ?? RunBytes(options, input, limits, cancellationToken).Result;

    private static string Plain(string name) => name.Length is > 0 and <= 200 && name.IndexOfAny(['/', '\\', '\0']) < 0 && name is not ("." or "..")
        ? name
        : throw new ArgumentException($"The file name '{name}' is no plain name; write a name without folders.", nameof(name));

    private (ProgramResult Result, byte[] Output) RunBytes(CodeSandboxOptions options, byte[] input, CodeLimits limits, CancellationToken cancellationToken)
    {
        // The first word on stdout says that the sandbox stands: whatever comes after it is the program's own doing.
        const string ready = "meed\n";
        string shell = $"printf 'meed\\n'; {(_copy ? $"cp {SandboxCommand.Program}/files/* .; " : "")}exec \"$@\"";
        long started = Stopwatch.GetTimestamp();
        var command = SandboxCommand.Make(["/bin/sh", "-c", shell, "sh", .. _command], options, limits, _folder, _addressSpace, _environment);
        using var process = SandboxProcess.Start(command, limits, options.UnsafeLocal, cancellationToken);

        // Threads of their own: the pool's may all be waiting for programs like this one, and a program must not sleep because nobody feeds it.
        byte[] wrong = [];
        var error = new Thread(() => wrong = Read(process, process.Error, limits.Output)) { IsBackground = true };
        error.Start();
        Thread? feed = null;
        if (input.Length <= PipeCapacity)
        {
            Feed(process.Input, input);
        }
        else
        {
            feed = new Thread(() => Feed(process.Input, input)) { IsBackground = true };
            feed.Start();
        }

        byte[] output = Read(process, process.Output, limits.Output + ready.Length);
        error.Join();
        int status = process.Wait();
        feed?.Join();
        var elapsed = Stopwatch.GetElapsedTime(started);
        string said = Encoding.UTF8.GetString(wrong);
        if (process.End == SandboxEnd.Cancelled)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (process.End == SandboxEnd.Starved)
        {
            throw new SandboxException(ScoreStatus.Timeout, "The machine gave the program no processor.");
        }

        if (!output.AsSpan().StartsWith("meed\n"u8))
        {
            throw new SandboxException(process.End == SandboxEnd.None ? ScoreStatus.VerifierError : ScoreStatus.Timeout, $"The sandbox did not come up: {said.Split('\n')[0]}");
        }

        output = output[ready.Length..];
        string? fault = process.End != SandboxEnd.None || status == 128 + 24 ? PythonWorker.Reason(process.End, status) : null;
        return (new ProgramResult(fault, status, Encoding.UTF8.GetString(output), said, elapsed), output);
    }

    private static void Feed(Stream to, byte[] input)
    {
        try
        {
            to.Write(input);
            to.Close();
        }
        catch (IOException)
        {
            // It does not read its input.
        }
    }

    private static byte[] Read(SandboxProcess process, Stream from, int most)
    {
        var kept = new MemoryStream();
        var buffer = new byte[16384];
        try
        {
            for (int read; (read = from.Read(buffer)) > 0;)
            {
                kept.Write(buffer, 0, (int)Math.Min(read, most - kept.Length));
                if (kept.Length >= most)
                {
                    process.Kill(SandboxEnd.OverOutput);
                    break;
                }
            }
        }
        catch (IOException)
        {
            // The pipe broke as it was ended.
        }

        return kept.ToArray();
    }
}
