using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Meed.Alignment;
using Meed.Recipes.Atlas;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Tasks;

namespace Meed.Recipes.Training;

/// <summary>Reads recipes: everything is checked at once, unknown keys are problems, defaults are filled in.</summary>
public static class RecipeReader
{
    /// <summary>Kinds of recipes.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["language", RewardModelRecipe.KindName, StudyRecipe.KindName];

    /// <summary>Keys of a recipe.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["kind", "name", "seed", "task", "policy", "warmStart", "reward", "trainer", "evaluate", "report"];

    /// <summary>Trainers of a language recipe.</summary>
    public static IReadOnlyList<string> Trainers { get; } = ["grpo"];

    /// <summary>The rewards that recipes may name: those of every package.</summary>
    public static RewardRegistry<TextSample> Rewards { get; } = new RewardRegistry<TextSample>().Add(MethodCatalog.All.Select(m => m.Entry));

    private static IReadOnlyDictionary<string, CatalogEntry> TaskEntries { get; } =
        MethodCatalog.All.Select(m => m.Entry).Where(e => e is { Kind: "task", Options: not null, Factory: not null }).ToDictionary(e => e.Name);

    /// <summary>Binds a document.</summary>
    /// <param name="root">The document, overrides applied.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static LanguageRecipe Read(DocumentNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        var problems = new ProblemList();
        var binder = new Binder(file, problems);
        if (root.Kind != NodeKind.Map)
        {
            throw new DocumentException(file, root.Line, "a recipe is a map of keys such as kind, name, task, reward and trainer.");
        }

        binder.Keys(root, "", Keys);
        string? kind = Text(root, "kind", file, problems), name = Name(root, file, problems);
        if (kind is not null && !Kinds.Contains(kind))
        {
            problems.Add(file, root["kind"]!.Line, $"unknown kind '{kind}'. {Nearest.Hint(kind, [.. Kinds])}");
        }

        ulong seed = root["seed"] is { } seedNode ? binder.Value(typeof(ulong), seedNode, "seed") as ulong? ?? 0 : 0;
        var (taskName, taskOptions) = ReadTask(root, binder);
        var policy = binder.Record<PolicyOptions>(root["policy"], "policy");
        var warmStart = binder.Record<WarmStartOptions>(root["warmStart"], "warmStart");
        var evaluate = binder.Record<EvaluateOptions>(root["evaluate"], "evaluate");
        var report = binder.Record<ReportOptions>(root["report"], "report");
        GrpoOptions? trainer = null;
        if (Need(root, "trainer", "trainer: { grpo: {} }", file, problems) is { } trainerNode && binder.Choice(trainerNode, "trainer", "trainer", [.. Trainers]) is { } chosen)
        {
            trainer = binder.Record<GrpoOptions>(chosen.Value, $"trainer.{chosen.Key}");
        }

