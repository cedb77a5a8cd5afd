using Meed.RewardModels;

namespace Meed.Recipes.Training;

/// <summary>How an ensemble of variants makes one reward of several.</summary>
public enum VariantMix : byte
{
    /// <summary>The mean of the members.</summary>
    Mean,

    /// <summary>The mean minus k standard deviations over the members: what they disagree about counts less.</summary>
    MeanMinusDeviation,

    /// <summary>For each source the one member with the lowest validation log loss on it.</summary>
    BestForSource,

    /// <summary>The same with a factor for each source, between a fifth and five times the member's own, so that each source is as sure as it was right.</summary>
    CalibratedForSource,
}

/// <summary>Variants that are mixed instead of trained.</summary>
/// <remarks>Each member's reward is centred on the validation part and multiplied by the factor that gives the lowest log loss there, so that members speak in log-odds.</remarks>
public sealed record VariantEnsemble
{
    /// <summary>Names of variants above it.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>How they are mixed.</summary>
    public VariantMix By { get; init; }

    /// <summary>Standard deviations that are taken off.</summary>
    public double K { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Of.Count < 2)
        {
            yield return $"Of names {Of.Count} variants; an ensemble has two or more.";
        }

        if (!(K >= 0))
        {
            yield return $"K is {K}; it is 0 or more.";
        }
    }
}

/// <summary>One of several models of a recipe, which are trained on the same comparisons and measured side by side.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Recipe">The recipe with the variant's keys in place; of an ensemble, the recipe itself.</param>
/// <param name="PerSource">True when every source gets a model of its own, trained on it alone.</param>
/// <param name="Ensemble">The members; null for a variant that is trained.</param>
public sealed record RewardVariant(string Name, RewardModelRecipe Recipe, bool PerSource, VariantEnsemble? Ensemble)
{
    /// <summary>What encodes the text, in a few words.</summary>
    public string EncoderWords => (Ensemble is { } e ? $"{(e.By switch { VariantMix.Mean => "mean", VariantMix.BestForSource => "for each source the best", VariantMix.CalibratedForSource => "for each source the best with its own factor", _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"mean − {e.K:0.##}·deviation") })} of {string.Join(", ", e.Of)}" : RewardModelInfo.Words(Recipe.Encoder)) + (PerSource ? ", a model a source" : "");

    /// <summary>What it learns for, in a few words.</summary>
    public string ObjectiveWords => Ensemble is not null ? "" : Recipe.ObjectiveName + Changed(Recipe.ObjectiveOptions) + (Recipe.Trainer.WeightDecay >= 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", weight decay {Recipe.Trainer.WeightDecay}") : "");

    // Options that differ from their defaults.
    private static string Changed(object options)
    {
        object usual = Activator.CreateInstance(options.GetType())!;
        string[] changed = [.. options.GetType().GetProperties().Where(p => p.CanWrite && !Equals(p.GetValue(options), p.GetValue(usual))).Select(p => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(p.Name[0])}{p.Name[1..]} {p.GetValue(options)?.ToString()?.ToLowerInvariant()}"))];
        return changed.Length == 0 ? "" : $", {string.Join(", ", changed)}";
    }
}
