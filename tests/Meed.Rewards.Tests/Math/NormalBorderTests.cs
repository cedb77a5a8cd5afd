using System.Numerics;
using Meed.Rewards.MathAnswers;
using Exact = Meed.Rewards.MathAnswers.Algebra;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>Where exact forms, values and readings of answers end: the last case inside a bound and the first outside.</summary>
public class NormalBorderTests
{
    private static string Normal(string answer)
    {
        var meter = new Meter(10_000_000);
        return new Normalizer(new Exact(meter)).Try(AnswerParser.Parse(answer, true, meter, out _)!)?.Key ?? "none";
    }

    private static double Real(string answer)
    {
        var meter = new Meter(1_000_000);
        return new NumericEvaluator(meter, true).Evaluate(AnswerParser.Parse(answer, true, meter, out _)!).Value.Real;
    }

    private static void Equal(string gold, string prediction, bool expected) => MathScalarTests.Check(gold, prediction, expected);

    [Fact]
    public void Normal_Binomials_AreNumbersUpToTheirBounds()
    {
        // The upper number has at most 62 bits, the lower one, or what is left of the upper, at most 1,500.
        Assert.Equal(Normal("4611686018427387903"), Normal("\\binom{4611686018427387903}{1}"));
        Assert.NotEqual(Normal("4611686018427387904"), Normal("\\binom{4611686018427387904}{1}"));
        Assert.Equal(Normal("7"), Normal("\\binom{7}{6}"));
        Assert.Equal(Normal("0"), Normal("\\binom{7}{8}"));
        Assert.DoesNotContain("a", Normal("\\binom{3000}{1500}"));
        Assert.Contains("a", Normal("\\binom{3002}{1501}"));   // an atom
    }

    [Fact]
    public void Normal_PowersOfPrimes_AreWrittenOutUpToHalfTheLargestNumber()
    {
        // 2 has two bits: a whole part of 5,000 is 10,000 bits, half of what a number may have.
        Assert.Contains(BigInteger.Pow(2, 5000).ToString(), Normal("2^{10001/2}"));
        Assert.DoesNotContain(BigInteger.Pow(2, 5001).ToString(), Normal("2^{10003/2}"));
        Assert.Equal(Normal("\\frac{\\sqrt{2}}{2}"), Normal("2^{-1/2}"));
        Assert.Equal(Normal("3\\sqrt{3}"), Normal("27^{1/2}"));
    }

    // A product of two large primes stays one root, whose square is the number again.
    [Fact]
    public void Normal_RootOfAHardNumber_SquaredIsTheNumber()
    {
        const string n = "1000000016000000063";

        Assert.Equal(Normal(n), Normal($"\\sqrt{{{n}}}\\cdot\\sqrt{{{n}}}"));
        Assert.Equal(Normal($"{n}\\sqrt{{{n}}}"), Normal($"{n}^{{3/2}}"));
        Assert.NotEqual(Normal(n), Normal($"\\sqrt{{{n}}}"));
    }

    // Whole powers of what stands under a root are written out, and squares of cosines become sines.
    [Theory]
    [InlineData("\\sqrt{x+1}\\sqrt{x+1}", "x+1")]
    [InlineData("(x+1)^{3/2}", "(x+1)\\sqrt{x+1}")]
    [InlineData("y\\sqrt{x+1}\\sqrt{x+1} + z", "xy + y + z")]
    [InlineData("\\sqrt{x+1}\\sqrt{x+1} \\cdot \\sqrt{y+2}\\sqrt{y+2}", "(x+1)(y+2)")]
    [InlineData("\\sqrt[3]{x+1}\\cdot\\sqrt[3]{x+1}\\cdot\\sqrt[3]{x+1}", "x+1")]
    [InlineData("\\cos^2 x", "1 - \\sin^2 x")]
    [InlineData("\\cos^3 x", "\\cos x - \\cos x \\sin^2 x")]
    [InlineData("\\cos^4 x", "1 - 2\\sin^2 x + \\sin^4 x")]
    [InlineData("a + \\cos^2 x \\cos^2 y", "a + (1 - \\sin^2 x)(1 - \\sin^2 y)")]
    [InlineData("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}")]
    [InlineData("\\sqrt[3]{-8x-8}", "-2\\sqrt[3]{x+1}")]
    [InlineData("1^{3000000000}", "1")]
    [InlineData("0^{3000000000}", "0")]
    [InlineData("(-1)^{3000000000}", "1")]
    [InlineData("(-1)^{3000000001}", "-1")]
    public void Normal_PowersAndRoots_HaveOneForm(string left, string right)
    {
        var meter = new Meter(10_000_000);
        var normalizer = new Normalizer(new Exact(meter));
        string? Key(string answer) => normalizer.Try(AnswerParser.Parse(answer, true, meter, out _)!)?.Key;

        Assert.NotNull(Key(left));
        Assert.Equal(Key(right), Key(left));
    }

