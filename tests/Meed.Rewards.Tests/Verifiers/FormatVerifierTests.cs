using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

public class FormatVerifierTests
{
    [Theory]
    [InlineData("<think>a</think> <answer>b</answer>", 1, null)]
    [InlineData(" <think>a</think>\n<answer>b</answer>\n", 1, null)]
    [InlineData("<answer>b</answer>", 0, "missing_think")]
    [InlineData("<think>a</think><think>a</think><answer>b</answer>", 0, "repeated_think")]
    [InlineData("<answer>b</answer><think>a</think>", 0, "order")]
    [InlineData("<think>a<answer>b</answer></think>", 0, "order")]
    [InlineData("<think> </think><answer>b</answer>", 0, "empty_think")]
    [InlineData("<think>a</think>x<answer>b</answer>", 0, "outside")]
    [InlineData("<think>a</think><answer>b</answer>x", 0, "outside")]
    [InlineData("x<think>a</think><answer>b</answer>", 0, "outside")]
    [InlineData("</think><think>a<answer>b</answer>", 0, "missing_think")]
    [InlineData("", 0, "missing_think")]
    public void Tags_Response_ValueAndReason(string response, double value, string? reason) => Assert.Equal((value, reason), Judge.One(new Tags(new()), response));

    [Fact]
    public void Tags_Options_LoosenTheRule()
    {
        Assert.Equal((1, null), Judge.One(new Tags(new() { Outside = true }), "x <think>a</think> y <answer>b</answer> z"));
        Assert.Equal((1, null), Judge.One(new Tags(new() { Empty = true }), "<think></think><answer>b</answer>"));
        Assert.Equal((1, null), Judge.One(new Tags(new() { Prefilled = true }), "a</think><answer>b</answer>"));
        Assert.Equal((0, "repeated_think"), Judge.One(new Tags(new() { Prefilled = true }), "<think>a</think><answer>b</answer>"));
        Assert.Equal((0.5, "missing_think"), Judge.One(new Tags(new() { Partial = true }), "<answer>b</answer>"));
    }

    [Fact]
    public void Tags_Components_AreTheTags()
    {
        var scores = Judge.Score(new Tags(new()), TextSample.Of("<answer>b</answer>"));

        Assert.Equal(["think", "answer"], scores.Schema.Components);
        Assert.Equal((0, 1), (scores.Component("think")[0], scores.Component("answer")[0]));
    }

    [Theory]
    [InlineData("^a+$", "aaa", 1, null)]
    [InlineData("^a+$", "aab", 0, "no_match")]
    [InlineData("b", "aab", 1, null)]
    public void Regex_Pattern_Matches(string pattern, string response, double value, string? reason)
        => Assert.Equal((value, reason), Judge.One(new RegexMatch(new() { Pattern = pattern }), response));

    [Fact]
    public void Regex_Options_AreFollowed()
    {
        Assert.Equal(1, Judge.One(new RegexMatch(new() { Pattern = "^B$", IgnoreCase = true, Multiline = true }), "a\nb").Value);
        Assert.Equal(0, Judge.One(new RegexMatch(new() { Pattern = "a.b" }), "a\nb").Value);
        Assert.Equal(1, Judge.One(new RegexMatch(new() { Pattern = "a.b", Singleline = true }), "a\nb").Value);
        Assert.Equal((0, "match"), Judge.One(new RegexMatch(new() { Pattern = "b", Invert = true }), "b"));
        Assert.Equal(1, Judge.One(new RegexMatch(new() { Pattern = "b", Invert = true }), "a").Value);
        var group = new RegexMatch(new() { Pattern = "is (\\w+)", CompareGroup = true });
        Assert.Equal((1, null), Judge.One(group, "it is red", " red "));
        Assert.Equal((0, "other_group"), Judge.One(group, "it is blue", "red"));
        Assert.Equal((0, "no_match"), Judge.One(group, "red", "red"));
        Assert.Equal(ScoreStatus.InvalidReference, Judge.Score(group, TextSample.Of("it is red")).Status[0]);
    }

