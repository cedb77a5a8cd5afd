using Meed.RewardModels.Training;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.RewardModels;

/// <summary>The methods of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a method.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("model", "reward-model", [], "A trained reward model, from its folder or run.", "Ouyang et al. 2022, arXiv:2203.02155", typeof(ModelRewardOptions), (RewardFactory<TextSample>)Model),
        Objective<BradleyTerryOptions>("bradley-terry", "Comparisons, with soft labels, margins and ties as the data has them.", o => new BradleyTerryObjective(o)),
        Objective<FocalRankingOptions>("focal-ranking", "Comparisons, those told apart weighing less.", o => new FocalRankingObjective(o)),
        Objective<PriorConstraintOptions>("prior-constraint", "Comparisons with an upper margin from the ratio of lengths.", o => new PriorConstraintObjective(o)),
        Objective<NoOptions>("davidson", "Comparisons with Davidson's ties.", _ => new DavidsonObjective()),
        Objective<NoOptions>("rao-kupper", "Comparisons with Rao and Kupper's ties.", _ => new RaoKupperObjective()),
        Objective<NoOptions>("thurstone", "Comparisons with a predicted variance.", _ => new ThurstoneObjective()),
        Objective<PlackettLuceOptions>("plackett-luce", "Whole rankings.", o => new PlackettLuceObjective(o)),
        Objective<NoOptions>("binary", "True and false labels of single responses.", _ => new BinaryObjective()),
        Objective<OrdinalOptions>("ordinal", "Ratings as grades in order.", o => new OrdinalObjective(o)),
        Objective<QuantileOptions>("quantile", "Quantiles of the rating.", o => new QuantileObjective(o)),
        Objective<AttributesOptions>("attributes", "Ratings by several criteria.", o => new AttributesObjective(o)),
    ];

    private static CatalogEntry Objective<TOptions>(string name, string summary, Func<TOptions, RewardObjective> make)
        where TOptions : class, new() => new(name, "objective", [], summary, "", typeof(TOptions), (Func<object, RewardObjective>)(o => make((TOptions)o)));

    private static RewardModel? Model(DocumentNode value, string path, RewardBuilder<TextSample> builder)
    {
        if (builder.Options<ModelRewardOptions>(value, path) is not { } options)
        {
            return null;
        }

        try
        {
            var model = RewardModel.Load(options.Path);
            if (options.Template is { } template && template != model.Info.Template)
            {
                builder.Binder.Problems.Add(builder.Binder.File, value.Line, $"{path}.template is '{template}'; the model in {options.Path} was trained with '{model.Info.Template}'.");
                return null;
            }

            return model;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            builder.Binder.Problems.Add(builder.Binder.File, value.Line, $"{path}: {e.Message}");
            return null;
        }
    }
}

/// <summary>Which reward model a document means.</summary>
public sealed record ModelRewardOptions
{
    /// <summary>The reward model's folder, or the run that trained it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The template that is expected; another one is refused. Any when left out.</summary>
    public string? Template { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Path.Length == 0)
        {
            yield return "Path is empty; name the reward model's folder, as in model: { path: runs/reward-model/latest }.";
        }
    }
}
