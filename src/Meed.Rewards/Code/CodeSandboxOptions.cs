namespace Meed.Rewards.Code;

/// <summary>How programs are run.</summary>
public sealed record CodeSandboxOptions
{
    /// <summary>The Python interpreter; empty takes the first of /usr/bin/python3 and /usr/local/bin/python3.</summary>
    public string Python { get; init; } = "";

    /// <summary>True lets Python programs import the packages installed beside the interpreter. Starting costs some milliseconds more.</summary>
    public bool Packages { get; init; }

    /// <summary>True runs programs without a sandbox, as the user who runs Meed: with limits, but with his files and his network. Only for programs that you wrote.</summary>
    public bool UnsafeLocal { get; init; }

    /// <summary>Folders besides /usr that programs may read.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];
}
