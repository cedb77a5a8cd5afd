using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Meed.Mutate;

/// <summary>Compiles all mutants of a project into one program: each site becomes a choice that a switch takes at run time.</summary>
/// <remarks>One build serves every mutant. Sites that do not compile as a choice are dropped and replaced from the rest of the sample.</remarks>
internal sealed class Schemata
{
    /// <summary>The source that decides at run time which mutant is on, notes the mutants that were reached and ends what would not end.</summary>
    public const string Switch = """
        namespace Meed.Mutation;
        internal static class Mutant
        {
            public static int Active = int.TryParse(System.Environment.GetEnvironmentVariable("MEED_MUTANT"), out int i) ? i : -1;
            public static bool[]? Reached;
            public static long Calls;
            public static long Limit = long.MaxValue;
            public static bool On(int i)
            {
                if (++Calls > Limit)
                {
                    throw new System.InvalidOperationException("The mutant takes far more steps than the program.");
                }

                if (Reached is { } reached)
                {
                    reached[i] = true;
                }

                return Active == i;
            }
        }
        """;

    private readonly string _project;
    private readonly string _output;
    private readonly List<(string Path, SyntaxTree Tree)> _files = [];
    private readonly CSharpCompilation _compilation;

    /// <summary>Reads the sources of a built project.</summary>
    public Schemata(string root, string project)
    {
        _project = project;
        string folder = Path.Combine(root, "src", project);
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        foreach (var path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(folder, path);
            if (!relative.StartsWith("bin", StringComparison.Ordinal) && !relative.StartsWith("obj", StringComparison.Ordinal))
            {
                _files.Add((path, CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path)));
            }
        }

