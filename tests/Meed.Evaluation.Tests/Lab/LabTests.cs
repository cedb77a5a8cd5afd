using Meed.Evaluation.Bench;
using Meed.Evaluation.Lab;
using Meed.Numerics;

namespace Meed.Evaluation.Tests.Lab;

public class LabTests
{
    [Fact]
    public void Expected_OfAllSubsets_IsTheMeanOverThem()
    {
        // Every subset of 3 of 7 answers, ties of the proxy shared.
        double[] proxy = [3, 1, 2, 2, 5, 0, 5], gold = [1, 9, 4, 2, 7, 3, 1];
        double sum = 0;
        int count = 0;
        for (int a = 0; a < 7; a++)
        {
            for (int b = a + 1; b < 7; b++)
            {
                for (int c = b + 1; c < 7; c++)
                {
                    double best = new[] { proxy[a], proxy[b], proxy[c] }.Max();
                    sum += new[] { a, b, c }.Where(i => proxy[i] == best).Average(i => gold[i]);
                    count++;
                }
            }
        }

        Assert.Equal(35, count);
        Assert.Equal(sum / count, BestOfN.Expected(proxy, gold, 3), 1e-12);
        Assert.Equal(gold.Average(), BestOfN.Expected(proxy, gold, 1), 1e-12);
        Assert.Equal(4, BestOfN.Expected(proxy, gold, 7), 1e-12);   // both tops, 7 and 1, share
    }

    [Fact]
    public void Expected_WithoutTies_EqualsBruteForce()
    {
        double[] proxy = [3, 1, 2, 4, 5, 0], gold = [1, 9, 4, 2, 7, 3];
        double sum = 0;
        int count = 0;
        for (int mask = 0; mask < 64; mask++)
        {
            if (int.PopCount(mask) == 3)
            {
                sum += gold[Enumerable.Range(0, 6).Where(i => (mask >> i & 1) == 1).MaxBy(i => proxy[i])];
                count++;
            }
        }

        Assert.Equal(20, count);
        Assert.Equal(sum / count, BestOfN.Expected(proxy, gold, 3), 1e-12);
    }

    [Fact]
    public void Kl_OfBestOfN_AgreesExactlySampledAndListed()
    {
        Assert.Equal(0, BestOfN.Kl(1));
        Assert.Equal(Math.Log(4) - 0.75, BestOfN.Kl(4), 1e-15);

        // Ten thousand equally likely answers are nearly continuous; two answers that tie never move.
        double[] even = [.. Enumerable.Repeat(1e-4, 10_000)], ranks = [.. Enumerable.Range(0, 10_000).Select(i => (double)i)];
        Assert.Equal(BestOfN.Kl(16), BestOfN.Kl(even, ranks, 16), 2e-3);
        Assert.Equal(BestOfN.Kl(16), BestOfN.SampledKl(ranks, 16, 20_000, new RandomStream(1)), 0.03);
        Assert.Equal(0, BestOfN.Kl([0.5, 0.5], [1, 1], 16), 1e-12);

        // By hand: p = ½, ½; n = 2: q = ¼, ¾: ¼·ln ½ + ¾·ln 1.5.
        Assert.Equal((0.25 * Math.Log(0.5)) + (0.75 * Math.Log(1.5)), BestOfN.Kl([0.5, 0.5], [0, 1], 2), 1e-15);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_OfPointsOnACurve_FindsIt(bool logarithmic)
    {
        var curve = new OptimisationCurve(1.3, 0.4, logarithmic);
        var fit = OptimisationCurve.Fit(Enumerable.Range(0, 20).Select(i => (i * 0.2, curve.At(i * 0.2))), logarithmic);

        Assert.Equal(1.3, fit.Alpha, 1e-9);
        Assert.Equal(0.4, fit.Beta, 1e-9);
        Assert.True(curve.At(fit.Peak) > curve.At(fit.Peak * 0.95) && curve.At(fit.Peak) > curve.At(fit.Peak * 1.05));
    }

    [Fact]
    public void Run_ProxiesOfGradedQuality_AreOvertakenByWhatTheyCannotSee()
    {
        var report = OverOptimisationLab.Run(new LabOptions { Seeds = 4, Features = 8, Labels = [20, 100, 600], Prompts = 8, Answers = 64, Steps = 60 }, TestContext.Current.CancellationToken);

        // More labels, more gold; pushed far enough by learning, gold falls below its peak while the proxy still rises.
        Assert.True(report.Curves[2].Points.Max(p => p.Gold.Value) > report.Curves[0].Points.Max(p => p.Gold.Value));
        var rl = report.Curves.Single(c => c.Name == "RL, one proxy");
        Assert.True(rl.Points[^1].Gold.Value < rl.Points.Max(p => p.Gold.Value) - 0.5);
        Assert.True(rl.Points[^1].Proxy > rl.Points[rl.Points.Count / 2].Proxy);
        Assert.True(report.Curves.Single(c => c.Name == "RL, KL penalty 0.3").Points[^1].Gold.Value > rl.Points[^1].Gold.Value);

        Assert.Equal(0, report.Stops.Single(s => s.Rule == "oracle").Lost.Value);
        Assert.All(report.Stops, s => Assert.True(s.Lost.Value >= 0));
        Assert.Contains("fitted curve's peak", LabMarkdown.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OptionsThatCannotWork_NamesThem() =>
        Assert.Contains("Seeds is 1", Assert.Throws<ArgumentException>(() => OverOptimisationLab.Run(new LabOptions { Seeds = 1 }, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task BestOfNStudy_OfRatedAnswers_GainsMostByGold()
    {
        using var file = new Bench.BenchFile("rated.jsonl", [.. Enumerable.Range(0, 40).Select(i => Bench.BenchFile.Json(new { prompt = $"p{i}", responses = Enumerable.Range(0, 4).Select(k => new { text = new string('x', 1 + ((i + k) % 4)), rating = (double)((i + k) % 4) }) }))]);

        var curves = await BestOfNStudy.RunAsync(file.Load("preferences").Items, NullRulers.All, TestContext.Current.CancellationToken);

        Assert.Equal(1.5, curves[0].Gold[0].Value, 1e-12);
        Assert.Equal(3, curves[0].Gold[3].Value, 1e-12);
        Assert.Equal(1, curves.Single(c => c.Scorer == "longest").Share, 1e-12);
        Assert.Equal(0, curves.Single(c => c.Scorer == "shortest").Gold[3].Value, 1e-12);
    }
}
