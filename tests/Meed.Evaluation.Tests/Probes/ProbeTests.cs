using Meed.Evaluation.Probes;
using Meed.Numerics;

namespace Meed.Evaluation.Tests.Probes;

public class ProbeTests
{
    private static float[][] Rows(int count, int width, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, width).Select(_ => (float)random.NextNormal()).ToArray())];
    }

    [Fact]
    public void Fit_OfLabelsOnOneColumn_FindsIt()
    {
        float[][] rows = Rows(400, 6, 1);
        bool[] labels = [.. rows.Select(r => r[2] > 0)];

        var probe = LinearProbe.Fit(rows, labels);

        Assert.Equal(2, Enumerable.Range(0, 6).MaxBy(k => Math.Abs(probe.Weights[k])));
        Assert.True(Rows(400, 6, 2).Count(r => probe.Score(r) > 0 == r[2] > 0) > 380);
    }

    [Fact]
    public void Fit_AtItsEnd_HasNoGradient()
    {
        // At the optimum of a convex loss: Σ (p − y)·x / n + λ·w = 0 in each standardised column.
        float[][] rows = Rows(50, 3, 3);
        bool[] labels = [.. rows.Select((r, i) => r[0] + (0.5 * r[1]) > 0 ^ i % 7 == 0)];
        var probe = LinearProbe.Fit(rows, labels, 0.1, 2000);
        double[] mean = [.. Enumerable.Range(0, 3).Select(k => rows.Average(r => (double)r[k]))], deviation = [.. Enumerable.Range(0, 3).Select(k => Math.Sqrt(rows.Average(r => (r[k] - mean[k]) * (r[k] - mean[k]))))];

        for (int k = 0; k < 3; k++)
        {
            double gradient = (0.1 * probe.Weights[k]) + rows.Select((r, i) => ((1 / (1 + Math.Exp(-probe.Score(r)))) - (labels[i] ? 1 : 0)) * (r[k] - mean[k]) / deviation[k]).Average();
            Assert.Equal(0, gradient, 1e-6);
        }
    }

    [Fact]
    public void Run_AttributeThatDrivesTheReward_IsReadAndNamed()
    {
        float[][] rows = Rows(600, 8, 4);
        double[] rewards = [.. rows.Select(r => (2.0 * r[1]) + r[5])];
        ulong[] prompts = [.. Enumerable.Range(0, 600).Select(i => (ulong)(i / 2))];
        var coin = new RandomStream(9);
        var results = ProbeTest.Run(rows, rewards, prompts, new Dictionary<string, bool?[]>
        {
            ["held"] = [.. rows.Select((r, i) => i % 10 == 0 ? null : (bool?)(r[1] > 0))],
            ["noise"] = [.. rows.Select(_ => (bool?)coin.NextBool(0.5))],
            ["rare"] = [.. rows.Select((_, i) => (bool?)(i < 5))],
        });

        Assert.Equal(["held", "noise"], results.Select(r => r.Attribute));   // too few of "rare"
        Assert.Equal(540, results[0].Count);
        Assert.True(results[0].Accuracy.Low > 0.9 && results[0].Drives > 0.6, $"{results[0]}");
        Assert.InRange(results[1].Accuracy.Value, 0.4, 0.6);
        Assert.InRange(results[1].Drives, -0.2, 0.2);
    }

    [Fact]
    public void Lean_OnTheCentres_IsOneEachWay()
    {
        var centres = AttributeCentres.Of([[0f, 0f], [0f, 2f], [4f, 0f], [4f, 2f]], [false, false, true, true]);

        Assert.Equal(1, centres.Lean([4f, 1f]), 1e-12);
        Assert.Equal(-1, centres.Lean([0f, 1f]), 1e-12);
        Assert.Equal(0, centres.Lean([2f, 5f]), 1e-12);
    }
}
