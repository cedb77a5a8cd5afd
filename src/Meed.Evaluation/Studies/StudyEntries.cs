using Meed.Rewards;

namespace Meed.Evaluation.Studies;

/// <summary>The catalog lines of studies, by name.</summary>
internal static class StudyEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        StudyEntry.Of<IdealPointsOptions>("ideal-points", "Users of hidden tastes: one ideal answer for all, or mixtures of prototypes.", o => new IdealPoints(o)),
        StudyEntry.Of<CriterionFlipsOptions>("criterion-flips", "Pairs whose winner turns with the criterion: a reward that is told it, or not.", o => new CriterionFlips(o)),
        StudyEntry.Of<JudgeVotesOptions>("judge-votes", "Toy judges of pictures: does accuracy with drawn order say who is good at best-of-n?", o => new JudgeVotes(o)),
        StudyEntry.Of<SpatialIndexOptions>("spatial-index", "Five levels of questions about clips: exact share, or each type's metric merged by level.", o => new SpatialIndex(o)),
        StudyEntry.Of<StepScoringOptions>("step-scoring", "Choosing answers to picture puzzles by a scorer of wholes or of steps.", o => new StepScoring(o)),
        StudyEntry.Of<StreamCountingOptions>("stream-counting", "Counting over long streams: the last frames, or events cut at surprises.", o => new StreamCounting(o)),
        StudyEntry.Of<ThinkOrNotOptions>("think-or-not", "Grid tasks in four levels: always think, or where the gated reward taught it.", o => new ThinkOrNot(o)),
    ];
}
