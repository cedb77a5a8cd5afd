using System.Text.Json.Nodes;
using Meed.Alignment;
using Meed.Recipes.Atlas;
using Meed.Recipes.Documents;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Tasks;

namespace Meed.Recipes.Training;

/// <summary>A recipe that trains a language policy from a reward, bound and checked.</summary>
public sealed record LanguageRecipe : Recipe
{
    /// <summary>The kind that recipes of this sort name.</summary>
    public const string KindName = "language";

    private static readonly IReadOnlyDictionary<string, CatalogEntry> s_tasks =
        MethodCatalog.All.Select(m => m.Entry).Where(e => e is { Kind: "task", Options: not null, Factory: not null }).ToDictionary(e => e.Name);

    private static readonly string[] s_trainers = ["grpo"];

    /// <summary>The kind.</summary>
    public static RecipeKind Definition { get; } = new()
    {
        Name = KindName,
        Title = "Meed recipe",
        Body =
        [
            new("task", () => SchemaWriter.Choice(s_tasks.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))), Required: true),
            new("policy", () => SchemaWriter.Record(typeof(PolicyOptions))),
            new("warmStart", () => SchemaWriter.Record(typeof(WarmStartOptions))),
            new("reward", () => new JsonObject { ["$ref"] = "#/$defs/reward" }, Required: true),
            new("trainer", () => SchemaWriter.Choice([("grpo", SchemaWriter.Record(typeof(GrpoOptions)))]), Required: true),
            new("evaluate", () => SchemaWriter.Record(typeof(EvaluateOptions))),
            new("report", () => SchemaWriter.Record(typeof(ReportOptions))),
        ],
        Definitions = () => new JsonObject { ["reward"] = RewardCatalog.Schema() },
        Bind = Bind,
    };

    /// <inheritdoc/>
    public override RecipeKind Kind => Definition;

    /// <summary>The task's name.</summary>
    public required string TaskName { get; init; }

    /// <summary>The task's options.</summary>
    public required object TaskOptions { get; init; }

    /// <summary>The task.</summary>
    public required ITask<TextSample> Task { get; init; }

    /// <summary>The policy.</summary>
    public required PolicyOptions Policy { get; init; }

    /// <summary>The warm start.</summary>
    public required WarmStartOptions WarmStart { get; init; }

    /// <summary>The reward that is trained on.</summary>
    public required RewardDocument<TextSample> Reward { get; init; }

    /// <summary>The trainer's options.</summary>
    public required GrpoOptions Trainer { get; init; }

    /// <summary>How it is measured.</summary>
    public required EvaluateOptions Evaluate { get; init; }

    /// <summary>What is stored and shown.</summary>
    public required ReportOptions Report { get; init; }

    /// <inheritdoc/>
    public override bool ClockBound => Trainer.Budget is not null || WarmStart.Sft.Budget is not null;

    /// <inheritdoc/>
    public override bool ManySteps => true;

    /// <inheritdoc/>
    /// <remarks>Both trainers get a share of it, measurements get smaller.</remarks>
    public override LanguageRecipe Within(TimeSpan budget) => this with
    {
        WarmStart = WarmStart with { Sft = WarmStart.Sft with { Budget = budget * 0.45 } },
        Trainer = Trainer with { Budget = budget * 0.4 },
        Evaluate = Evaluate with { Items = Math.Clamp((int)(budget.TotalSeconds * 4), Math.Min(50, Evaluate.Items), Evaluate.Items), ItemsOnTheWay = Math.Min(50, Evaluate.ItemsOnTheWay) },
    };

    /// <inheritdoc/>
    public override async Task<RunEnd> StartAsync(string runs, IRunProgress progress, CancellationToken stop) => await LanguageRun.StartAsync(this, runs, progress, stop).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async Task<RunEnd> ResumeAsync(string folder, IRunProgress progress, CancellationToken stop) => await LanguageRun.ResumeAsync(this, folder, progress, stop).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override IEnumerable<DocumentEntry> Body() =>
    [
        Entry("task", OptionsWriter.Named(TaskName, OptionsWriter.ToNode(TaskOptions))), Entry("policy", OptionsWriter.ToNode(Policy)), Entry("warmStart", OptionsWriter.ToNode(WarmStart)),
        Entry("reward", Reward.Root), Entry("trainer", OptionsWriter.Named("grpo", OptionsWriter.ToNode(Trainer))), Entry("evaluate", OptionsWriter.ToNode(Evaluate)), Entry("report", OptionsWriter.ToNode(Report)),
    ];

    private static LanguageRecipe Bind(RecipeHead head, DocumentNode root, Binder binder)
    {
        string? taskName = null;
        object? taskOptions = null;
        if (Need(root, "task", "task: { countdown: {} }", binder) is { } taskNode && binder.Choice(taskNode, "task", "task", [.. s_tasks.Keys]) is { } task)
        {
            taskName = task.Key;
            taskOptions = binder.Record(s_tasks[taskName].Options!, task.Value, $"task.{taskName}");
        }

        var policy = binder.Record<PolicyOptions>(root["policy"], "policy");
        var warmStart = binder.Record<WarmStartOptions>(root["warmStart"], "warmStart");
        var evaluate = binder.Record<EvaluateOptions>(root["evaluate"], "evaluate");
        var report = binder.Record<ReportOptions>(root["report"], "report");
        GrpoOptions? trainer = null;
        if (Need(root, "trainer", "trainer: { grpo: {} }", binder) is { } trainerNode && binder.Choice(trainerNode, "trainer", "trainer", s_trainers) is { } chosen)
        {
            trainer = binder.Record<GrpoOptions>(chosen.Value, $"trainer.{chosen.Key}");
        }

        var reward = Need(root, "reward", "reward: { countdown: {} }", binder) is { } rewardNode ? RewardDocuments.TryBind(rewardNode, RewardCatalog.All, binder.File, "reward", binder.Problems) : null;
        binder.Problems.ThrowIfAny();
        return new LanguageRecipe
        {
            Name = head.Name, Seed = head.Seed, TaskName = taskName!, TaskOptions = taskOptions!, Task = (ITask<TextSample>)s_tasks[taskName!].Factory!.DynamicInvoke(taskOptions)!,
            Policy = policy, WarmStart = warmStart, Reward = reward!, Trainer = trainer!, Evaluate = evaluate, Report = report,
        };
    }

    private static DocumentNode? Need(DocumentNode root, string key, string example, Binder binder)
    {
        if (root[key] is { } node)
        {
            return node;
        }

        binder.Problems.Add(binder.File, root.Line, $"{key} is missing, as in {example}.");
        return null;
    }
}
