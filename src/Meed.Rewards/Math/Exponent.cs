namespace Meed.Rewards.MathAnswers;

/// <summary>A small exact exponent; what outgrows 64 bits is refused.</summary>
internal readonly record struct Exponent(long Num, long Den) : IComparable<Exponent>
{
    private const long Cap = 1L << 30;

    public static Exponent One { get; } = new(1, 1);

    public bool IsZero => Num == 0;

    public bool IsInteger => Den == 1;

    public static Exponent Of(long num, long den)
    {
        long a = Math.Abs(num), b = Math.Abs(den);
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        a = a == 0 ? 1 : a;
        a = den < 0 ? -a : a;
        num /= a;
        den /= a;
        return Math.Abs(num) > Cap || den > Cap ? throw new TooComplexException() : new Exponent(num, den);
    }

    /// <summary>The exponent as read from a number; refused when too large.</summary>
    public static Exponent Of(Rational r) => Small(r.Num) && Small(r.Den) ? Of((long)r.Num, (long)r.Den) : throw new TooComplexException();

    private static bool Small(System.Numerics.BigInteger v) => v.GetBitLength() <= 30;

    public static Exponent operator +(Exponent a, Exponent b) => a.Den == 1 && b.Den == 1 ? Of(a.Num + b.Num, 1) : Of((a.Num * b.Den) + (b.Num * a.Den), a.Den * b.Den);

    public static Exponent operator *(Exponent a, Exponent b) => Of(a.Num * b.Num, a.Den * b.Den);

    public static Exponent operator -(Exponent a) => new(-a.Num, a.Den);

    /// <summary>The largest integer at most this.</summary>
    public long Floor() => Num >= 0 ? Num / Den : -((-Num + Den - 1) / Den);

    public int CompareTo(Exponent other) => (Num * other.Den).CompareTo(other.Num * Den);
}
