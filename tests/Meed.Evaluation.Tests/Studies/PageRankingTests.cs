using Meed.Evaluation.Studies;

namespace Meed.Evaluation.Tests.Studies;

public class PageRankingTests
{
    [Theory]
    [InlineData(PageReward.Page)]
    [InlineData(PageReward.Items)]
    [InlineData(PageReward.Mixed)]
    public void Run_AnyReward_RanksFarBetterThanChance(PageReward method)
    {
        // A random order of ten items has an NDCG near 0.8 here.
        var measures = new PageRanking(new PageRankingOptions { Method = method, Queries = 100, Steps = 60 }).Run(100, TestContext.Current.CancellationToken);

        Assert.True(measures["ndcg"] > 0.9, $"{measures["ndcg"]}");
    }

    [Fact]
    public void Run_TheSameSeed_GivesTheSameNumbers()
    {
        var study = new PageRanking(new PageRankingOptions { Queries = 10, ScorerSteps = 5, Steps = 2, BatchSize = 2 });
        var stop = TestContext.Current.CancellationToken;

        Assert.Equal(study.Run(7, stop), study.Run(7, stop));
        Assert.NotEqual(study.Run(7, stop), study.Run(8, stop));
    }

    [Fact]
    public void Run_IdealFeatures_AreFoundFromClicks()
    {
        // A random order of ten items of this relevance has an NDCG near 0.6.
        var measures = new PageRanking(new PageRankingOptions { Method = PageReward.Mixed, Queries = 100, Steps = 60, Ideals = 3, Exchanges = 4 }).Run(100, TestContext.Current.CancellationToken);

        Assert.True(measures["ndcg"] > 0.8, $"{measures["ndcg"]}");
    }

    [Fact]
    public void Problems_OfBadValues_NamesEach() => Assert.Equal(5, new PageRankingOptions { Queries = 0, Samples = 1, LearningRate = 0, Exchanges = 0, Ideals = -1 }.Problems().Count());
}
