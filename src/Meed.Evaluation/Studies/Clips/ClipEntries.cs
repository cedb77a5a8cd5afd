using Meed.Rewards;

namespace Meed.Evaluation.Studies.Clips;

/// <summary>The catalog lines of the studies of clips and pictures.</summary>
internal static class ClipEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        StudyEntry.Of<ClipGradesOptions>("clip-grades", "A grader of clips from successes alone, or with failures made from them.", o => new ClipGrades(o)),
        StudyEntry.Of<ProgressCriticOptions>("progress-critic", "An agent rewarded at its goal, or also by a critic of two frames.", o => new ProgressCritic(o)),
        StudyEntry.Of<GoalSimilarityOptions>("goal-similarity", "Pictures and words in one space, by contrast alone or with a value that rises.", o => new GoalSimilarity(o)),
        StudyEntry.Of<MotionWordsOptions>("motion-words", "Captions of clips told from frames, or from frames and motion.", o => new MotionWords(o)),
        StudyEntry.Of<StageLabelsOptions>("stage-labels", "Progress labels by frame index or by stages.", o => new StageLabels(o)),
        StudyEntry.Of<HopEstimatesOptions>("hop-estimates", "Progress from single frames or from fused hops.", o => new HopEstimates(o)),
        StudyEntry.Of<StageRewardsOptions>("stage-rewards", "A reward from five demonstrations: the last frame, or stages.", o => new StageRewards(o)),
        StudyEntry.Of<GoalWordsOptions>("goal-words", "A picture-and-word encoder as a reward: the cosine, or along the line from a baseline to the goal.", o => new GoalWords(o)),
        StudyEntry.Of<ImaginedPlansOptions>("imagined-plans", "Plans judged by imagined frames, the imagination from expert steps or from mixed ones.", o => new ImaginedPlans(o)),
        StudyEntry.Of<AlikeClipsOptions>("alike-clips", "A reward from few preferences on features of an autoencoder or of similarity answers.", o => new AlikeClips(o)),
        StudyEntry.Of<AspectHeadsOptions>("aspect-heads", "Clips with planted defects, scored by one head or by gated criteria.", o => new AspectHeads(o)),
        StudyEntry.Of<InverseRewardsOptions>("inverse-rewards", "A world model rewarded by a random or a trained inverse model.", o => new InverseRewards(o)),
        StudyEntry.Of<RewrittenInstructionsOptions>("rewritten-instructions", "A success classifier with drawn or rewritten instructions as negatives.", o => new RewrittenInstructions(o)),
        StudyEntry.Of<ActionPreferencesOptions>("action-preferences", "A policy of action chunks by cloning, or by preferences of a world model and the demonstration.", o => new ActionPreferences(o)),
        StudyEntry.Of<NoisedPicturesOptions>("noised-pictures", "Preferences between noised pictures by the logistic loss or a probit that knows the noise.", o => new NoisedPictures(o)),
        StudyEntry.Of<CaptionSharesOptions>("caption-shares", "The best of generated pictures by a biased reward, raw or as a share among altered captions.", o => new CaptionShares(o)),
        StudyEntry.Of<PromptRewritingOptions>("prompt-rewriting", "A rewriter of prompts by imitation or by keypoint grades of the pictures.", o => new PromptRewriting(o)),
    ];
}
