using Meed.Rewards;

namespace Meed.Evaluation.Studies;

/// <summary>The catalog lines of studies, by name.</summary>
internal static class StudyEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        StudyEntry.Of<IdealPointsOptions>("ideal-points", "Users of hidden tastes: one ideal answer for all, or mixtures of prototypes.", o => new IdealPoints(o)),
    ];
}
