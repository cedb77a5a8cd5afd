using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <content>Logarithms, trigonometric functions, absolute values, rounding, factorials.</content>
internal sealed partial class Algebra
{
    /// <summary>ln a: logarithms of the prime factors and of the atoms of a product.</summary>
    public Fraction Ln(Fraction a)
    {
        if (!a.Den.IsOne)
        {
            return Sub(Ln(Fraction.Of(a.Num)), Ln(Fraction.Of(a.Den)));
        }

        if (a.Num.IsZero)
        {
            throw new TooComplexException();
        }

        if (a.Num.Count != 1)
        {
            var (content, common, rest) = Primitive(a.Num);
            var outside = Ln(Fraction.Of(Polynomial.Term(common, content)));
            return Add(outside, AtomOf(AtomKind.Function, $"ln({rest})"));
        }

        var c = a.Num.Coefficients[0];
        if (c.Sign < 0)
        {
            return AtomOf(AtomKind.Function, $"ln({a.Num})");
        }

        var sum = Fraction.Zero;
        foreach (var (prime, count) in Factor(c))
        {
            sum = Add(sum, Mul(Fraction.Of(Rational.Of(count)), AtomOf(AtomKind.Log, "ln p" + prime)));
        }

        foreach (var p in a.Num.Monomials[0].Powers)
        {
            var atom = _atoms[p.Atom];
            var e = Fraction.Of(Rational.Of(p.Exponent.Num, p.Exponent.Den));
            var one = atom.Kind switch
            {
                AtomKind.E => Fraction.One,
                AtomKind.Prime => AtomOf(AtomKind.Log, "ln p" + atom.Integer),
                AtomKind.Symbolic when atom.Symbolic.Atom >= 0 && atom.IsPositive => Mul(Fraction.Of(Polynomial.Term(atom.Symbolic.Exponent, Rational.One)), Ln(AtomOf(atom.Symbolic.Atom))),
                AtomKind.Variable or AtomKind.Pi or AtomKind.Degree => AtomOf(AtomKind.Log, "ln " + atom.Key),
                _ => AtomOf(AtomKind.Function, $"ln(a{p.Atom})"),
            };
            sum = Add(sum, Mul(e, one));
        }

        return sum;
    }

    /// <summary>sin a, exact at multiples of 15 and 18 degrees.</summary>
    public Fraction Sine(Fraction a)
    {
        if (a.Num.IsZero)
        {
            return Fraction.Zero;
        }

        if (Turn(a) is { } r)
        {
            return SineOfTurn(r);
        }

        return a.Num.Coefficients[0].Sign < 0 ? Negate(SineAtom(Negate(a))) : SineAtom(a);
    }

    public Fraction Cosine(Fraction a)
    {
        if (a.Num.IsZero)
        {
            return Fraction.One;
        }

        if (Turn(a) is { } r)
        {
            return SineOfTurn(Rational.Of(1, 2) - r);
        }

        a = a.Num.Coefficients[0].Sign < 0 ? Negate(a) : a;
        SineAtom(a);
        return AtomOf(_atoms[Intern(AtomKind.Sine, $"sin({a.Key})")].Partner);
    }

    private Fraction SineAtom(Fraction a)
    {
        int sine = Intern(AtomKind.Sine, $"sin({a.Key})");
        int cosine = Intern(AtomKind.Cosine, $"cos({a.Key})");
        _atoms[sine].Partner = cosine;
        _atoms[cosine].Partner = sine;
        return AtomOf(sine);
    }

    /// <summary>r when a = r·pi.</summary>
    private Rational? Turn(Fraction a) => a.Den.IsOne && a.Num.Count == 1 && a.Num.Monomials[0].Powers is [{ } p] && p.Exponent == Exponent.One && _atoms[p.Atom].Kind == AtomKind.Pi ? a.Num.Coefficients[0] : null;

    /// <summary>sin(r·pi), folded into the first quadrant.</summary>
    private Fraction SineOfTurn(Rational r)
    {
        var two = Rational.Of(2);
        r -= two * Rational.Of((r / two).Floor());
        bool negative = r.CompareTo(Rational.One) >= 0;
        r = negative ? r - Rational.One : r;
        r = r.CompareTo(Rational.Of(1, 2)) > 0 ? Rational.One - r : r;
        var value = FirstQuadrant(r) ?? AtomOf(AtomKind.Function, $"sinpi({r})");
        return negative ? Negate(value) : value;
    }

