using Meed.Rewards.Documents.OpenAi;

namespace Meed.Rewards.Tests.Documents.OpenAi;

public class FormulaTests
{
    private static readonly string[] s_names = ["a", "b_2"];

    private static Formula Parse(string text)
    {
        var formula = Formula.Parse(text, s_names, out string? problem);
        Assert.True(formula is not null, problem);
        return formula;
    }

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("2 ^ -1", 0.5)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("7 - 2 - 1", 4)]
    [InlineData("8 / 4 / 2", 1)]
    [InlineData("1.5e-1 + .5", 0.65)]
    [InlineData("2-1", 1)]
    [InlineData("a * 0.25 + b_2 * 0.75", 0.8)]
    [InlineData("min(a, b_2, 3) + max(a, b_2)", 1.2)]
    [InlineData("abs(-3) + floor(2.7) + ceil(2.1)", 8)]
    [InlineData("exp(0) + sqrt(9) + log(exp(2))", 6)]
    [InlineData("--a", 0.2)]
    public void Evaluate_Formula_GivesTheValue(string text, double value) => Assert.Equal(value, Parse(text).Evaluate([0.2, 1]), 1e-12);

    [Theory]
    [InlineData("", "ends where a value should be")]
    [InlineData("a +", "ends where a value should be")]
    [InlineData("(a", "where ')' should be")]
    [InlineData("a b_2", "where its end should be")]
    [InlineData("a ** 2", "write ^ for a power")]
    [InlineData("c", "names 'c', which is no grader here")]
    [InlineData("sin(a)", "calls 'sin'")]
    [InlineData("abs(a, b_2)", "it takes one")]
    [InlineData("1.2.3", "is no number")]
    [InlineData("1e999", "is no number")]
    [InlineData("a; import os", "where its end should be")]
    [InlineData("a if b_2 else 0", "where its end should be")]
    public void Parse_NoFormula_IsASentence(string text, string says)
    {
        Assert.Null(Formula.Parse(text, s_names, out string? problem));
        Assert.Contains(says, problem);
    }

    [Fact]
    public void Parse_DeepOrLong_IsRefusedAndNotRecursedInto()
    {
        Assert.Null(Formula.Parse(new string('(', 1000) + "a" + new string(')', 900), s_names, out string? problem));
        Assert.Contains("64 levels", problem);
        Assert.Null(Formula.Parse(string.Join('^', Enumerable.Repeat("a", 500)), s_names, out _));
        Assert.Null(Formula.Parse(new string('-', 1000) + "a", s_names, out _));
        Assert.Null(Formula.Parse(string.Join('+', Enumerable.Repeat("a", 2000)), s_names, out _));
        Assert.Equal(200, Parse(string.Join('+', Enumerable.Repeat("a", 1000))).Evaluate([0.2, 0]), 1e-9);
    }

    [Theory]
    [InlineData("a + b_2", 0, 3)]
    [InlineData("a - b_2", -2, 1)]
    [InlineData("a * (b_2 - 1)", -1, 1)]
    [InlineData("abs(b_2 - 1)", 0, 1)]
    [InlineData("max(a, b_2 / 2)", 0, 1)]
    [InlineData("1 / (1 + a)", 0.5, 1)]
    [InlineData("sqrt(b_2) ^ 2", 0, 2)]
    [InlineData("a / b_2", double.NegativeInfinity, double.PositiveInfinity)]
    public void Range_FromTheGradersRanges_BoundsTheValue(string text, double low, double high)
    {
        var range = Parse(text).Range([(0, 1), (0, 2)]);
        Assert.Equal(low, range.Low, 1e-12);
        Assert.Equal(high, range.High, 1e-12);
    }

    [Fact]
    public void Range_RandomFormulas_AlwaysHoldTheValue()
    {
        var random = new Random(1);
        string Make(int depth) => depth == 0
            ? random.Next(3) switch { 0 => "a", 1 => "b_2", _ => random.Next(-3, 4).ToString(System.Globalization.CultureInfo.InvariantCulture) }
            : random.Next(9) switch
            {
                0 => $"({Make(depth - 1)}) ^ 2",
                1 => $"abs({Make(depth - 1)})",
                2 => $"floor({Make(depth - 1)})",
                3 => $"max({Make(depth - 1)}, {Make(depth - 1)})",
                4 => $"({Make(depth - 1)}) ^ ({Make(depth - 1)})",
                5 => $"sqrt({Make(depth - 1)})",
                _ => $"({Make(depth - 1)}) {"+-*/"[random.Next(4)]} ({Make(depth - 1)})",
            };
        int finite = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = Make(3);
            var formula = Parse(text);
            var range = formula.Range([(-1, 1), (0, 2)]);
            for (int k = 0; k < 20; k++)
            {
                double value = formula.Evaluate([(random.NextDouble() * 2) - 1, random.NextDouble() * 2]);
                if (double.IsFinite(value))
                {
                    finite++;
                    double slack = 1e-9 * Math.Max(1, Math.Abs(value));
                    Assert.True(value >= range.Low - slack && value <= range.High + slack, $"{text} = {value} outside {range}");
                }
            }
        }

        Assert.True(finite > 10_000);
    }
}
