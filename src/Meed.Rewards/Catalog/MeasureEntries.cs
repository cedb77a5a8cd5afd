using Meed.Rewards.Instructions;
using Meed.Rewards.Structure;

namespace Meed.Rewards;

/// <summary>Catalog lines of the instruction, structure, text and geometry verifiers.</summary>
internal static class MeasureEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        Line<InstructionOptions>("ifeval", [], "Share of an item's IFEval instructions that are followed, strict or loose.", "Zhou et al. 2023, arXiv:2311.07911", InstructionReward.ForIfEval),
        Line<InstructionOptions>("ifbench", [], "Share of an item's IFBench instructions that are followed, strict or loose.", "Pyatkin et al. 2025, arXiv:2507.02833", InstructionReward.ForIfBench),
        Line<ToolCallOptions>("tool-call", [], "The right tools with the right arguments, paired one to one.", "Patil et al. 2025, Berkeley Function Calling Leaderboard", o => new ToolCallReward(o)),
        Line<JsonSchemaOptions>("json-schema", [], "The answer's JSON is valid under a schema (a stated part of draft 2020-12).", "json-schema.org, draft 2020-12", o => new JsonSchemaReward(o)),
        Line<JsonMatchOptions>("json-match", [], "The answer's JSON equals the reference, with credit for each leaf when asked.", "", o => new JsonMatchReward(o)),
        Line<NoOptions>("citations", [], "F1 of the cited sources against the supporting ones.", "", _ => new CitationReward()),
        Line<StructuredAnswerOptions>("structured-answer", [], "Share of the named parts of an answer that are right.", "", o => new StructuredAnswerReward(o)),
    ];

    internal static CatalogEntry Line<TOptions>(string name, IReadOnlyList<int> rows, string summary, string source, Func<TOptions, IReward<TextSample>> make)
        where TOptions : class, new()
        => RewardEntry.Of<TextSample, TOptions>(name, "verifier", rows, summary, source, make);
}