    [Theory]
    [InlineData("(a", "is not a regular expression")]
    [InlineData("(?=a)b", "cannot be matched in linear time")]
    [InlineData("(a)\\1", "cannot be matched in linear time")]
    [InlineData("", "Pattern has 0 characters")]
    public void Regex_BadPattern_IsAProblemOfTheOptions(string pattern, string problem) => Assert.Contains(problem, Assert.Single(new RegexMatchOptions { Pattern = pattern }.Problems()));

    [Fact]
    public void Regex_CatastrophicPattern_TakesLinearTime()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(0, Judge.One(new RegexMatch(new() { Pattern = "^(a+)+$" }), new string('a', 500_000) + "b").Value);

        Assert.True(clock.ElapsedMilliseconds < 2000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData("abcd", 1, null)]
    [InlineData("abc", 0, "too_short")]
    [InlineData("abcdefg", 0, "too_long")]
    public void Length_Band_HardEdges(string response, double value, string? reason) => Assert.Equal((value, reason), Judge.One(new LengthBand(new() { Min = 4, Max = 6 }), response));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(6, 0)]
    [InlineData(8, 0.5)]
    [InlineData(10, 1)]
    [InlineData(20, 1)]
    [InlineData(21, 0.75)]
    [InlineData(99, 0)]
    public void Length_Soft_FallsOverItsWidth(int length, double value)
        => Assert.Equal(value, Judge.One(new LengthBand(new() { Min = 10, Max = 20, Soft = 4 }), new string('x', length)).Value, 1e-12);

    [Fact]
    public void Length_Units_CountWhatTheySay()
    {
        Assert.Equal(1, Judge.One(new LengthBand(new() { Min = 3, Max = 3, Unit = LengthUnit.Words }), " one two\n three ").Value);
        Assert.Equal(1, Judge.One(new LengthBand(new() { Max = 5, Unit = LengthUnit.Tokens }), "one two", tokens: 5).Value);
        Assert.Equal(ScoreStatus.VerifierError, Judge.Score(new LengthBand(new() { Max = 5, Unit = LengthUnit.Tokens }), TextSample.Of("x")).Status[0]);
    }

    [Theory]
    [InlineData(KeywordRule.All, "Red and blue", 1)]
    [InlineData(KeywordRule.All, "red", 0)]
    [InlineData(KeywordRule.All, "redder bluest", 0)]
    [InlineData(KeywordRule.Any, "so BLUE!", 1)]
    [InlineData(KeywordRule.Any, "redder", 0)]
    [InlineData(KeywordRule.None, "green", 1)]
    [InlineData(KeywordRule.None, "a red one", 0)]
    [InlineData(KeywordRule.Share, "red_ red", 0.5)]
    public void Keywords_Rule_Value(KeywordRule rule, string response, double value) => Assert.Equal(value, Judge.One(new Keywords(new() { Words = ["red", "blue"], Rule = rule }), response).Value);

    [Fact]
    public void Keywords_Options_AreFollowed()
    {
        Assert.Equal(0, Judge.One(new Keywords(new() { Words = ["Red"], CaseSensitive = true }), "red").Value);
        Assert.Equal(1, Judge.One(new Keywords(new() { Words = ["red"], Inside = true }), "redder").Value);
        Assert.Equal(1, Judge.One(new Keywords(new() { Words = ["c++", "a b"] }), "in c++, a b").Value);
        var sample = new TextSample { Response = "x y", Reference = JsonSerializer.SerializeToElement(new[] { "x", "y" }) };
        Assert.Equal(1, Judge.Score(new Keywords(new()), sample)[0]);
        Assert.Equal(0, Judge.One(new Keywords(new()), "x", "y").Value);
        Assert.Equal(ScoreStatus.InvalidReference, Judge.Score(new Keywords(new()), TextSample.Of("x")).Status[0]);
    }
}
