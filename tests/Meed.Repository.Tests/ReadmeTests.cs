using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Meed.Rewards;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Meed.Repository.Tests;

/// <summary>What the README shows is compiled and run; what it links to is there.</summary>
public partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public async Task Snippet_CompiledAndRun_PrintsWhatTheReadmeSays()
    {
        var blocks = Block().Matches(s_readme);
        int snippet = blocks.ToList().FindIndex(b => b.Groups[1].Value == "csharp");
        string expected = blocks[snippet + 1].Groups[2].Value;
        Assert.Equal(expected.Trim(), (await RunAsync(blocks[snippet].Groups[2].Value)).Trim());
    }

    [Fact]
    public void Links_ToFiles_AreThere()
    {
        var broken = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md")).Append(Path.Combine(Repository.Root, "CONTRIBUTING.md")))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(file)))
            {
                string target = link.Groups[1].Value.Split('#')[0];
                string path = Path.Combine(Path.GetDirectoryName(file)!, target);
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !File.Exists(path) && !Directory.Exists(path))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Root, file)}: {target}");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Performance_TableOfTheServer_IsTheOneOfItsOwnPage()
    {
        string own = File.ReadAllText(Path.Combine(Repository.Root, "docs", "serve", "performance.md"));
        string table = own[own.IndexOf("| requests | load |", StringComparison.Ordinal)..own.IndexOf("## Soak", StringComparison.Ordinal)].Trim();
        Assert.True(File.ReadAllText(Path.Combine(Repository.Root, "docs", "performance.md")).Contains(table, StringComparison.Ordinal), "docs/performance.md is behind: run bench/compare/run --report");
    }

    private static async Task<string> RunAsync(string code)
    {
        const string usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading.Tasks;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(Scores).Assembly.Location).Distinct().Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create("readme", [CSharpSyntaxTree.ParseText(usings), CSharpSyntaxTree.ParseText(code)], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        var context = new AssemblyLoadContext("readme", isCollectible: true);
        var entry = context.LoadFromStream(image).EntryPoint!;
        var before = Console.Out;
        var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            object? ended = entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()], null);
            await (ended as Task ?? Task.CompletedTask);
        }
        finally
        {
            Console.SetOut(before);
            context.Unload();
        }

        return output.ToString();
    }

    [GeneratedRegex("^```([a-z]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
