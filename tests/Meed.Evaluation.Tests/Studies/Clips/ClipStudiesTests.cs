using Meed.Evaluation.Studies;
using Meed.Evaluation.Studies.Clips;
using Meed.Numerics;
using Meed.Tasks.Clips;

namespace Meed.Evaluation.Tests.Studies.Clips;

/// <summary>Every study of clips and pictures: the same numbers again, the world's own bounds, and the mechanism's effect where it is large.</summary>
public class ClipStudiesTests
{
    private static readonly Dictionary<string, Func<bool, IStudy>> s_small = new()
    {
        ["clip-grades"] = on => new ClipGrades(new ClipGradesOptions { Method = on ? GradeData.Counterfactual : GradeData.Successes, Clips = 40, Steps = 120 }),
        ["progress-critic"] = on => new ProgressCritic(new ProgressCriticOptions { Method = on ? CriticReward.Delta : CriticReward.Sparse, Clips = 20, Steps = 60, Episodes = 10 }),
        ["goal-similarity"] = on => new GoalSimilarity(new GoalSimilarityOptions { Method = on ? GoalLoss.Value : GoalLoss.Contrast, Clips = 60, Steps = 80, Episodes = 5 }),
        ["motion-words"] = on => new MotionWords(new MotionWordsOptions { Method = on ? ClipCode.Motion : ClipCode.Frames, Clips = 120, Steps = 120 }),
        ["stage-labels"] = on => new StageLabels(new StageLabelsOptions { Method = on ? ProgressLabel.Stages : ProgressLabel.FrameIndex, Clips = 20, Steps = 60 }),
        ["hop-estimates"] = on => new HopEstimates(new HopEstimatesOptions { Method = on ? ProgressEstimate.Hops : ProgressEstimate.FrameIndex, Clips = 20, Steps = 60 }),
        ["stage-rewards"] = on => new StageRewards(new StageRewardsOptions { Method = on ? DemonstratedReward.Stages : DemonstratedReward.GoalFrame, Shadow = 0.1f }),
        ["goal-words"] = on => new GoalWords(new GoalWordsOptions { Method = on ? GoalReward.Baseline : GoalReward.Cosine, Pictures = 100, Steps = 60, Lights = 1 }),
        ["imagined-plans"] = on => new ImaginedPlans(new ImaginedPlansOptions { Method = on ? WorldData.Mixed : WorldData.Expert, Transitions = 400, Steps = 60 }),
        ["alike-clips"] = on => new AlikeClips(new AlikeClipsOptions { Method = on ? FeatureSource.Similarity : FeatureSource.Autoencoder, Clips = 60, Queries = 60, Steps = 60 }),
        ["aspect-heads"] = on => new AspectHeads(new AspectHeadsOptions { Method = on ? AspectModel.Gated : AspectModel.Single, Pairs = 40, Steps = 60 }),
        ["inverse-rewards"] = on => new InverseRewards(new InverseRewardsOptions { Method = on ? InverseModel.Trained : InverseModel.Random, Labelled = 100, Steps = 3 }),
        ["rewritten-instructions"] = on => new RewrittenInstructions(new RewrittenInstructionsOptions { Method = on ? NegativeSource.Rewritten : NegativeSource.Drawn, Clips = 30, Steps = 30 }),
        ["action-preferences"] = on => new ActionPreferences(new ActionPreferencesOptions { Method = on ? ChunkTraining.Preferences : ChunkTraining.Cloning, Demonstrations = 60, Motion = 200, Steps = 20 }),
        ["noised-pictures"] = on => new NoisedPictures(new NoisedPicturesOptions { Method = on ? NoiseLoss.Probit : NoiseLoss.Logistic, Pairs = 60, Steps = 10 }),
        ["caption-shares"] = on => new CaptionShares(new CaptionSharesOptions { Method = on ? CaptionReward.Share : CaptionReward.Raw, Pictures = 100, Steps = 40, Candidates = 4 }),
        ["prompt-rewriting"] = on => new PromptRewriting(new PromptRewritingOptions { Method = on ? RewriterTraining.Reward : RewriterTraining.Imitation, Steps = 20 }),
    };

    // These train a frozen part of fixed size first.
    private static readonly string[] s_slow = ["inverse-rewards", "imagined-plans", "noised-pictures", "action-preferences", "prompt-rewriting", "alike-clips", "aspect-heads"];

    public static TheoryData<string> Quick => [.. s_small.Keys.Except(s_slow)];

    public static TheoryData<string> Slow => [.. s_slow];

    [Theory]
    [MemberData(nameof(Quick))]
    public void Run_TheSameSeed_GivesTheSameFiniteNumbers(string name) => Repeat(name);

    [Theory]
    [Trait("Tier", "long")]
    [MemberData(nameof(Slow))]
    public void Run_TheSameSeedOfASlowStudy_GivesTheSameFiniteNumbers(string name) => Repeat(name);

    private static void Repeat(string name)
    {
        var stop = TestContext.Current.CancellationToken;
        var first = s_small[name](true).Run(7, stop);

        Assert.All(first.Values, v => Assert.True(double.IsFinite(v)));
        Assert.Equal(first, s_small[name](true).Run(7, stop));
        Assert.NotEqual(first, s_small[name](false).Run(7, stop));
    }

    [Theory]
    [InlineData("clip-grades", "failure_mae", -1)]
    [InlineData("goal-similarity", "order_correlation", 0.1)]
    [InlineData("motion-words", "verb_accuracy", 0.1)]
    public void Run_MechanismOn_ChangesTheMeasure(string name, string measure, double by)
    {
        var stop = TestContext.Current.CancellationToken;
        double gain = s_small[name](true).Run(100, stop)[measure] - s_small[name](false).Run(100, stop)[measure];

        Assert.True(Math.Sign(gain) == Math.Sign(by) && Math.Abs(gain) > Math.Abs(by), $"{gain}");
    }

    [Fact]
    public void RoomLearner_PaidByNearness_ArrivesFromEverywhere()
    {
        var world = new ClipWorld(new ClipOptions(), new RandomStream(1));
        int goal = world.Objects[0];
        double Success(int episodes, Func<int, Func<int, bool, double>> pay) => RoomLearner.Success(world, goal, episodes, pay, new RandomStream(2), TestContext.Current.CancellationToken);
        Func<int, bool, double> Nearness(int start)
        {
            int before = world.Steps(start, goal);
            return (cell, _) =>
            {
                int now = world.Steps(cell, goal), nearer = before - now;
                before = now;
                return nearer;
            };
        }

        Assert.True(Success(200, Nearness) > 0.95);
        Assert.True(Success(200, _ => (_, arrived) => arrived ? 1 : 0) > 0.9);
        Assert.True(Success(200, _ => (_, arrived) => arrived ? -1 : 0) < 0.3);
    }

    [Fact]
    public void Run_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(() => s_small["clip-grades"](true).Run(0, new CancellationToken(true)));

    [Fact]
    public void Problems_OfBadValues_NamesEach() => Assert.Equal(3, new ClipGradesOptions { Clips = 0, Steps = 0, LearningRate = 0 }.Problems().Count());
}
