using System.Text.RegularExpressions;
using Meed.Evaluation.Studies.Worlds;
using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Tasks.PreferenceSet;

namespace Meed.Recipes.Training;

/// <summary>A recipe that trains a reward model from preferences, bound and checked.</summary>
public sealed partial record RewardModelRecipe : UnbrokenRecipe
{
    /// <summary>The kind that recipes of this sort name.</summary>
    public const string KindName = "reward-model";

    private static readonly IReadOnlyDictionary<string, CatalogEntry> s_objectives =
        RewardModels.Catalog.Entries.Where(e => e is { Kind: "objective", Options: not null, Factory: not null }).ToDictionary(e => e.Name);

    private static readonly IReadOnlyDictionary<string, CatalogEntry> s_curations = RewardModels.Catalog.Entries.Where(e => e.Kind == "training-curation").ToDictionary(e => e.Name);

    /// <summary>Worlds by name.</summary>
    public static IReadOnlyDictionary<string, Type> Worlds { get; } = new Dictionary<string, Type>
    {
        ["preference-set"] = typeof(PreferenceSetOptions), ["shape-captions"] = typeof(ShapeCaptionOptions), ["clip-instructions"] = typeof(ClipInstructionOptions), ["room-states"] = typeof(RoomStateOptions),
    };

    /// <summary>Encoders by name.</summary>
    public static IReadOnlyDictionary<string, Type> Encoders { get; } = new Dictionary<string, Type>
    {
        ["ngrams"] = typeof(NGramOptions), ["transformer"] = typeof(TransformerOptions), ["features"] = typeof(FeatureOptions),
        ["pictures"] = typeof(PictureEncoderOptions), ["clips"] = typeof(ClipEncoderOptions), ["states"] = typeof(StateEncoderOptions),
    };

