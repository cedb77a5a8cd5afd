using Meed.Evaluation.Bench;
using Meed.RewardModels.Data;

namespace Meed.Evaluation.Tests.Bench;

public class JudgeVerdictsTests
{
    [Fact]
    public void Of_VerdictsInBothOrders_CountsFlipsAndPosition()
    {
        // Gold 1, 2, 1, 2. Both right; turns with the order, the one shown first each time; wrong twice; unreadable once.
        using var file = new BenchFile("verdicts.csv", "dataset,judge,strategy,idx,gold_label,winner_original_order,winner_swapped_order", "X,j,s,0,1,1,1", "X,j,s,1,2,1,2", "X,j,s,2,1,2,2", "X,j,s,3,2,,2");

        var result = Assert.Single(JudgeResult.Of(JudgeVerdicts.Read(file.Path)));

        Assert.Equal(("j s", 4, 1), (result.Judge, result.Items, result.Unreadable));
        Assert.Equal(4.0 / 8, result.Accuracy.Value, 1e-12);
        Assert.Equal(1.0 / 3, result.Flips, 1e-12);
        Assert.Equal(0.25, result.RightInBoth, 1e-12);
        Assert.Equal(5.0 / 7, result.ChoosesFirst, 1e-12);   // shown first: 1 of (1, 1), 2 of (1, 2), 1 of (2, 2), 1 of (–, 2)
        Assert.True(double.IsNaN(result.ChoosesLonger));
    }

    [Theory]
    [InlineData("{\"annotators\":[1], \"response1\":")]
    [InlineData("{\"annotators\":[\"one\"],\"response1\":\"a\",\"response2\":\"b\",\"instruction\":\"i\",\"input\":\"\"}")]
    [InlineData("{\"annotators\":[],\"response1\":\"a\",\"response2\":\"b\",\"instruction\":\"i\",\"input\":\"\"}")]
    [InlineData("{\"annotators\":[1],\"response1\":\"a\",\"response2\":\"b\"}")]
    public void Read_BadRowOfPandaLm_ShowsIt(string row)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, row);
        var error = Assert.Throws<PreferenceException>(() => JudgeVerdicts.Read(path));
        Assert.StartsWith($"{path}:1: the row is no row of PandaLM's test set", error.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void Read_ColumnMissing_NamesIt()
    {
        using var file = new BenchFile("verdicts.csv", "dataset,judge,strategy,idx,gold_label,winner_original_order", "X,j,s,0,1,1");

        Assert.Contains("no column winner_swapped_order", Assert.Throws<PreferenceException>(() => JudgeVerdicts.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RealVerdicts_GivesTheirCounts()
    {
        string? root = Environment.GetEnvironmentVariable("MEED_DATA");
        Assert.SkipUnless(root is { Length: > 0 } && Directory.Exists(root), "MEED_DATA names no folder with the data sets.");
        var llmBar = JudgeVerdicts.Read(Path.Combine(root!, "llmbar", "judge-verdicts.csv.gz"));
        var pandaLm = JudgeVerdicts.Read(Path.Combine(root!, "pandalm", "testset-v1.first703.jsonl.gz"));

        Assert.Equal(10_228, llmBar.Count);
        Assert.All(llmBar, v => Assert.NotNull(v.Lengths));
        Assert.Equal(2 * 703, pandaLm.Count);
        var results = JudgeResult.Of(pandaLm, resamples: 50);
        Assert.Equal(["gpt35", "pandalm7b"], results.Select(r => r.Judge).Order(StringComparer.Ordinal));
        Assert.All(results, r => Assert.InRange(r.Kappa.Value, 0.2, 0.8));
        Assert.Equal(22, results.Single(r => r.Judge == "gpt35").Unreadable);
    }
}
