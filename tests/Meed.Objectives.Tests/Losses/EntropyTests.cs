using Meed.Numerics;
using Meed.Objectives.Losses;
using Meed.Objectives.Tests.Reference;

namespace Meed.Objectives.Tests.Losses;

public class EntropyTests
{
    [Fact]
    public void Of_ReferenceLogits_EqualsPyTorch()
    {
        var reference = Values.Root.GetProperty("entropy");

        var entropy = Entropy.Of(Tensor.From(reference.GetProperty("logits").Floats(), 5, 7));

        Values.Near(reference.GetProperty("value").Doubles(), entropy.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    public void Of_Gradient_EqualsCentralDifferences(int rows, int vocabulary)
    {
        double Forward(double[] x)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++)
            {
                var row = x.AsSpan(r * vocabulary, vocabulary).ToArray();
                double z = row.Sum(Math.Exp);
                sum -= row.Sum(v => Math.Exp(v) / z * (v - Math.Log(z)));
            }

            return sum;
        }

        GradientCheck.Run(Forward, t => Entropy.Of(t).Sum(), GradientCheck.Numbers(rows * vocabulary, 4, 2), rows, vocabulary);
    }

    [Fact]
    public void Of_LogitsShiftedTogether_ChangesNothing()
    {
        var logits = Tensor.From(GradientCheck.Numbers(12, 5), 3, 4);

        var shifted = Entropy.Of(logits + 50f).ToArray();

        // the shift costs float32 digits: 50 has 4e-6 between neighbours
        Assert.All(Entropy.Of(logits).ToArray().Zip(shifted), p => Assert.Equal(p.First, p.Second, 2e-5f));
    }

    [Fact]
    public void Of_UniformLogits_IsLogOfTheVocabulary() => Assert.Equal(MathF.Log(8), Entropy.Of(Tensor.Zeros(8)).Item(), 1e-6f);

    [Fact]
    public void Loss_LogProbs_IsTheirNegative() => Assert.Equal([1f, 2f], NegativeLogLikelihood.Loss(Tensor.From([-1f, -2f], 1, 2)).ToArray());
}
