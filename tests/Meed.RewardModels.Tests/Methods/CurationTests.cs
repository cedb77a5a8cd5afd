using Meed.Numerics;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Data;
using Meed.Rewards;

namespace Meed.RewardModels.Tests.Methods;

public class CurationTests
{
    private static PreferenceRow Row(string prompt, string chosen, string rejected) => new() { Prompt = [new Message("user", prompt)], Responses = [new RatedResponse { Text = chosen }, new RatedResponse { Text = rejected }], Pairs = [new PreferencePair(0, 1)] };

    [Fact]
    public void CrossPrompt_ThreeRows_GiveEightWinsAndSixTiesUnderTheFirstPrompt()
    {
        var rows = CrossPromptPairs.Augment(Row("a", "a+", "a-"), Row("b", "b+", "b-"), Row("c", "c+", "c-")).ToList();

        Assert.Equal(14, rows.Count);
        Assert.All(rows, r => Assert.Equal("a", r.Prompt[0].Content));
        Assert.Equal(["a+>b+", "a+>b-", "a+>c+", "a+>c-", "a->b+", "a->b-", "a->c+", "a->c-"], rows.Take(8).Select(r => $"{r.Responses[0].Text}>{r.Responses[1].Text}"));
        Assert.All(rows.Take(8), r => Assert.Equal(1, r.Pairs[0].Probability));
        Assert.Equal(["b+=b-", "b+=c+", "b+=c-", "b-=c+", "b-=c-", "c+=c-"], rows.Skip(8).Select(r => $"{r.Responses[0].Text}={r.Responses[1].Text}"));
        Assert.All(rows.Skip(8), r => Assert.True(r.Pairs[0].IsTie));
    }

    [Theory]
    [InlineData(0.79, 1, true)]
    [InlineData(0.81, 1, false)]
    [InlineData(0.1, 1, true)]
    [InlineData(0.25, 0.5, true)]
    [InlineData(0.75, 0.5, true)]
    [InlineData(0.6, 0.5, false)]
    public void CrossPromptKeeps_PredictionNearTheLabel_IsLeftOut(double predicted, double label, bool kept) => Assert.Equal(kept, CrossPromptPairs.Keeps(predicted, label));

    [Fact]
    public void Vote_PairsOfRisingStrength_AreFlippedSoftenedOrGivenAMargin()
    {
        double[][] margins = [[2, 4], [-3, -1], [0.2, -0.2], [1, 1], [5, 5], [-0.5, -0.3], [0.5, 0.5], [3, 3], [2, 2], [1.5, 2.5]];
        var labels = StrengthVoting.Vote(margins, flip: 0.1, soften: 0.2);

        Assert.Equal(new VotedLabel(-2, 1, 0, 0), labels[1]);
        Assert.Equal(0.5, labels[5].Probability);                          // weak against the label: no more than undecided
        Assert.Equal(0.5, labels[2].Probability, 1e-12);
        Assert.Equal((1.0, 3.0, 1.0), (labels[0].Probability, labels[0].Margin, labels[0].Deviation));
    }

    [Fact]
    public void Vote_FlippedLabelsInNoise_AreFound()
    {
        // 500 pairs of true margin N(1, 1) seen by 4 models with noise 1; 20 % of the labels are turned round.
        var random = new RandomStream(3);
        bool[] wrong = [.. Enumerable.Range(0, 500).Select(_ => random.NextBool(0.2))];
        double[][] margins = [.. wrong.Select(w => Math.Abs(1 + random.NextNormal()) is var m ? Enumerable.Range(0, 4).Select(_ => (w ? -m : m) + (0.5 * random.NextNormal())).ToArray() : [])];
        var labels = StrengthVoting.Vote(margins, flip: 0.2, soften: 0);

        int right = Enumerable.Range(0, 500).Count(i => wrong[i] == (labels[i].Probability == 0));
        Assert.True(right > 450, $"{right} of 500");
    }

    [Fact]
    public void Units_MendedMistake_EarnsCreditWhenMerged()
    {
        var units = StepMerging.Units([1, 0, 1, double.NaN], 2).ToList();

        Assert.Equal([new(0, 1, 1), new(1, 1, 0), new(2, 1, 1), new(0, 2, 0), new(1, 2, 1)], units);
    }

