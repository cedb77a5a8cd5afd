using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <summary>An exact fraction in lowest terms with a positive denominator; small values take no heap space.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    /// <summary>Numbers with more bits than this are refused (<see cref="TooComplexException"/>).</summary>
    public const int MaxBits = 20_000;

    private readonly int _num;
    private readonly int _den;
    private readonly Big? _big;

    private sealed record Big(BigInteger Num, BigInteger Den);

    private Rational(int num, int den)
    {
        _num = num;
        _den = den;
    }

    private Rational(BigInteger num, BigInteger den) => _big = new Big(num, den);

    public static Rational Zero { get; } = new(0, 1);

    public static Rational One { get; } = new(1, 1);

    public static Rational MinusOne { get; } = new(-1, 1);

    public BigInteger Num => _big?.Num ?? _num;

    public BigInteger Den => _big?.Den ?? _den;

    public bool IsZero => _big is null && _num == 0;

    public bool IsOne => _big is null && _num == 1 && _den == 1;

    public bool IsInteger => _big is null ? _den == 1 : _big.Den.IsOne;

    public int Sign => _big is null ? Math.Sign(_num) : _big.Num.Sign;

    /// <summary>Bits of numerator and denominator together; the unit in which arithmetic is charged.</summary>
    public int Bits => _big is null ? 32 : (int)Math.Min(int.MaxValue / 2, _big.Num.GetBitLength() + _big.Den.GetBitLength());

    public static Rational Of(long value) => value is >= -int.MaxValue and <= int.MaxValue ? new Rational((int)value, 1) : new Rational(value, BigInteger.One);

    public static Rational Of(BigInteger value) => Of(value, BigInteger.One);

    public static Rational Of(long num, long den)
    {
        if (num == long.MinValue || den == long.MinValue)
        {
            return Of((BigInteger)num, den);
        }

        long g = Gcd(Math.Abs(num), Math.Abs(den));
        if (den < 0)
        {
            g = -g;
        }

        num /= g;
        den /= g;
        return Math.Abs(num) <= int.MaxValue && den <= int.MaxValue ? new Rational((int)num, (int)den) : new Rational(num, den);
    }

    public static Rational Of(BigInteger num, BigInteger den)
    {
        if (num.GetBitLength() > MaxBits || den.GetBitLength() > MaxBits)
        {
            throw new TooComplexException();
        }

        var g = BigInteger.GreatestCommonDivisor(num, den);
        if (den.Sign < 0)
        {
            g = -g;
        }

        if (!g.IsOne)
        {
            num /= g;
            den /= g;
        }

        return num.GetBitLength() < 31 && den.GetBitLength() < 31 ? new Rational((int)num, (int)den) : new Rational(num, den);
    }

    private static long Gcd(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a == 0 ? 1 : a;
    }

    public static Rational operator +(Rational a, Rational b) => a._big is null && b._big is null
        ? Of(((long)a._num * b._den) + ((long)b._num * a._den), (long)a._den * b._den)
        : Of((a.Num * b.Den) + (b.Num * a.Den), a.Den * b.Den);

    public static Rational operator -(Rational a, Rational b) => a + (-b);

    public static Rational operator -(Rational a) => a._big is null ? new Rational(-a._num, a._den) : new Rational(-a._big.Num, a._big.Den);

    public static Rational operator *(Rational a, Rational b) => a._big is null && b._big is null
        ? Of((long)a._num * b._num, (long)a._den * b._den)
        : Of(a.Num * b.Num, a.Den * b.Den);

    /// <summary>1 / a; a is not zero.</summary>
    public Rational Inverse() => Of(Den, Num);

    public static Rational operator /(Rational a, Rational b) => a * b.Inverse();

    /// <summary>The largest integer at most this.</summary>
    public BigInteger Floor()
    {
        var q = BigInteger.DivRem(Num, Den, out var r);
        return r.Sign < 0 ? q - 1 : q;
    }

    /// <summary>Integer power, the exponent of either sign; throws <see cref="TooComplexException"/> where it would be too large.</summary>
    public static Rational Pow(Rational a, long exponent)
    {
        long k = Math.Abs(exponent);
        if (a.IsZero || a.IsOne || k == 0)
        {
            return k == 0 ? One : a;
        }

        if (k > MaxBits || (Math.Max(a.Num.GetBitLength(), a.Den.GetBitLength()) - 1) * k > MaxBits)
        {
            throw new TooComplexException();
        }

        var r = Of(BigInteger.Pow(a.Num, (int)k), BigInteger.Pow(a.Den, (int)k));
        return exponent < 0 ? r.Inverse() : r;
    }

    public double ToDouble()
    {
        if (_big is null)
        {
            return (double)_num / _den;
        }

        double n = (double)_big.Num, d = (double)_big.Den;
        if (double.IsFinite(n) && double.IsFinite(d))
        {
            return n / d;
        }

        int shift = (int)Math.Max(_big.Num.GetBitLength(), _big.Den.GetBitLength()) - 900;
        return (double)(_big.Num >> shift) / (double)(_big.Den >> shift);
    }

    public bool Equals(Rational other) => _big is null
        ? other._big is null && _num == other._num && _den == other._den
        : other._big is not null && _big.Num == other._big.Num && _big.Den == other._big.Den;

    public override bool Equals(object? obj) => obj is Rational r && Equals(r);

    public override int GetHashCode() => _big is null ? HashCode.Combine(_num, _den) : _big.GetHashCode();

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    public int CompareTo(Rational other) => _big is null && other._big is null
        ? ((long)_num * other._den).CompareTo((long)other._num * _den)
        : (Num * other.Den).CompareTo(other.Num * Den);

    public override string ToString() => IsInteger ? Num.ToString() : $"{Num}/{Den}";
}

/// <summary>An expression outgrew the exact engine; the comparison goes on with the next rule.</summary>
internal sealed class TooComplexException : Exception;
