using Meed.Numerics;
using Meed.Objectives.Metrics;

namespace Meed.Objectives.Tests;

public class ReduceEdgeTests
{
    // One row, one counted token of value 6 and one that is not counted; length 1.
    [Theory]
    [InlineData(TokenReduction.TokenMean)]
    [InlineData(TokenReduction.SequenceMean)]
    [InlineData(TokenReduction.SequenceSum)]
    [InlineData(TokenReduction.ConstantLength)]
    public void Tokens_OneCountedToken_IsItsValue(TokenReduction reduction)
    {
        Assert.Equal(6f, Reduce.Tokens(Tensor.From([6f, 100], 1, 2), [true, false], reduction, length: 1).Item());
    }

    // The same token as a part of a batch with 3 counted rows and 8 counted tokens; length 4.
    [Theory]
    [InlineData(TokenReduction.TokenMean, 6 / 8f)]
    [InlineData(TokenReduction.SequenceMean, 6 / 3f)]
    [InlineData(TokenReduction.SequenceSum, 6 / 3f)]
    [InlineData(TokenReduction.ConstantLength, 6 / 12f)]
    public void Tokens_OneCountedTokenOfALargerBatch_IsDividedByTheWhole(TokenReduction reduction, float expected)
    {
        Assert.Equal(expected, Reduce.Tokens(Tensor.From([6f, 100], 1, 2), [true, false], reduction, new TokenCount(3, 8), 4).Item(), 1e-6f);
    }

    [Fact]
    public void Count_RowsWithNoneOneAndAllTokens_CountsRowsThatHaveAny()
    {
        bool[] mask = [false, false, false, true, false, false, true, true, true];

        Assert.Equal(new TokenCount(2, 4), Reduce.Count(mask, 3));
        Assert.Equal(new TokenCount(2, 4), Reduce.Count(mask, Tensor.Zeros(3, 3)));
        Assert.Equal(new TokenCount(1, 4), Reduce.Count(mask, 1));
        Assert.Equal(new TokenCount(0, 0), Reduce.Count([], 0));
    }

    [Fact]
    public void Tokens_MaskOfAnotherSizeOrATensorThatIsNotRowsOfTokens_SaysSo()
    {
        Assert.Contains("the mask has 3 values, the tensor is [2, 2]", Assert.Throws<ArgumentException>(() => Reduce.Count(new bool[3], Tensor.Zeros(2, 2))).Message);
        Assert.Throws<ArgumentException>(() => Reduce.Count(new bool[4], Tensor.Zeros(4)));
        Assert.Contains("length of at least 1", Assert.Throws<ArgumentOutOfRangeException>(() => Reduce.Tokens(Tensor.Zeros(1, 1), [true], TokenReduction.ConstantLength, 0)).Message);
    }

    // By counting subsets: 1 - C(n-c, k) / C(n, k).
    [Theory]
    [InlineData(1, 0, 1, 0.0)]
    [InlineData(1, 1, 1, 1.0)]
    [InlineData(5, 0, 5, 0.0)]
    [InlineData(5, 1, 5, 1.0)]
    [InlineData(5, 5, 1, 1.0)]
    [InlineData(5, 3, 2, 0.9)]      // 1 - 1/10: exactly k wrong answers
    [InlineData(5, 4, 2, 1.0)]
    [InlineData(6, 2, 3, 0.8)]      // 1 - 4/20
    public void PassAtK_BordersOfItsRange_EqualSubsetCounts(int samples, int correct, int k, double expected)
    {
        Assert.Equal(expected, PassAtK.Estimate(samples, correct, k), 1e-12);
    }
}
