using Meed.Numerics;
using Meed.Objectives.Losses;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Losses;

public class ClippedSurrogateTests
{
    private static readonly System.Text.Json.JsonElement s_inputs = Values.Root.GetProperty("inputs");

    private static Tensor Input(string name) => Tensor.From(s_inputs.GetProperty(name).Floats(), 5, 4);

    [Fact]
    public void Loss_ReferenceBatch_EqualsPyTorch()
    {
        // tests/reference/objectives.py, "surrogate"
        var loss = ClippedSurrogate.Loss(Input("logProbs"), Input("oldLogProbs"), Tensor.From(s_inputs.GetProperty("advantages").Floats()), 0.2f, 0.28f);

        Values.Near(Values.Root.GetProperty("surrogate").GetProperty("loss").Doubles(), loss.ToArray());
    }

    [Fact]
    public void ClippedShare_ReferenceBatch_EqualsPyTorch()
    {
        double share = ClippedSurrogate.ClippedShare(s_inputs.GetProperty("logProbs").Floats(), s_inputs.GetProperty("oldLogProbs").Floats(), s_inputs.GetProperty("advantages").Floats(), s_inputs.GetProperty("mask").Bools(), 0.2f, 0.28f);

        Assert.Equal(Values.Root.GetProperty("surrogate").GetProperty("clippedShare").GetDouble(), share, 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    public void Loss_Gradient_EqualsCentralDifferences(int rows, int tokens)
    {
        var old = GradientCheck.Numbers(rows * tokens, 1, 0.5, -1);
        var x = GradientCheck.Numbers(rows * tokens, 2, 0.5, -1);
        var advantages = GradientCheck.Numbers(rows, 3);
        double Forward(double[] p) => p.Select((v, i) =>
        {
            double ratio = Math.Exp(v - old[i]), a = advantages[i / tokens];
            return -Math.Min(ratio * a, Math.Clamp(ratio, 0.8, 1.3) * a) * (i + 1);
        }).Sum();
        var weights = Tensor.From([.. Enumerable.Range(1, x.Length).Select(i => (float)i)], rows, tokens);

        GradientCheck.Run(Forward, t => (ClippedSurrogate.Loss(t, Tensor.From(old, rows, tokens), Tensor.From(advantages), 0.2f, 0.3f) * weights).Sum(), x, rows, tokens);
    }

    [Theory]
    [InlineData(1f, 0.5f, 0f)]      // rose too far on a good answer: stopped
    [InlineData(-1f, 0.5f, 1.6487213f)]   // rose on a bad answer: pushed back with the full ratio
    [InlineData(1f, -0.5f, -0.60653067f)] // fell on a good answer: pulled up
    [InlineData(-1f, -0.5f, 0f)]    // fell too far on a bad answer: stopped
    public void Loss_RatioOutsideTheClip_StopsOnlyTheGradientThatLeadsFurther(float advantage, float logRatio, float expected)
    {
        // e^0.5 and e^-0.5 with the sign of -A
        var logProb = Tensor.From([logRatio], 1, 1).RequireGrad();

        ClippedSurrogate.Loss(logProb, Tensor.Zeros(1, 1), Tensor.From([advantage])).Sum().Backward();

        Assert.Equal(expected, logProb.Grad!.Item(), 1e-6f);
    }

    [Fact]
    public void Loss_AdvantagesAsAColumn_IsAnError()
    {
        Assert.Throws<ArgumentException>(() => ClippedSurrogate.Loss(Tensor.Zeros(3, 2), Tensor.Zeros(3, 2), Tensor.Zeros(3, 1)));
        Assert.Throws<ArgumentException>(() => ClippedSurrogate.Loss(Tensor.Zeros(3, 2), Tensor.Zeros(3, 2), Tensor.Zeros(2)));
        Assert.Throws<ArgumentException>(() => ClippedSurrogate.Loss(Tensor.Zeros(3, 2), Tensor.Zeros(2, 3), Tensor.Zeros(3)));
    }

    [Fact]
    public void ClippedShare_TokensThatDoNotCount_ChangeNothing()
    {
        double share = ClippedSurrogate.ClippedShare([0.5f, float.NaN, 0, 9], [0, float.NaN, 0, 0], [1, 1], [true, false, true, false], 0.2f, 0.2f);

        Assert.Equal(0.5, share);
    }
}
