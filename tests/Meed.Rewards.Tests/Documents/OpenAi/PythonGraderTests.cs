using System.Text.Json;
using Meed.Rewards.Code;
using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;

namespace Meed.Rewards.Tests.Documents.OpenAi;

public class PythonGraderTests
{
    private static async Task<Scores> ScoreAsync(string source, string response, string item = "{}", string more = "")
    {
        Assert.SkipUnless(CodeSandbox.Default.Missing is null, CodeSandbox.Default.Missing ?? "");
        string grader = $$"""{"type":"python","name":"Own","source":{{JsonSerializer.Serialize(source)}}{{more}}}""";
        return await RewardDocuments.Parse(grader, Catalog.TextRewards()).Reward.ScoreAsync([new TextSample { Response = response, Item = JsonDocument.Parse(item).RootElement }], RewardContext.Default, TestContext.Current.CancellationToken);
    }

    // OpenAI's guide to graders: two minutes of runtime, 2 GB of memory. Twice the time on the wall clock and 64 MB of disk are our own.
    [Fact]
    public void Limits_AreThoseOfTheGuide() =>
        Assert.Equal((120, 240, 2_147_483_648, 67_108_864), ((int)PythonGrader.Limits.Cpu.TotalSeconds, (int)PythonGrader.Limits.Wall.TotalSeconds, PythonGrader.Limits.Memory, PythonGrader.Limits.Disk));

    [Fact]
    public async Task Grade_SampleAndItem_AreWhatTheGuideSays()
    {
        const string source = """
            def grade(sample, item) -> float:
                good = sample["output_text"] == '{"a": 2}' and sample["output_json"]["a"] == 2 and sample["choices"][0]["message"]["content"] == sample["output_text"]
                return 0.25 if good and item["label"] == "x" else 0.0
            """;
        Assert.Equal(0.25, (await ScoreAsync(source, "{\"a\": 2}", """{"label":"x"}"""))[0]);
    }

    [Theory]
    [InlineData("return 7", 1, null)]
    [InlineData("return True", 1, null)]
    [InlineData("return item['nowhere']", 0, "python_runtime: raised KeyError")]
    [InlineData("import os; os._exit(0)", 0, "python_runtime: exited")]
    public async Task Grade_WhatItGives_IsCutToTheRangeOrTheMinimum(string body, double value, string? reason)
    {
        var scores = await ScoreAsync("def grade(sample, item):\n    " + body, "x");
        Assert.Equal(value, scores[0]);
        Assert.Equal(reason, scores.Reasons[0]);
    }

    [Theory]
    [InlineData("def grade(sample, item:\n  return 1", "python_runtime: syntax_error")]
    [InlineData("def grad(sample, item):\n  return 1", "python_runtime: the program has no grade(sample, item)")]
    [InlineData("def grade(sample, item):\n  return 'good'", "python_runtime: grade gave no finite number")]
    [InlineData("def grade(sample, item):\n  return float('nan')", "python_runtime: grade gave no finite number")]
    public async Task Grade_ProgramThatCannotGrade_IsTheTasksFault(string source, string reason)
    {
        var scores = await ScoreAsync(source, "x");
        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
        Assert.StartsWith(reason, scores.Reasons[0]);
    }

    [Fact]
    public async Task Grade_OwnRange_IsKept() => Assert.Equal(-3, (await ScoreAsync("def grade(sample, item):\n  return -3", "x", more: ",\"range\":[-5,5]"))[0]);

    [Fact]
    public void Validation_RuleOrSize_IsASentence()
    {
        string Says(string source) => Assert.Throws<DocumentException>(() => RewardDocuments.Parse(
            $$"""{"type":"python","name":"x","source":{{JsonSerializer.Serialize(source)}}}""", Catalog.TextRewards().With(new ProgramRule(Allowed: false)))).Message;
        Assert.Contains("runs no programs that it is sent", Says("x"));
        Assert.Contains("at most 262144 are possible", Says(new string('#', 300_000)));
    }
}
