using System.Collections.Concurrent;
using System.Text;

namespace Meed.Rewards.Code;

/// <summary>Runs programs that nobody vouches for. One object for a process is enough; it is safe for several threads.</summary>
/// <remarks>
/// Linux with bubblewrap. Where there is none it refuses with <see cref="Missing"/>; nothing runs without a sandbox unless
/// <see cref="CodeSandboxOptions.UnsafeLocal"/> says so by name. As many programs run at once as there are processors; waiting for a turn counts against nobody.
/// </remarks>
public sealed class CodeSandbox
{
    private static readonly SemaphoreSlim s_turns = new(Environment.ProcessorCount);
    private static readonly Lazy<string?> s_missing = new(Probe);

    // Rewards come and go with their documents; the workers stay.
    private static readonly ConcurrentDictionary<(string, bool, bool), TestWorkers> s_tests = new();

    private readonly CodeSandboxOptions _options;
    /// <summary>A sandbox with the given settings.</summary>
    public CodeSandbox(CodeSandboxOptions? options = null)
    {
        _options = Reachable(options ?? new CodeSandboxOptions());
    }

    /// <summary>The sandbox with default settings.</summary>
    public static CodeSandbox Default { get; } = new();

    /// <summary>How programs are run.</summary>
    public CodeSandboxOptions Options => _options;

    /// <summary>One sentence that says what to install or allow; null when programs can be run. The first call starts a program to find out.</summary>
    public string? Missing => _options.UnsafeLocal
        ? OperatingSystem.IsWindows() ? "Programs are run on Linux only." : null
        : s_missing.Value;

    /// <summary>Throws with <see cref="Missing"/> when programs cannot be run.</summary>
    /// <exception cref="InvalidOperationException">There is no sandbox.</exception>
    public void Require()
    {
        if (Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }
    }

    /// <summary>Starts a process for one Python program; load the program into it, then call its functions. Waits for a turn.</summary>
    /// <exception cref="SandboxException">The sandbox failed; not the program's fault.</exception>
    public CodeSession Start(CodeLimits? limits = null, CancellationToken cancellationToken = default)
    {
        Require();
        var turn = Turn(cancellationToken);
        try
        {
            return new CodeSession(PythonWorker.Start(tests: false, _options, limits ?? new CodeLimits(), cancellationToken), turn, cancellationToken);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program once from its start to its end, with text on stdin.</summary>
    /// <exception cref="SandboxException">The sandbox failed; not the program's fault.</exception>
    public ProgramResult Run(CodeProgram program, string input, CodeLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(input);
        Require();
        using var turn = Turn(cancellationToken);
        return program.Run(_options, Encoding.UTF8.GetBytes(input), limits ?? new CodeLimits(), cancellationToken);
    }

    /// <summary>The workers that run tests which are code.</summary>
    internal TestWorkers Tests => s_tests.GetOrAdd((_options.Python, _options.Packages, _options.UnsafeLocal), static (_, options) => new TestWorkers(options), _options);

    /// <summary>A turn; dispose it to hand it on.</summary>
    internal static IDisposable Turn(CancellationToken cancellationToken)
    {
        s_turns.Wait(cancellationToken);
        return new Held();
    }

    internal static string? PythonOf(CodeSandboxOptions options) => options.Python.Length > 0
        ? File.Exists(options.Python) ? options.Python : null
        : ((string[])["/usr/bin/python3", "/usr/local/bin/python3"]).FirstOrDefault(File.Exists);

    /// <summary>An interpreter outside /usr makes its own folder readable.</summary>
    private static CodeSandboxOptions Reachable(CodeSandboxOptions options) => options.Python.Length == 0 || options.Python.StartsWith("/usr/", StringComparison.Ordinal)
        ? options
        : options with { Readable = [.. options.Readable, Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(options.Python)))!] };

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Programs are run on Linux only, in a bubblewrap sandbox: run this part there.";
        }

        if (!SeccompFilter.Supported)
        {
            return "The sandbox knows the system calls of x86-64 and arm64 only: run this part on such a machine.";
        }

        if (!File.Exists(SandboxCommand.Find("bwrap")))
        {
            return "Code is run in a sandbox and bubblewrap is not installed: install it (Debian, Ubuntu: apt-get install bubblewrap).";
        }

        if (Environment.IsPrivilegedProcess && !File.Exists(SandboxCommand.Find("setpriv")))
        {
            return "Code is run as another user and setpriv is not installed: install util-linux, or do not run as root.";
        }

        using var process = SandboxProcess.Start(SandboxCommand.Make(["/bin/sh", "-c", "echo ready"], new CodeSandboxOptions(), new CodeLimits(), null), new CodeLimits(), walk: false, CancellationToken.None);
        using var output = new StreamReader(process.Output);
        using var error = new StreamReader(process.Error);
        string said = output.ReadToEnd().Trim(), wrong = error.ReadToEnd().Trim();
        return process.Wait() == 0 && said == "ready"
            ? null
            : $"bubblewrap is installed but makes no sandbox here ({wrong.Split('\n')[0]}): allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), in a container also its seccomp profile.";
    }

    private sealed class Held : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                s_turns.Release();
            }
        }
    }
}
