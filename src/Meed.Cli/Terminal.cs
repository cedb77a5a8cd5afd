namespace Meed.Cli;

/// <summary>Where a command writes, and how.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and remarks.</param>
/// <param name="Interactive">True on a terminal: colours and a live view; false: plain lines.</param>
/// <param name="Folder">The folder that relative paths start from.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool Interactive, string Folder)
{
    /// <summary>A path as the user gave it, made absolute.</summary>
    public string Full(string path) => Path.GetFullPath(path, Folder);

    /// <summary>A path as short as it can be written from here.</summary>
    public string Short(string path)
    {
        string relative = Path.GetRelativePath(Folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}

/// <summary>Exit codes of <c>meed</c>.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Failed while working.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or unreadable input.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by the user.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command cannot do what it was asked: bad usage or unreadable input.</summary>
public sealed class UsageException(string message) : Exception(message);
