using System.Diagnostics;

namespace Meed.Rewards.Code;

/// <summary>The command line that puts a program into the sandbox.</summary>
/// <remarks>
/// Namespaces of its own for users, processes, network, mounts, IPC, host name and cgroups (bubblewrap); no capabilities; uid and gid 65534, also outside
/// when Meed runs as root; /usr read-only, everything else absent but fresh /proc, a read-only /dev and a bounded /tmp; an empty environment; the seccomp
/// filter; limits on processor time, address space, processes, files and open files.
/// </remarks>
internal static class SandboxCommand
{
    /// <summary>Where <see cref="Make"/> puts the files of a program, read-only.</summary>
    public const string Program = "/program";

    private static readonly Lazy<string> s_filter = new(WriteFilter);

    /// <summary>Path of an executable in PATH; null when there is none.</summary>
    public static string? Find(string name) => name.Contains('/', StringComparison.Ordinal)
        ? File.Exists(name) ? name : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/bin").Append("/bin").Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);

    /// <summary>The process to start.</summary>
    /// <param name="program">Interpreter and arguments, as they are called inside.</param>
    /// <param name="options">How programs are run.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="folder">A folder with the program's files, which inside is <see cref="Program"/>; null when it has none.</param>
    /// <param name="addressSpace">False for runtimes that reserve far more addresses than they use; their memory is bounded by what is resident.</param>
    /// <param name="environment">Variables it gets besides PATH, HOME, LANG and those that make Python repeatable.</param>
    public static ProcessStartInfo Make(IReadOnlyList<string> program, CodeSandboxOptions options, CodeLimits limits, string? folder, bool addressSpace = true, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        var variables = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = "/tmp", ["LANG"] = "C.UTF-8", ["PYTHONHASHSEED"] = "0", ["PYTHONDONTWRITEBYTECODE"] = "1", ["OPENBLAS_NUM_THREADS"] = "1", ["OMP_NUM_THREADS"] = "1" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }

        // dash knows -p for processes, bash -u; a number too high for the hard limit is refused and the lower limit stays.
        long seconds = (long)Math.Ceiling(limits.Cpu.TotalSeconds) + 1;
        string ulimit = $"ulimit -c 0; ulimit -t {seconds}; ulimit -f {Math.Max(1, limits.Disk / 512)}; ulimit -n 128; ulimit -s 8192; "
            + (addressSpace ? $"ulimit -v {limits.Memory / 1024}; " : "")
            + (options.UnsafeLocal ? "" : $"ulimit -p {limits.Processes} 2>/dev/null || ulimit -u {limits.Processes} || exit 125; ")
            + "exec \"$@\"";
        if (options.UnsafeLocal)
        {
            foreach (var (name, value) in variables)
            {
                start.Environment[name] = value;
            }

            start.WorkingDirectory = folder ?? Path.GetTempPath();
            Add("-c", ulimit, "sh");
            Add([.. program.Select(a => folder is null ? a : a.Replace(Program, folder, StringComparison.Ordinal))]);
            return start;
        }

        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        Add("-c", "exec 9<\"$1\"; shift; exec \"$@\"", "sh", s_filter.Value);
        if (Environment.IsPrivilegedProcess)
        {
            Add(Find("setpriv") ?? "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
        }

        Add(Find("bwrap") ?? "bwrap", "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv");
        foreach (var (name, value) in variables)
        {
            Add("--setenv", name, value);
        }

        Add("--ro-bind", "/usr", "/usr");
        foreach (string name in (string[])["/bin", "/sbin", "/lib", "/lib64", "/lib32"])
        {
            if (new FileInfo(name).LinkTarget is { } target)
            {
                Add("--symlink", target, name);
            }
            else
            {
                Add("--ro-bind-try", name, name);
            }
        }

        Add("--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache");
        foreach (string extra in options.Readable)
        {
            Add("--ro-bind", extra, extra);
        }

        if (folder is not null)
        {
            Add("--ro-bind", folder, Program);
        }

        Add("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev");
        if (limits.Disk > 0)
        {
            Add("--size", limits.Disk.ToString(System.Globalization.CultureInfo.InvariantCulture), "--perms", "0700", "--tmpfs", "/tmp");
        }
        else
        {
            Add("--dir", "/tmp");
        }

        Add("--chdir", "/tmp", "--remount-ro", "/", "--seccomp", "9", "--", "/bin/sh", "-c", ulimit, "sh");
        Add([.. program]);
        return start;

        void Add(params string[] arguments)
        {
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }
        }
    }

    /// <summary>A folder that the sandbox's user can read; the caller deletes it.</summary>
    public static string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("meed-code-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return folder;
    }

    // .NET cannot hand a file descriptor to a child; the shell opens this file as number 9.
    private static string WriteFilter()
    {
        string folder = Directory.CreateTempSubdirectory("meed-sandbox-").FullName, path = Path.Combine(folder, "filter.bpf");
        File.WriteAllBytes(path, SeccompFilter.ForThisMachine());
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A few hundred bytes in the temporary folder.
            }
        };
        return path;
    }
}