    /// <summary>The kind.</summary>
    public static RecipeKind Definition { get; } = new()
    {
        Name = KindName,
        Title = "Meed reward-model recipe",
        Body =
        [
            new("task", () => SchemaWriter.Choice(Worlds.Select(e => (e.Key, SchemaWriter.Record(e.Value))))),
            new("data", () => SchemaWriter.Record(typeof(RewardDataOptions))),
            new("curation", () => SchemaWriter.Choice(s_curations.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!))))),
            new("encoder", () => SchemaWriter.Choice(Encoders.Select(e => (e.Key, SchemaWriter.Record(e.Value))))),
            new("objective", () => SchemaWriter.Choice(s_objectives.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!))))),
            new("trainer", () => SchemaWriter.Record(typeof(RewardTrainerOptions))),
            new("evaluate", () => SchemaWriter.Record(typeof(RewardEvaluateOptions))),
            new("variants", () => RewardVariantReader.Schema(SchemaWriter.Choice(Encoders.Select(e => (e.Key, SchemaWriter.Record(e.Value)))), SchemaWriter.Choice(s_objectives.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))))),
        ],
        Bind = Bind,
    };

    /// <inheritdoc/>
    public override RecipeKind Kind => Definition;

    /// <inheritdoc/>
    public override string NoBudget => "A reward-model recipe takes no --budget. Train for fewer epochs: --set trainer.epochs=1.";

    /// <summary>The files; null where a world is named.</summary>
    public RewardDataOptions? Data { get; init; }

    /// <summary>The generated world; null where files are named.</summary>
    public object? World { get; init; }

    /// <summary>The encoder's name: ngrams, transformer, features, pictures, clips or states.</summary>
    public required string EncoderName { get; init; }

    /// <summary>The encoder's options.</summary>
    public required object Encoder { get; init; }

    /// <summary>The objective's name.</summary>
    public required string ObjectiveName { get; init; }

    /// <summary>The objective's options.</summary>
    public required object ObjectiveOptions { get; init; }

    /// <summary>The curation's name.</summary>
    public string CurationName { get; init; } = "none";

    /// <summary>The curation's options.</summary>
    public required object CurationOptions { get; init; }

    /// <summary>How it is trained.</summary>
    public required RewardTrainerOptions Trainer { get; init; }

    /// <summary>How it is measured.</summary>
    public required RewardEvaluateOptions Evaluate { get; init; }

    /// <summary>Models that are trained and measured side by side in place of the one that the recipe names; empty for that one alone.</summary>
    public IReadOnlyList<RewardVariant> Variants { get; init; } = [];

    /// <summary>Its objective, new.</summary>
    public RewardObjective NewObjective() => ((Func<object, RewardObjective>)s_objectives[ObjectiveName].Factory!)(ObjectiveOptions);

    /// <summary>Its curation, new.</summary>
    public PreferenceCuration NewCuration() => ((Func<object, PreferenceCuration>)s_curations[CurationName].Factory!)(CurationOptions);

    /// <summary>A path with its environment variables filled in.</summary>
    public static string PathOf(string path) => Variable().Replace(path, m => Environment.GetEnvironmentVariable(m.Groups[1].Value) ?? "");

    /// <inheritdoc/>
    protected override RunEnd Run(RunFolder folder, IRunProgress progress, Func<double> seconds, CancellationToken stop) => new RewardModelRun(this, folder, progress, seconds, stop).Run();

    /// <inheritdoc/>
    protected override IEnumerable<DocumentEntry> Body() =>
    [
        World is { } world ? Entry("task", OptionsWriter.Named(Worlds.Single(w => w.Value == world.GetType()).Key, OptionsWriter.ToNode(world))) : Entry("data", OptionsWriter.ToNode(Data)),
        Entry("curation", OptionsWriter.Named(CurationName, OptionsWriter.ToNode(CurationOptions))), Entry("encoder", OptionsWriter.Named(EncoderName, OptionsWriter.ToNode(Encoder))),
        Entry("objective", OptionsWriter.Named(ObjectiveName, OptionsWriter.ToNode(ObjectiveOptions))), Entry("trainer", OptionsWriter.ToNode(Trainer)), Entry("evaluate", OptionsWriter.ToNode(Evaluate)),
        .. Variants.Count == 0 ? Array.Empty<DocumentEntry>() : [Entry("variants", RewardVariantReader.Resolve(Variants))],
    ];

    private static RewardModelRecipe Bind(RecipeHead head, DocumentNode root, Binder binder)
    {
        if (root["data"] is null == root["task"] is null)
        {
            binder.Problems.Add(binder.File, root["task"]?.Line ?? root.Line, root["data"] is null ? "data is missing, as in data: { files: [ { path: preferences.jsonl } ] }; a generated world is task: { preference-set: {} }." : "data and task are both there; name files or a generated world.");
        }

        var world = root["task"] is null ? null : Choice(root, "task", "preference-set", Worlds, binder).Options;
        var data = root["data"] is null ? null : binder.Record<RewardDataOptions>(root["data"], "data");
        foreach (string path in data?.Files.Select(f => f.Path) ?? [])
        {
            if (Variable().Match(path) is { Success: true } match && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(match.Groups[1].Value)))
            {
                binder.Problems.Add(binder.File, root["data"]?.Line ?? 0, $"data.files: {path} needs the environment variable {match.Groups[1].Value}, which is not set (docs/data.md).");
            }
        }

        var (encoderName, encoder) = Choice(root, "encoder", "ngrams", Encoders, binder);
        var (objectiveName, objective) = Choice(root, "objective", "bradley-terry", s_objectives.ToDictionary(o => o.Key, o => o.Value.Options!), binder);
        var (curationName, curation) = Choice(root, "curation", "none", s_curations.ToDictionary(c => c.Key, c => c.Value.Options!), binder);
        var trainer = binder.Record<RewardTrainerOptions>(root["trainer"], "trainer");
        var evaluate = binder.Record<RewardEvaluateOptions>(root["evaluate"], "evaluate");
        if (evaluate.BestOf > 0 && (root["task"] is null || world is not (null or PreferenceSetOptions)))
        {
            binder.Problems.Add(binder.File, root["evaluate"]!.Line, "evaluate.bestOf needs candidates with a gold reward, which only a generated world has: task: { preference-set: {} }.");
        }

        if (data is { Window: > 0 } && (trainer.Steps > 0 || curationName is not (null or "none")))
        {
            binder.Problems.Add(binder.File, root["data"]?.Line ?? 0, $"data.window is {data.Window}: training in windows goes by epochs and holds no row back. Leave {(trainer.Steps > 0 ? "trainer.steps" : "curation")} out, or set the window to 0.");
        }

        binder.Problems.ThrowIfAny();
        var recipe = new RewardModelRecipe
        {
            Name = head.Name, Seed = head.Seed, Data = data, World = world, EncoderName = encoderName!, Encoder = encoder!, ObjectiveName = objectiveName!, ObjectiveOptions = objective!,
            CurationName = curationName!, CurationOptions = curation!, Trainer = trainer, Evaluate = evaluate,
        };
        recipe = root["variants"] is { } variants ? recipe with { Variants = RewardVariantReader.Read(variants, root, recipe, binder) } : recipe;
        binder.Problems.ThrowIfAny();
        return recipe;
    }

    /// <summary>This recipe with encoder, objective and trainer as a document has them; the other keys stay as they are.</summary>
    internal RewardModelRecipe With(DocumentNode root, Binder binder)
    {
        var (encoderName, encoder) = Choice(root, "encoder", "ngrams", Encoders, binder);
        var (objectiveName, objective) = Choice(root, "objective", "bradley-terry", s_objectives.ToDictionary(o => o.Key, o => o.Value.Options!), binder);
        var trainer = binder.Record<RewardTrainerOptions>(root["trainer"], "trainer");
        return encoder is null || objective is null ? this : this with { EncoderName = encoderName!, Encoder = encoder, ObjectiveName = objectiveName!, ObjectiveOptions = objective, Trainer = trainer };
    }

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
