using System.Text.Json;
using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>What the tests of code rewards share.</summary>
internal static class CodeFixture
{
    /// <summary>Skips, with the product's own sentence, where programs cannot be run.</summary>
    public static void NeedsSandbox()
    {
        Assert.SkipUnless(CodeSandbox.Default.Missing is null, CodeSandbox.Default.Missing ?? "");
        Assert.SkipUnless(CodeSandbox.PythonOf(new CodeSandboxOptions()) is not null, "python3 is not installed.");
    }

    /// <summary>The tasks of HumanEval or MBPP, each with its canonical solution as response.</summary>
    public static IEnumerable<TextSample> Tasks(string file) => DataFiles.Rows(file).Select(row => new TextSample
    {
        Item = row,
        Response = row.GetProperty(row.TryGetProperty("canonical_solution", out _) ? "canonical_solution" : "code").GetString()!,
    });

    public static TextSample Sample(string program, string reference) => new() { Response = program, Reference = JsonDocument.Parse(reference).RootElement };

    public static Task<Scores> ScoreAsync(CodeOptions options, params TextSample[] samples) => new CodeReward(options).ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken).AsTask();

    public static async Task<(double Value, ScoreStatus Status, string? Reason)> ScoreAsync(string program, string reference, CodeOptions? options = null)
    {
        var scores = await ScoreAsync(options ?? new CodeOptions(), Sample(program, reference));
        return (scores.Values[0], scores.Status[0], scores.Reasons[0]);
    }
}
