using System.Globalization;
using System.Text;

namespace Meed.Rewards.Code;

/// <summary>The C# compiler of an installed .NET SDK, called directly: no project, no restore, no build server.</summary>
internal sealed class CSharpCompiler
{
    private static readonly Lazy<CSharpCompiler?> s_found = new(Search);
    private readonly string _root, _compiler, _framework;

    private CSharpCompiler(string root, string compiler, string framework)
    {
        _root = root;
        _compiler = compiler;
        _framework = framework;
    }

    /// <summary>What compiling may use: more than a candidate program, since the compiler is not its doing.</summary>
    public static CodeLimits Limits { get; } = new() { Cpu = TimeSpan.FromSeconds(30), Idle = TimeSpan.FromSeconds(20), Wall = TimeSpan.FromSeconds(300), Memory = 1L << 30, Processes = 128, Output = 16 << 20, Disk = 64L << 20 };

    /// <summary>Compiles and writes the assembly to stdout, messages to stderr.</summary>
    public IReadOnlyList<string> Compile => ["/bin/sh", "-c", $"{_root}/dotnet exec {_compiler} -noconfig @{SandboxCommand.Program}/arguments.rsp >&2 && cat /tmp/program.dll"];

    /// <summary>Runs the assembly.</summary>
    public IReadOnlyList<string> Run => [$"{_root}/dotnet", "exec", "--runtimeconfig", $"{SandboxCommand.Program}/program.runtimeconfig.json", $"{SandboxCommand.Program}/program.dll"];

    /// <summary>The compiler of the newest SDK under /usr; null when there is none.</summary>
    public static CSharpCompiler? Find() => s_found.Value;

    /// <summary>Variables that keep the runtime within the sandbox: no memory files, no diagnostics socket, a bounded heap.</summary>
    public static IReadOnlyDictionary<string, string> Environment(long memory) => new Dictionary<string, string>
    {
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_GCHeapHardLimit"] = (memory * 3 / 4).ToString("x", CultureInfo.InvariantCulture),
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    /// <summary>Writes what the compiler reads.</summary>
    public void Prepare(string folder, string source)
    {
        File.WriteAllText(Path.Combine(folder, "program.cs"), source, new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(folder, "usings.cs"), "global using System;global using System.Collections.Generic;global using System.IO;global using System.Linq;global using System.Text;global using System.Threading;global using System.Threading.Tasks;\n");
        var arguments = new StringBuilder("-nologo -target:exe -langversion:latest -optimize+ -nowarn:CS1701,CS1702 -unsafe -out:/tmp/program.dll\n");
        foreach (string file in Directory.EnumerateFiles(_framework, "*.dll").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            if (!name.Contains("Native", StringComparison.Ordinal) && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll" or "Microsoft.CSharp.dll"))
            {
                arguments.Append("-r:").Append(file).Append('\n');
            }
        }

        arguments.Append(SandboxCommand.Program).Append("/usings.cs\n").Append(SandboxCommand.Program).Append("/program.cs\n");
        File.WriteAllText(Path.Combine(folder, "arguments.rsp"), arguments.ToString());
        string version = Path.GetFileName(_framework);
        File.WriteAllText(Path.Combine(folder, "program.runtimeconfig.json"),
            $$"""{"runtimeOptions": { "tfm": "net{{version.Split('.')[0]}}.0", "framework": { "name": "Microsoft.NETCore.App", "version": "{{version}}" }, "configProperties": { "System.Globalization.Invariant": true } } }""");
    }

    private static CSharpCompiler? Search()
    {
        foreach (string root in (string[])["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet", "/usr/local/share/dotnet"])
        {
            if (Newest(Path.Combine(root, "sdk")) is { } sdk && Newest(Path.Combine(root, "shared", "Microsoft.NETCore.App")) is { } framework
                && Path.Combine(sdk, "Roslyn", "bincore", "csc.dll") is var compiler && File.Exists(compiler) && File.Exists(Path.Combine(root, "dotnet")))
            {
                return new CSharpCompiler(root, compiler, framework);
            }
        }

        return null;
    }

    private static string? Newest(string folder) => !Directory.Exists(folder) ? null : Directory.EnumerateDirectories(folder)
        .Select(d => (Folder: d, Version: Version.TryParse(Path.GetFileName(d).Split('-')[0], out var v) ? v : null))
        .Where(d => d.Version is not null).OrderByDescending(d => d.Version).Select(d => d.Folder).FirstOrDefault();
}
