using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Catalog lines of the published verifiable rewards (family VR of the atlas).</summary>
internal static class MethodEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        Line("viki", 0, "Robot set, plan accepted by a simulator, or closeness of a path.", "VIKI-R, 2025", Viki.Reward),
        Line("mixed-r1", 8, "Exact, chart, box or text similarity accuracy plus format.", "Mixed-R1, 2025", () => MixedR1.Reward(new HashedEmbedding())),
        Line("vlm-r1", 34, "IoU or count-penalised mAP plus format.", "VLM-R1, arXiv:2504.07615", VlmR1.Reward),
        Line("video-tuning", 42, "Option match and interval IoU with format.", "RL Tuning for VideoLLMs, 2025", VideoTuning.Reward),
        Line("dip-r1", 50, "Form, looking at ambiguous regions, precision and recall of boxes.", "DIP-R1, 2025", DipR1.Reward),
        Line("reasoning-pattern", 59, "Phrases of reasoning, whatever the answer.", "The Climb Carves Wisdom Deeper Than the Summit, 2025", ReasoningPattern.Reward),
        Line("tool-rl", 62, "Format plus names, argument names and argument values of tool calls.", "ToolRL, arXiv:2504.13958", ToolRl.Reward),
        Line("got-r1", 64, "Layout plan and the picture drawn from it, as a product.", "GoT-R1, 2025", GotR1.Reward),
        Line("tool-thinking", 95, "Answer, overlap, form and a tool bonus for right answers.", "Incentivizing Tool-augmented Thinking with Images for Medical Image Analysis, 2025", ToolThinking.Reward),
        Line("salient-grounding", 100, "Answer, form, salience-weighted boxes, best reasoning pattern.", "Guiding the Inner Eye, 2025", SalientGrounding.Reward),
        Line("shop-r1", 103, "Staged credit for an action with a difficulty factor.", "Shop-R1, 2025", ShopR1.Reward),
        Line("job-application", 107, "Weighted criteria with bounded penalties.", "Custom Reward Functions in Job Application Evaluation, 2025", JobApplication.Reward),
        Line("visual-rft", 108, "Detection, classification or grounding accuracy plus format.", "Visual-RFT, arXiv:2503.01785", VisualRft.Reward),
        Line("hybrid", 110, "Rule or similarity, format, length.", "Beyond Monolithic Rewards, 2025", () => HybridReward.Reward(new HashedEmbedding())),
        MeasureEntries.Line<ClsRlOptions>("cls-rl", [111], "The label in the answer tag, or alone.", "CLS-RL, arXiv:2503.16188", ClsRl.Reward),
        MeasureEntries.Line<VisionR1Options>("vision-r1", [119], "Format, recall and precision of boxes with staged thresholds.", "Vision-R1, arXiv:2503.18013", VisionR1.Reward),
        Line("star-r1", 120, "A set of edits with tiered credit and charges for enumerating.", "STAR-R1, 2025", StarR1.Reward),
        Line("reward-map", 127, "Route plans with detail credit and difficulty weight.", "RewardMap, 2025", RewardMap.Reward),
        Line("magic-gui", 131, "Action type and arguments with graded places.", "MagicGUI, 2025", MagicGui.Reward),
        Line("sweet-spot", 136, "Nested zones with rising payoffs.", "SSL: Sweet Spot Learning, 2025", SweetSpot.Reward),
        Line("infigui", 142, "Rank-aware reward of several candidate points.", "InfiGUI-G1, arXiv:2508.05731", InfiGui.Reward),
        Line("answer-and-format", 143, "Exact answer plus format.", "Enhancing Spatial Reasoning in Vision-Language Models, 2025", AnswerAndFormat.Reward),
        Line("gui-g2", 145, "Gaussian point and coverage rewards.", "GUI-G², arXiv:2507.15846", GuiG2.Reward),
        Line("video-rft", 149, "Answer, format and a gated similarity of thinking and frames.", "VideoRFT, 2025", () => VideoRft.Reward(new HashedEmbedding())),
        new("vigor", "verifier", [150], "Reprojection consistency of a clip (a function over tracks, not over text).", "VIGOR, 2025"),
        Line("information-gain", 153, "Entropy that a question removes.", "Dialogue as Discovery, 2025", InformationGain.Reward),
        Line("tube-grounding", 156, "Span, final boxes, draft boxes and their consistency.", "Thinking With Bounding Boxes, 2025", TubeGrounding.Reward),
        Line("video-2-layout", 162, "Ten relative-error thresholds, or exact match, with format.", "Video2Layout, 2025", Video2Layout.Reward),
        Line("clue-seeking", 166, "Answer, and clips that overlap the clues, discounted by turns.", "Video-o3, 2026", ClueSeeking.Reward),
        Line("seg-research", 201, "Localisation and saturating search terms.", "Seg-ReSearch, 2026", () => SegResearch.Reward(new HashedEmbedding())),
        Line("keyframe", 211, "Answer, format and F1 of the named frames.", "EgoVLM, 2025", KeyframeReward.Reward),
        Line("citation-rubric", 253, "Right answers, more when the chain of facts is cited.", "Chaining the Evidence, 2026", CitationRubric.Reward),
        Line("manip-lvm", 254, "Region overlap or closeness of a path plus format.", "ManipLVM-R1, 2025", ManipLvm.Reward),
    ];

    private static CatalogEntry Line(string name, int row, string summary, string source, Func<IReward<TextSample>> make) => MeasureEntries.Line<NoOptions>(name, [row], summary, source, _ => make());
}