        var extra = Directory.EnumerateFiles(Path.Combine(folder, "obj", "Release", "net10.0"), "*.cs")
            .Select(p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), options, p))
            .Append(CSharpSyntaxTree.ParseText(Switch, options));
        _output = Path.Combine(folder, "bin", "Release", "net10.0");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(_output, "*.dll").Where(p => Path.GetFileNameWithoutExtension(p) != project))
            .Concat(PackageAssemblies(folder))
            .DistinctBy(Path.GetFileName)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(project, _files.Select(f => f.Tree).Concat(extra), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(Generators(), parseOptions: options).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        _compilation = (CSharpCompilation)generated;
        var broken = Errors(_compilation).FirstOrDefault();
        if (broken is not null)
        {
            throw new InvalidOperationException($"{project} does not compile unchanged: {broken}. Build it first.");
        }
    }

    /// <summary>All sites of the project. Files named Catalog.cs and those ending in Entries.cs list methods with their atlas rows: data, without arithmetic of their own.</summary>
    public List<Site> Sites(string root) =>
        [.. _files.Where(f => Path.GetFileName(f.Path) != "Catalog.cs" && !f.Path.EndsWith("Entries.cs", StringComparison.Ordinal)).SelectMany(f => SiteFinder.Find(f.Tree, _compilation.GetSemanticModel(f.Tree), Path.GetRelativePath(root, f.Path)))];

    /// <summary>Compiles a program in which mutant i is on when the switch names offset + i; null where a site cannot be a choice.</summary>
    public Site?[] Emit(IReadOnlyList<Site> sample, int offset, string path)
    {
        var alive = sample.Cast<Site?>().ToArray();
        for (; ; )
        {
            var compilation = _compilation;
            foreach (var (_, tree) in _files)
            {
                var index = new Dictionary<ExpressionSyntax, int>();
                for (int i = 0; i < alive.Length; i++)
                {
                    if (alive[i] is { } site && site.Original.SyntaxTree == tree)
                    {
                        index[site.Original] = i;
                    }
                }

                var changed = tree.GetRoot().ReplaceNodes(index.Keys, (original, inner) => Choice(alive[index[original]]!, inner, offset + index[original]));
                var newTree = CSharpSyntaxTree.Create((CSharpSyntaxNode)changed, (CSharpParseOptions)tree.Options, tree.FilePath);
                compilation = compilation.ReplaceSyntaxTree(tree, newTree);
            }

            int dropped = 0;
            foreach (var error in Errors(compilation))
            {
                var node = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan);
                var around = node?.AncestorsAndSelf().FirstOrDefault(n => n.HasAnnotations("mutant"))
                    ?? node?.DescendantNodes().FirstOrDefault(n => n.HasAnnotations("mutant"))
                    ?? node?.Ancestors().OfType<StatementSyntax>().FirstOrDefault()?.DescendantNodes().FirstOrDefault(n => n.HasAnnotations("mutant"));

                // A variable that a choice may leave unassigned is reported where it is used: the choices of the whole member go.
                var blamed = around is not null ? [around]
                    : node?.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault()?.DescendantNodes().Where(n => n.HasAnnotations("mutant")).ToArray() ?? [];
                if (blamed.Length == 0)
                {
                    throw new InvalidOperationException($"{_project}: a mutant breaks the build at a distance: {error}");
                }

                foreach (var id in blamed.Select(n => int.Parse(n.GetAnnotations("mutant").First().Data!, System.Globalization.CultureInfo.InvariantCulture) - offset))
                {
                    dropped += alive[id] is null ? 0 : 1;
                    alive[id] = null;
                }
            }

            if (dropped == 0)
            {
                var result = compilation.Emit(path, manifestResources: Resources());
                return result.Success ? alive : throw new InvalidOperationException($"{_project} with all mutants in it does not compile: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
            }
        }
    }

    /// <summary>What the built program embeds.</summary>
    private List<ResourceDescription> Resources()
    {
        var built = System.Reflection.Assembly.LoadFile(Path.Combine(_output, _project + ".dll"));
        return [.. built.GetManifestResourceNames().Select(n => new ResourceDescription(n, () => built.GetManifestResourceStream(n)!, isPublic: true))];
    }

    /// <summary>The generators of the framework that this program runs on: regular expressions and native calls.</summary>
    private static IEnumerable<ISourceGenerator> Generators()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/x.y.z -> .../dotnet/packs
        string packs = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        string folder = Path.Combine(Directory.GetDirectories(packs).Where(static d => Path.GetFileName(d).StartsWith("10.", StringComparison.Ordinal)).Max()!, "analyzers", "dotnet", "cs");
        var assemblies = Directory.EnumerateFiles(folder, "*.dll").Select(System.Reflection.Assembly.LoadFrom).ToList();
        foreach (string name in (string[])["System.Text.RegularExpressions.Generator.RegexGenerator", "Microsoft.Interop.LibraryImportGenerator"])
        {
            if (assemblies.Select(a => a.GetType(name)).FirstOrDefault(static t => t is not null) is { } type)
            {
                yield return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
            }
        }
    }

    private static IEnumerable<Diagnostic> Errors(CSharpCompilation compilation) => compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);

    private static ParenthesizedExpressionSyntax Choice(Site site, ExpressionSyntax inner, int id)
    {
        string text = $"(global::Meed.Mutation.Mutant.On({id}) ? ({site.Mutant}) : ({inner.WithoutTrivia()}))";
        return ((ParenthesizedExpressionSyntax)SyntaxFactory.ParseExpression(text))
            .WithTriviaFrom(site.Original)
            .WithAdditionalAnnotations(new SyntaxAnnotation("mutant", id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<string> PackageAssemblies(string folder)
    {
        string deps = Path.Combine(folder, "obj", "project.assets.json");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(deps));
        var folders = json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(p => p.Name).ToArray();
        foreach (var library in json.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (!library.Value.TryGetProperty("compile", out var compile) || library.Value.GetProperty("type").GetString() != "package")
            {
                continue;
            }

            foreach (var file in compile.EnumerateObject().Where(f => f.Name.EndsWith(".dll", StringComparison.Ordinal)))
            {
                string? found = folders.Select(f => Path.Combine(f, library.Name.ToLowerInvariant(), file.Name)).FirstOrDefault(File.Exists);
                if (found is not null)
                {
                    yield return found;
                }
            }
        }
    }
}
