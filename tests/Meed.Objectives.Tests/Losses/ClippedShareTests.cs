using Meed.Numerics;
using Meed.Objectives.Losses;

namespace Meed.Objectives.Tests.Losses;

public class ClippedShareTests
{
    // One token of log-ratio d: is it counted as clipped? A ratio exactly on the border (e^0 = 1 with a clip of 0) is not.
    [Theory]
    [InlineData(0f, 0.5f, 0f, 0f, 0)]
    [InlineData(0f, -0.5f, 0f, 0f, 0)]
    [InlineData(1f, 0.5f, 0.2f, 0.2f, 1)]
    [InlineData(1f, -0.5f, 0.2f, 0.2f, 0)]
    [InlineData(-1f, 0.5f, 0.2f, 0.2f, 0)]
    [InlineData(-1f, -0.5f, 0.2f, 0.2f, 1)]
    [InlineData(1f, 0f, 0.2f, 0.2f, 0)]
    [InlineData(-1f, 0f, 0.2f, 0.2f, 0)]
    [InlineData(0.3f, 0.5f, 0.2f, 0.4f, 0)]    // e^0.3 = 1.35
    [InlineData(0.3f, 0.5f, 0.4f, 0.3f, 1)]
    [InlineData(-0.3f, -0.5f, 0.3f, 0.2f, 0)]  // e^-0.3 = 0.74
    [InlineData(-0.3f, -0.5f, 0.2f, 0.4f, 1)]
    public void ClippedShare_OneToken_CountsOnlyPastTheBorderInTheAdvantagesDirection(float logRatio, float advantage, float low, float high, double expected)
    {
        Assert.Equal(expected, ClippedSurrogate.ClippedShare([logRatio - 1], [-1], [advantage], [true], low, high));
    }

    [Fact]
    public void ClippedShare_NoTokenCounts_IsZero() => Assert.Equal(0, ClippedSurrogate.ClippedShare([1, 1], [0, 0], [1], [false, false], 0.2f, 0.2f));

    [Fact]
    public void ClippedShare_RowsOfThreeTokens_UseTheirRowsAdvantage()
    {
        // Row 0 rises with a good answer (2 of its 3 tokens count), row 1 with a bad one.
        double share = ClippedSurrogate.ClippedShare([1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [1, -1], [true, false, true, true, true, false], 0.2f, 0.2f);

        Assert.Equal(0.5, share);
    }

    [Fact]
    public void ClippedShare_SizesThatDoNotFit_AreErrors()
    {
        Assert.Contains("2 log-probs, 1 old log-probs", Message([0, 0], [0], [1], [true, true]));
        Assert.Contains("1 mask values", Message([0, 0], [0, 0], [1], [true]));
        Assert.Contains("0 advantages", Message([], [], [], []));
        Assert.Contains("3 log-probs", Message([0, 0, 0], [0, 0, 0], [1, 1], [true, true, true]));

        static string Message(float[] logProbs, float[] old, float[] advantages, bool[] mask) =>
            Assert.Throws<ArgumentException>(() => ClippedSurrogate.ClippedShare(logProbs, old, advantages, mask, 0.2f, 0.2f)).Message;
    }

    [Fact]
    public void Losses_InputsThatAreNotRowsOfTokens_AreErrors()
    {
        Assert.Equal([2, 3], NegativeLogLikelihood.Loss(Tensor.Zeros(2, 3)).Shape);
        Assert.Throws<ArgumentException>(() => NegativeLogLikelihood.Loss(Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => NegativeLogLikelihood.Loss(Tensor.Zeros(1, 2, 3)));
        Assert.Throws<ArgumentException>(() => ClippedSurrogate.Loss(Tensor.Zeros(3), Tensor.Zeros(3), Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => SmoothedCrossEntropy.Loss(Tensor.Zeros(2, 3), [0], 0.1f));
        Assert.Throws<ArgumentException>(() => Entropy.Of(Tensor.Zeros(1).Sum()));
    }
}
