using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class BenchStudiesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void BenchSections_Length_CollapsesWhereTheWorseIsLonger()
    {
        var length = new BenchSections(new() { Items = 20 }).Run(100, Stop);

        Assert.Equal((1.0, 0.0), (length["chat"], length["chat_hard"]));
        Assert.Equal(0, length["safety"]);   // who obeys says more
        Assert.Single(new BenchSectionsOptions { Items = 2 }.Problems());
    }

    [Fact]
    public void BenchSections_Trained_KnowsWhatItLearned()
    {
        var trained = new BenchSections(new() { Scorer = BenchedScorer.BradleyTerry, Pairs = 600, Steps = 150, Items = 30 }).Run(100, Stop);

        Assert.True(trained["chat_hard"] > 0.7 && trained["score"] > 0.7, $"{trained["chat_hard"]} {trained["score"]}");
    }

    [Fact]
    public void GradedRewards_FourAnswers_AreHarderThanTwo()
    {
        var options = new GradedRewardsOptions { Rewards = 4, Steps = 40, Items = 30 };

        Assert.True(new GradedRewards(options).Run(100, Stop)["accuracy"] > new GradedRewards(options with { Protocol = BenchProtocol.BestOfFour }).Run(100, Stop)["accuracy"]);
    }

    [Fact]
    public void NearPrompts_Plain_IsAtOneHalf() => Assert.InRange(new NearPrompts(new() { Pairs = 200, Steps = 60, Contrasts = 60 }).Run(100, Stop)["consistency"], 0.4, 0.6);

    [Fact]
    public void CipherLanguages_TheSameSeed_GivesTheSameNumbers()
    {
        var options = new CipherLanguagesOptions { Pairs = 100, Steps = 20 };
        var once = new CipherLanguages(options).Run(100, Stop);

        Assert.Equal(once, new CipherLanguages(options).Run(100, Stop));
        Assert.True(once["kappa"] < 1);
    }

    [Fact]
    public void EditedResponses_Consistent_GivesOtherWeightsThanPlain()
    {
        var options = new EditedResponsesOptions { Pairs = 200, Steps = 60, Test = 60 };

        Assert.NotEqual(new EditedResponses(options).Run(100, Stop), new EditedResponses(options with { Training = EditTraining.Consistent }).Run(100, Stop));
    }

    [Fact]
    public void ProbedAttributes_TrainedOnAll_AreReadBetter()
    {
        var options = new ProbedAttributesOptions { Responses = 300, Steps = 150 };

        Assert.True(new ProbedAttributes(options with { Attributes = TrainedAttributes.All }).Run(100, Stop)["probe_accuracy"] > new ProbedAttributes(options).Run(100, Stop)["probe_accuracy"]);
    }

    [Fact]
    public void PhoneChecks_State_AgreesWithTheScript()
    {
        Assert.Equal(1, new PhoneChecks(new() { Check = PhoneCheck.State, Episodes = 300 }).Run(100, Stop)["agreement"], 1e-9);
        Assert.InRange(new PhoneChecks(new() { Episodes = 300 }).Run(100, Stop)["agreement"], 0.4, 0.7);
    }

    [Fact]
    public void ValueNeurons_AndSelfReports_GiveTheSameNumbersAgain()
    {
        var neurons = new ValueNeuronsOptions { Steps = 10, Width = 16, Sums = 50 };
        var reports = new SelfReportsOptions { Roles = 10, ChoiceSteps = 5, ReportSteps = 5 };

        Assert.Equal(new ValueNeurons(neurons).Run(100, Stop), new ValueNeurons(neurons).Run(100, Stop));
        Assert.Equal(new SelfReports(reports).Run(100, Stop), new SelfReports(reports).Run(100, Stop));
        Assert.Equal(2, new ValueNeuronsOptions { Width = 12 }.Problems().Count() + new SelfReportsOptions { Roles = 3 }.Problems().Count());
    }
}
