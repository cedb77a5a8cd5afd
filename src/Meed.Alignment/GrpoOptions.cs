using Meed.Objectives;
using Meed.Objectives.Advantages;
using Meed.Objectives.Kl;
using Meed.Rewards;

namespace Meed.Alignment;

/// <summary>Settings of <see cref="GrpoTrainer"/>.</summary>
public sealed record GrpoOptions
{
    /// <summary>Rollouts.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Prompts of a rollout, P.</summary>
    public int PromptsPerStep { get; init; } = 32;

    /// <summary>Completions per prompt, G. DeepSeekMath (arXiv:2402.03300) samples 64; 8 fits a small machine.</summary>
    public int GroupSize { get; init; } = 8;

    /// <summary>Times a rollout is gone through. Above 1 the policy moves away from its samples, which the clip bounds.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Rows of one update; 0 for all rows of the rollout.</summary>
    public int RowsPerUpdate { get; init; }

    /// <summary>
    /// Rows of a rollout that are trained on, those of largest absolute advantage; 0 for all. Sampling is cheap and rare successes are what a group can teach: the idea of PODS (arXiv:2504.13818),
    /// which picks within each group, taken over the whole rollout.
    /// </summary>
    public int KeepRows { get; init; }

    /// <summary>Rows that go through the model at once: memory against speed. Results differ by rounding alone.</summary>
    public int RowsPerPass { get; init; } = 256;

    /// <summary>Steps between measurements of the divergence from the reference where no part of the objective needs it.</summary>
    public int KlEvery { get; init; } = 10;

    /// <summary>How rewards become advantages.</summary>
    public AdvantageKind Advantage { get; init; } = AdvantageKind.Standardised;

    /// <summary>For <see cref="AdvantageKind.Asymmetric"/>: batch mean reward from which on correct answers count in full.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>
    /// Factor on negative advantages, 0 or more. 1 is GRPO. 0 learns from what went right alone, which bears larger learning rates and costs less, as failed rows skip the model; entropy falls
    /// faster. The two sides are taken apart in arXiv:2506.01347.
    /// </summary>
    public double NegativeWeight { get; init; } = 1;

    /// <summary>
    /// Share of the way, 0..1, during which negative advantages are left out whatever <see cref="NegativeWeight"/> says: first find answers, then sharpen. 0 leaves nothing out.
    /// </summary>
    public double PositivePhase { get; init; }

    /// <summary>How far the ratio may fall below 1.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>How far the ratio may rise above 1. PPO uses the same as below; DAPO (arXiv:2503.14476) 0.28.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>Weight of the entropy bonus, 0 or more.</summary>
    public double EntropyWeight { get; init; }

    /// <summary>Weight of the divergence from the reference in the loss. DeepSeekMath uses 0.04; 0 needs no reference.</summary>
    public double KlWeight { get; init; }

    /// <summary>Estimator of that divergence.</summary>
    public KlEstimator Kl { get; init; } = KlEstimator.K3;

    /// <summary>β of KL(π‖π_ref) inside the reward, over the whole response: the reward of KL-control (arXiv:2205.11275). 0 needs no reference.</summary>
    public double KlInReward { get; init; }

    /// <summary>
    /// Largest KL(π‖π_ref) of a whole answer, in nats, as the mean over a rollout; 0 for none. Training stops before the update of the first step whose rollout is beyond it, so the policy ends at
    /// most one update outside. The budget stops, it does not steer: for a coefficient in the objective set <see cref="KlWeight"/> or <see cref="KlInReward"/>.
    /// </summary>
    public double KlBudget { get; init; }

    /// <summary>Reference answers a prompt against which rewards are centred by a sigmoid (PAR, atlas row 44); 0 uses rewards as they are.</summary>
    public int References { get; init; }

    /// <summary>What the mean over tokens means.</summary>
    public TokenReduction Reduction { get; init; } = TokenReduction.TokenMean;

    /// <summary>The length that <see cref="TokenReduction.ConstantLength"/> divides by.</summary>
    public int ConstantLength { get; init; }

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Share of the steps over which the learning rate rises linearly, 0..1.</summary>
    public double WarmUp { get; init; } = 0.02;

    /// <summary>Where the cosine of the learning rate ends, as a factor, 0..1.</summary>
    public double FinalRate { get; init; } = 0.1;

