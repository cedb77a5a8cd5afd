using System.Globalization;
using System.Runtime.InteropServices;

namespace Meed.Rewards.Code;

/// <summary>Keeps this process's open files from what it starts.</summary>
/// <remarks>
/// .NET opens every file so that children do not inherit it, but what this process itself inherited (a lock, a log, a folder) is open to them, and an open folder is
/// a way around every mount. Only stdin, stdout and stderr, which are pipes of their own, pass.
/// </remarks>
internal static partial class Descriptors
{
    private const int SetFlags = 2, CloseOnExec = 1;   // F_SETFD, FD_CLOEXEC

    public static void KeepFromChildren()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor) && descriptor > 2)
            {
                _ = Control(descriptor, SetFlags, CloseOnExec);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
