using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <summary>Exact arithmetic on normal forms over one table of atoms; both sides of a comparison share it.</summary>
/// <remarks>
/// A normal form is a quotient of polynomials with rational coefficients over atoms. Radicals of integers are fractional powers of primes, which are linearly independent over
/// the rationals (Besicovitch 1940, "On the linear independence of fractional powers of integers"), so a difference without opaque atoms is zero exactly when it has no terms.
/// </remarks>
internal sealed partial class Algebra(Meter meter)
{
    /// <summary>Sums with more terms are refused.</summary>
    public const int MaxTerms = 1_200;

    private readonly List<Atom> _atoms = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public Meter Meter { get; } = meter;

    public Atom this[int id] => _atoms[id];

    public int Intern(AtomKind kind, string key, BigInteger integer = default, Polynomial? of = null, (int, Monomial) symbolic = default)
    {
        if (_index.TryGetValue(key, out int id))
        {
            return id;
        }

        Meter.Charge(8 + key.Length);
        if (key.Length > 4_000 || _atoms.Count > 2_000)
        {
            throw new TooComplexException();
        }

        id = _atoms.Count;
        _atoms.Add(new Atom(kind, key, id) { Integer = integer, Base = of, Symbolic = symbolic });
        _index.Add(key, id);
        return id;
    }

    private static Fraction AtomOf(int id) => Fraction.Of(Polynomial.Term(new Monomial([new Power(id, Exponent.One)]), Rational.One));

    public Fraction AtomOf(AtomKind kind, string key) => AtomOf(Intern(kind, key));

    public Fraction Pi => AtomOf(AtomKind.Pi, "pi");

    public Fraction I => AtomOf(AtomKind.I, "i");

    public Polynomial Add(Polynomial a, Polynomial b)
    {
        if (a.IsZero)
        {
            return b;
        }

        if (b.IsZero)
        {
            return a;
        }

        int n = a.Count, m = b.Count;
        Meter.Charge(2 * (n + m));
        var monomials = new List<Monomial>(n + m);
        var coefficients = new List<Rational>(n + m);
        for (int i = 0, j = 0; i < n || j < m;)
        {
            int c = i == n ? 1 : j == m ? -1 : a.Monomials[i].CompareTo(b.Monomials[j]);
            var value = c < 0 ? a.Coefficients[i] : c > 0 ? b.Coefficients[j] : a.Coefficients[i] + b.Coefficients[j];
            if (!value.IsZero)
            {
                monomials.Add(c > 0 ? b.Monomials[j] : a.Monomials[i]);
                coefficients.Add(value);
                Meter.Charge(value.Bits >> 4);
            }

            i += c <= 0 ? 1 : 0;
            j += c >= 0 ? 1 : 0;
        }

        return monomials.Count > MaxTerms ? throw new TooComplexException() : new Polynomial([.. monomials], [.. coefficients]);
    }

    public Polynomial Scale(Polynomial a, Rational by)
    {
        if (by.IsOne)
        {
            return a;
        }

        if (by.IsZero)
        {
            return Polynomial.Zero;
        }

        long bits = 0;
        foreach (var c in a.Coefficients)
        {
            bits += (long)(c.Bits >> 5) * (by.Bits >> 5);
        }

        Meter.Charge(a.Count + (bits >> 3));
        return new Polynomial(a.Monomials, Array.ConvertAll(a.Coefficients, c => c * by));
    }

    public Polynomial Mul(Polynomial a, Polynomial b)
    {
        if (a.IsZero || b.IsZero)
        {
            return Polynomial.Zero;
        }

        if (a.IsConstant)
        {
            return Scale(b, a.Value);
        }

        if (b.IsConstant)
        {
            return Scale(a, b.Value);
        }

        var sums = new Dictionary<Monomial, Rational>();
        for (int i = 0; i < a.Count; i++)
        {
            for (int j = 0; j < b.Count; j++)
            {
                var product = Mul(a.Monomials[i], b.Monomials[j], out var factor);
                var value = a.Coefficients[i] * b.Coefficients[j];
                Meter.Charge(6 + ((long)(a.Coefficients[i].Bits >> 5) * (b.Coefficients[j].Bits >> 5) >> 2));
                value = factor.IsOne ? value : value * factor;
                sums[product] = sums.TryGetValue(product, out var old) ? old + value : value;
            }

            if (sums.Count > MaxTerms)
            {
                throw new TooComplexException();
            }
        }

        return Reduce(Collect(sums));
    }

