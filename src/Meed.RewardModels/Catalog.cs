using Meed.RewardModels.Curation;
using Meed.RewardModels.Training;
using Meed.Rewards;
using Meed.Rewards.Documents;

namespace Meed.RewardModels;

/// <summary>The methods of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a method.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("model", "reward-model", [], "A trained reward model, from its folder or run.", "Ouyang et al. 2022, arXiv:2203.02155", typeof(ModelRewardOptions), (RewardFactory<TextSample>)Model),
        Objective<BradleyTerryOptions>("bradley-terry", "Comparisons, with soft labels, margins and ties as the data has them.", o => new BradleyTerryObjective(o)),
        Objective<FocalRankingOptions>("focal-ranking", "Comparisons, those told apart weighing less.", o => new FocalRankingObjective(o)),
        Objective<PriorConstraintOptions>("prior-constraint", "Comparisons with an upper margin from the ratio of lengths.", o => new PriorConstraintObjective(o)),
        Objective<NoOptions>("davidson", "Comparisons with Davidson's ties.", _ => new DavidsonObjective()),
        Objective<NoOptions>("rao-kupper", "Comparisons with Rao and Kupper's ties.", _ => new RaoKupperObjective()),
        Objective<NoOptions>("thurstone", "Comparisons with a predicted variance.", _ => new ThurstoneObjective()),
        Objective<PlackettLuceOptions>("plackett-luce", "Whole rankings.", o => new PlackettLuceObjective(o)),
        Objective<NoOptions>("binary", "True and false labels of single responses.", _ => new BinaryObjective()),
        Objective<OrdinalOptions>("ordinal", "Ratings as grades in order.", o => new OrdinalObjective(o)),
        Objective<QuantileOptions>("quantile", "Quantiles of the rating.", o => new QuantileObjective(o)),
        Objective<AttributesOptions>("attributes", "Ratings by several criteria.", o => new AttributesObjective(o)),
        Objective<TiedLabelsOptions>("tied-labels", "Passes above fails over all prompts, equal labels together.", o => new TiedLabelsObjective(o)),
        Curation<LengthGapOptions>("length-gap", "Leaves out comparisons whose winner is much longer.", o => new LengthGap(o)),
        Curation<NoOptions>("none", "The training rows as they are.", _ => new NoCuration()),
        Curation<CrossPromptOptions>("cross-prompt", "Adds comparisons with responses to other prompts.", o => new CrossPromptCuration(o)),
        Curation<VotingOptions>("voting", "Flips and softens labels that several models contradict.", o => new VotingCuration(o)),
        Curation<AgreementOptions>("consistency", "Keeps, flips or drops labels by a model of everything and one of verified rows.", o => new AgreementCuration(o)),
        new("two-layer-head", "head", [104], "A hidden layer before the score, as BaseReward found best; linear and attention heads beside it.", "BaseReward: A Strong Baseline for Multimodal Reward Model"),
        new("patch-transformer", "encoder", [7, 191], "A score over the patches of a picture and the words behind them, for pictures, texts or both.", "Dosovitskiy et al. 2021, arXiv:2010.11929; InternLM-XComposer2.5-Reward; Skywork-VL Reward"),
        new("pictures", "encoder", [], "A reward model over the patches of a picture and the text about it.", "Dosovitskiy et al. 2021, arXiv:2010.11929"),
        new("clips", "encoder", [61, 229], "A reward model over the frames of a clip, what changes between them, and the text about it.", "ReSim; CLIP4MC"),
        new("states", "encoder", [], "A reward model over states and actions of a trajectory, and the text about it.", "Christiano et al. 2017, arXiv:1706.03741"),
        new("length-gap-filter", "curation", [7], "Leaves out comparisons whose winner is much longer.", "InternLM-XComposer2.5-Reward"),
        new("joint-encoder", "head", [104], "A reward over an image, its side frozen, and a text, with a head of choice.", "BaseReward; InternLM-XComposer2.5-Reward"),
        new("staged-mix", "objective-schedule", [191], "Stages with mixtures of sources of their own.", "Skywork-VL Reward"),
        new("sparse-autoencoder", "head", [230], "A score over sparse features that can be read and edited.", "Interpretable Reward Model via Sparse Autoencoder; arXiv:2406.04093"),
        new("criteria-mixture", "head", [85], "Criteria make aspects, a gate that reads the prompt weighs them.", "MJ-VIDEO"),
        new("keypoints", "head", [121], "The mean grade over the keypoints that a prompt concerns.", "PromptEnhancer"),
        new("frame-sequence", "head", [61], "Attention over frames, to score imagined rollouts and rank plans.", "ReSim: Reliable World Simulation for Autonomous Driving"),
        new("motion-branch", "head", [229], "A clip's code from its frames and from what changes between them.", "CLIP4MC: An RL-Friendly Vision-Language Model for Minecraft"),
        new("preference-directions", "head", [], "A multi-attribute reward along each user's direction, fitted to a few comparisons.", "Directional Preference Alignment, arXiv:2402.18571"),
        new("last-layer-laplace", "uncertainty", [], "A Gaussian posterior of the last layer; which comparison to ask about next.", "MacKay 1992; Yang et al. 2024, arXiv:2402.13210"),
        new("conformal-band", "uncertainty", [], "A band around scores that holds the true one with a stated probability.", "Vovk, Gammerman and Shafer 2005; Lei et al. 2018"),
        new("shifted-step", "training", [], "A meta-learned step towards telling a shifted policy's answers apart.", "MetaRM, arXiv:2405.00438"),
        new("segment-rewards", "segments", [20, 26, 58], "Rewards of several models at the ends of their own segments.", "Fine-Grained Human Feedback Gives Better Rewards for Language Model Training"),
        new("goal-baseline", "similarity", [30], "Nearness to a described goal along the direction from a baseline.", "Vision-Language Models are Zero-Shot Reward Models for Reinforcement Learning"),
        new("stage-progress", "progress", [231], "Progress from stages and their usual durations; weights for cloning.", "SARM: Stage-Aware Reward Modeling for Long Horizon Robot Manipulation"),
        new("hop-progress", "progress", [190], "Relative hops fused three ways, with potential-based shaping.", "Robo-Dopamine"),
        new("progress-pairs", "progress", [215], "Ordered, reversed, static and mismatched frame pairs; value-order correlation.", "A Vision-Language-Action-Critic Model for Robotic Real-World Reinforcement Learning"),
        new("counterfactual-clips", "progress", [176], "Failures made from successes, with grades.", "RoboReward"),
        new("patch-pruning", "clips", [167], "Drops uniform areas and unchanged patches.", "Video-Based Reward Modeling for Computer-Use Agents"),
        new("action-agreement", "clips", [158], "Recovered actions against those that were asked for.", "Reinforcement Learning with Inverse Rewards for World Model Post-training"),
        new("goal-and-deviation", "clips", [144], "Distance to the goal's latent and deviation from the demonstration, as pairs.", "NORA-1.5"),
        new("perceptual-stages", "clips", [5], "Stages by variance, features that tell them, Gaussian stage rewards.", "Unsupervised Perceptual Rewards for Imitation Learning"),
        new("hull-augmentation", "curation", [29], "Perturbed answers at the vertices of their embeddings' hull, as worse answers.", "ConvexDA, Shen et al. 2023, arXiv:2309.16155"),
        new("reward-fusion", "similarity", [29], "A reward averaged with the scores of its nearest training samples.", "Shen et al. 2023, arXiv:2309.16155"),
        new("cross-prompt-pairs", "curation", [252], "Responses to other prompts as losers and ties.", "RRM, arXiv:2409.13156"),
        new("strength-voting", "curation", [22], "Flips, softens or widens labels by an ensemble's margin.", "Secrets of RLHF in Large Language Models Part II: Reward Modeling"),
        new("step-merging", "curation", [27], "Steps and merged neighbours as units; shares of right leaves.", "Towards Hierarchical Multi-Step Reward Models for Enhanced Reasoning in Large Language Models"),
        new("preference-tree", "curation", [2], "Answers that share beginnings, and how well comparisons tie them together.", "Reward Generalization in RLHF: A Topological Perspective"),
        new("consistency-curation", "curation", [124], "Keeps, flips or drops by two models; fetches neighbours of errors.", "Skywork-Reward-V2"),
        new("expert-agreement", "curation", [259], "Pairs on which all experts agree, and pairs from repeated answers.", "CAREVL"),
        new("page-rewards", "curation", [102], "Pairs of lists and of swapped items from clicks, and their mixed reward.", "Enhanced Whole Page Optimization via Mixed-Grained Reward Mechanism-Adapted Language Models"),
    ];

    private static CatalogEntry Objective<TOptions>(string name, string summary, Func<TOptions, RewardObjective> make)
        where TOptions : class, new() => new(name, "objective", [], summary, "", typeof(TOptions), (Func<object, RewardObjective>)(o => make((TOptions)o)));

    private static CatalogEntry Curation<TOptions>(string name, string summary, Func<TOptions, PreferenceCuration> make)
        where TOptions : class, new() => new(name, "training-curation", [], summary, "", typeof(TOptions), (Func<object, PreferenceCuration>)(o => make((TOptions)o)));

    private static RewardModel? Model(DocumentNode value, string path, RewardBuilder<TextSample> builder)
    {
        if (builder.Options<ModelRewardOptions>(value, path) is not { } options)
        {
            return null;
        }

        try
        {
            var model = RewardModel.Load(options.Path);
            if (options.Template is { } template && template != model.Info.Template)
            {
                builder.Binder.Problems.Add(builder.Binder.File, value.Line, $"{path}.template is '{template}'; the model in {options.Path} was trained with '{model.Info.Template}'.");
                return null;
            }

            return model;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            builder.Binder.Problems.Add(builder.Binder.File, value.Line, $"{path}: {e.Message}");
            return null;
        }
    }
}

/// <summary>Which reward model a document means.</summary>
public sealed record ModelRewardOptions
{
    /// <summary>The reward model's folder, or the run that trained it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The template that is expected; another one is refused. Any when left out.</summary>
    public string? Template { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Path.Length == 0)
        {
            yield return "Path is empty; name the reward model's folder, as in model: { path: runs/reward-model/latest }.";
        }
    }
}
