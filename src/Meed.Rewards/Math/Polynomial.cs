namespace Meed.Rewards.MathAnswers;

/// <summary>A sum of monomials with exact coefficients, ordered; equal sums over one table of atoms have equal terms.</summary>
internal sealed class Polynomial(Monomial[] monomials, Rational[] coefficients)
{
    public static Polynomial Zero { get; } = new([], []);

    public static Polynomial One { get; } = Constant(Rational.One);

    public Monomial[] Monomials { get; } = monomials;

    public Rational[] Coefficients { get; } = coefficients;

    public int Count => Monomials.Length;

    public bool IsZero => Count == 0;

    public bool IsConstant => Count == 0 || (Count == 1 && Monomials[0].IsOne);

    public bool IsOne => Count == 1 && Monomials[0].IsOne && Coefficients[0].IsOne;

    /// <summary>The value of a constant.</summary>
    public Rational Value => Count == 0 ? Rational.Zero : Coefficients[0];

    public static Polynomial Constant(Rational value) => value.IsZero ? new([], []) : new([Monomial.One], [value]);

    public static Polynomial Term(Monomial m, Rational c) => c.IsZero ? Zero : new([m], [c]);

    public bool SameAs(Polynomial other) => ReferenceEquals(this, other) || (Count == other.Count && Monomials.AsSpan().SequenceEqual(other.Monomials) && Coefficients.AsSpan().SequenceEqual(other.Coefficients));

    public override string ToString() => Count == 0 ? "0" : string.Join('+', Monomials.Zip(Coefficients, static (m, c) => $"{c}*{m}"));
}

/// <summary>A quotient of polynomials. Single-term denominators are folded into the numerator as negative exponents.</summary>
internal sealed record Fraction(Polynomial Num, Polynomial Den)
{
    public static Fraction Zero { get; } = new(Polynomial.Zero, Polynomial.One);

    public static Fraction One { get; } = new(Polynomial.One, Polynomial.One);

    public static Fraction Of(Rational value) => new(Polynomial.Constant(value), Polynomial.One);

    public static Fraction Of(Polynomial p) => new(p, Polynomial.One);

    public bool IsConstant => Den.IsOne && Num.IsConstant;

    public Rational Value => Num.Value;

    public string Key => Den.IsOne ? Num.ToString() : $"({Num})/({Den})";
}
