using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests;

public class ExpressionTests
{
    private static ExpressionResult Evaluate(string text, ExpressionOperators allowed = Expression.AllOperators)
        => Expression.Evaluate(text, new Rational[32], allowed);

    [Theory]
    [InlineData("7", "7")]
    [InlineData(" 3 + 4 * 2 ", "11")]
    [InlineData("(3 + 4) × 2 − 1", "13")]
    [InlineData("8 / 3 * 3", "8")]
    [InlineData("1/3 + 1/6", "1/2")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("2 ÷ 4 · 6", "3")]
    [InlineData("-(2 + 3) * -2", "10")]
    [InlineData("0.1 + 0.2", "3/10")]
    [InlineData("((((5))))", "5")]
    public void Evaluate_Expression_ExactValue(string text, string value)
    {
        var result = Evaluate(text);

        Assert.Equal(ExpressionProblem.None, result.Problem);
        Assert.Equal(value, result.Value.ToString());
        Assert.Equal(text.Length, result.Position);
    }

    [Theory]
    [InlineData("", ExpressionProblem.Empty, 0)]
    [InlineData("3 +", ExpressionProblem.Syntax, 3)]
    [InlineData("3 4", ExpressionProblem.Syntax, 2)]
    [InlineData("2(3)", ExpressionProblem.Syntax, 1)]
    [InlineData("(3", ExpressionProblem.Syntax, 2)]
    [InlineData("3)", ExpressionProblem.Syntax, 1)]
    [InlineData("+3", ExpressionProblem.Syntax, 0)]
    [InlineData("3 ** 4", ExpressionProblem.Syntax, 3)]
    [InlineData("1/(2-2)", ExpressionProblem.DivisionByZero, 2)]
    [InlineData("3 . 4", ExpressionProblem.Syntax, 2)]
    [InlineData("__import__('os')", ExpressionProblem.Syntax, 0)]
    [InlineData("99999999999999999999999999999999999999", ExpressionProblem.Overflow, 38)]
    public void Evaluate_Bad_ProblemAndPosition(string text, ExpressionProblem problem, int position)
    {
        var result = Evaluate(text);

        Assert.Equal(problem, result.Problem);
        Assert.Equal(position, result.Position);
    }

    [Fact]
    public void Evaluate_ProductBeyond128Bits_Overflow()
        => Assert.Equal(ExpressionProblem.Overflow, Evaluate("999999999999999999999 * 999999999999999999999").Problem);

    [Fact]
    public void Evaluate_DeepNesting_IsRefusedNotAStackOverflow()
    {
        Assert.Equal(ExpressionProblem.TooDeep, Evaluate(new string('(', 100_000) + "1").Problem);
        Assert.Equal(ExpressionProblem.TooDeep, Evaluate(new string('-', 100_000) + "1").Problem);
        Assert.Equal(ExpressionProblem.None, Evaluate(new string('(', 64) + "1" + new string(')', 64)).Problem);
    }

    [Fact]
    public void Evaluate_OperatorNotAllowed_SaysSo()
        => Assert.Equal(ExpressionProblem.Operator, Evaluate("6 / 3", ExpressionOperators.Add).Problem);

    [Fact]
    public void Evaluate_MoreNumbersThanRoom_SaysSo()
        => Assert.Equal(ExpressionProblem.TooManyNumbers, Expression.Evaluate("1+2+3", new Rational[2]).Problem);

    /// <summary>Random trees written out with full parentheses against the same tree in double arithmetic.</summary>
    [Fact]
    public void Evaluate_RandomTrees_AgreeWithDoubles()
    {
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            var (text, value) = Tree(random, 4);
            var result = Evaluate(text);
            if (double.IsFinite(value))
            {
                Assert.Equal(ExpressionProblem.None, result.Problem);
                Assert.Equal(value, result.Value.ToDouble(), 1e-9 * Math.Max(1, Math.Abs(value)));
            }
        }

