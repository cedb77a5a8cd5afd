using System.Numerics;
using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>Exact fractions against whole-number arithmetic written out, at the borders of the small form (32 bits) too.</summary>
public class ExactNumberTests
{
    private static readonly long[] s_values = [0, 1, -1, 2, -3, 7, 60, -255, 46341, int.MaxValue - 1, int.MaxValue, (long)int.MaxValue + 1, int.MinValue, -(long)int.MaxValue, (long)int.MinValue - 1, 1L << 40, -(1L << 62), long.MaxValue, long.MinValue];

    [Fact]
    public void Arithmetic_BorderValues_EqualsCrossMultiplication()
    {
        var all = s_values.SelectMany(static n => s_values.Where(static d => d != 0).Select(d => (N: (BigInteger)n, D: (BigInteger)d))).Where(static (_, i) => i % 3 == 0).ToArray();
        for (int i = 0; i < all.Length; i++)
        {
            var (an, ad) = all[i];
            var (bn, bd) = all[(i * 7) % all.Length];
            var (a, b) = (Rational.Of(an, ad), Rational.Of(bn, bd));

            Is(an, ad, a);
            Is(an, ad, Rational.Of((long)an, (long)ad));
            Is((an * bd) + (bn * ad), ad * bd, a + b);
            Is((an * bd) - (bn * ad), ad * bd, a - b);
            Is(an * bn, ad * bd, a * b);
            Is(-an, ad, -a);
            if (!bn.IsZero)
            {
                Is(an * bd, ad * bn, a / b);
                Is(bd, bn, b.Inverse());
            }

            int order = ((an * bd) - (bn * ad)).Sign * ad.Sign * bd.Sign;
            Assert.Equal(order, Math.Sign(a.CompareTo(b)));
            Assert.Equal(order == 0, a == b);
            Assert.Equal(order != 0, a != b);
            Assert.Equal(order == 0, a.GetHashCode() == b.GetHashCode());
            Assert.Equal(an.Sign * ad.Sign, a.Sign);
            Assert.Equal(an.IsZero, a.IsZero);
            Assert.Equal(an == ad, a.IsOne);
            Assert.Equal((an % ad).IsZero, a.IsInteger);
            Assert.Equal((double)an / (double)ad, a.ToDouble(), Math.Abs((double)an / (double)ad) * 1e-15);
            var floor = a.Floor();
            Assert.True(Rational.Of(floor).CompareTo(a) <= 0 && Rational.Of(floor + 1).CompareTo(a) > 0);
        }
    }

    [Fact]
    public void Pow_AtTheLargestSize_IsExactAndPastItRefused()
    {
        Assert.Equal(Rational.One, Rational.Pow(Rational.MinusOne, Rational.MaxBits));
        Assert.Throws<TooComplexException>(() => Rational.Pow(Rational.MinusOne, Rational.MaxBits + 1));
        Assert.Equal(Rational.Of(BigInteger.One << (Rational.MaxBits - 1)), Rational.Pow(Rational.Of(2), Rational.MaxBits - 1));
        Assert.Equal(Rational.Of(BigInteger.One, BigInteger.One << (Rational.MaxBits - 1)), Rational.Pow(Rational.Of(2), 1 - Rational.MaxBits));
        Assert.Throws<TooComplexException>(() => Rational.Pow(Rational.Of(2), Rational.MaxBits));
        Assert.Equal(Rational.One, Rational.Pow(Rational.Of(7), 0));
        Assert.Equal(Rational.Zero, Rational.Pow(Rational.Zero, 3));
    }

    // An exponent has at most 30 bits above and below the line.
    [Fact]
    public void Exponent_OfANumber_AtTheLargestSizeAndPastIt()
    {
        const long most = (1L << 30) - 1;
        Assert.Equal(new Exponent(most, 1), Exponent.Of(Rational.Of(most)));
        Assert.Equal(new Exponent(-most, 2), Exponent.Of(Rational.Of(-most, 2)));
        Assert.Throws<TooComplexException>(() => Exponent.Of(Rational.Of(most + 1)));
        Assert.Throws<TooComplexException>(() => Exponent.Of(Rational.Of(1, most + 1)));
        Assert.Throws<TooComplexException>(() => Exponent.Of(Rational.Of(BigInteger.One << 70)));
    }

    [Theory]
    [InlineData(2, 3, 3, 8, 27)]
    [InlineData(2, 3, -2, 9, 4)]
    [InlineData(-2, 3, -3, -27, 8)]
    [InlineData(5, 1, 0, 1, 1)]
    [InlineData(0, 1, 0, 1, 1)]
    [InlineData(0, 1, 4, 0, 1)]
    [InlineData(1, 1, -9, 1, 1)]
    [InlineData(-1, 1, 5, -1, 1)]
    public void Pow_SmallPowers_AreMultipliedOut(int n, int d, int exponent, int num, int den) => Is(num, den, Rational.Pow(Rational.Of(n, d), exponent));

    [Fact]
    public void Pow_AtTheLimitOfBits_RefusesWhatIsLonger()
    {
        Assert.Equal(BigInteger.One << (Rational.MaxBits - 1), Rational.Pow(Rational.Of(2), Rational.MaxBits - 1).Num);
        Assert.Throws<TooComplexException>(static () => Rational.Pow(Rational.Of(2), Rational.MaxBits + 1));
        Assert.Throws<TooComplexException>(static () => Rational.Of(BigInteger.One << Rational.MaxBits));
        Assert.Equal(Rational.MaxBits, (long)Rational.Of((BigInteger.One << Rational.MaxBits) - 1).Num.GetBitLength());
    }

    [Fact]
    public void ToDouble_BeyondTheRangeOfDoubles_KeepsTheQuotient() =>
        Assert.Equal(1.5, Rational.Of(3 * BigInteger.Pow(7, 500), 2 * BigInteger.Pow(7, 500) + 1).ToDouble(), 1e-12);

    private static void Is(BigInteger num, BigInteger den, Rational value)
    {
        Assert.Equal(num * value.Den, value.Num * den);
        Assert.True(value.Den.Sign > 0);
        Assert.True(BigInteger.GreatestCommonDivisor(value.Num, value.Den).IsOne);
    }
}
