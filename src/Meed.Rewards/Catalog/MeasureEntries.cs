using Meed.Rewards.Geometry;
using Meed.Rewards.Instructions;
using Meed.Rewards.Structure;
using Meed.Rewards.Text;

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
        Line<StructuredAnswerOptions>("structured-answer", [219], "Share of the named parts of an answer that are right.", "StructVRM, 2025", o => new StructuredAnswerReward(o)),
        Line<BleuOptions>("bleu", [63], "BLEU of the response against one or more references.", "Papineni et al. 2002; Chen and Cherry 2014; as a reward BLEUBERI, 2025", TextRewards.ForBleu),
        Line<TextMetricOptions>("gleu", [], "The smaller of n-gram precision and recall.", "Wu et al. 2016, arXiv:1609.08144", TextRewards.ForGleu),
        Line<ChrFOptions>("chrf", [], "F-score of character n-grams (chrF, chrF++).", "Popović 2015, 2017", TextRewards.ForChrF),
        Line<RougeOptions>("rouge", [], "F1 of ROUGE-1 to ROUGE-5 or ROUGE-L.", "Lin 2004", TextRewards.ForRouge),
        Line<MeteorOptions>("meteor", [], "METEOR with exact and stem matching.", "Banerjee and Lavie 2005", TextRewards.ForMeteor),
        Line<TextMetricOptions>("token-f1", [], "F1 of the words shared with the reference.", "Rajpurkar et al. 2016, arXiv:1606.05250", TextRewards.ForTokenF1),
        Line<TextMetricOptions>("edit-similarity", [], "1 − Levenshtein distance over the longer length.", "Levenshtein 1966", TextRewards.ForEditSimilarity),
        Line<TextMetricOptions>("fuzzy-match", [], "Similarity of short answers without case, punctuation and word order.", "", TextRewards.ForFuzzyMatch),
        Line<TextMetricOptions>("jaccard", [], "Overlap of the sets of words.", "Jaccard 1912", TextRewards.ForJaccard),
        Line<EmbeddingSimilarityOptions>("embedding-similarity", [8], "Bidirectional max-average or mean cosine over a hashed embedding (code supplies a learned one).", "Mixed-R1, 2025", o => TextRewards.ForEmbedding(o, new HashedEmbedding())),
        Line<GeometryOptions>("box-iou", [], "IoU of one box with the reference.", "Everingham et al. 2010", GeometryRewards.ForBox),
        Line<GeometryOptions>("box-set", [], "IoU of boxes matched one to one over the larger number of boxes.", "Kuhn 1955 for the matching", GeometryRewards.ForBoxSet),
        Line<DetectionOptions>("detection-map", [], "Mean average precision (COCO 101 points or Pascal) with a count penalty.", "Lin et al. 2014, arXiv:1405.0312", GeometryRewards.ForDetection),
        Line<NoOptions>("temporal-iou", [], "IoU of spans of time or frames.", "", GeometryRewards.ForSpans),
        Line<PointOptions>("point", [], "A point inside the target box, or its Gaussian closeness.", "", GeometryRewards.ForPoint),
        Line<TrajectoryOptions>("trajectory", [], "Closeness of a path: RMSE, Hausdorff, discrete Fréchet, endpoint.", "Eiter and Mannila 1994", GeometryRewards.ForTrajectory),
        Line<MaskOptions>("mask-overlap", [], "IoU or Dice of masks given as run lengths.", "Dice 1945", GeometryRewards.ForMask),
        Line<RepetitionOptions>("repetition", [], "Penalty for repeated n-grams, −1 to 0.", "Yeo et al. 2025, arXiv:2502.03373", o => new RepetitionReward(o)),
    ];

    internal static CatalogEntry Line<TOptions>(string name, IReadOnlyList<int> rows, string summary, string source, Func<TOptions, IReward<TextSample>> make)
        where TOptions : class, new()
        => RewardEntry.Of<TextSample, TOptions>(name, "verifier", rows, summary, source, make);
}