    private Fraction? FirstQuadrant(Rational r)
    {
        if (r.Bits > 32 || r.Den > 12)
        {
            return null;
        }

        int n = (int)r.Num;
        return ((int)r.Den, n) switch
        {
            (1, 0) => Fraction.Zero,
            (2, 1) => Fraction.One,
            (6, 1) => Fraction.Of(Rational.Of(1, 2)),
            (4, 1) => Surd(2, 1, 2),
            (3, 1) => Surd(3, 1, 2),
            (12, 1) => Sub(Surd(6, 1, 4), Surd(2, 1, 4)),
            (12, 5) => Add(Surd(6, 1, 4), Surd(2, 1, 4)),
            (10, 1) => Sub(Surd(5, 1, 4), Fraction.Of(Rational.Of(1, 4))),
            (10, 3) => Add(Surd(5, 1, 4), Fraction.Of(Rational.Of(1, 4))),
            _ => null,
        };
    }

    private Fraction Surd(int under, int num, int den) => Mul(Fraction.Of(Rational.Of(num, den)), Pow(Fraction.Of(Rational.Of(under)), Rational.Of(1, 2)));

    /// <summary>|a|: exact for numbers, product of absolute values for a product.</summary>
    public Fraction Abs(Fraction a)
    {
        if (a.IsConstant)
        {
            return Fraction.Of(a.Value.Sign < 0 ? -a.Value : a.Value);
        }

        if (!a.Den.IsOne)
        {
            return Div(Abs(Fraction.Of(a.Num)), Abs(Fraction.Of(a.Den)));
        }

        if (a.Num.Count == 1)
        {
            var c = a.Num.Coefficients[0];
            var result = Fraction.Of(c.Sign < 0 ? -c : c);
            foreach (var p in a.Num.Monomials[0].Powers)
            {
                var atom = _atoms[p.Atom];
                result = atom.Kind == AtomKind.I ? result
                    : Mul(result, atom.IsPositive || (p.Exponent.IsInteger && (p.Exponent.Num & 1) == 0) ? AtomPower(p.Atom, p.Exponent)
                    : AtomPower(Intern(AtomKind.Function, $"abs({AtomOf(p.Atom).Key})"), p.Exponent));
            }

            return result;
        }

        if (RealSign(a.Num) is { } sign && sign != 0)
        {
            return sign < 0 ? Negate(a) : a;
        }

        if (Complex(a.Num) is { } parts)
        {
            return Pow(Add(Pow(parts.Real, Rational.Of(2)), Pow(parts.Imaginary, Rational.Of(2))), Rational.Of(1, 2));
        }

        a = a.Num.Coefficients[0].Sign < 0 ? Negate(a) : a;
        return AtomOf(AtomKind.Function, $"abs({a.Key})");
    }

    /// <summary>Real and imaginary part of a sum of real numbers and multiples of i; null otherwise.</summary>
    private (Fraction Real, Fraction Imaginary)? Complex(Polynomial p)
    {
        if (!_index.TryGetValue("i", out int i))
        {
            return null;
        }

        var (real, imaginary) = (Polynomial.Zero, Polynomial.Zero);
        for (int t = 0; t < p.Count; t++)
        {
            var m = p.Monomials[t];
            if (!Array.TrueForAll(m.Powers, q => q.Atom == i || _atoms[q.Atom].IsPositive))
            {
                return null;
            }

            if (m.Of(i).IsZero)
            {
                real = Add(real, Polynomial.Term(m, p.Coefficients[t]));
            }
            else
            {
                imaginary = Add(imaginary, Polynomial.Term(m.Without(i), p.Coefficients[t]));
            }
        }

        return (Fraction.Of(real), Fraction.Of(imaginary));
    }

    /// <summary>The sign of a sum of radicals, pi and e where double precision is far from zero; null when unknown.</summary>
    private int? RealSign(Polynomial p) => RealValue(p) is { } v && Math.Abs(v.Value) > 1e-9 * v.Scale ? Math.Sign(v.Value) : null;