    /// <summary>Decoupled weight decay of AdamW, 0 or more.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients are scaled down to this norm, above 0.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>What happens to rows without a number.</summary>
    public WhenFailed WhenFailed { get; init; } = WhenFailed.Mask;

    /// <summary>Largest share of failed rows in a step, 0..1; above it the run stops.</summary>
    public double MaxFailedShare { get; init; } = 0.05;

    /// <summary>Wall-clock limit; the run ends at it with the learning rate decayed, and its length depends on the machine. None when null.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>True when the trainer needs a frozen reference policy.</summary>
    public bool NeedsReference => KlWeight > 0 || KlInReward > 0 || KlBudget > 0 || References > 0;

    /// <summary>Every problem of this record, so that one run shows them all.</summary>
    public IEnumerable<string> Problems()
    {
        if (Steps < 0)
        {
            yield return $"{nameof(Steps)} is {Steps}: use 0 or more.";
        }

        if (PromptsPerStep < 1)
        {
            yield return $"{nameof(PromptsPerStep)} is {PromptsPerStep}: use 1 or more.";
        }

        if (GroupSize < 2)
        {
            yield return $"{nameof(GroupSize)} is {GroupSize}: a group of one has zero advantage. Use 2 or more.";
        }

        if (Passes < 1)
        {
            yield return $"{nameof(Passes)} is {Passes}: use 1 or more.";
        }

        if (RowsPerUpdate < 0)
        {
            yield return $"{nameof(RowsPerUpdate)} is {RowsPerUpdate}: use 1 or more, or 0 for the whole rollout.";
        }

        if (KeepRows < 0)
        {
            yield return $"{nameof(KeepRows)} is {KeepRows}: use 1 or more, or 0 for all rows.";
        }

        if (RowsPerPass < 1)
        {
            yield return $"{nameof(RowsPerPass)} is {RowsPerPass}: use 1 or more.";
        }

        if (KlEvery < 1)
        {
            yield return $"{nameof(KlEvery)} is {KlEvery}: use 1 or more.";
        }

        if (Advantage == AdvantageKind.Asymmetric && !(Alpha > 0))
        {
            yield return $"{nameof(Alpha)} is {Alpha}: use a number above 0.";
        }

        if (!(NegativeWeight >= 0))
        {
            yield return $"{nameof(NegativeWeight)} is {NegativeWeight}: use 0 or more.";
        }

        if (PositivePhase is not (>= 0 and <= 1))
        {
            yield return $"{nameof(PositivePhase)} is {PositivePhase}: it is a share of the steps, 0 to 1.";
        }

        if (ClipLow is not (> 0 and <= 1))
        {
            yield return $"{nameof(ClipLow)} is {ClipLow}: use a number above 0 and at most 1.";
        }

        if (!(ClipHigh > 0))
        {
            yield return $"{nameof(ClipHigh)} is {ClipHigh}: use a number above 0.";
        }

        if (!(EntropyWeight >= 0))
        {
            yield return $"{nameof(EntropyWeight)} is {EntropyWeight}: use 0 or more.";
        }

        if (!(KlWeight >= 0))
        {
            yield return $"{nameof(KlWeight)} is {KlWeight}: use 0 or more.";
        }

        if (KlWeight > 0 && Kl == KlEstimator.K1)
        {
            yield return $"{nameof(Kl)} is K1: as a loss term its expected gradient is zero. Use K2 or K3.";
        }

        if (!(KlInReward >= 0))
        {
            yield return $"{nameof(KlInReward)} is {KlInReward}: use 0 or more.";
        }

        if (!(KlBudget >= 0))
        {
            yield return $"{nameof(KlBudget)} is {KlBudget}: use a number of nats above 0, or 0 for no budget.";
        }

        if (References < 0)
        {
            yield return $"{nameof(References)} is {References}: use 1 or more reference answers, or 0 for raw rewards.";
        }

        if (Reduction == TokenReduction.ConstantLength && ConstantLength < 1)
        {
            yield return $"{nameof(ConstantLength)} is {ConstantLength}: {nameof(TokenReduction.ConstantLength)} divides by a length of at least 1, such as the longest response.";
        }

        if (MaxFailedShare is not (>= 0 and <= 1))
        {
            yield return $"{nameof(MaxFailedShare)} is {MaxFailedShare}: it is a share, 0 to 1.";
        }

        foreach (var problem in Rates.Problems(LearningRate, WarmUp, FinalRate, WeightDecay, MaxGradNorm, Budget))
        {
            yield return problem;
        }
    }
}
