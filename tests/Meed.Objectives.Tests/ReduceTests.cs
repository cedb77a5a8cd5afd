using Meed.Numerics;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests;

public class ReduceTests
{
    private static readonly float[] s_loss = Values.Root.GetProperty("surrogate").GetProperty("loss").Floats();
    private static readonly bool[] s_mask = Values.Root.GetProperty("inputs").GetProperty("mask").Bools();

    public static TheoryData<TokenReduction> Reductions() => [.. Enum.GetValues<TokenReduction>()];

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Tokens_ReferenceBatch_EqualsPyTorch(TokenReduction reduction)
    {
        float value = Reduce.Tokens(Tensor.From(s_loss, 5, 4), s_mask, reduction, length: 10).Item();

        Assert.Equal(Values.Root.GetProperty("reduce").GetProperty(reduction.ToString()).GetDouble(), value, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Tokens_GradientThroughTheSurrogate_EqualsPyTorch(TokenReduction reduction)
    {
        var inputs = Values.Root.GetProperty("inputs");
        var logProbs = Tensor.From(inputs.GetProperty("logProbs").Floats(), 5, 4).RequireGrad();
        var loss = Meed.Objectives.Losses.ClippedSurrogate.Loss(logProbs, Tensor.From(inputs.GetProperty("oldLogProbs").Floats(), 5, 4), Tensor.From(inputs.GetProperty("advantages").Floats()), 0.2f, 0.28f);

        Reduce.Tokens(loss, s_mask, reduction, length: 10).Backward();

        Values.Near(Values.Root.GetProperty("reduceGradient").GetProperty(reduction.ToString()).Doubles(), logProbs.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Tokens_NaNWhereNothingCounts_ChangesNeitherValueNorGradient(TokenReduction reduction)
    {
        var poisoned = s_loss.Select((v, i) => s_mask[i] ? v : float.NaN).ToArray();
        var clean = Tensor.From(s_loss, 5, 4).RequireGrad();
        var dirty = Tensor.From(poisoned, 5, 4).RequireGrad();

        var first = Reduce.Tokens(clean, s_mask, reduction, length: 10);
        var second = Reduce.Tokens(dirty, s_mask, reduction, length: 10);
        first.Backward();
        second.Backward();

        Assert.Equal(first.Item(), second.Item());
        Assert.Equal(clean.Grad!.ToArray(), dirty.Grad!.ToArray());
    }

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Tokens_TwoMicroBatches_AddUpToOneBatch(TokenReduction reduction)
    {
        var whole = Reduce.Count(s_mask, 5);
        float first = Reduce.Tokens(Tensor.From(s_loss[..8], 2, 4), s_mask[..8], reduction, whole, 10).Item();
        float second = Reduce.Tokens(Tensor.From(s_loss[8..], 3, 4), s_mask[8..], reduction, whole, 10).Item();

        // float32 sums in another order
        Assert.Equal(Reduce.Tokens(Tensor.From(s_loss, 5, 4), s_mask, reduction, 10).Item(), first + second, 1e-6f);
    }

    [Fact]
    public void Tokens_NothingCounts_IsZero()
    {
        foreach (var reduction in Enum.GetValues<TokenReduction>())
        {
            Assert.Equal(0, Reduce.Tokens(Tensor.From([float.NaN, 1f], 1, 2), [false, false], reduction, 10).Item());
        }
    }

    [Fact]
    public void Tokens_OneLongAndOneShortRow_DifferAsTheirNamesSay()
    {
        var loss = Tensor.From([1f, 1, 1, 1, 6, 0, 0, 0], 2, 4);
        bool[] mask = [true, true, true, true, true, false, false, false];

        Assert.Equal(2f, Reduce.Tokens(loss, mask, TokenReduction.TokenMean).Item(), 1e-6f);   // the sum is multiplied by a rounded 1/5
        Assert.Equal(3.5f, Reduce.Tokens(loss, mask, TokenReduction.SequenceMean).Item());
        Assert.Equal(5f, Reduce.Tokens(loss, mask, TokenReduction.SequenceSum).Item());
        Assert.Equal(1.25f, Reduce.Tokens(loss, mask, TokenReduction.ConstantLength, 4).Item());
    }

    [Fact]
    public void Tokens_MaskOrLengthThatDoesNotFit_IsAnError()
    {
        Assert.Throws<ArgumentException>(() => Reduce.Tokens(Tensor.Zeros(2, 2), [true], TokenReduction.TokenMean));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reduce.Tokens(Tensor.Zeros(1, 1), [true], TokenReduction.ConstantLength));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reduce.Tokens(Tensor.Zeros(1, 1), [true], (TokenReduction)9));
    }
}
