using System.Runtime.InteropServices;

namespace Meed.Recipes.Runs;

/// <summary>Writes files so that a crash leaves the old one or the new one, never half of one.</summary>
public static partial class Disk
{
    /// <summary>Writes beside the target, flushes to disk, then renames over the target.</summary>
    /// <exception cref="IOException">The disk is full or not writable; the target is as it was.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes text with <see cref="Replace(string, Action{Stream})"/>.</summary>
    public static void ReplaceText(string path, string text) => Replace(path, file => file.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Deletes a file if that is possible; a leftover harms nobody.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next successful write replaces it.
        }
    }

    /// <summary>True for the error of a full disk or quota.</summary>
    public static bool IsFull(IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OperatingSystem.IsWindows() ? (error.HResult & 0xFFFF) is 0x70 or 0x27 : error.HResult is 28 or 69 or 122;   // ENOSPC; EDQUOT of macOS and Linux
    }

    // A rename is durable once the folder is flushed. Windows flushes it with the file.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, 0);
        if (handle >= 0)
        {
            _ = Fsync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