    [Theory]
    [InlineData("\\arccos(1)", 0)]
    [InlineData("\\arccos(-1)", Math.PI)]
    [InlineData("\\arccos(1.5)", double.NaN)]
    [InlineData("\\arccos(-1.01)", double.NaN)]
    [InlineData("\\arcsin(1)", Math.PI / 2)]
    [InlineData("\\arcsin(-1)", -Math.PI / 2)]
    [InlineData("\\arcsin(1.01)", double.NaN)]
    [InlineData("\\arcsin(-1.5)", double.NaN)]
    [InlineData("\\arctan(2)", 1.1071487177940904)]
    [InlineData("\\tan(0.5)", 0.5463024898437905)]
    [InlineData("\\sec(0.5)", 1.139493927324549)]
    [InlineData("\\csc(0.5)", 2.085829642933488)]
    [InlineData("\\cot(0.5)", 1.830487721712452)]
    public void Evaluate_FunctionsAtTheirEnds_AreRealOrNothing(string answer, double expected) => Assert.Equal(expected, Real(answer), 1e-12);

    [Fact]
    public void Formulas_NeighboursJoined_AreAtMostThirtyTwoMore()
    {
        string Joined(int count) => string.Join(", ", Enumerable.Range(1, count).Select(static i => $"${i}$"));

        Assert.Equal(Joined(33), Formulas.Last(Joined(33))!.Value.Content);
        Assert.Equal(Joined(34)[5..], Formulas.Last(Joined(34))!.Value.Content);
    }

    // A zero-width space, a byte order mark and quotes are passed over.
    [Theory]
    [InlineData("12")]
    [InlineData("\u200b12")]
    [InlineData("12\ufeff")]
    [InlineData("\"12\"")]
    [InlineData("“12”")]
    [InlineData("`12`")]
    public void Compare_MarksWithoutMeaning_ChangeNothing(string prediction) => Equal("12", prediction, true);

    [Theory]
    [InlineData("1:30 p.m.", "13:30", true)]
    [InlineData("11:59 p.m.", "23:59", true)]
    [InlineData("1:30 p.m.", "14:30", false)]
    [InlineData("12:30", "12:30 p.m.", false)]
    [InlineData("7 p.m.", "19:00", true)]
    [InlineData("12 p.m.", "12:00 p.m.", true)]
    [InlineData("12 a.m.", "12:00 a.m.", true)]
    [InlineData("13 p.m.", "1:00 p.m.", false)]
    public void Compare_ClocksOfTwelveAndTwentyFourHours_AgreeFromThirteen(string gold, string prediction, bool expected) => Equal(gold, prediction, expected);

    // Half a unit of the last place; at 10¹² two doubles beside each other are 0.0002 apart, and no more than that is let pass. Python: Decimal(2).sqrt() * 1000000000050 = 1414213562443.80572...
    [Theory]
    [InlineData("\\sqrt{2}", "1.41421", true)]
    [InlineData("\\sqrt{2}", "1.41422", false)]
    [InlineData("1000000000050\\sqrt{2}", "1414213562443.81", true)]
    [InlineData("1000000000050\\sqrt{2}", "1414213562443.80", false)]
    [InlineData("1000000000090\\sqrt{2}", "1414213562500.38", false)]
    [InlineData("\\sqrt{2}", "1.41421356237310", true)]
    [InlineData("\\sqrt{2}", "1.4142135623730950488", true)]
    [InlineData("\\sqrt{2}", "1.41421356238309", false)]
    [InlineData("\\sqrt{2}", "1.41", false)]
    [InlineData("\\sqrt{2}", "1.414", true)]
    [InlineData("\\frac{1}{8}", "0.13", false)]
    [InlineData("\\frac{10001}{8}", "1250.13", true)]
    [InlineData("\\pi", "3.14159", true)]
    [InlineData("\\pi", "3.14160", false)]
    [InlineData("\\frac{1}{3}", "0.33333", true)]
    [InlineData("\\frac{1}{3}", "0.33334", false)]
    public void Compare_DecimalOfAnExactValue_IsRoundedToItsLastPlace(string gold, string prediction, bool expected) => Equal(gold, prediction, expected);
}