    private static Polynomial Collect(Dictionary<Monomial, Rational> sums)
    {
        var pairs = sums.Where(static p => !p.Value.IsZero).ToArray();
        Array.Sort(pairs, static (x, y) => x.Key.CompareTo(y.Key));
        return new Polynomial(Array.ConvertAll(pairs, static p => p.Key), Array.ConvertAll(pairs, static p => p.Value));
    }

    /// <summary>Product of monomials; whole powers of primes and of i leave as <paramref name="factor"/>.</summary>
    public Monomial Mul(Monomial a, Monomial b, out Rational factor)
    {
        factor = Rational.One;
        if (a.IsOne || b.IsOne)
        {
            return a.IsOne ? b : a;
        }

        Span<Power> buffer = a.Powers.Length + b.Powers.Length <= 32 ? stackalloc Power[a.Powers.Length + b.Powers.Length] : new Power[a.Powers.Length + b.Powers.Length];
        int n = 0;
        for (int i = 0, j = 0; i < a.Powers.Length || j < b.Powers.Length;)
        {
            int c = i == a.Powers.Length ? 1 : j == b.Powers.Length ? -1 : a.Powers[i].Atom.CompareTo(b.Powers[j].Atom);
            if (c != 0)
            {
                buffer[n++] = c < 0 ? a.Powers[i++] : b.Powers[j++];
                continue;
            }

            var e = Settle(a.Powers[i].Atom, a.Powers[i].Exponent + b.Powers[j].Exponent, ref factor);
            if (!e.IsZero)
            {
                buffer[n++] = new Power(a.Powers[i].Atom, e);
            }

            i++;
            j++;
        }

        Meter.Charge(n);
        return n == 0 ? Monomial.One : new Monomial(buffer[..n].ToArray());
    }

    /// <summary>Brings the exponent of a prime into [0, 1), of i into {0, 1}, of a power of -1 into {0, 1}; what leaves goes into <paramref name="factor"/>.</summary>
    private Exponent Settle(int atom, Exponent e, ref Rational factor)
    {
        var a = _atoms[atom];
        switch (a.Kind)
        {
            case AtomKind.Prime:
                long whole = e.Floor();
                if (whole != 0 && Math.Abs(whole) * a.Integer.GetBitLength() <= Rational.MaxBits / 2)
                {
                    Meter.Charge(Math.Abs(whole) * (long)a.Integer.GetBitLength() >> 5);
                    factor *= Rational.Pow(Rational.Of(a.Integer), whole);
                    return e + new Exponent(-whole, 1);
                }

                return e;
            case AtomKind.I when e.IsInteger:
                long m = ((e.Num % 4) + 4) % 4;
                factor = m >= 2 ? -factor : factor;
                return new Exponent(m & 1, 1);
            case AtomKind.Symbolic when e.IsInteger && a.Symbolic.Atom == -1:
                return new Exponent(((e.Num % 2) + 2) % 2, 1);
            default:
                return e;
        }
    }

    /// <summary>A monomial of one atom after settling its exponent.</summary>
    public Fraction AtomPower(int atom, Exponent e)
    {
        var factor = Rational.One;
        e = Settle(atom, e, ref factor);
        return e.IsZero ? Fraction.Of(factor) : Fraction.Of(Reduce(Polynomial.Term(new Monomial([new Power(atom, e)]), factor)));
    }

    /// <summary>Rewrites squares of cosines and whole powers of what stands under a root, until none is left.</summary>
    private Polynomial Reduce(Polynomial p)
    {
        for (int round = 0; round < 40; round++)
        {
            int term = -1, atom = -1;
            for (int t = 0; t < p.Count && term < 0; t++)
            {
                foreach (var power in p.Monomials[t].Powers)
                {
                    var a = _atoms[power.Atom];
                    if ((a.Kind == AtomKind.Cosine && power.Exponent.CompareTo(new Exponent(2, 1)) >= 0) || (a.Kind == AtomKind.Base && power.Exponent.CompareTo(Exponent.One) >= 0))
                    {
                        (term, atom) = (t, power.Atom);
                        break;
                    }
                }
            }

            if (term < 0)
            {
                return p;
            }

            p = Rewrite(p, atom);
        }

        throw new TooComplexException();
    }

