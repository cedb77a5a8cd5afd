using Meed.Evaluation.Studies;
using Meed.Rewards;

namespace Meed.Evaluation;

/// <summary>The methods and studies of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a method.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("preferences", "bench", [], "Any file of labelled comparisons: accuracy, subsets, length and style, calibration, beside rulers that know nothing."),
        new("rewardbench1", "bench", [208], "RewardBench: 23 subsets in four sections, weighted as published.", "Lambert et al. 2024, arXiv:2403.13787"),
        new("rewardbench2", "bench", [28], "RewardBench 2: best of four in five subsets, and Ties by margins.", "Malik et al. 2025, arXiv:2506.01937"),
        new("rm-bench", "bench", [], "RM-Bench: right against wrong in three styles each, hard, normal and easy.", "Liu et al. 2024, arXiv:2410.16184"),
        new("judge-bench", "bench", [], "JudgeBench: right against wrong answers to hard questions in four categories.", "Tan et al. 2024, arXiv:2410.12784"),
        new("m-rewardbench", "bench", [72], "M-RewardBench: triples in 23 languages, averaged over languages, and agreement of the choices with English.", "Gureja et al. 2024, arXiv:2410.15522"),
        new("cipher-language", "data", [72], "Made-up languages of stated translation errors, as stand-ins of translated benchmarks.", "M-RewardBench, arXiv:2410.15522"),
        new("rewardmath", "bench", [69], "One right against many wrong solutions: accuracy above all of them, and mean reciprocal rank.", "Kim et al. 2024, arXiv:2410.01729"),
        new("judges", "bench", [], "Verdicts of judges against labels: kappa with its base rate, turns with the order, position and length effects.", "LLMBar, arXiv:2310.07641; PandaLM, arXiv:2306.05087"),
        new("contrast-pairs", "bench", [29], "Near-identical prompts with different answers: the own answer has to score higher.", "The Trickle-down Impact of Reward (In-)consistency on RLHF, arXiv:2309.16155"),
        new("attribute-probes", "bench", [117], "Linear probes and cluster distances on a reward model's frozen features, one an attribute.", "Probing Preference Representations"),
        new("meaning-preserving-edits", "bench", [216], "Forty edits that keep the meaning, and the accuracy each one costs.", "reWordBench, arXiv:2503.11751"),
        new("pairwise-votes", "bench", [251], "Judges asked several times in drawn order: overall and macro accuracy, and what votes bring.", "VLRewardBench, arXiv:2411.17451"),
        new("criterion-pairs", "bench", [196], "Comparisons under a criterion, with ties, over modalities.", "Omni-Reward, Jin et al. 2025"),
        new("step-selection", "bench", [68], "Choosing among answers by outcome or by steps, and the items where it matters.", "ViLBench, arXiv:2503.20271"),
        new("step-tree-search", "data", [68], "Step labels from a search tree over prefixes.", "ViLBench, arXiv:2503.20271; Math-Shepherd, arXiv:2312.08935"),
        new("skill-tree", "bench", [146], "Skills in levels: correlations over models and the transfer matrix.", "SpatialTree"),
        new("capability-index", "bench", [147], "Choice, number and ordering tasks in cognitive levels, merged into one figure.", "SpatialBench"),
        new("surprise-memory", "bench", [165], "A stream cut into events where the next latent frame surprises, within a budget.", "Cambrian-S, arXiv:2511.04670"),
        new("value-units", "bench", [214], "A value probe of hidden states by temporal differences: units by weight, and by prediction error.", "Sparse Reward Subsystem in Large Language Models"),
        new("instilled-weights", "bench", [96], "Hidden attribute weights of roles, choices by them, and the correlation of reports with weights recovered from choices.", "Self-Interpretability, Plunkett et al. 2025"),
        new("over-optimisation", "lab", [], "Graded proxies of a known gold reward, pushed by best-of-n and by learning; fitted curves and stopping rules.", "Gao et al. 2022, arXiv:2210.10760"),
        new("best-of-n", "lab", [], "Expected gold of the best of n without bias, beside rulers.", "Nakano et al. 2021, arXiv:2112.09332"),
        new("mcnemar", "statistic", [], "Exact test of two rewards on the same items.", "McNemar 1947"),
        new("clustered-bootstrap", "statistic", [], "Intervals by drawing whole prompts.", "Field and Welsh 2007"),
        new("holm", "statistic", [], "Correction of several p-values.", "Holm 1979"),
        new("cohen-kappa", "statistic", [], "Agreement beyond chance, with the base rate.", "Cohen 1960"),
        new("calibration", "statistic", [], "Expected calibration error, Brier score and log loss.", "Brier 1950; Guo et al. 2017, arXiv:1706.04599"),
        new("detectable-effect", "statistic", [], "The paired difference that a number of items would probably have found.", "Connor 1987"),
        .. StudyEntries.All,
    ];
}
