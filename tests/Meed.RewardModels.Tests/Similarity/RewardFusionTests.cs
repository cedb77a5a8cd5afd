using Meed.RewardModels.Similarity;

namespace Meed.RewardModels.Tests.Similarity;

public class RewardFusionTests
{
    [Fact]
    public void Fuse_TwoNeighbours_WeighsThemBySimilarity()
    {
        var fusion = new RewardFusion([[1, 0], [1, 1], [-1, 0]], [4, 1, 100]);

        // cos 1 and 1/√2: (4 + 1/√2)/(1 + 1/√2); half of it and half of the own 2.
        double mean = (4 + (1 / Math.Sqrt(2))) / (1 + (1 / Math.Sqrt(2)));
        Assert.Equal((2 + mean) / 2, fusion.Fuse([3, 0], 2, 2, 0.5), 1e-6);
        Assert.Equal(2, fusion.Fuse([3, 0], 2, 2, 0), 1e-12);
    }

    [Fact]
    public void Fuse_NothingSimilar_KeepsTheReward() => Assert.Equal(2, new RewardFusion([[1, 0]], [4]).Fuse([-1, 0], 2), 1e-12);

    [Fact]
    public void New_CountsThatDiffer_AreNamed() => Assert.Contains("1 rows of features and 2 scores", Assert.Throws<ArgumentException>(() => new RewardFusion([[1f]], [1, 2])).Message, StringComparison.Ordinal);
}
