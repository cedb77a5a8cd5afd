using Meed.Evaluation.Studies.Captions;
using Meed.Evaluation.Studies.Clips;
using Meed.Rewards;

namespace Meed.Evaluation.Studies;

/// <summary>The catalog lines of studies, by name.</summary>
internal static class StudyEntries
{
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        StudyEntry.Of<BenchSectionsOptions>("bench-sections", "A stand-in of RewardBench: length, or a trained reward, in its sections.", o => new BenchSections(o)),
        StudyEntry.Of<CaptionPairsOptions>("caption-pairs", "Captions of scenes and texts without one: what the model sees, its head, the stages of its training.", o => new CaptionPairs(o)),
        StudyEntry.Of<CaptionPreferencesOptions>("caption-preferences", "A reward model over picture and text: every comparison, none won by mere length, or texts alone in a second stage.", o => new CaptionPreferences(o)),
        StudyEntry.Of<CaptionSpansOptions>("caption-spans", "The best of a few captions by a model told which spans are wrong, or whether the whole is.", o => new CaptionSpans(o)),
        StudyEntry.Of<CipherLanguagesOptions>("cipher-languages", "A reward in English and in a made-up language of ample or scarce data.", o => new CipherLanguages(o)),
        StudyEntry.Of<CriterionFlipsOptions>("criterion-flips", "Pairs whose winner turns with the criterion: a reward that is told it, or not.", o => new CriterionFlips(o)),
        StudyEntry.Of<CritiqueFirstOptions>("critique-first", "Answers of right and wrong statements: a score at once, or a critique first.", o => new CritiqueFirst(o)),
        StudyEntry.Of<CrossPromptArtefactOptions>("cross-prompt-artefact", "Length goes with the preferred side in training only; responses to other prompts are added or not.", o => new CrossPromptArtefact(o)),
        StudyEntry.Of<EditedResponsesOptions>("edited-responses", "A reward on edited responses, trained with consistency or without.", o => new EditedResponses(o)),
        StudyEntry.Of<EnsembleHackingOptions>("ensemble-hacking", "Best of many by ensembles whose members differ in fine-tuning or in pretraining, judged by gold.", o => new EnsembleHacking(o)),
        StudyEntry.Of<ExpertRoundsOptions>("expert-rounds", "A judge learns from pairs on which experts agree, and from its own answers to the others.", o => new ExpertRounds(o)),
        StudyEntry.Of<GoalStatesOptions>("goal-states", "Traces read step by step: preferences alone, or with a contrast to later states.", o => new GoalStates(o)),
        StudyEntry.Of<GradedRewardsOptions>("graded-rewards", "Rewards of graded quality: does the figure of a protocol say which is worth optimising?", o => new GradedRewards(o)),
        StudyEntry.Of<IdealPointsOptions>("ideal-points", "Users of hidden tastes: one ideal answer for all, or mixtures of prototypes.", o => new IdealPoints(o)),
        StudyEntry.Of<JudgeVotesOptions>("judge-votes", "Toy judges of pictures: does accuracy with drawn order say who is good at best-of-n?", o => new JudgeVotes(o)),
        StudyEntry.Of<MendedStepsOptions>("mended-steps", "Derivations whose errors are sometimes mended: single steps or merged neighbours are judged.", o => new MendedSteps(o)),
        StudyEntry.Of<NearPromptsOptions>("near-prompts", "Prompts that differ in one word: consistency without and with remedies.", o => new NearPrompts(o)),
        StudyEntry.Of<PageRankingOptions>("page-ranking", "Rankings learned from simulated clicks by a page scorer, an item scorer, or both.", o => new PageRanking(o)),
        StudyEntry.Of<PhoneChecksOptions>("phone-checks", "Episodes at a simulated phone: success by the agent's word, or by the phone's state.", o => new PhoneChecks(o)),
        StudyEntry.Of<ProbedAttributesOptions>("probed-attributes", "Reward models trained on one or six attributes, probed for all six.", o => new ProbedAttributes(o)),
        StudyEntry.Of<SegmentFeedbackOptions>("segment-feedback", "A captioner rewarded at the end of each segment, or once for the whole caption.", o => new SegmentFeedback(o)),
        StudyEntry.Of<SelfReportsOptions>("self-reports", "A tiny transformer states the weights it chooses by; trained on shuffled or true reports.", o => new SelfReports(o)),
        StudyEntry.Of<SparseHeadEditsOptions>("sparse-head-edits", "One weight of a dense or a sparse reward head is turned: which preferences turn with it?", o => new SparseHeadEdits(o)),
        StudyEntry.Of<SpatialIndexOptions>("spatial-index", "Five levels of questions about clips: exact share, or each type's metric merged by level.", o => new SpatialIndex(o)),
        StudyEntry.Of<StepScoringOptions>("step-scoring", "Choosing answers to picture puzzles by a scorer of wholes or of steps.", o => new StepScoring(o)),
        StudyEntry.Of<StreamCountingOptions>("stream-counting", "Counting over long streams: the last frames, or events cut at surprises.", o => new StreamCounting(o)),
        StudyEntry.Of<ThinkOrNotOptions>("think-or-not", "Grid tasks in four levels: always think, or where the gated reward taught it.", o => new ThinkOrNot(o)),
        StudyEntry.Of<TiedWinnersOptions>("tied-winners", "A clip reward model from noisy labels, equal labels left out or pulled together, under best-of-n.", o => new TiedWinners(o)),
        StudyEntry.Of<TreeSamplingOptions>("tree-sampling", "A reward of sequences from answers that share beginnings or do not.", o => new TreeSampling(o)),
        StudyEntry.Of<ValueNeuronsOptions>("value-neurons", "A transformer of sums with random units, or those of its value probe, at zero.", o => new ValueNeurons(o)),
        StudyEntry.Of<VariationalUsersOptions>("variational-users", "Users with goals of their own: one reward for all, or one for a vector inferred from a few pairs.", o => new VariationalUsers(o)),
        .. ClipEntries.All,
    ];
}
