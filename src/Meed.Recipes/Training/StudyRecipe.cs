using Meed.Evaluation.Studies;
using Meed.Recipes.Atlas;
using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>A recipe that runs a study, bound and checked.</summary>
public sealed record StudyRecipe : UnbrokenRecipe
{
    /// <summary>The kind that recipes of this sort name.</summary>
    public const string KindName = "study";

    private static readonly IReadOnlyDictionary<string, CatalogEntry> s_studies = MethodCatalog.All.Select(m => m.Entry).Where(e => e.Kind == StudyEntry.Kind).ToDictionary(e => e.Name);

    /// <summary>The kind.</summary>
    public static RecipeKind Definition { get; } = new()
    {
        Name = KindName,
        Title = "Meed study recipe",
        Verb = "runs",
        Body = [new("study", () => SchemaWriter.Choice(s_studies.Values.Select(e => (e.Name, SchemaWriter.Record(e.Options!)))), Required: true)],
        Bind = Bind,
    };

    /// <inheritdoc/>
    public override RecipeKind Kind => Definition;

    /// <inheritdoc/>
    public override string NoBudget => "A study takes no --budget. Change its own options: --set study.<name>.<key>=<value>.";

    /// <summary>The study's name.</summary>
    public required string StudyName { get; init; }

    /// <summary>The study's options.</summary>
    public required object Options { get; init; }

    /// <summary>The study.</summary>
    public required IStudy Study { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<DocumentEntry> Body() => [Entry("study", OptionsWriter.Named(StudyName, OptionsWriter.ToNode(Options)))];

    /// <inheritdoc/>
    protected override RunEnd Run(RunFolder folder, IRunProgress progress, Func<double> seconds, CancellationToken stop)
    {
        progress.Phase($"Running the study {StudyName}.", 0, null);
        var measures = Study.Run(Seed, stop);
        foreach (var (name, value) in measures.Where(m => !double.IsFinite(m.Value)))
        {
            throw new InvalidOperationException($"The study {StudyName} measured {name} as {value} at seed {Seed}.");
        }

        folder.Scalars("evaluate", 0, [.. measures.Select(m => (m.Key, m.Value))]);
        progress.Measured(0, measures);
        folder.Update(i => i with { Headline = measures });
        return new RunEnd(folder.Path, measures, seconds());
    }

    private static StudyRecipe Bind(RecipeHead head, DocumentNode root, Binder binder)
    {
        string study = "";
        object? options = null;
        if (root["study"] is not { } node)
        {
            binder.Problems.Add(binder.File, root.Line, $"study is missing, as in study: {{ {s_studies.Keys.First()}: {{}} }}.");
        }
        else if (binder.Choice(node, "study", "study", [.. s_studies.Keys]) is { } entry)
        {
            study = entry.Key;
            options = binder.Record(s_studies[study].Options!, entry.Value, $"study.{study}");
        }

        binder.Problems.ThrowIfAny();
        return new StudyRecipe { Name = head.Name, Seed = head.Seed, StudyName = study, Options = options!, Study = StudyEntry.Make(s_studies[study], options!) };
    }
}