    [Fact]
    public void LeafShares_SearchTree_AreSharesOfRightLeaves()
    {
        //        0
        //      1   2
        //    3  4   5
        Assert.Equal([2 / 3.0, 0.5, 1, 1, 0, 1], StepMerging.LeafShares([-1, 0, 0, 1, 1, 2], [false, false, false, true, false, true]));
        Assert.Equal([0, 1, 2, 3, 4, 2], StepMerging.Fuse([-1, 0, 0, 1, 1, 2], 1, new RandomStream(1)));
        Assert.Equal([0, 1, 2, 3, 4, 5], StepMerging.Fuse([-1, 0, 0, 1, 1, 2], 0, new RandomStream(1)));
    }

    [Fact]
    public void InferenceDistance_SeriesAndParallelPaths_AddLikeResistances()
    {
        // 0 -1- 1 -1- 2 and 0 -2- 2: 1 + 1 beside 2 is 1.
        (int, int, double)[] edges = [(0, 1, 1), (1, 2, 1), (0, 2, 2)];

        Assert.Equal(1, InferenceDistance.Between(3, edges, 0, 2), 1e-12);
        Assert.Equal(0.75, InferenceDistance.Between(3, edges, 0, 1), 1e-12);
        Assert.Equal(double.PositiveInfinity, InferenceDistance.Between(3, [(0, 1, 1)], 0, 2));
        Assert.Equal((1 + 0.75 + 0.75) / 3, InferenceDistance.Mean(3, edges), 1e-12);
    }

    [Fact]
    public void Tree_BranchesAndDepth_ShareBeginnings()
    {
        int next = 0;
        var leaves = PreferenceTree.Leaves<int>(2, 3, (_, _) => next++, new RandomStream(1));

        Assert.Equal(8, leaves.Count);
        Assert.Equal(leaves[0].Take(2), leaves[1].Take(2));
        Assert.NotEqual(leaves[0][0], leaves[4][0]);
        Assert.Equal(28, PreferenceTree.Pairs(8, 100, new RandomStream(1)).Distinct().Count());
    }

    [Fact]
    public void Judge_MarginsOfTwoModels_KeepFlipOrDrop()
    {
        Assert.Equal(CurationVerdict.Keep, ConsistencyCuration.Judge(0.2, 1));
        Assert.Equal(CurationVerdict.Flip, ConsistencyCuration.Judge(-2, -1.2));
        Assert.Equal(CurationVerdict.Drop, ConsistencyCuration.Judge(-2, -1));     // σ(1) = 0.73 is below 0.75
        Assert.Equal(CurationVerdict.Drop, ConsistencyCuration.Judge(-2, 1));
        Assert.Equal([2, 0], ConsistencyCuration.Retrieve([[1f, 0f]], [[1f, 0.2f], [0f, 1f], [2f, 0f]], 2));
    }

    [Fact]
    public void Agreement_ExpertsAndOutputs_MakePairs()
    {
        Assert.Equal((1, -1, 0), (ExpertAgreement.Of([1, 2]), ExpertAgreement.Of([-1, -2]), ExpertAgreement.Of([1, 0])));
        Assert.Equal((2, 1), ExpertAgreement.Select([0.5, 0.1, 0.9]));
        Assert.Null(ExpertAgreement.Select([0.5, 0.5], 0));
    }

    [Fact]
    public void Pages_ClicksAndSwaps_MakePairsAndGains()
    {
        PageRewards.Page[] pages = [new([1, 2, 3], [1, 0, 0]), new([2, 1, 3], [0, 1, 0]), new([3, 1, 2], [0, 0, 0])];

        Assert.Equal([(0, 1), (0, 2), (1, 2)], PageRewards.Lists(pages));
        Assert.Equal([(1, 2)], PageRewards.Swaps(pages).Take(1));
        Assert.Equal(1, PageRewards.Ndcg([3, 2, 1]));
        Assert.Equal((1 + (3 / Math.Log2(3))) / (3 + (1 / Math.Log2(3))), PageRewards.Ndcg([1, 3]), 1e-12);
        Assert.Equal(0.75, PageRewards.Mixed(1, [0.5, 0.5]), 1e-12);
    }
}
