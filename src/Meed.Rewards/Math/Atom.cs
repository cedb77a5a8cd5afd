using System.Numerics;

namespace Meed.Rewards.MathAnswers;

internal enum AtomKind : byte
{
    /// <summary>A free name.</summary>
    Variable,

    /// <summary>A prime (or an integer that trial division could not split), under fractional exponents.</summary>
    Prime,

    /// <summary>The circle's constant.</summary>
    Pi,

    /// <summary>Euler's number.</summary>
    E,

    /// <summary>The imaginary unit.</summary>
    I,

    /// <summary>One degree.</summary>
    Degree,

    /// <summary>ln of a prime, a variable or pi.</summary>
    Log,

    /// <summary>An atom raised to a symbolic monomial, such as 2^n.</summary>
    Symbolic,

    /// <summary>A polynomial under a fractional exponent.</summary>
    Base,

    /// <summary>A sine; its partner is the cosine.</summary>
    Sine,

    /// <summary>A cosine; its square is 1 minus the square of its partner.</summary>
    Cosine,

    /// <summary>Any other function of normal forms.</summary>
    Function,
}

/// <summary>An indivisible part of a normal form.</summary>
internal sealed record Atom(AtomKind Kind, string Key, int Id)
{
    /// <summary>The integer of a prime atom.</summary>
    public BigInteger Integer { get; init; }

    /// <summary>The polynomial of a base atom.</summary>
    public Polynomial? Base { get; init; }

    /// <summary>Sine of a cosine and the reverse.</summary>
    public int Partner { get; set; } = -1;

    /// <summary>The atom and monomial of a symbolic power.</summary>
    public (int Atom, Monomial Exponent) Symbolic { get; init; }

    /// <summary>True when the atom may hide a relation to others, so that different normal forms prove nothing.</summary>
    public bool IsOpaque => Kind is AtomKind.Base or AtomKind.Sine or AtomKind.Cosine or AtomKind.Function;

    /// <summary>True when it is a positive number whatever the names mean.</summary>
    public bool IsPositive => Kind is AtomKind.Prime or AtomKind.Pi or AtomKind.E or AtomKind.Degree || (Kind == AtomKind.Symbolic && Key.StartsWith("pow+", StringComparison.Ordinal));
}