        var reward = Need(root, "reward", "reward: { countdown: {} }", file, problems) is { } rewardNode ? RewardDocuments.TryBind(rewardNode, Rewards, file, "reward", problems) : null;
        problems.ThrowIfAny();
        return new LanguageRecipe
        {
            Name = name!, Seed = seed, TaskName = taskName!, TaskOptions = taskOptions!, Task = (ITask<TextSample>)TaskEntries[taskName!].Factory!.DynamicInvoke(taskOptions)!,
            Policy = policy, WarmStart = warmStart, Reward = reward!, Trainer = trainer!, Evaluate = evaluate, Report = report,
        };
    }

    /// <summary>The recipe as a document with every default filled in; reading it gives the same recipe.</summary>
    public static DocumentNode Resolve(LanguageRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        DocumentEntry Entry(string key, DocumentNode value) => new(key, value, 0, 0);
        return new DocumentNode
        {
            Kind = NodeKind.Map,
            Entries =
            [
                Entry("kind", OptionsWriter.ToNode("language")), Entry("name", OptionsWriter.ToNode(recipe.Name)), Entry("seed", OptionsWriter.ToNode(recipe.Seed)),
                Entry("task", OptionsWriter.Named(recipe.TaskName, OptionsWriter.ToNode(recipe.TaskOptions))),
                Entry("policy", OptionsWriter.ToNode(recipe.Policy)), Entry("warmStart", OptionsWriter.ToNode(recipe.WarmStart)), Entry("reward", recipe.Reward.Root),
                Entry("trainer", OptionsWriter.Named("grpo", OptionsWriter.ToNode(recipe.Trainer))),
                Entry("evaluate", OptionsWriter.ToNode(recipe.Evaluate)), Entry("report", OptionsWriter.ToNode(recipe.Report)),
            ],
        };
    }

    /// <summary>SHA-256 of the resolved recipe without its seed.</summary>
    public static string HashOf(LanguageRecipe recipe)
    {
        var root = Resolve(recipe);
        var unseeded = new DocumentNode { Kind = NodeKind.Map, Entries = [.. root.Entries.Where(e => e.Key != "seed")] };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DocumentJson.Canonical(unseeded))));
    }

    /// <summary>The JSON Schema of recipes.</summary>
    public static JsonObject Schema()
    {
        var properties = new JsonObject
        {
            ["kind"] = new JsonObject { ["const"] = "language", ["description"] = "What the recipe trains." },
            ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9_.-]*$", ["maxLength"] = 80, ["description"] = "Name of the recipe and its run folder." },
            ["seed"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0, ["description"] = "Seed of everything." },
            ["task"] = SchemaWriter.Choice(TaskEntries.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))),
            ["policy"] = SchemaWriter.Record(typeof(PolicyOptions)),
            ["warmStart"] = SchemaWriter.Record(typeof(WarmStartOptions)),
            ["reward"] = new JsonObject { ["$ref"] = "#/$defs/reward" },
            ["trainer"] = SchemaWriter.Choice([("grpo", SchemaWriter.Record(typeof(GrpoOptions)))]),
            ["evaluate"] = SchemaWriter.Record(typeof(EvaluateOptions)),
            ["report"] = SchemaWriter.Record(typeof(ReportOptions)),
        };
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Meed recipe",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("kind", "name", "task", "reward", "trainer"),
            ["properties"] = properties,
            ["$defs"] = new JsonObject { ["reward"] = RewardSchema() },
        };
    }

    /// <summary>The JSON Schema of reward documents.</summary>
    public static JsonObject RewardSchema()
    {
        var names = new JsonArray([.. Rewards.Names.Select(n => JsonValue.Create(n))]);
        var properties = new JsonObject
        {
            ["name"] = new JsonObject { ["type"] = "string", ["description"] = "A label for columns and reasons." },
            ["weight"] = new JsonObject { ["type"] = "number", ["description"] = "Weight in a list that weighs its children." },
            ["budget"] = SchemaWriter.Record(typeof(BudgetOptions)),
        };
        foreach (var entry in Rewards.Entries)
        {
            var schema = entry.Options is { } options ? SchemaWriter.Record(options) : new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/$defs/reward" } };
            schema["description"] = entry.Summary;
            properties[entry.Name] = schema;
        }

        return new JsonObject
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["enum"] = names },
                new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["minProperties"] = 1, ["properties"] = properties },
                new JsonObject
                {
                    ["type"] = "object", ["required"] = new JsonArray("type", "name"), ["description"] = "A grader in OpenAI's spelling.",
                    ["properties"] = new JsonObject { ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Rewards.Graders.Select(g => JsonValue.Create(g))]) }, ["name"] = new JsonObject { ["type"] = "string" } },
                }),
        };
    }

    /// <summary>The name of a recipe of any kind; null when it is missing. Problems are added.</summary>
    internal static string? Name(DocumentNode root, string file, ProblemList problems)
    {
        string? name = Text(root, "name", file, problems);
        if (name is not null && (name.Length > 80 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) || name.StartsWith('.')))
        {
            problems.Add(file, root["name"]!.Line, $"name is '{name}': it names a folder, so use letters, digits, '-', '_' and '.'.");
        }

        return name;
    }

    private static (string? Name, object? Options) ReadTask(DocumentNode root, Binder binder)
    {
        if (Need(root, "task", "task: { countdown: {} }", binder.File, binder.Problems) is not { } node || binder.Choice(node, "task", "task", [.. TaskEntries.Keys]) is not { } entry)
        {
            return default;
        }

        return (entry.Key, binder.Record(TaskEntries[entry.Key].Options!, entry.Value, $"task.{entry.Key}"));
    }

    private static DocumentNode? Need(DocumentNode root, string key, string example, string file, ProblemList problems)
    {
        if (root[key] is { } node)
        {
            return node;
        }

        problems.Add(file, root.Line, $"{key} is missing, as in {example}.");
        return null;
    }

    private static string? Text(DocumentNode root, string key, string file, ProblemList problems)
    {
        if (root[key] is { Kind: NodeKind.Scalar, Text.Length: > 0 } node)
        {
            return node.Text;
        }

        problems.Add(file, root[key]?.Line ?? root.Line, root[key] is null ? $"{key} is missing." : $"{key} must be a name.");
        return null;
    }
}
