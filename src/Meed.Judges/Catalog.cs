using Meed.Judges.Graders;
using Meed.Rewards;

namespace Meed.Judges;

/// <summary>The graders of this package.</summary>
public static class Catalog
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("score_model", "grader", [], "OpenAI grader: a chat model gives a number.", "OpenAI, guide to graders", null, (RewardFactory<TextSample>)ModelGraderReader.Score),
        new("label_model", "grader", [], "OpenAI grader: a chat model chooses a label.", "OpenAI, guide to graders", null, (RewardFactory<TextSample>)ModelGraderReader.Label),
    ];
}
