using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>HumanEval and MBPP: the canonical solutions pass.</summary>
[Trait("Tier", "long")]
public class CodeDataTests
{
    [Theory]
    [InlineData("humaneval/HumanEval.jsonl.gz", 164)]
    [InlineData("mbpp/mbpp.jsonl.gz", 974)]
    public async Task Canonical_EverySolution_Passes(string file, int count)
    {
        CodeFixture.NeedsSandbox();
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var samples = CodeFixture.Tasks(file).ToArray();
        Assert.Equal(count, samples.Length);
        var scores = await CodeFixture.ScoreAsync(new CodeOptions { Cpu = TimeSpan.FromSeconds(20) }, samples);
        var failed = Enumerable.Range(0, count).Where(i => scores.Status[i] != ScoreStatus.Ok || scores.Values[i] != 1).Select(i => $"{samples[i].Item.GetProperty("task_id")}: {scores.Status[i]} {scores.Reasons[i]}").ToList();
        Assert.True(failed.Count == 0, string.Join("\n", failed));
    }
}
