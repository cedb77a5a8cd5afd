using System.Globalization;
using System.Numerics;

namespace Meed.Rewards.Verifiers;

/// <summary>An exact fraction with 128-bit parts, in lowest terms with a positive denominator.</summary>
/// <remarks>Arithmetic that leaves 128 bits throws <see cref="OverflowException"/>; comparing never does.</remarks>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly Int128 _denominatorLessOne;

    /// <summary>numerator / denominator, reduced.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(Int128 numerator, Int128 denominator)
    {
        if (denominator == 0)
        {
            throw new DivideByZeroException("A fraction has denominator 0.");
        }

        if (denominator < 0)
        {
            numerator = checked(-numerator);
            denominator = checked(-denominator);
        }

        if (denominator != 1)
        {
            var divisor = Gcd(UInt128Abs(numerator), (UInt128)denominator);
            if (divisor > 1)
            {
                numerator /= (Int128)divisor;
                denominator /= (Int128)divisor;
            }
        }

        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    /// <summary>A whole number.</summary>
    public Rational(long value)
    {
        Numerator = value;
    }

    /// <summary>The numerator; carries the sign.</summary>
    public Int128 Numerator { get; }

    /// <summary>The denominator, at least 1.</summary>
    public Int128 Denominator => _denominatorLessOne + 1;

    /// <summary>True for a whole number.</summary>
    public bool IsWhole => _denominatorLessOne == 0;

    /// <summary>The nearest double.</summary>
    public double ToDouble() => (double)Numerator / (double)Denominator;

    /// <summary>Sum.</summary>
    public static Rational operator +(Rational a, Rational b) => a.IsWhole && b.IsWhole
        ? new(checked(a.Numerator + b.Numerator), 1)
        : new(checked(a.Numerator * b.Denominator + b.Numerator * a.Denominator), checked(a.Denominator * b.Denominator));

    /// <summary>Difference.</summary>
    public static Rational operator -(Rational a, Rational b) => a + -b;

    /// <summary>Negation.</summary>
    public static Rational operator -(Rational a) => new(checked(-a.Numerator), a.Denominator);

    /// <summary>Product.</summary>
    public static Rational operator *(Rational a, Rational b) => new(checked(a.Numerator * b.Numerator), checked(a.Denominator * b.Denominator));

    /// <summary>Quotient; throws <see cref="DivideByZeroException"/> when <paramref name="b"/> is 0.</summary>
    public static Rational operator /(Rational a, Rational b) => new(checked(a.Numerator * b.Denominator), checked(a.Denominator * b.Numerator));

    /// <summary>Equality of value.</summary>
    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    /// <summary>Inequality of value.</summary>
    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    /// <summary>Less.</summary>
    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    /// <summary>Greater.</summary>
    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    /// <summary>Greater or equal.</summary>
    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    /// <summary>Parses digits with an optional sign, point and exponent, exactly. No separators, no white space.</summary>
    /// <returns>False when the text is no such number, or needs more than 128 bits.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Rational value)
    {
        value = default;
        int i = 0;
        bool negative = false;
        if (i < text.Length && text[i] is '-' or '+' or '−')
        {
            negative = text[i++] != '+';
        }

        Int128 digits = 0;
        int decimals = 0, significant = 0, seen = 0;
        bool point = false;
        for (; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '.' && !point)
            {
                point = true;
            }
            else if (char.IsAsciiDigit(c))
            {
                seen++;
                significant += significant > 0 || c != '0' ? 1 : 0;
                decimals += point ? 1 : 0;
                if (significant > 36 || decimals > 36)
                {
                    return false;
                }

                digits = digits * 10 + (c - '0');
            }
            else
            {
                break;
            }
        }

        if (seen == 0)
        {
            return false;
        }

        int exponent = 0;
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            if (!int.TryParse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 36)
            {
                return false;
            }

            i = text.Length;
        }

        if (i != text.Length)
        {
            return false;
        }

        exponent -= decimals;
        if (digits == 0)
        {
            return true;
        }

        if (exponent < -36 || significant + Math.Max(0, exponent) > 37)
        {
            return false;
        }

        digits = negative ? -digits : digits;
        value = exponent >= 0 ? new Rational(digits * Power10(exponent), 1) : new Rational(digits, Power10(-exponent));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Rational other)
    {
        if (_denominatorLessOne == other._denominatorLessOne)
        {
            return Numerator.CompareTo(other.Numerator);
        }

        return ((BigInteger)Numerator * (BigInteger)other.Denominator).CompareTo((BigInteger)other.Numerator * (BigInteger)Denominator);
    }

    /// <inheritdoc/>
    public bool Equals(Rational other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorLessOne);

    /// <inheritdoc/>
    public override string ToString() => IsWhole ? Numerator.ToString(CultureInfo.InvariantCulture) : $"{Numerator}/{Denominator}";

    internal static Int128 Power10(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static UInt128 UInt128Abs(Int128 value) => value < 0 ? (UInt128)(-(value + 1)) + 1 : (UInt128)value;

    private static UInt128 Gcd(UInt128 a, UInt128 b)
    {
        while (b != 0)
        {
            if (a <= ulong.MaxValue && b <= ulong.MaxValue)
            {
                ulong x = (ulong)a, y = (ulong)b;
                while (y != 0)
                {
                    (x, y) = (y, x % y);
                }

                return x;
            }

            (a, b) = (b, a % b);
        }

        return a;
    }
}
