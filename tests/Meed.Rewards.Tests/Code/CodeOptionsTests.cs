using Meed.Rewards.Code;

namespace Meed.Rewards.Tests.Code;

/// <summary>Which options and limits are refused, at the border on both sides, and when two outputs are the same.</summary>
public class CodeOptionsTests
{
    private static readonly CodeOptions s_options = new();
    private static readonly CodeLimits s_limits = new();

    [Fact]
    public void Problems_OptionsAtTheBorder_AreNamedOnlyOutside()
    {
        Assert.Empty(s_options.Problems());
        Assert.Empty((s_options with { Language = "csharp" }).Problems());
        Assert.Contains("Language is 'node'", Assert.Single((s_options with { Language = "node" }).Problems()));
        Assert.Empty((s_options with { Language = "node", Interpreter = ["node", "{file}"] }).Problems());
        Assert.Contains("is compiled", Assert.Single((s_options with { Language = "csharp", Interpreter = ["x"] }).Problems()));
        Assert.Empty((s_options with { File = "a.py" }).Problems());
        Assert.Single((s_options with { File = "" }).Problems());
        Assert.Single((s_options with { File = "a/b" }).Problems());
        Assert.Empty((s_options with { Tolerance = 0.999 }).Problems());
        Assert.Single((s_options with { Tolerance = 1 }).Problems());
        Assert.Single((s_options with { Tolerance = -0.001 }).Problems());
        Assert.Single((s_options with { Tolerance = double.NaN }).Problems());
        Assert.Single((s_options with { Memory = (32 << 20) - 1 }).Problems());
        Assert.Equal((64, 65, 16), ((s_options with { Language = "csharp" }).Limits(default).Processes, (s_options with { Language = "csharp", Processes = 65 }).Limits(default).Processes, s_options.Limits(default).Processes));
        Assert.Equal((s_limits.Wall, TimeSpan.FromSeconds(3)), (s_options.Limits(default).Wall, s_options.Limits(TimeSpan.FromSeconds(3)).Wall));
    }

    [Fact]
    public void Problems_LimitsAtTheBorder_AreNamedOnlyOutside()
    {
        Assert.Empty(s_limits.Problems());
        Assert.Empty((s_limits with { Memory = 32 << 20, Processes = 1, Output = 1024, Disk = 0 }).Problems());
        Assert.Empty((s_limits with { Processes = 4096, Cpu = TimeSpan.FromTicks(1), Idle = TimeSpan.FromTicks(1), Wall = TimeSpan.FromTicks(1) }).Problems());
        foreach (var wrong in (CodeLimits[])
            [
                s_limits with { Memory = (32 << 20) - 1 }, s_limits with { Processes = 0 }, s_limits with { Processes = 4097 }, s_limits with { Output = 1023 }, s_limits with { Disk = -1 },
                s_limits with { Cpu = TimeSpan.Zero }, s_limits with { Idle = TimeSpan.Zero }, s_limits with { Wall = TimeSpan.Zero },
            ])
        {
            Assert.Single(wrong.Problems());
        }
    }

    [Theory]
    [InlineData("a b\n", "a b", OutputComparison.Exact, 0, true)]
    [InlineData("a b ", "a b", OutputComparison.Exact, 0, false)]
    [InlineData("a  \nb\n\n", "a\nb", OutputComparison.Lines, 0, true)]
    [InlineData(" a\nb", "a\nb", OutputComparison.Lines, 0, false)]
    [InlineData("a\n\nb", "a\nb", OutputComparison.Lines, 0, false)]
    [InlineData("a\n\n b", "a b", OutputComparison.Tokens, 0, true)]
    [InlineData("a b", "a b c", OutputComparison.Tokens, 0, false)]
    [InlineData("a b", "a c", OutputComparison.Tokens, 0, false)]
    [InlineData("1.0", "1", OutputComparison.Tokens, 0, true)]
    [InlineData("1.01", "1", OutputComparison.Tokens, 0, false)]
    [InlineData("101", "100", OutputComparison.Tokens, 0.01, true)]
    [InlineData("102", "100", OutputComparison.Tokens, 0.01, false)]
    [InlineData("100", "101", OutputComparison.Tokens, 0.01, true)]
    [InlineData("-101", "-100", OutputComparison.Tokens, 0.01, true)]
    [InlineData("-100", "100", OutputComparison.Tokens, 0.5, false)]
    [InlineData("inf", "1", OutputComparison.Tokens, 0.5, false)]
    [InlineData("Infinity", "1", OutputComparison.Tokens, 0.5, false)]
    [InlineData("1", "Infinity", OutputComparison.Tokens, 0.5, false)]
    [InlineData("Infinity", "Infinity", OutputComparison.Tokens, 0, true)]
    [InlineData("NaN", "nan", OutputComparison.Tokens, 0.5, false)]
    public void AreEqual_Outputs_AreComparedAsAsked(string actual, string expected, OutputComparison comparison, double tolerance, bool same) => Assert.Equal(same, OutputText.AreEqual(actual, expected, comparison, tolerance));
}
