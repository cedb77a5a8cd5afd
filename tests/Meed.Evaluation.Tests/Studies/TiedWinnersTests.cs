using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class TiedWinnersTests
{
    [Fact]
    public void Run_AnyMethod_LearnsAndChoosesBetterThanChance()
    {
        var stop = TestContext.Current.CancellationToken;

        foreach (var method in Enum.GetValues<EqualPairs>())
        {
            var measures = new TiedWinners(new TiedWinnersOptions { Method = method, Steps = 200, Candidates = 8 }).Run(100, stop);

            Assert.True(measures["accuracy"] > 0.75, $"{method}: {measures["accuracy"]}");
            Assert.True(measures["gold"] > 0.5, $"{method}: {measures["gold"]}");
            Assert.InRange(measures["spread"], 0.1, 2);
        }
    }

    [Fact]
    public void Run_TheSameSeed_GivesTheSameNumbers()
    {
        var study = new TiedWinners(new TiedWinnersOptions { Steps = 5, Clips = 40, Candidates = 2 });
        var stop = TestContext.Current.CancellationToken;

        Assert.Equal(study.Run(7, stop), study.Run(7, stop));
        Assert.NotEqual(study.Run(7, stop), study.Run(8, stop));
    }

    [Fact]
    public void Problems_OfBadValues_NamesEach() => Assert.Equal(3, new TiedWinnersOptions { Clips = 1, Noise = 0.6, Margin = -1 }.Problems().Count());
}
