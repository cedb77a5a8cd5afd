using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class ProtocolStudiesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void JudgeVotes_DrawnOrder_GivesTheSameNumbersAgain()
    {
        var options = new JudgeVotesOptions { Order = AnswerOrder.Drawn, Judges = 4, Items = 12 };

        Assert.Equal(new JudgeVotes(options).Run(100, Stop), new JudgeVotes(options).Run(100, Stop));
        Assert.NotEqual(new JudgeVotes(options).Run(100, Stop), new JudgeVotes(options with { Order = AnswerOrder.Fixed }).Run(100, Stop));
        Assert.Single(new JudgeVotesOptions { Votes = 4 }.Problems());
    }

    [Fact]
    public void StreamCounting_LongStreams_OutgrowAWindow()
    {
        var window = new StreamCounting(new() { Streams = 5 }).Run(100, Stop);
        var events = new StreamCounting(new() { Streams = 5, Memory = StreamMemory.Surprise }).Run(100, Stop);

        Assert.True(events["count_accuracy"] > window["count_accuracy"] + 0.2, $"{events["count_accuracy"]} {window["count_accuracy"]}");
        Assert.True(events["recall"] > window["recall"]);
    }

    [Fact]
    public void ThinkOrNot_Gated_ThinksAboutDistancesAlone()
    {
        var gated = new ThinkOrNot(new() { Thinking = Thinking.Gated }).Run(100, Stop);
        var always = new ThinkOrNot(new()).Run(100, Stop);

        Assert.Equal(1, always["thought"], 1e-9);
        Assert.InRange(gated["thought"], 0.3, 0.8);
        Assert.True(gated["perception"] > always["perception"]);
        Assert.Equal(2, new ThinkOrNotOptions { GroupSize = 1 }.Problems().Count() + new StreamCountingOptions { Rooms = 1 }.Problems().Count());
    }

    [Fact]
    public void SpatialIndex_Levels_FallForTheRules()
    {
        var levels = new SpatialIndex(new() { Rule = IndexRule.Levels, Draws = 30 }).Run(100, Stop);

        Assert.True(levels["level_1"] > levels["level_5"], $"{levels["level_1"]} {levels["level_5"]}");
        Assert.InRange(levels["ordered"], 0.5, 1);
    }

    [Fact]
    public void CriterionFlips_NotTold_IsAtOneHalfWhereTheWinnerTurns()
    {
        var told = new CriterionFlips(new() { Pairs = 600, Items = 200, Reward = CriterionUse.Conditioned }).Run(100, Stop);
        var alone = new CriterionFlips(new() { Pairs = 600, Items = 200 }).Run(100, Stop);

        Assert.Equal(0.5, alone["flipped"], 1e-12);   // the same margin for both criteria
        Assert.True(told["flipped"] > 0.7 && told["with_ties"] > alone["with_ties"], $"{told["flipped"]}");
    }

    [Fact]
    public void StepScoring_TrainedSteps_BeatRandomOnes()
    {
        var steps = new StepScoring(new() { Scorer = StepScorer.Process, Puzzles = 60, Items = 100 }).Run(100, Stop);

        Assert.True(steps["all"] > steps["untrained"] + 0.1, $"{steps["all"]} {steps["untrained"]}");
        Assert.True(steps["items_that_matter"] > 5);
    }

    [Fact]
    public void Problems_OfSeveralBadValues_NamesEachWithItsBound()
    {
        Assert.Equal(["Judges is 2; it is 3 or more.", "Votes is 4; it is odd, 1 or more.", "BetterFirst is 1.5; it is a share, 0 to 1."], new JudgeVotesOptions { Judges = 2, Votes = 4, BetterFirst = 1.5 }.Problems());
        Assert.Equal(["Rewards is 3; it is 4 or more.", "Items is 0; it is 10 or more."], new GradedRewardsOptions { Rewards = 3, Items = 0 }.Problems());
        Assert.Equal(["Noise is NaN; it is a share below 0.5.", "LearningRate is 0; it is above 0."], new TiedWinnersOptions { Noise = double.NaN, LearningRate = 0 }.Problems());
        Assert.Equal(["Weight is NaN; it is 0 or more."], new EditedResponsesOptions { Weight = float.NaN }.Problems());
    }
}
