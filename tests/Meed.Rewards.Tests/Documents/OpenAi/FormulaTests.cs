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

    [Fact]
    public void Parse_AtTheLimits_IsReadAndPastThemRefused()
    {
        string Nested(int levels) => new string('(', levels) + "a" + new string(')', levels);
        bool Reads(string text) => Formula.Parse(text, s_names, out _) is not null;

        Assert.Equal((true, false), (Reads("a".PadRight(2_000)), Reads("a".PadRight(2_001))));
        Assert.Equal((true, false), (Reads(Nested(63)), Reads(Nested(64))));
        Assert.Equal((true, false), (Reads(string.Join('^', Enumerable.Repeat("a", 64))), Reads(string.Join('^', Enumerable.Repeat("a", 65)))));
        Assert.Equal((true, false), (Reads(new string('-', 64) + "a"), Reads(new string('-', 65) + "a")));
        // Levels are given back: a hundred brackets and powers beside each other are one level deep.
        Assert.True(Reads(string.Join("+", Enumerable.Repeat("(a^2)", 100))));
        Assert.Equal(0.2, Parse("+a").Evaluate([0.2, 1]));
        Assert.Equal(120, Parse("1.2E+2").Evaluate([0, 0]));
        Assert.Equal(3, Parse("1e0+2").Evaluate([0, 0]));
        Assert.Equal(1, Formula.Parse("a1 + a", ["a1", "a"], out _)!.Evaluate([0, 1]));
    }

    /// <summary>One operation on values that occur once: its range is the least and the greatest value on a grid that holds the ends, zero and one.</summary>
    [Theory]
    [InlineData("a + b_2")]
    [InlineData("a - b_2")]
    [InlineData("a * b_2")]
    [InlineData("a / b_2")]
    [InlineData("a ^ b_2")]
    [InlineData("a ^ 2")]
    [InlineData("a ^ 3")]
    [InlineData("-a")]
    [InlineData("abs(a)")]
    [InlineData("floor(a)")]
    [InlineData("ceil(a)")]
    [InlineData("exp(a)")]
    [InlineData("sqrt(a)")]
    [InlineData("log(a)")]
    [InlineData("max(a, b_2)")]
    [InlineData("min(a, b_2, 0.5)")]
    public void Range_OneOperation_IsTheRangeOfItsValues(string text)
    {
        (double Low, double High)[] bounds = [(-3, -1), (-2, 0), (-2, 0.5), (-1.5, 2.5), (0, 0), (0, 3), (0.25, 0.75), (1.5, 4), (2, 2)];
        var formula = Parse(text);
        foreach (var a in bounds)
        {
            foreach (var b in bounds)
            {
                var values = new List<double>();
                for (int i = 0; i <= 40; i++)
                {
                    for (int j = 0; j <= 40; j++)
                    {
                        values.Add(formula.Evaluate([a.Low + ((a.High - a.Low) * i / 40), b.Low + ((b.High - b.Low) * j / 40)]));
                    }
                }

                bool divides = text == "a / b_2" && b.Low <= 0 && b.High >= 0;                          // no bound is known
                bool powers = text.Contains('^', StringComparison.Ordinal) && a.Low < 0;                // bounded, not tight
                var known = values.Where(static v => !double.IsNaN(v)).ToList();
                if (known.Count > 0 && !divides && !powers)
                {
                    var range = formula.Range([a, b]);
                    Assert.Equal(text == "log(a)" && a.Low <= 0 ? double.NegativeInfinity : known.Min(), range.Low, 1e-9);
                    Assert.Equal(known.Max(), range.High, 1e-9);
                }
            }
        }
    }

    // By hand from the remark on powers: an even exponent is bounded by 0 and the largest power, any other by plus and minus the largest power, at least 1.
    [Theory]
    [InlineData("a ^ 2", -3, 2, 0, 9)]
    [InlineData("a ^ 2", -0.5, 0.25, 0, 1)]
    [InlineData("a ^ 3", -2, 1, -8, 8)]
    [InlineData("a ^ 3", -0.5, 0.25, -1, 1)]
    [InlineData("a ^ -1", -2, 1, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("a ^ -1", 0.5, 4, 0.25, 2)]
    [InlineData("a ^ 0", -2, -1, 0, 1)]
    public void Range_PowersOfNegativeBases_AreBounded(string text, double low, double high, double least, double most) => Assert.Equal((least, most), Parse(text).Range([(low, high), (0, 0)]));

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
