using Meed.Numerics;
using Meed.Objectives.Preferences;
using Meed.RewardModels.Training;

namespace Meed.RewardModels.Tests.Training;

public class ShiftedStepTests
{
    [Fact]
    public void Difference_ThreeScores_IsTheMeanOverPairs()
    {
        // Pairs |1 − 3| = 2, |3 − 0| = 3, |1 − 0| = 1 and three times 0: 2/9 · Σσ, mean of two prompts.
        double expected = ((S(2) + S(3) + S(1)) + (3 * 0.5)) * 2 / 9 / 2;

        Assert.Equal(expected, ShiftedStep.Difference(Tensor.From([1f, 3, 0, 2, 2, 2], 2, 3)).Item(), 1e-6);
    }

    [Fact]
    public void Difference_Gradient_AgreesWithDifferences()
    {
        float[] at = [0.3f, -0.4f, 1.1f, 0.2f];
        var input = Tensor.From(at, 2, 2).RequireGrad();
        float[] gradient = Tape.Gradient(ShiftedStep.Difference(input), [input])[0].ToArray();

        // J = ¼·(σ(|a − b|) + σ(|c − d|)): 2/k² = ½ over two prompts.
        static double J(double[] x) => 0.25 * (S(Math.Abs(x[0] - x[1])) + S(Math.Abs(x[2] - x[3])));
        for (int i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            up[i] += 1e-6;
            down[i] -= 1e-6;
            Assert.Equal((J(up) - J(down)) / 2e-6, gradient[i], 1e-5);
        }
    }

    [Fact]
    public void Take_LinearModel_TakesTheGradientAheadAndAppliesItHere()
    {
        // r = w·x, one comparison Δ = 1, one shifted pair with difference 2: J = ½·σ(2w), w' = w + η·½·σ'(2w)·2, step = −lr·(σ(w') − 1).
        const double W = 0.4, Eta = 0.5, Rate = 0.1;
        var weight = new Parameter("w", Tensor.From([(float)W]));
        var optimizer = new Sgd([weight], (float)Rate);

        float loss = ShiftedStep.Take(optimizer, () => ShiftedStep.Difference((weight.Value * Tensor.From([2f, 0f])).Reshape(1, 2)), () => BradleyTerry.Loss(weight.Value, Tensor.Zeros(1)).Sum(), (float)Eta);

        double ahead = W + (Eta * S(2 * W) * (1 - S(2 * W)));
        Assert.Equal(-Math.Log(S(ahead)), loss, 1e-6);
        Assert.Equal(W + (Rate * (1 - S(ahead))), weight.Value.Item(), 1e-6);
    }

    [Fact]
    public void Take_NoAscent_IsAnOrdinaryStep()
    {
        float[] Step(bool meta)
        {
            var weight = new Parameter("w", Tensor.From([0.2f, -0.3f], 1, 2));
            var optimizer = new AdamW([weight], 0.1f);
            var x = Tensor.From([1f, 2, -1, 0.5f], 2, 2);
            Tensor Loss() => -x.MatMul(weight.Value, transposeB: true).LogSigmoid().Mean();
            if (meta)
            {
                ShiftedStep.Take(optimizer, () => ShiftedStep.Difference(x.MatMul(weight.Value, transposeB: true).Reshape(1, 2)), Loss, 0);
            }
            else
            {
                optimizer.Step(Loss());
            }

            return weight.Value.ToArray();
        }

        Assert.Equal(Step(false), Step(true));
    }

    [Fact]
    public void Take_LossNotFinite_LeavesTheParametersAsTheyWere()
    {
        var weight = new Parameter("w", Tensor.From([0.4f]));

        Assert.Throws<ArithmeticException>(() => ShiftedStep.Take(new Sgd([weight], 0.1f), () => ShiftedStep.Difference((weight.Value * Tensor.From([2f, 0f])).Reshape(1, 2)), () => (weight.Value * float.NaN).Sum(), 0.5f));
        Assert.Equal(0.4f, weight.Value.Item());
    }

    [Fact]
    public void Take_PolicyHasMoved_OrdersItsAnswersBetterThanAnOrdinaryStep()
    {
        // What it is for: comparisons before the shift hardly vary along the features that the shifted policy's answers vary along, and no shifted answer is labelled.
        double[] gain = [.. Enumerable.Range(0, 20).Select(seed => Accuracy((ulong)seed, 2f) - Accuracy((ulong)seed, 0))];
        double mean = gain.Average(), error = Math.Sqrt(gain.Sum(g => (g - mean) * (g - mean)) / 19 / 20);

        Assert.True(mean - (2.093 * error) > 0, $"gain {mean:P2} ± {error:P2}");
    }

    private static double Accuracy(ulong seed, float ascent)
    {
        const int Width = 16, Pairs = 200, Prompts = 64, K = 4;
        var random = new RandomStream(seed);
        float[] truth = [.. Enumerable.Range(0, Width).Select(_ => (float)random.NextNormal())];
        float Spread(int k, bool shifted) => k < Width / 2 == shifted ? 0.25f : 1f;
        float[] Draw(int rows, bool shifted) => [.. Enumerable.Range(0, rows * Width).Select(i => Spread(i % Width, shifted) * (float)random.NextNormal())];
        float Worth(float[] x, int row) => Enumerable.Range(0, Width).Sum(k => truth[k] * x[(row * Width) + k]);
        float[] differences = Draw(Pairs, false);
        for (int i = 0; i < Pairs; i++)
        {
            if (random.NextDouble() > S(2 * Worth(differences, i)))
            {
                for (int k = 0; k < Width; k++)
                {
                    differences[(i * Width) + k] *= -1;
                }
            }
        }

        var x = Tensor.From(differences, Pairs, Width);
        var shifted = Tensor.From(Draw(Prompts * K, true), Prompts * K, Width);
        var weight = new Parameter("w", Tensor.Zeros(1, Width));
        var optimizer = new AdamW([weight], 0.02f, 0.01f);
        for (int step = 0; step < 40; step++)
        {
            ShiftedStep.Take(optimizer, () => ShiftedStep.Difference(shifted.MatMul(weight.Value, transposeB: true).Reshape(Prompts, K)), () => -x.MatMul(weight.Value, transposeB: true).LogSigmoid().Mean(), ascent);
        }

        float[] w = weight.Value.ToArray(), fresh = Draw(2000, true);
        return Enumerable.Range(0, 2000).Average(i => Math.Sign(Enumerable.Range(0, Width).Sum(k => w[k] * fresh[(i * Width) + k])) == Math.Sign(Worth(fresh, i)) ? 1.0 : 0);
    }

    private static double S(double x) => 1 / (1 + Math.Exp(-x));
}
