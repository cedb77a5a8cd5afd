using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Meed.Evaluation.Studies;
using Meed.Recipes.Atlas;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>Reads recipes of the kind <c>study</c>.</summary>
public static class StudyReader
{
    /// <summary>Keys of such a recipe.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["kind", "name", "seed", "study"];

    private static IReadOnlyDictionary<string, CatalogEntry> Studies { get; } = MethodCatalog.All.Select(m => m.Entry).Where(e => e.Kind == StudyEntry.Kind).ToDictionary(e => e.Name);

    /// <summary>True when a document names this kind.</summary>
    public static bool Fits(DocumentNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Kind == NodeKind.Map && root["kind"] is { Kind: NodeKind.Scalar, Text: StudyRecipe.KindName };
    }

    /// <summary>Binds a document.</summary>
    /// <param name="root">The document, overrides applied.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static StudyRecipe Read(DocumentNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        var problems = new ProblemList();
        var binder = new Binder(file, problems);
        binder.Keys(root, "", Keys);
        string? name = RecipeReader.Name(root, file, problems);
        ulong seed = root["seed"] is { } seedNode ? binder.Value(typeof(ulong), seedNode, "seed") as ulong? ?? 0 : 0;
        string study = "";
        object? options = null;
        if (root["study"] is not { } node)
        {
            problems.Add(file, root.Line, $"study is missing, as in study: {{ {Studies.Keys.First()}: {{}} }}.");
        }
        else if (binder.Choice(node, "study", "study", [.. Studies.Keys]) is { } entry)
        {
            study = entry.Key;
            options = binder.Record(Studies[study].Options!, entry.Value, $"study.{study}");
        }

        problems.ThrowIfAny();
        return new StudyRecipe { Name = name!, Seed = seed, StudyName = study, Options = options!, Study = StudyEntry.Make(Studies[study], options!) };
    }

    /// <summary>The recipe as a document with every default filled in; reading it gives the same recipe.</summary>
    public static DocumentNode Resolve(StudyRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        DocumentEntry Entry(string key, DocumentNode value) => new(key, value, 0, 0);
        return new DocumentNode
        {
            Kind = NodeKind.Map,
            Entries =
            [
                Entry("kind", OptionsWriter.ToNode(StudyRecipe.KindName)), Entry("name", OptionsWriter.ToNode(recipe.Name)), Entry("seed", OptionsWriter.ToNode(recipe.Seed)),
                Entry("study", OptionsWriter.Named(recipe.StudyName, OptionsWriter.ToNode(recipe.Options))),
            ],
        };
    }

    /// <summary>SHA-256 of the resolved recipe without its seed.</summary>
    public static string HashOf(StudyRecipe recipe)
    {
        var root = Resolve(recipe);
        var unseeded = new DocumentNode { Kind = NodeKind.Map, Entries = [.. root.Entries.Where(e => e.Key != "seed")] };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentJson.Canonical(unseeded))));
    }

    /// <summary>The JSON Schema of such recipes.</summary>
    public static JsonObject Schema() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Meed study recipe",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("kind", "name", "study"),
        ["properties"] = new JsonObject
        {
            ["kind"] = new JsonObject { ["const"] = StudyRecipe.KindName, ["description"] = "What the recipe runs." },
            ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", ["maxLength"] = 80, ["description"] = "Name of the recipe and its run folder." },
            ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0, ["description"] = "Seed of everything." },
            ["study"] = SchemaWriter.Choice(Studies.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))),
        },
    };
}
