using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <content>Powers: whole, fractional and symbolic.</content>
internal sealed partial class Algebra
{
    private static readonly int[] s_primes = [.. Enumerable.Range(2, 998).Where(static n => Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(n) - 1)).All(d => n % d != 0))];

    /// <summary>a to the b, for any normal forms.</summary>
    public Fraction Pow(Fraction a, Fraction b)
    {
        if (b.IsConstant)
        {
            return Pow(a, b.Value);
        }

        if (!b.Den.IsOne)
        {
            return AtomOf(AtomKind.Function, $"pow#({a.Key},{b.Key})");
        }

        var result = Fraction.One;
        for (int t = 0; t < b.Num.Count; t++)
        {
            var m = b.Num.Monomials[t];
            var c = b.Num.Coefficients[t];
            result = Mul(result, m.IsOne ? Pow(a, c) : Symbolic(a, m, c));
        }

        return result;
    }

    public Fraction Pow(Fraction a, Rational r)
    {
        if (r.IsInteger)
        {
            return r.Num.GetBitLength() > 30 ? BigPower(a, r) : Pow(a, (long)r.Num);
        }

        if (a.Num.IsZero)
        {
            return r.Sign > 0 ? Fraction.Zero : throw new TooComplexException();
        }

        if (r.Den.GetBitLength() > 20)
        {
            throw new TooComplexException();
        }

        var num = Root(a.Num, Exponent.Of(r));
        return a.Den.IsOne ? num : Div(num, Root(a.Den, Exponent.Of(r)));
    }

    /// <summary>Exponents past 2^30: only 0, 1 and -1 have a normal form, the rest is a named atom.</summary>
    private Fraction BigPower(Fraction a, Rational r)
    {
        if (a.IsConstant && (a.Value.IsZero || a.Value.IsOne || a.Value == Rational.MinusOne))
        {
            return a.Value.IsZero && r.Sign < 0 ? throw new TooComplexException() : a.Value == Rational.MinusOne && r.Num.IsEven ? Fraction.One : a;
        }

        return r.Bits > 512 ? throw new TooComplexException() : AtomOf(AtomKind.Function, $"pow#({a.Key},{r})");
    }

    private Fraction Pow(Fraction a, long k)
    {
        if (k == 0)
        {
            return Fraction.One;
        }

        if (k < 0)
        {
            return Inverse(Pow(a, -k));
        }

        if (k == 1 || a.Num.IsZero)
        {
            return a;
        }

        if (a.IsConstant)
        {
            var v = a.Value;
            long bits = (Math.Max((long)v.Num.GetBitLength(), (long)v.Den.GetBitLength()) - 1) * k;
            if (bits <= Rational.MaxBits - 64)
            {
                Meter.Charge((bits >> 6) * (bits >> 6) >> 3);
                return Fraction.Of(Rational.Pow(v, k));
            }

            return ConstantPower(v, new Exponent(k, 1));
        }

        if (a.Den.IsOne && a.Num.Count == 1)
        {
            return TermPower(a.Num, new Exponent(k, 1));
        }

        if (k > 400)
        {
            return AtomOf(AtomKind.Function, $"pow#({a.Key},{k})");
        }

        var (num, den) = (Polynomial.One, Polynomial.One);
        var (n, d) = (a.Num, a.Den);
        for (long e = k; ; e >>= 1)
        {
            if ((e & 1) == 1)
            {
                num = Mul(num, n);
                den = d.IsOne ? den : Mul(den, d);
            }

            if (e <= 1)
            {
                return Make(num, den);
            }

            n = Mul(n, n);
            d = d.IsOne ? d : Mul(d, d);
        }
    }

    /// <summary>c · Π aᵉ to a whole or fractional power.</summary>
    private Fraction TermPower(Polynomial term, Exponent r)
    {
        var result = ConstantPower(term.Coefficients[0], r);
        foreach (var p in term.Monomials[0].Powers)
        {
            result = Mul(result, PowerOf(p, r));
        }

        return result;
    }

    private Fraction PowerOf(Power p, Exponent r)
    {
        var a = _atoms[p.Atom];
        if (r.IsInteger || a.IsPositive || a.Kind == AtomKind.Base)
        {
            return AtomPower(p.Atom, p.Exponent * r);
        }

        if (a.Kind == AtomKind.I || (a.Kind == AtomKind.Symbolic && a.Symbolic.Atom == -1))
        {
            return AtomOf(AtomKind.Function, $"root#({p.Atom}^{p.Exponent.Num}/{p.Exponent.Den},{r.Num}/{r.Den})");
        }

        // An even power under an even root is an absolute value: sqrt(x^2) = |x|.
        var e = p.Exponent * r;
        bool absolute = p.Exponent.IsInteger && (p.Exponent.Num & 1) == 0 && (r.Den & 1) == 0 && !(e.IsInteger && (e.Num & 1) == 0);
        return absolute ? AtomPower(Intern(AtomKind.Function, $"abs({AtomOf(p.Atom).Key})"), e) : AtomPower(p.Atom, e);
    }

    /// <summary>A rational to a rational power: fractional powers of primes; odd roots of negatives are real, square roots give i.</summary>
    private Fraction ConstantPower(Rational c, Exponent r)
    {
        if (c.IsOne)
        {
            return Fraction.One;
        }

        if (c.IsZero)
        {
            return r.Num > 0 ? Fraction.Zero : throw new TooComplexException();
        }

        var result = Fraction.One;
        if (c.Sign < 0)
        {
            c = -c;
            result = (r.Den & 1) == 1 ? Fraction.Of((r.Num & 1) == 1 ? Rational.MinusOne : Rational.One)
                : r.Den == 2 ? AtomPower(Intern(AtomKind.I, "i"), new Exponent(r.Num, 1))
                : AtomOf(AtomKind.Function, $"root#(-1,{r.Num}/{r.Den})");
        }

        foreach (var (prime, count) in Factor(c))
        {
            result = Mul(result, AtomPower(Intern(AtomKind.Prime, "p" + prime, prime), new Exponent(count, 1) * r));
        }

        return result;
    }

    /// <summary>Prime factors of a positive rational by trial division up to 1,000; what is left counts as one factor (its square or cube root when whole).</summary>
    public List<(BigInteger Prime, long Count)> Factor(Rational c)
    {
        var factors = new List<(BigInteger, long)>();
        Factor(c.Num, 1, factors);
        Factor(c.Den, -1, factors);
        return factors;
    }

    private void Factor(BigInteger n, int sign, List<(BigInteger, long)> factors)
    {
        if (n.IsOne)
        {
            return;
        }

        long words = ((long)n.GetBitLength() >> 6) + 1;
        foreach (int p in s_primes)
        {
            if (n < (long)p * p)
            {
                break;
            }

            Meter.Charge(words);
            int count = 0;
            while (true)
            {
                var q = BigInteger.DivRem(n, p, out var rest);
                if (!rest.IsZero)
                {
                    break;
                }

                Meter.Charge(words);
                n = q;
                count++;
            }

            if (count > 0)
            {
                factors.Add((p, sign * count));
            }
        }

        if (n.IsOne)
        {
            return;
        }

        for (int k = 5; k >= 2; k--)
        {
            if (n > 1_000_000 && WholeRoot(n, k) is { } root)
            {
                factors.Add((root, sign * k));
                return;
            }
        }

        factors.Add((n, sign));
    }

    /// <summary>The k-th root when it is whole; null otherwise.</summary>
    private BigInteger? WholeRoot(BigInteger n, int k)
    {
        long bits = (long)n.GetBitLength();
        if (bits > 600)
        {
            return null;
        }

        // Newton from above.
        var x = BigInteger.One << (int)((bits / k) + 1);
        for (int i = 0; i < 2_000; i++)
        {
            Meter.Charge(4 + (bits >> 5));
            var y = (((k - 1) * x) + (n / BigInteger.Pow(x, k - 1))) / k;
            if (y >= x)
            {
                break;
            }

            x = y;
        }

        return BigInteger.Pow(x, k) == n ? x : null;
    }

    /// <summary>A sum under a fractional power: content outside, the primitive rest as an atom.</summary>
    private Fraction Root(Polynomial p, Exponent r)
    {
        if (p.Count == 1)
        {
            return TermPower(p, r);
        }

        var (content, common, rest) = Primitive(p);
        var result = ConstantPower(content, r);
        foreach (var power in common.Powers)
        {
            result = Mul(result, PowerOf(power, r));
        }

        if ((r.Den & 1) == 1 && rest.Coefficients[0].Sign < 0)
        {
            // An odd root takes the sign out.
            rest = Scale(rest, Rational.MinusOne);
            result = (r.Num & 1) == 1 ? Negate(result) : result;
        }

        int atom = Intern(AtomKind.Base, $"base({rest})", of: rest);
        return Mul(result, Fraction.Of(Reduce(Polynomial.Term(new Monomial([new Power(atom, r)]), Rational.One))));
    }

    /// <summary>p = content · common · rest, with whole coprime coefficients in the rest.</summary>
    public (Rational Content, Monomial Common, Polynomial Inner) Primitive(Polynomial p)
    {
        BigInteger num = 0, den = 1;
        foreach (var c in p.Coefficients)
        {
            num = BigInteger.GreatestCommonDivisor(num, c.Num);
            den = den / BigInteger.GreatestCommonDivisor(den, c.Den) * c.Den;
            Meter.Charge(2 + (c.Bits >> 4) + ((long)den.GetBitLength() >> 5));
            if (den.GetBitLength() > Rational.MaxBits)
            {
                throw new TooComplexException();
            }
        }

        var content = Rational.Of(num, den);
        var common = new List<Power>();
        var atoms = new SortedSet<int>(p.Monomials.SelectMany(static m => m.Powers).Select(static q => q.Atom));
        Meter.Charge((long)atoms.Count * p.Count);
        foreach (int atom in atoms)
        {
            var least = p.Monomials[0].Of(atom);
            foreach (var m in p.Monomials)
            {
                var e = m.Of(atom);
                least = e.CompareTo(least) < 0 ? e : least;
            }

            if (least.IsInteger && !least.IsZero && _atoms[atom].Kind is AtomKind.Variable or AtomKind.Pi or AtomKind.E)
            {
                common.Add(new Power(atom, least));
            }
        }

        var monomial = new Monomial([.. common]);
        var rest = Scale(p, content.Inverse());
        rest = common.Count == 0 ? rest : Mul(rest, Invert(Polynomial.Term(monomial, Rational.One)));
        return (content, monomial, rest);
    }

    /// <summary>a to the c·m with a symbolic monomial m: one atom "a to the m" for every factor of a, so that 4^n = 2^(2n).</summary>
    private Fraction Symbolic(Fraction a, Monomial m, Rational c)
    {
        var exponent = Exponent.Of(c);
        if (a.IsConstant)
        {
            var value = a.Value;
            if (value.IsZero)
            {
                throw new TooComplexException();
            }

            var result = value.Sign < 0 ? SymbolicAtom(-1, "pow-", m, exponent) : Fraction.One;
            foreach (var (prime, count) in Factor(value.Sign < 0 ? -value : value))
            {
                result = Mul(result, SymbolicAtom(Intern(AtomKind.Prime, "p" + prime, prime), "pow+", m, new Exponent(count, 1) * exponent));
            }

            return result;
        }

        if (a.Den.IsOne && a.Num.Count == 1)
        {
            var result = a.Num.Coefficients[0].IsOne ? Fraction.One : Symbolic(Fraction.Of(a.Num.Coefficients[0]), m, c);
            foreach (var p in a.Num.Monomials[0].Powers)
            {
                var atom = _atoms[p.Atom];
                if (atom.Kind == AtomKind.E && Angle(m, c, p.Exponent) is { } turn)
                {
                    return Mul(result, Add(Cosine(turn), Mul(I, Sine(turn))));
                }

                if (atom.Kind == AtomKind.Symbolic && atom.Symbolic.Atom >= 0)
                {
                    // (2^n)^m = 2^(nm)
                    var joint = Mul(atom.Symbolic.Exponent, m, out var factor);
                    result = Mul(result, SymbolicAtom(atom.Symbolic.Atom, atom.IsPositive ? "pow+" : "pow", joint, p.Exponent * exponent * Exponent.Of(factor)));
                    continue;
                }

                result = Mul(result, SymbolicAtom(p.Atom, atom.IsPositive ? "pow+" : "pow", m, p.Exponent * exponent));
            }

            return result;
        }

        int whole = Intern(AtomKind.Base, $"base({a.Num})", of: a.Num);
        var num = SymbolicAtom(whole, "pow#", m, exponent);
        return a.Den.IsOne ? num : Div(num, SymbolicAtom(Intern(AtomKind.Base, $"base({a.Den})", of: a.Den), "pow#", m, exponent));
    }

    private Fraction SymbolicAtom(int atom, string mark, Monomial m, Exponent e) =>
        AtomPower(Intern(AtomKind.Symbolic, $"{mark}({atom},{m})", symbolic: (atom, m)), e);

    /// <summary>The angle of e^(i·angle) when the exponent is a multiple of i·pi.</summary>
    private Fraction? Angle(Monomial m, Rational c, Exponent e)
    {
        if (m.Powers.Length != 2 || !Array.TrueForAll(m.Powers, p => p.Exponent == Exponent.One && _atoms[p.Atom].Kind is AtomKind.I or AtomKind.Pi))
        {
            return null;
        }

        return Mul(Pi, Fraction.Of(c * Rational.Of(e.Num, e.Den)));
    }
}
