using System.Text;

namespace Meed.Recipes.Runs;

/// <summary>A file of lines that only grows, and that resuming cuts back to a noted length.</summary>
public sealed class LineFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens a file, keeping its first <paramref name="length"/> bytes.</summary>
    public LineFile(string path, long length = 0)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (_file.Length < length)
        {
            _file.Dispose();
            throw new IOException($"{path} has {new FileInfo(path).Length} bytes, the checkpoint was written when it had {length}. The file was cut since; start the run anew.");
        }

        _file.SetLength(length);
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Bytes written.</summary>
    public long Length => _file.Position;

    /// <summary>Adds a line.</summary>
    public void Write(string line) => _file.Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Hands what was written to the operating system; with <paramref name="toDisk"/> also to the disk.</summary>
    public void Flush(bool toDisk = false) => _file.Flush(toDisk);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
