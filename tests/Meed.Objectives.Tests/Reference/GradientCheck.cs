using Meed.Numerics;

namespace Meed.Objectives.Tests.Reference;

/// <summary>Compares float32 gradients with central differences of a float64 forward pass.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>Checks d forward / d x at one point.</summary>
    /// <param name="forward">The function in float64.</param>
    /// <param name="tensorForward">The same function on the tape, a single number.</param>
    /// <param name="x">The point.</param>
    /// <param name="shape">Shape of the tensor.</param>
    public static void Run(Func<double[], double> forward, Func<Tensor, Tensor> tensorForward, float[] x, params int[] shape)
    {
        var leaf = Tensor.From(x, shape).RequireGrad();
        tensorForward(leaf).Backward();
        var gradient = leaf.Grad!.ToArray();
        var point = x.Select(v => (double)v).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            double at = point[i];
            point[i] = at + Step;
            double above = forward(point);
            point[i] = at - Step;
            double below = forward(point);
            point[i] = at;
            double expected = (above - below) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected)), $"Gradient {i} is {gradient[i]:R}; central differences give {expected:R}.");
        }
    }

    /// <summary>Numbers to check at, without an order that could hide a mistake.</summary>
    public static float[] Numbers(int count, int seed, double scale = 1, double shift = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(shift + (scale * ((2 * random.NextDouble()) - 1))))];
    }
}
