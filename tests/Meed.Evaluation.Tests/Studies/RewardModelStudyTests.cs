using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class RewardModelStudyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The same options and seed give the same numbers, another seed gives others.
    private static IReadOnlyDictionary<string, double> Repeats(IStudy study, ulong seed = 100)
    {
        var measures = study.Run(seed, Stop);
        Assert.Equal(measures, study.Run(seed, Stop));
        Assert.NotEqual(measures, study.Run(seed + 1, Stop));
        Assert.All(measures.Values, v => Assert.True(double.IsFinite(v)));
        return measures;
    }

    [Fact]
    public void VariationalUsers_OneGoal_NeedsNoLatentAndFindsIt()
    {
        var measures = Repeats(new VariationalUsers(new VariationalUsersOptions { Goals = 1, Users = 40, Steps = 150 }));

        Assert.True(measures["unseen_accuracy"] > 0.85 && measures["goal_distance"] < 0.4, string.Join(" ", measures));
    }

    [Fact]
    public void VariationalUsers_FourGoals_InferenceBeatsTheAverage()
    {
        var options = new VariationalUsersOptions { Users = 100, Steps = 300 };

        Assert.True(new VariationalUsers(options with { Method = UserLatent.Inferred }).Run(100, Stop)["unseen_accuracy"] > new VariationalUsers(options).Run(100, Stop)["unseen_accuracy"] + 0.05);
    }

    [Fact]
    public void EnsembleHacking_MoreCandidates_WidenTheGapBetweenProxyAndGold()
    {
        var options = new EnsembleHackingOptions { Size = 2, Pairs = 200, Steps = 100, Candidates = 64 };
        var many = Repeats(new EnsembleHacking(options));
        var few = new EnsembleHacking(options with { Candidates = 2 }).Run(100, Stop);

        Assert.True(many["accuracy"] > 0.65 && many["best_of_n_gold"] > few["best_of_n_gold"] && many["proxy_gap"] > few["proxy_gap"], string.Join(" ", many));
    }

    [Fact]
    public void EnsembleHacking_OneMember_IsTheSameUnderEveryAggregate()
    {
        var options = new EnsembleHackingOptions { Size = 1, Pairs = 100, Steps = 30, Candidates = 8 };
        var mean = new EnsembleHacking(options).Run(1, Stop);

        Assert.Equal(mean, new EnsembleHacking(options with { Aggregate = MemberAggregate.Minimum }).Run(1, Stop));
        Assert.Equal(mean, new EnsembleHacking(options with { Aggregate = MemberAggregate.MeanMinusDeviation }).Run(1, Stop));
        Assert.Equal(mean, new EnsembleHacking(options with { Members = MemberSeeds.Pretraining }).Run(1, Stop));
    }

    [Fact]
    public void SparseHeadEdits_SparseFeature_TurnsItsPreferencesAlone()
    {
        var options = new SparseHeadEditsOptions { Attributes = 12, Width = 32, Features = 48, Pairs = 500, Steps = 500 };
        var sparse = Repeats(new SparseHeadEdits(options with { Method = EditedHead.Sparse }));
        var dense = new SparseHeadEdits(options).Run(100, Stop);

        Assert.True(sparse["accuracy"] > 0.9 && dense["accuracy"] > 0.9);
        Assert.True(sparse["edit_selectivity"] > dense["edit_selectivity"] + 0.2, $"{sparse["edit_selectivity"]} {dense["edit_selectivity"]}");
    }

    [Fact]
    public void CritiqueFirst_WrittenVerdicts_TeachMoreThanLabels()
    {
        var options = new CritiqueFirstOptions { Pairs = 200, Steps = 150 };
        var critic = Repeats(new CritiqueFirst(options with { Method = CritiqueUse.First }));

        Assert.True(critic["verdict_accuracy"] > 0.85 && critic["accuracy"] > new CritiqueFirst(options).Run(100, Stop)["accuracy"], string.Join(" ", critic));
    }

    [Fact]
    public void CaptionPairs_SightAndStages_TeachWhatTheyShow()
    {
        var options = new CaptionPairsOptions { Pairs = 800, Steps = 400, Hidden = 32 };
        var staged = Repeats(new CaptionPairs(options));
        var blind = new CaptionPairs(options with { Sight = Sight.TextOnly }).Run(100, Stop);
        var multimodal = new CaptionPairs(options with { Stages = PairStages.MultimodalOnly }).Run(100, Stop);

        Assert.True(staged["multimodal_accuracy"] > 0.85 && staged["text_accuracy"] > 0.8 && staged["best_of_n_gold"] > 1.8, string.Join(" ", staged));
        Assert.InRange(blind["multimodal_accuracy"], 0.4, 0.6);
        Assert.True(multimodal["text_accuracy"] < staged["text_accuracy"] - 0.1);
        Assert.Equal(Math.Min(staged["multimodal_accuracy"], staged["text_accuracy"]), staged["worse_accuracy"]);
    }

    [Fact]
    public void CrossPromptArtefact_ArtefactInTraining_MovesTheLabelledPoolMore()
    {
        var options = new CrossPromptArtefactOptions { Steps = 400 };
        var labelled = Repeats(new CrossPromptArtefact(options));
        var mixed = new CrossPromptArtefact(options with { Method = ComparisonPool.CrossPrompt }).Run(100, Stop);
        var even = new CrossPromptArtefact(options with { Artefact = 0.5, ArtefactInTest = 0.5 }).Run(100, Stop);

        Assert.True(mixed["accuracy"] > labelled["accuracy"] + 0.05 && mixed["longer_share"] < labelled["longer_share"] - 0.05, $"{string.Join(" ", labelled)} {string.Join(" ", mixed)}");
        Assert.True(even["accuracy"] > labelled["accuracy"] + 0.05, string.Join(" ", even));
        Assert.InRange(even["longer_share"], 0.4, 0.6);
        Assert.InRange(mixed["added"], 1, 7.5);
        Assert.Equal(0, labelled["added"]);
    }

    [Fact]
    public void ExpertRounds_DetailsAndNoise_LeaveFewerAgreedPairs()
    {
        var options = new ExpertRoundsOptions { Pairs = 400, Steps = 300, Details = 0 };
        var noisy = Repeats(new ExpertRounds(options));
        var clear = new ExpertRounds(options with { ExpertNoise = 0 }).Run(100, Stop);
        var details = new ExpertRounds(options with { ExpertNoise = 0, Details = 1 }).Run(100, Stop);

        Assert.True(clear["agreed_share"] > noisy["agreed_share"] + 0.1 && clear["accuracy"] > noisy["accuracy"], $"{string.Join(" ", clear)} {string.Join(" ", noisy)}");
        Assert.True(details["agreed_share"] < clear["agreed_share"] / 2, string.Join(" ", details));
        Assert.NotEqual(noisy["accuracy"], new ExpertRounds(options with { Method = DisputedPairs.AnsweredAgain }).Run(100, Stop)["accuracy"]);
    }

    [Fact]
    public void GoalStates_WithTheContrast_CutTracesTellTheirEnd()
    {
        var options = new GoalStatesOptions { Pairs = 100, Steps = 150, Method = StateLoss.GoalContrast };
        var measures = Repeats(new GoalStates(options));

        Assert.True(measures["auroc"] > 0.75 && measures["partial_auroc"] > 0.6, string.Join(" ", measures));
    }

    [Fact]
    public void MendedSteps_MergedUnits_SeeWhatWasMended()
    {
        var options = new MendedStepsOptions { Errors = 0.7, Derivations = 200, Steps = 300 };
        var merged = Repeats(new MendedSteps(options with { Method = StepUnits.Merged }));
        var single = new MendedSteps(options).Run(100, Stop);

        Assert.True(merged["auroc"] > single["auroc"] && merged["best_of_n_right"] > 0.2, $"{string.Join(" ", merged)} {string.Join(" ", single)}");
    }

    [Fact]
    public void TreeSampling_MoreLabels_RankBetter()
    {
        var few = Repeats(new TreeSampling(new TreeSamplingOptions { Method = AnswerSampling.Tree, Prompts = 5, Steps = 200 }));
        var many = new TreeSampling(new TreeSamplingOptions { Method = AnswerSampling.Tree, Prompts = 80, Steps = 200 }).Run(100, Stop);

        Assert.True(many["accuracy"] > few["accuracy"] + 0.05 && many["best_of_n_gold"] > few["best_of_n_gold"], $"{few["accuracy"]} {many["accuracy"]}");
    }

    [Fact]
    public void TreeSampling_ComparersOfStrongTaste_TeachLess()
    {
        var options = new TreeSamplingOptions { Prompts = 80, Steps = 200 };

        Assert.True(new TreeSampling(options with { Taste = 10 }).Run(100, Stop)["accuracy"] < Repeats(new TreeSampling(options))["accuracy"] - 0.05);
    }

    [Fact]
    public void CaptionPairs_OnAFrozenBackbone_OnlyTwoLayersTellAgreement()
    {
        var options = new CaptionPairsOptions { Pairs = 500, Steps = 400, BackboneSteps = 300 };
        double linear = new CaptionPairs(options with { Head = RewardModels.Networks.HeadKind.Linear }).Run(100, Stop)["multimodal_accuracy"];

        Assert.True(Repeats(new CaptionPairs(options))["multimodal_accuracy"] > linear + 0.05, $"{linear}");
    }

    [Fact]
    public void Problems_OfBadValues_NameEach()
    {
        Assert.Equal(2, new VariationalUsersOptions { Users = 0, Beta = -1 }.Problems().Count());
        Assert.Single(new EnsembleHackingOptions { Size = 0 }.Problems());
        Assert.Single(new SparseHeadEditsOptions { Pairs = 0 }.Problems());
        Assert.Single(new CritiqueFirstOptions { Statements = 0 }.Problems());
        Assert.Equal(3, new CaptionPairsOptions { Steps = 0, BackboneSteps = -1, Head = RewardModels.Networks.HeadKind.Attention }.Problems().Count());
        Assert.Equal(2, new CrossPromptArtefactOptions { Steps = 0, Artefact = 2 }.Problems().Count());
        Assert.Single(new CrossPromptArtefactOptions { Beside = 1 }.Problems());
        Assert.Equal(2, new ExpertRoundsOptions { Answers = 0, Details = 2 }.Problems().Count());
        Assert.Single(new Meed.Evaluation.Studies.Captions.SegmentFeedbackOptions { Weights = [1, 2] }.Problems());
        Assert.Equal(4, new GoalStatesOptions { Pairs = 0, Weight = -1, Width = 1, Errors = 0 }.Problems().Count());
        Assert.Equal(2, new MendedStepsOptions { Steps = 0, Errors = 2 }.Problems().Count());
        Assert.Equal(3, new TreeSamplingOptions { Prompts = 0, Branching = 1, Taste = -1 }.Problems().Count());
    }
}
