using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class IdealPointsTests
{
    private static readonly IdealPointsOptions s_small = new() { Users = 40, Steps = 400 };

    [Fact]
    public void Run_HiddenTypes_PrototypesReadUnseenUsers()
    {
        var stop = TestContext.Current.CancellationToken;
        var single = new IdealPoints(s_small).Run(100, stop);
        var prototypes = new IdealPoints(s_small with { Method = UserModel.Prototypes }).Run(100, stop);

        Assert.True(prototypes["unseen_accuracy"] > 0.6 && prototypes["unseen_accuracy"] > single["unseen_accuracy"] + 0.03, $"{single["unseen_accuracy"]} {prototypes["unseen_accuracy"]}");
    }

    [Fact]
    public void Run_OneType_OneIdealAnswerIsEnough()
    {
        var measures = new IdealPoints(s_small with { Types = 1 }).Run(101, TestContext.Current.CancellationToken);

        Assert.True(measures["unseen_accuracy"] > 0.8, $"{measures["unseen_accuracy"]}");
    }

    [Fact]
    public void Run_TheSameSeed_GivesTheSameNumbers()
    {
        var options = s_small with { Steps = 20 };
        var stop = TestContext.Current.CancellationToken;

        Assert.Equal(new IdealPoints(options).Run(7, stop), new IdealPoints(options).Run(7, stop));
        Assert.NotEqual(new IdealPoints(options).Run(7, stop), new IdealPoints(options).Run(8, stop));
    }

    [Fact]
    public void Problems_OfBadValues_NamesEach() =>
        Assert.Equal(3, new IdealPointsOptions { Types = 17, Steps = 0, LearningRate = 0 }.Problems().Count());
}