    private (double Value, double Scale)? RealValue(Polynomial p)
    {
        double sum = 0, scale = 0;
        for (int t = 0; t < p.Count; t++)
        {
            double term = p.Coefficients[t].ToDouble();
            foreach (var power in p.Monomials[t].Powers)
            {
                var a = _atoms[power.Atom];
                double b = a.Kind switch { AtomKind.Prime => (double)a.Integer, AtomKind.Pi => Math.PI, AtomKind.E => Math.E, _ => double.NaN };
                term *= Math.Pow(b, (double)power.Exponent.Num / power.Exponent.Den);
            }

            sum += term;
            scale += Math.Abs(term);
        }

        Meter.Charge(4 * p.Count);
        return double.IsFinite(sum) && double.IsFinite(scale) ? (sum, scale) : null;
    }

    /// <summary>floor(a) or ceil(a): exact for rationals, by value for other real numbers that are not close to a whole one.</summary>
    public Fraction Round(Fraction a, bool up)
    {
        if (a.IsConstant)
        {
            return Fraction.Of(Rational.Of(up ? -(-a.Value).Floor() : a.Value.Floor()));
        }

        if (a.Den.IsOne && RealValue(a.Num) is { } v && v.Scale < 1e9 && Math.Abs(v.Value - Math.Round(v.Value)) > 1e-6)
        {
            return Fraction.Of(Rational.Of((long)(up ? Math.Ceiling(v.Value) : Math.Floor(v.Value))));
        }

        // Whole terms leave: floor(x + 3) = floor(x) + 3.
        var whole = Rational.Zero;
        for (int t = 0; a.Den.IsOne && t < a.Num.Count; t++)
        {
            if (a.Num.Monomials[t].IsOne)
            {
                whole = Rational.Of(a.Num.Coefficients[t].Floor());
            }
        }

        var rest = Sub(a, Fraction.Of(whole));
        return Add(Fraction.Of(whole), AtomOf(AtomKind.Function, $"{(up ? "ceil" : "floor")}({rest.Key})"));
    }

    /// <summary>a!: a number where it is small, otherwise the factorial of the part without whole terms: (n+1)! = (n+1)·n!.</summary>
    public Fraction Factorial(Fraction a)
    {
        if (a.IsConstant)
        {
            if (!a.Value.IsInteger || a.Value.Sign < 0)
            {
                throw new TooComplexException();
            }

            if (a.Value.CompareTo(Rational.Of(1_500)) > 0)
            {
                return AtomOf(AtomKind.Function, $"fact({a.Key})");
            }

            BigInteger product = 1;
            for (int i = 2; i <= (int)a.Value.Num; i++)
            {
                product *= i;
                Meter.Charge(1 + ((long)product.GetBitLength() >> 6));
            }

            return Fraction.Of(Rational.Of(product));
        }

        long shift = 0;
        for (int t = 0; a.Den.IsOne && t < a.Num.Count; t++)
        {
            if (a.Num.Monomials[t].IsOne && a.Num.Coefficients[t] is { IsInteger: true } c && BigInteger.Abs(c.Num) <= 20)
            {
                shift = (long)c.Num;
            }
        }

        var rest = Sub(a, Fraction.Of(Rational.Of(shift)));
        var result = AtomOf(AtomKind.Function, $"fact({rest.Key})");
        for (long i = 1; i <= shift; i++)
        {
            result = Mul(result, Add(rest, Fraction.Of(Rational.Of(i))));
        }

        for (long i = 0; i > shift; i--)
        {
            result = Div(result, Add(rest, Fraction.Of(Rational.Of(i))));
        }

        return result;
    }

    /// <summary>n over k, by factorials; small whole numbers exactly.</summary>
    public Fraction Binomial(Fraction n, Fraction k)
    {
        if (n.IsConstant && k.IsConstant && n.Value.IsInteger && k.Value.IsInteger && n.Value.Sign >= 0)
        {
            if (k.Value.Sign < 0 || k.Value.CompareTo(n.Value) > 0)
            {
                return Fraction.Zero;
            }

            var (top, low) = (n.Value.Num, BigInteger.Min(k.Value.Num, n.Value.Num - k.Value.Num));
            if (low > 1_500 || top.GetBitLength() > 62)
            {
                return AtomOf(AtomKind.Function, $"binom({n.Key},{k.Key})");
            }

            BigInteger value = 1;
            for (int i = 1; i <= (int)low; i++)
            {
                value = value * (top - low + i) / i;
                Meter.Charge(2 + ((long)value.GetBitLength() >> 5));
            }

            return Fraction.Of(Rational.Of(value));
        }

        return Div(Factorial(n), Mul(Factorial(k), Factorial(Sub(n, k))));
    }
}
