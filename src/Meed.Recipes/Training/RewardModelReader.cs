using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Meed.Recipes.Documents;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Training;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Tasks.PreferenceSet;

namespace Meed.Recipes.Training;

/// <summary>Reads recipes of the kind <c>reward-model</c>.</summary>
public static partial class RewardModelReader
{
    /// <summary>Keys of such a recipe.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["kind", "name", "seed", "task", "data", "curation", "encoder", "objective", "trainer", "evaluate"];

    private static IReadOnlyDictionary<string, CatalogEntry> Objectives { get; } =
        RewardModels.Catalog.Entries.Where(e => e is { Kind: "objective", Options: not null, Factory: not null }).ToDictionary(e => e.Name);

    private static IReadOnlyDictionary<string, CatalogEntry> Curations { get; } = RewardModels.Catalog.Entries.Where(e => e.Kind == "training-curation").ToDictionary(e => e.Name);

    /// <summary>True when a document names this kind.</summary>
    public static bool Fits(DocumentNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Kind == NodeKind.Map && root["kind"] is { Kind: NodeKind.Scalar, Text: RewardModelRecipe.KindName };
    }

    /// <summary>Binds a document.</summary>
    /// <param name="root">The document, overrides applied.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static RewardModelRecipe Read(DocumentNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        var problems = new ProblemList();
        var binder = new Binder(file, problems);
        binder.Keys(root, "", Keys);
        string? name = RecipeReader.Name(root, file, problems);
        ulong seed = root["seed"] is { } seedNode ? binder.Value(typeof(ulong), seedNode, "seed") as ulong? ?? 0 : 0;
        if (root["data"] is null == root["task"] is null)
        {
            problems.Add(file, root["task"]?.Line ?? root.Line, root["data"] is null ? "data is missing, as in data: { files: [ { path: preferences.jsonl } ] }; a generated world is task: { preference-set: {} }." : "data and task are both there; name files or a generated world.");
        }

