namespace Meed.Rewards.Code;

/// <summary>Languages whose programs read stdin and write stdout, as far as their interpreters are installed under /usr.</summary>
public static class CodeLanguages
{
    // Interpreter, file name, and whether its address space may be limited: node and php reserve far more than they use.
    private static readonly Dictionary<string, (string Interpreter, string File, bool AddressSpace)> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bash"] = ("bash", "main.sh", true),
        ["nodejs"] = ("node", "main.js", false),
        ["javascript"] = ("node", "main.js", false),
        ["perl"] = ("perl", "main.pl", true),
        ["ruby"] = ("ruby", "main.rb", true),
        ["php"] = ("php", "main.php", false),
        ["lua"] = ("lua", "main.lua", true),
    };

    /// <summary>Every name that may be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["python", "csharp", .. s_known.Keys];

    /// <summary>Makes a program; null when the language is unknown or its interpreter is not installed.</summary>
    /// <param name="language">A name of <see cref="Names"/>.</param>
    /// <param name="sandbox">Where it will be run.</param>
    /// <param name="source">Its text.</param>
    /// <param name="files">Files it finds in its working folder, by name.</param>
    /// <param name="cancellationToken">Ends a compiler.</param>
    public static CodeProgram? Make(string language, CodeSandbox sandbox, string source, IReadOnlyDictionary<string, byte[]>? files = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        switch (language)
        {
            case "python":
                return CodeProgram.Python(sandbox, source, files);
            case "csharp":
                return CSharpCompiler.Find() is null ? null : CodeProgram.CSharp(sandbox, source, cancellationToken);
        }

        return language is not null && s_known.TryGetValue(language, out var known) && SandboxCommand.Find(known.Interpreter) is { } path && (path.StartsWith("/usr/", StringComparison.Ordinal) || path.StartsWith("/bin/", StringComparison.Ordinal))
            ? CodeProgram.Interpreted([path, "{file}"], known.File, source, known.AddressSpace, files)
            : null;
    }
}
