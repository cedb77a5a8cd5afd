using Meed.Rewards;

namespace Meed.Objectives;

/// <summary>The methods of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a method.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("standardised", "advantage", [], "A reward's distance from its group's mean, in the group's standard deviations.", "DeepSeekMath, arXiv:2402.03300"),
        new("mean", "advantage", [], "A reward's distance from its group's mean.", "Dr. GRPO, arXiv:2503.20783"),
        new("leave-one-out", "advantage", [], "A reward minus the mean of the other rewards of its group.", "RLOO, arXiv:2402.14740"),
        new("asymmetric", "advantage", [155], "The standardised advantage reweighted by group and batch success, correct answers muted while they are rare.", "A-GRAE"),
        new("clipped-surrogate", "loss", [], "The clipped policy gradient with separate low and high clip.", "PPO, arXiv:1707.06347; DAPO, arXiv:2503.14476"),
        new("negative-log-likelihood", "loss", [], "Cross-entropy of shown answers."),
        new("smoothed-cross-entropy", "loss", [], "Cross-entropy against targets that leave a little probability to every token.", "arXiv:1512.00567"),
        new("entropy", "loss", [], "Entropy of the next-token distribution, for metrics and bonuses.", "arXiv:1602.01783"),
        new("k1", "kl", [], "Unbiased estimator of the divergence from a reference, of large variance.", "Schulman 2020"),
        new("k2", "kl", [], "Squared estimator whose gradient is that of the divergence.", "Schulman 2020"),
        new("k3", "kl", [], "Unbiased, never negative estimator, GRPO's.", "Schulman 2020; arXiv:2402.03300"),
        new("token-reductions", "reduction", [], "Token mean, sequence mean, sequence sum and constant length."),
        new("preference-as-reward", "shaping", [44], "The sigmoid of a score centred on reference answers' scores.", "PAR"),
        new("paraphrase-consistency", "loss", [216], "The squared difference between the scores of a response and of its paraphrase.", "reWordBench, arXiv:2503.11751"),
        new("think-gate", "shaping", [146], "Thought pays where it helps the group, and costs where it does not.", "SpatialTree"),
        new("tilted-target", "posterior", [261], "The exact optimum of KL-regularised reward maximisation over answers that can be listed.", "arXiv:2205.11275"),
        new("kl-regularised-reward", "posterior", [261], "Reward less the log-ratio to the prior: its policy gradient is reverse-KL fitting of the tilted target.", "arXiv:2205.11275"),
        new("distributional-policy-gradient", "posterior", [261], "Forward-KL fitting of the tilted target by importance weights.", "arXiv:1912.08517; GDC, arXiv:2012.11635"),
        new("pass-at-k", "metric", [], "The unbiased chance that one of k samples is right.", "arXiv:2107.03374"),
        .. Preferences.PreferenceEntries.All,
    ];
}