        var world = root["task"] is null ? null : Choice(root, "task", "preference-set", RewardModelRecipe.Worlds, binder).Options as PreferenceSetOptions;
        var data = root["data"] is null ? null : binder.Record<RewardDataOptions>(root["data"], "data");
        foreach (string path in data?.Files.Select(f => f.Path) ?? [])
        {
            if (Variable().Match(path) is { Success: true } match && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(match.Groups[1].Value)))
            {
                problems.Add(file, root["data"]?.Line ?? 0, $"data.files: {path} needs the environment variable {match.Groups[1].Value}, which is not set (docs/data.md).");
            }
        }

        var (encoderName, encoder) = Choice(root, "encoder", "ngrams", RewardModelRecipe.Encoders, binder);
        var (objectiveName, objective) = Choice(root, "objective", "bradley-terry", Objectives.ToDictionary(o => o.Key, o => o.Value.Options!), binder);
        var (curationName, curation) = Choice(root, "curation", "none", Curations.ToDictionary(c => c.Key, c => c.Value.Options!), binder);
        var trainer = binder.Record<RewardTrainerOptions>(root["trainer"], "trainer");
        var evaluate = binder.Record<RewardEvaluateOptions>(root["evaluate"], "evaluate");
        if (evaluate.BestOf > 0 && root["task"] is null)
        {
            problems.Add(file, root["evaluate"]!.Line, "evaluate.bestOf needs candidates with a gold reward, which only a generated world has: task: { preference-set: {} }.");
        }

        if (data is { Window: > 0 } && (trainer.Steps > 0 || curationName is not (null or "none")))
        {
            problems.Add(file, root["data"]?.Line ?? 0, $"data.window is {data.Window}: training in windows goes by epochs and holds no row back. Leave {(trainer.Steps > 0 ? "trainer.steps" : "curation")} out, or set the window to 0.");
        }

        problems.ThrowIfAny();
        return new RewardModelRecipe { Name = name!, Seed = seed, Data = data, World = world, EncoderName = encoderName!, Encoder = encoder!, ObjectiveName = objectiveName!, ObjectiveOptions = objective!, CurationName = curationName!, CurationOptions = curation!, Trainer = trainer, Evaluate = evaluate };
    }

    /// <summary>The objective of a recipe, new.</summary>
    public static RewardObjective ObjectiveOf(RewardModelRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return ((Func<object, RewardObjective>)Objectives[recipe.ObjectiveName].Factory!)(recipe.ObjectiveOptions);
    }

    /// <summary>The curation of a recipe, new.</summary>
    public static PreferenceCuration CurationOf(RewardModelRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return ((Func<object, PreferenceCuration>)Curations[recipe.CurationName].Factory!)(recipe.CurationOptions);
    }

    /// <summary>A path with its environment variables filled in.</summary>
    public static string PathOf(string path) => Variable().Replace(path, m => Environment.GetEnvironmentVariable(m.Groups[1].Value) ?? "");

    /// <summary>The recipe as a document with every default filled in; reading it gives the same recipe.</summary>
    public static DocumentNode Resolve(RewardModelRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        DocumentEntry Entry(string key, DocumentNode value) => new(key, value, 0, 0);
        return new DocumentNode
        {
            Kind = NodeKind.Map,
            Entries =
            [
                Entry("kind", OptionsWriter.ToNode(RewardModelRecipe.KindName)), Entry("name", OptionsWriter.ToNode(recipe.Name)), Entry("seed", OptionsWriter.ToNode(recipe.Seed)),
                recipe.World is { } world ? Entry("task", OptionsWriter.Named("preference-set", OptionsWriter.ToNode(world))) : Entry("data", OptionsWriter.ToNode(recipe.Data)),
                Entry("curation", OptionsWriter.Named(recipe.CurationName, OptionsWriter.ToNode(recipe.CurationOptions))),
                Entry("encoder", OptionsWriter.Named(recipe.EncoderName, OptionsWriter.ToNode(recipe.Encoder))),
                Entry("objective", OptionsWriter.Named(recipe.ObjectiveName, OptionsWriter.ToNode(recipe.ObjectiveOptions))),
                Entry("trainer", OptionsWriter.ToNode(recipe.Trainer)), Entry("evaluate", OptionsWriter.ToNode(recipe.Evaluate)),
            ],
        };
    }

    /// <summary>SHA-256 of the resolved recipe without its seed.</summary>
    public static string HashOf(RewardModelRecipe recipe)
    {
        var root = Resolve(recipe);
        var unseeded = new DocumentNode { Kind = NodeKind.Map, Entries = [.. root.Entries.Where(e => e.Key != "seed")] };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentJson.Canonical(unseeded))));
    }

    /// <summary>The JSON Schema of such recipes.</summary>
    public static JsonObject Schema() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Meed reward-model recipe",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("kind", "name"),
        ["properties"] = new JsonObject
        {
            ["kind"] = new JsonObject { ["const"] = RewardModelRecipe.KindName, ["description"] = "What the recipe trains." },
            ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", ["maxLength"] = 80, ["description"] = "Name of the recipe and its run folder." },
            ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0, ["description"] = "Seed of everything." },
            ["task"] = SchemaWriter.Choice(RewardModelRecipe.Worlds.Select(e => (e.Key, SchemaWriter.Record(e.Value)))),
            ["data"] = SchemaWriter.Record(typeof(RewardDataOptions)),
            ["curation"] = SchemaWriter.Choice(Curations.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))),
            ["encoder"] = SchemaWriter.Choice(RewardModelRecipe.Encoders.Select(e => (e.Key, SchemaWriter.Record(e.Value)))),
            ["objective"] = SchemaWriter.Choice(Objectives.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))),
            ["trainer"] = SchemaWriter.Record(typeof(RewardTrainerOptions)),
            ["evaluate"] = SchemaWriter.Record(typeof(RewardEvaluateOptions)),
        },
    };

    private static (string? Name, object? Options) Choice(DocumentNode root, string key, string otherwise, IReadOnlyDictionary<string, Type> known, Binder binder)
    {
        if (root[key] is not { } node)
        {
            return (otherwise, Activator.CreateInstance(known[otherwise]));
        }

        return binder.Choice(node, key, key, [.. known.Keys]) is { } entry ? (entry.Key, binder.Record(known[entry.Key], entry.Value, $"{key}.{entry.Key}")) : default;
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