        static (string Text, double Value) Tree(Random random, int depth)
        {
            if (depth == 0 || random.Next(4) == 0)
            {
                int n = random.Next(0, 13);
                return (n.ToString(), n);
            }

            var (left, x) = Tree(random, depth - 1);
            var (right, y) = Tree(random, depth - 1);
            return random.Next(4) switch
            {
                0 => ($"({left}+{right})", x + y),
                1 => ($"({left} - {right})", x - y),
                2 => ($"({left}*{right})", x * y),
                _ => y == 0 || Math.Abs(y) < 1e-9 ? ($"({left}+{right})", x + y) : ($"({left} / {right})", x / y),
            };
        }
    }

    /// <summary>Any text of the alphabet ends with a result, never an exception.</summary>
    [Fact]
    public void Evaluate_RandomText_NeverThrows()
    {
        var random = new Random(2);
        const string Alphabet = "0123456789+-*/().× ÷−e=x";
        for (int i = 0; i < 20_000; i++)
        {
            var text = string.Create(random.Next(30), random, (span, r) =>
            {
                foreach (ref char c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            });
            var result = Evaluate(text);
            Assert.InRange(result.Position, 0, text.Length);
        }
    }

    [Theory]
    [InlineData("(6 - 2) * 9", CountdownVerdict.Solved)]
    [InlineData("9*6-2*9", CountdownVerdict.WrongNumbers)]
    [InlineData("9*(6-2)", CountdownVerdict.Solved)]
    [InlineData("9+6-2", CountdownVerdict.WrongValue)]
    [InlineData("9*4", CountdownVerdict.WrongNumbers)]
    [InlineData("36", CountdownVerdict.WrongNumbers)]
    [InlineData("(6 - 2) * 9 = 36", CountdownVerdict.Unparsed)]
    [InlineData("-2*9+6", CountdownVerdict.Unparsed)]
    [InlineData("six", CountdownVerdict.Unparsed)]
    [InlineData("6/(2-2)*9", CountdownVerdict.Unparsed)]
    public void Judge_Answers_Verdict(string expression, CountdownVerdict verdict)
    {
        var work = new Work(1000);

        Assert.Equal(verdict, CountdownCheck.Judge(expression, [2, 6, 9], 36, ref work));
        Assert.Equal(expression.Length, work.Used);
    }

    [Fact]
    public void Judge_SameNumberTwice_EachUsedOnce()
    {
        var work = new Work(1000);

        Assert.Equal(CountdownVerdict.Solved, CountdownCheck.Judge("5+5*1", [5, 1, 5], 10, ref work));
        Assert.Equal(CountdownVerdict.WrongNumbers, CountdownCheck.Judge("5*1+1", [5, 1, 5], 6, ref work));
    }

    [Theory]
    [InlineData("1.50", "3/2")]
    [InlineData("-.5", "-1/2")]
    [InlineData("1e3", "1000")]
    [InlineData("2.5E-1", "1/4")]
    [InlineData("0.000", "0")]
    [InlineData("5.", "5")]
    public void TryParse_Number_Exact(string text, string value)
    {
        Assert.True(Rational.TryParse(text, out var parsed));
        Assert.Equal(value, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("1,000")]
    [InlineData("1e")]
    [InlineData("1e99")]
    [InlineData("1.2.3")]
    [InlineData("0x10")]
    public void TryParse_NoNumber_False(string text) => Assert.False(Rational.TryParse(text, out _));

    // 36 digits and 36 decimals are the most, and 37 digits with the exponent written out.
    [Fact]
    public void TryParse_AtTheLargestSize_IsReadAndPastItRefused()
    {
        bool Reads(string text) => Rational.TryParse(text, out _);
        string nines = new('9', 36), zeros = new('0', 35);

        Assert.Equal((true, false), (Reads(nines), Reads(nines + "9")));
        Assert.Equal((true, false), (Reads($"0.{zeros}1"), Reads($"0.{zeros}01")));
        Assert.Equal((true, true), (Reads($"{zeros}{zeros}7"), Reads($"0.{zeros}0")));
        Assert.Equal((true, false, false), (Reads("1e36"), Reads("10e36"), Reads("1e37")));
        Assert.Equal((true, false, false), (Reads("1e-36"), Reads("0.1e-36"), Reads("1e-37")));
        Assert.Equal((true, false), (Reads("12e35"), Reads("123e35")));
        Assert.True(Rational.TryParse("1e36", out var large) && large.ToString() == "1" + new string('0', 36));
        Assert.True(Rational.TryParse("-3e-36", out var small) && small.Numerator == -3);
        Assert.True(Rational.TryParse("0e36", out var zero) && zero == new Rational(0));
    }

    [Fact]
    public void Rational_Fractions_AreReducedWithTheSignAbove()
    {
        Assert.Equal("-1/2", new Rational(3, -6).ToString());
        Assert.Equal("1/2", new Rational(-3, -6).ToString());
        Assert.Equal("0", new Rational(0, -5).ToString());
        Assert.Equal("1/2", new Rational(ulong.MaxValue, 2 * (Int128)ulong.MaxValue).ToString());
        Assert.Equal("1/3", new Rational((Int128)ulong.MaxValue + 1, 3 * ((Int128)ulong.MaxValue + 1)).ToString());
        Assert.Equal("-1", new Rational(Int128.MinValue + 1, Int128.MaxValue).ToString());
        Assert.Throws<DivideByZeroException>(() => new Rational(1, 0));
    }

    // The exponent of ten has at most four digits and is at most 36.
    [Theory]
    [InlineData("2 \\times 10^{3}", "2000")]
    [InlineData("2 \\times 10^{0003}", "2000")]
    [InlineData("2 \\times 10^{00003}", null)]
    [InlineData("2 \\times 10^{-3}", "1/500")]
    [InlineData("2 \\times 10^{+3}", "2000")]
    [InlineData("1 \\times 10^{36}", "1000000000000000000000000000000000000")]
    [InlineData("1 \\times 10^{37}", null)]
    [InlineData("2 \\times 10^3x", null)]
    [InlineData("2 \\times 10^{3", null)]
    [InlineData("1 1/2", "3/2")]
    [InlineData("1  1/2", "3/2")]
    [InlineData("1   1/2", null)]
    [InlineData("1 3/2", null)]
    [InlineData("1\\frac{1}{2}", "3/2")]
    public void TryReadWhole_PowersOfTenAndMixedNumbers_AreReadOrRefused(string text, string? expected) =>
        Assert.Equal(expected, NumberText.TryReadWhole(text, out var value, out _) ? value.ToString() : null);

    [Fact]
    public void CompareTo_DenominatorsBeyond128Bits_StillExact()
    {
        var a = new Rational(Int128.MaxValue, Int128.MaxValue - 1);
        var b = new Rational(Int128.MaxValue - 1, Int128.MaxValue - 2);

        Assert.True(a < b);
    }
}
