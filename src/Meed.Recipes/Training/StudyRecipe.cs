using Meed.Evaluation.Studies;

namespace Meed.Recipes.Training;

/// <summary>A recipe that runs a study, bound and checked.</summary>
public sealed record StudyRecipe
{
    /// <summary>The kind that recipes of this sort name.</summary>
    public const string KindName = "study";

    /// <summary>Name of the recipe and its run folder.</summary>
    public required string Name { get; init; }

    /// <summary>Seed of everything.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The study's name.</summary>
    public required string StudyName { get; init; }

    /// <summary>The study's options.</summary>
    public required object Options { get; init; }

    /// <summary>The study.</summary>
    public required IStudy Study { get; init; }
}