    private Polynomial Rewrite(Polynomial p, int atom)
    {
        var a = _atoms[atom];
        var result = Polynomial.Zero;
        for (int t = 0; t < p.Count; t++)
        {
            var m = p.Monomials[t];
            var e = m.Of(atom);
            var single = Polynomial.Term(m, p.Coefficients[t]);
            long k = a.Kind == AtomKind.Cosine ? e.Floor() / 2 : e.Floor();
            if (k <= 0)
            {
                result = Add(result, single);
                continue;
            }

            var rest = e + new Exponent(a.Kind == AtomKind.Cosine ? -2 * k : -k, 1);
            var stem = Polynomial.Term(rest.IsZero ? m.Without(atom) : new Monomial(Array.ConvertAll(m.Powers, q => q.Atom == atom ? new Power(atom, rest) : q)), p.Coefficients[t]);
            var by = a.Kind == AtomKind.Cosine
                ? Add(Polynomial.One, Polynomial.Term(new Monomial([new Power(a.Partner, new Exponent(2, 1))]), Rational.MinusOne))
                : a.Base!;
            for (long i = 0; i < k; i++)
            {
                stem = i > 60 ? throw new TooComplexException() : Mul(stem, by);
            }

            result = Add(result, stem);
        }

        return result;
    }

    public Fraction Add(Fraction a, Fraction b) => a.Den.SameAs(b.Den)
        ? new Fraction(Add(a.Num, b.Num), a.Den)
        : Make(Add(Mul(a.Num, b.Den), Mul(b.Num, a.Den)), Mul(a.Den, b.Den));

    public Fraction Negate(Fraction a) => new(Scale(a.Num, Rational.MinusOne), a.Den);

    public Fraction Sub(Fraction a, Fraction b) => Add(a, Negate(b));

    public Fraction Mul(Fraction a, Fraction b) => Make(Mul(a.Num, b.Num), a.Den.IsOne ? b.Den : b.Den.IsOne ? a.Den : Mul(a.Den, b.Den));

    public Fraction Inverse(Fraction a) => a.Num.IsZero ? throw new TooComplexException() : Make(a.Den, a.Num);

    public Fraction Div(Fraction a, Fraction b) => Mul(a, Inverse(b));

    /// <summary>A quotient whose single-term denominator is folded into the numerator.</summary>
    private Fraction Make(Polynomial num, Polynomial den)
    {
        if (num.IsZero)
        {
            return den.IsZero ? throw new TooComplexException() : Fraction.Zero;
        }

        if (den.IsOne || num.SameAs(den))
        {
            return den.IsOne ? new Fraction(num, den) : Fraction.One;
        }

        if (den.Count != 1)
        {
            return new Fraction(num, den);
        }

        return Fraction.Of(Mul(num, Invert(den)));
    }

    private Polynomial Invert(Polynomial term)
    {
        var factor = term.Coefficients[0].Inverse();
        var powers = new List<Power>();
        foreach (var p in term.Monomials[0].Powers)
        {
            var e = Settle(p.Atom, -p.Exponent, ref factor);
            if (!e.IsZero)
            {
                powers.Add(new Power(p.Atom, e));
            }
        }

        return Polynomial.Term(powers.Count == 0 ? Monomial.One : new Monomial([.. powers]), factor);
    }

    /// <summary>True when both are the same function of the atoms; <paramref name="proven"/> tells whether a false is a proof.</summary>
    public bool Same(Fraction a, Fraction b, out bool proven)
    {
        if (a.Den.SameAs(b.Den) && a.Num.SameAs(b.Num))
        {
            proven = true;
            return true;
        }

        var difference = Clear(a.Den.SameAs(b.Den) ? Sub(a, b).Num : Add(Mul(a.Num, b.Den), Scale(Mul(b.Num, a.Den), Rational.MinusOne)));
        proven = difference.IsZero || !HasOpaque(difference);
        return difference.IsZero;
    }

    /// <summary>Multiplies away negative exponents, so that squares of cosines and roots show.</summary>
    public Polynomial Clear(Polynomial p)
    {
        for (int round = 0; round < 8; round++)
        {
            var least = new SortedDictionary<int, Exponent>();
            foreach (var m in p.Monomials)
            {
                foreach (var power in m.Powers)
                {
                    if (power.Exponent.Num < 0 && _atoms[power.Atom].Kind != AtomKind.Prime && (!least.TryGetValue(power.Atom, out var old) || power.Exponent.CompareTo(old) < 0))
                    {
                        least[power.Atom] = power.Exponent;
                    }
                }
            }

            if (least.Count == 0 || p.Count < 2)
            {
                return p;
            }

            p = Mul(p, Polynomial.Term(new Monomial([.. least.Select(static q => new Power(q.Key, -q.Value))]), Rational.One));
        }

        return p;
    }

    public bool HasOpaque(Polynomial p)
    {
        foreach (var m in p.Monomials)
        {
            foreach (var power in m.Powers)
            {
                var a = _atoms[power.Atom];
                if (a.IsOpaque || (a.Kind is AtomKind.Symbolic or AtomKind.Log && a.Key.Contains('#')))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
