using Meed.Rewards;

namespace Meed.Objectives.Preferences;

/// <summary>The catalog lines of the objectives that learn from preferences.</summary>
internal static class PreferenceEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        new("bradley-terry", "loss", [], "The pairwise logistic loss, with margin and label smoothing.", "Bradley and Terry 1952; Ouyang et al. 2022, arXiv:2203.02155"),
        new("soft-bradley-terry", "loss", [], "Bradley-Terry with a probability for a label.", "RRM, arXiv:2409.13156"),
        new("davidson", "loss", [], "Bradley-Terry with ties that are likeliest between equals.", "Davidson 1970"),
        new("rao-kupper", "loss", [], "Bradley-Terry with ties below a threshold of difference.", "Rao and Kupper 1967"),
        new("focal-ranking", "loss", [], "Bradley-Terry with less weight on pairs that are told apart.", "InternLM2, arXiv:2403.17297"),
        new("adaptive-margin", "loss", [22], "Bradley-Terry with the preference strength of an ensemble as the margin.", "Secrets of RLHF in Large Language Models Part II: Reward Modeling"),
        new("plackett-luce", "loss", [], "The likelihood of a ranking, whole or its top.", "Plackett 1975; Luce 1959"),
        new("binary-reward", "loss", [], "A score as the log-odds of being good, with hard or soft labels.", "Cobbe et al. 2021, arXiv:2110.14168"),
        new("ordinal", "loss", [], "Grades in order, between learned thresholds.", "McCullagh 1980"),
        new("thurstone", "loss", [], "Each response has a mean and a predicted variance of worth.", "Thurstone 1927"),
        new("noise-thurstone", "loss", [194], "Thurstone's loss on noised samples: more noise, less decided.", "Beyond VLM-Based Rewards: Diffusion-Native Latent Reward Modeling"),
        new("quantile-reward", "loss", [], "Several quantiles of a rating by the pinball loss.", "Dorka 2024, arXiv:2409.10164"),
        new("attribute-regression", "loss", [], "Ratings by several criteria, some missing.", "HelpSteer, arXiv:2311.09528"),
        new("prior-constraint", "loss", [245], "Bradley-Terry with an upper margin from length ratio or similarity.", "Prior Constraints-based Reward Model Training for Aligning Large Language Models"),
        new("tied-ranking", "loss", [182], "Bradley-Terry for unequal labels, a pull together for equal ones.", "SoliReward"),
        new("contrastive", "loss", [22, 225], "InfoNCE within a batch, one or both directions.", "van den Oord et al. 2018, arXiv:1807.03748; SimCSE, arXiv:2104.08821"),
        new("goal-contrastive", "loss", [114], "States of a preferred answer near its later states, far from worse answers.", "Learning Goal-Conditioned Representations for Language Reward Models"),
        new("triplet-similarity", "loss", [77], "Of three trajectories two are alike: a code that says so.", "SIRL: Similarity-based Implicit Representation Learning"),
        new("ideal-point", "loss", [46], "Users as mixtures of learned ideal answers.", "PAL: Pluralistic Alignment Framework for Learning from Heterogeneous Preferences"),
        new("variational-user", "loss", [32], "A hidden vector for each user, inferred from labelled pairs.", "Variational Preference Learning, arXiv:2408.10075"),
        new("context-mixture", "loss", [36], "The preference under each criterion, the criterion inferred.", "Improving Context-Aware Preference Modeling for Language Models"),
        new("margin-beta", "loss", [53], "Direct preference optimisation whose strength follows the reward margin.", "MM-RLHF: The Next Step Forward in Multimodal LLM Alignment"),
        new("span-preference", "loss", [20], "Direct preference optimisation on single spans, without pairs.", "Detecting and Preventing Hallucinations in Large Vision Language Models"),
        new("implicit-value", "loss", [225], "Values of frames from clips alone, in the dual form.", "VIP, arXiv:2210.00030; LIV"),
        new("critique-then-score", "loss", [53], "The loss of written critiques and of the scores that follow them.", "MM-RLHF; BaseReward"),
        new("contrast-share", "shaping", [232], "A score as its share among the same answer's scores under altered prompts.", "Confidence-aware Reward Optimization for Fine-tuning Text-to-Image Models"),
    ];
}
