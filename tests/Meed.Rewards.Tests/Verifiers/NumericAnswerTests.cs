using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

public class NumericAnswerTests
{
    private static readonly NumericAnswer s_numeric = new(new NumericAnswerOptions());

    // The first number behind the phrase and its last equals sign counts, not the last of the line.
    [Theory]
    [InlineData("The answer is 5 apples and 7 pears", "5")]
    [InlineData("The answer is 2 + 3 = 5 apples and 7 pears", "5")]
    [InlineData("The answer is -5 apples and 7 pears", "-5")]
    [InlineData("The answer is about .5 of 7", "1/2")]
    [InlineData("The answer is x=5 of 7", "5")]
    public async Task Score_WordsBehindThePhrase_FirstNumberOfTheLine(string response, string answer)
    {
        var scores = await s_numeric.ScoreAsync([TextSample.Of(response, answer)], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal((1, "answer"), (scores[0], scores.Reasons[0]));
    }

    [Theory]
    [InlineData("18", "18")]
    [InlineData("-18", "-18")]
    [InlineData("−18", "-18")]
    [InlineData("+18", "18")]
    [InlineData("18.0", "18")]
    [InlineData("0.125", "1/8")]
    [InlineData(".5", "1/2")]
    [InlineData("$18", "18")]
    [InlineData("\\$18", "18")]
    [InlineData("-$18", "-18")]
    [InlineData("$-18", "-18")]
    [InlineData("€ 5", "5")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("1{,}234", "1234")]
    [InlineData("1\\,234", "1234")]
    [InlineData("900,\\!000,\\!000", "900000000")]
    [InlineData("70,000.50", "140001/2")]
    [InlineData("3/4", "3/4")]
    [InlineData("-3/4", "-3/4")]
    [InlineData("\\frac{3}{4}", "3/4")]
    [InlineData("\\dfrac{1}{9}", "1/9")]
    [InlineData("\\frac34", "3/4")]
    [InlineData("-\\frac{3}{4}", "-3/4")]
    [InlineData("\\frac{-3}{4}", "-3/4")]
    [InlineData("3 1/2", "7/2")]
    [InlineData("12\\frac{3}{5}", "63/5")]
    [InlineData("-1 1/2", "-3/2")]
    [InlineData("1.5e3", "1500")]
    [InlineData("2e-3", "1/500")]
    [InlineData("1.2 \\times 10^5", "120000")]
    [InlineData("3 × 10^{-2}", "3/100")]
    [InlineData("18 dollars", "18")]
    [InlineData("100\\text{ square units}", "100")]
    [InlineData("48^\\circ", "48")]
    [InlineData("12 cm^2", "12")]
    [InlineData("x = 5", "5")]
    [InlineData("18.", "18")]
    [InlineData(" \\(18\\) ", "18")]
    [InlineData("**18**", "18")]
    [InlineData("5kg", "5")]
    public void TryReadWhole_Number_Exact(string text, string value)
    {
        Assert.True(NumberText.TryReadWhole(text, out var number, out bool percent));
        Assert.Equal(value, number.ToString());
        Assert.False(percent);
    }

    [Theory]
    [InlineData("40\\%", "40")]
    [InlineData("40%", "40")]
    [InlineData("12.5 %", "25/2")]
    public void TryReadWhole_Percent_IsMarked(string text, string value)
    {
        Assert.True(NumberText.TryReadWhole(text, out var number, out bool percent));
        Assert.Equal(value, number.ToString());
        Assert.True(percent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("4t")]
    [InlineData("4a-2")]
    [InlineData("7\\pi")]
    [InlineData("3\\sqrt{2}")]
    [InlineData("(3, 4)")]
    [InlineData("3, 4")]
    [InlineData("12,34")]
    [InlineData("3+4")]
    [InlineData("3-4")]
    [InlineData("1/2/3")]
    [InlineData("1/0")]
    [InlineData("\\frac{1}{0}")]
    [InlineData("\\frac{a}{b}")]
    [InlineData("5^2")]
    [InlineData("5^3")]
    [InlineData("1.2.3")]
    [InlineData("\\text{4:30 p.m.}")]
    [InlineData("3 or 4")]
    [InlineData("1111111111111111111111111111111111111111111")]
    public void TryReadWhole_NotOneNumber_False(string text) => Assert.False(NumberText.TryReadWhole(text, out _, out _));

    [Theory]
    [InlineData("it is 3 and 4.", "4")]
    [InlineData("16-3", "3")]
    [InlineData("16 - 3", "3")]
    [InlineData("= -3", "-3")]
    [InlineData("so -3", "-3")]
    [InlineData("costs $1,500 now", "1500")]
    [InlineData("<<26-9=17>>17", "17")]
    [InlineData("half, \\frac{1}{2} of it", "1/2")]
    [InlineData("half: 1/2.", "1/2")]
    [InlineData("b2", "2")]
    [InlineData("12, 34", "34")]
    [InlineData("12,34", "34")]
    [InlineData("7 and 11111111111111111111111111111111111111111111111111", "7")]
    public void TryReadLast_Text_LastNumber(string text, string value)
    {
        Assert.True(NumberText.TryReadLast(text, out var number, out _));
        Assert.Equal(value, number.ToString());
    }

    [Theory]
    [InlineData("so \\boxed{18}", "18", 1, "boxed")]
    [InlineData("\\boxed{17} no, \\boxed{18}", "18", 1, "boxed")]
    [InlineData("\\boxed{\\frac{1}{2}} of it, 3 left", "0.5", 1, "boxed")]
    [InlineData("\\fbox{5}", "5", 1, "boxed")]
    [InlineData("\\boxed 5 $", "5", 1, "boxed")]
    [InlineData("\\boxed{18} then \\boxed{19", "18", 1, "boxed")]
    [InlineData("\\boxed{\\text{a \\} b} }", "5", 0, "unparsed")]
    [InlineData("\\boxed{18 or 19} #### 18", "18", 0, "unparsed")]
    [InlineData("work\n#### 18", "18", 1, "hash")]
    [InlineData("#### 17\n#### 18 \nand 19", "18", 1, "hash")]
    [InlineData("#### none, so 18", "18", 0, "unparsed")]
    [InlineData("The answer is 18 dollars a day.", "18", 1, "answer")]
    [InlineData("The Answer: 5 + 13 = 18 eggs", "18", 1, "answer")]
    [InlineData("3 eggs\nA: 18", "18", 1, "answer")]
    [InlineData("A: 18", "18", 1, "answer")]
    [InlineData("the answer is $\\frac{3}{4}$", "0.75", 1, "answer")]
    [InlineData("my answer is clear. It is 18", "18", 1, "answer")]
    [InlineData("my answer is clear.\nIt is 18", "18", 1, "last_number")]
    [InlineData("she has 3 and then 18", "18", 1, "last_number")]
    [InlineData("she has 3 and then 18", "3", 0, "last_number")]
    [InlineData("no idea", "3", 0, "unparsed")]
    [InlineData("", "3", 0, "unparsed")]
    public void Check_Response_ValueAndRule(string response, string reference, double value, string reason)
        => Assert.Equal((value, reason), Judge.One(s_numeric, response, reference));

    [Theory]
    [InlineData("0.5", "50%", 1)]
    [InlineData("50", "50%", 1)]
    [InlineData("\\boxed{50\\%}", "0.5", 1)]
    [InlineData("50%", "50%", 1)]
    [InlineData("0.5%", "50%", 0)]
    [InlineData("5%", "50", 0)]
    public void Check_Percent_EitherReading(string response, string reference, double value) => Assert.Equal(value, Judge.One(s_numeric, response, reference).Value);

    [Theory]
    [InlineData(PercentRule.Ignore, "50%", "0.5", 0)]
    [InlineData(PercentRule.Ignore, "50%", "50", 1)]
    [InlineData(PercentRule.Hundredth, "50%", "0.5", 1)]
    [InlineData(PercentRule.Hundredth, "50%", "50", 0)]
    public void Check_PercentRule_IsFollowed(PercentRule rule, string response, string reference, double value)
        => Assert.Equal(value, Judge.One(new NumericAnswer(new NumericAnswerOptions { Percent = rule }), response, reference).Value);

    [Fact]
    public void Check_Tolerance_AbsoluteOrRelative()
    {
        Assert.Equal(0, Judge.One(s_numeric, "0.3333", "1/3").Value);
        Assert.Equal(0, Judge.One(s_numeric, "1000001", "1000000").Value);
        Assert.Equal(1, Judge.One(new NumericAnswer(new NumericAnswerOptions { Absolute = 0.001 }), "0.3333", "1/3").Value);
        Assert.Equal(0, Judge.One(new NumericAnswer(new NumericAnswerOptions { Absolute = 0.00001 }), "0.3333", "1/3").Value);
        Assert.Equal(1, Judge.One(new NumericAnswer(new NumericAnswerOptions { Relative = 0.01 }), "101", "100").Value);
        Assert.Equal(0, Judge.One(new NumericAnswer(new NumericAnswerOptions { Relative = 0.01 }), "102", "100").Value);
    }

    [Fact]
    public void Check_LongIntegers_ComparedDigitByDigit()
        => Assert.Equal(0, Judge.One(s_numeric, "12345678901234567", "12345678901234568").Value);

    [Fact]
    public void Check_Truncated_SaysSoOnlyWithoutANumber()
    {
        Assert.Equal("truncated", Judge.One(s_numeric, "hm", "3", truncated: true).Reason);
        Assert.Equal((1, "last_number"), Judge.One(s_numeric, "3", "3", truncated: true));
    }

    [Theory]
    [InlineData(null, "no_reference")]
    [InlineData("blue", "reference_not_a_number")]
    public void Check_BadReference_IsTheTasksFault(string? reference, string reason)
    {
        var scores = Judge.Score(s_numeric, TextSample.Of("3", reference));

        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
        Assert.Equal(reason, scores.Reasons[0]);
    }

    [Fact]
    public void Check_ReferenceIsAWholeSolution_ItsAnswerCounts()
        => Assert.Equal((1, "answer"), Judge.One(s_numeric, "A: 18", "She has 16 - 3 = 13.\n#### 18"));

    /// <summary>Hostile texts of a million characters take linear time: a quadratic search would take minutes.</summary>
    [Theory]
    [InlineData("\\boxed{")]
    [InlineData("\\fbox{\\boxed ")]
    [InlineData("####")]
    [InlineData("answer is ")]
    [InlineData("\nA:")]
    [InlineData("1/")]
    [InlineData("1111111111111111111111111111111111111111111111 ")]
    [InlineData("\\frac{")]
    [InlineData("-")]
    [InlineData("$")]
    [InlineData("1,")]
    public void Check_HostileText_LinearTime(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 990_000 / part.Length));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        _ = Judge.One(s_numeric, text, "3");

        Assert.True(clock.ElapsedMilliseconds < 2000, $"{clock.ElapsedMilliseconds} ms for {text.Length} characters of '{part}'.");
    }
}
