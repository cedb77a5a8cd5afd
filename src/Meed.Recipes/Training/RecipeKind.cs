using System.Text.Json.Nodes;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>A key of a kind of recipe.</summary>
/// <param name="Name">The key.</param>
/// <param name="Schema">Makes the JSON Schema of its value.</param>
/// <param name="Required">True when a recipe cannot do without it.</param>
public sealed record RecipeKey(string Name, Func<JsonObject> Schema, bool Required = false);

/// <summary>What every recipe begins with.</summary>
/// <param name="Name">Name of the recipe and its run folder; empty with a problem reported when it is missing.</param>
/// <param name="Seed">Seed of everything.</param>
public readonly record struct RecipeHead(string Name, ulong Seed);

/// <summary>Fills a recipe from a document.</summary>
/// <param name="head">Its name and seed.</param>
/// <param name="root">The document.</param>
/// <param name="binder">Gathers what is wrong; the binder's problems are thrown before a recipe is made.</param>
public delegate Recipe BindRecipe(RecipeHead head, DocumentNode root, Binder binder);

/// <summary>A kind of recipe: its keys, what they may hold, and how they become a recipe that runs.</summary>
/// <remarks>A new kind is a file with a <see cref="Recipe"/> and its <see cref="RecipeKind"/>, and a line in <see cref="RecipeKinds.All"/>.</remarks>
public sealed class RecipeKind
{
    /// <summary>What the key <c>kind</c> says.</summary>
    public required string Name { get; init; }

    /// <summary>Title of its JSON Schema.</summary>
    public required string Title { get; init; }

    /// <summary>What a run of it does, as in 'what the recipe trains'.</summary>
    public string Verb { get; init; } = "trains";

    /// <summary>Its keys after kind, name and seed.</summary>
    public required IReadOnlyList<RecipeKey> Body { get; init; }

    /// <summary>Makes what the schema of its keys refers to; null when it refers to nothing.</summary>
    public Func<JsonObject>? Definitions { get; init; }

    /// <summary>Fills a recipe.</summary>
    public required BindRecipe Bind { get; init; }

    /// <summary>All of its keys.</summary>
    public IReadOnlyList<string> Keys => [.. s_head, .. Body.Select(k => k.Name)];

    private static readonly string[] s_head = ["kind", "name", "seed"];

    /// <summary>The JSON Schema of such recipes.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject
        {
            ["kind"] = new JsonObject { ["const"] = Name, ["description"] = $"What the recipe {Verb}." },
            ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", ["maxLength"] = 80, ["description"] = "Name of the recipe and its run folder." },
            ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0, ["description"] = "Seed of everything." },
        };
        foreach (var key in Body)
        {
            properties[key.Name] = key.Schema();
        }

        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = Title,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray(["kind", "name", .. Body.Where(k => k.Required).Select(k => JsonValue.Create(k.Name))]),
            ["properties"] = properties,
        };
        if (Definitions is { } definitions)
        {
            schema["$defs"] = definitions();
        }

        return schema;
    }

    /// <summary>Reads a document that <see cref="RecipeKinds.Of"/> gives to this kind: everything is checked at once, unknown keys are problems, defaults are filled in.</summary>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    internal Recipe Read(DocumentNode root, string file)
    {
        var binder = new Binder(file, new ProblemList());
        binder.Keys(root, "", Keys);
        string? kind = Text(root, "kind", binder), name = Text(root, "name", binder);
        if (name is not null && (name.Length > 80 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name.StartsWith('.')))
        {
            binder.Problems.Add(file, root["name"]!.Line, $"name is '{name}': it names a folder, so use letters, digits, '-', '_' and '.'.");
        }

        if (kind is not null && kind != Name)
        {
            binder.Problems.Add(file, root["kind"]!.Line, $"unknown kind '{kind}'. {Nearest.Hint(kind, [.. RecipeKinds.All.Select(k => k.Name)])}");
        }

        ulong seed = root["seed"] is { } node ? binder.Value(typeof(ulong), node, "seed") as ulong? ?? 0 : 0;
        return Bind(new RecipeHead(name ?? "", seed), root, binder);
    }

    private static string? Text(DocumentNode root, string key, Binder binder)
    {
        if (root[key] is { Kind: NodeKind.Scalar, Text.Length: > 0 } node)
        {
            return node.Text;
        }

        binder.Problems.Add(binder.File, root[key]?.Line ?? root.Line, root[key] is null ? $"{key} is missing." : $"{key} must be a name.");
        return null;
    }
}
