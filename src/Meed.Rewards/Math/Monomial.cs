namespace Meed.Rewards.MathAnswers;

/// <summary>An atom with its exponent, never 0.</summary>
internal readonly record struct Power(int Atom, Exponent Exponent);

/// <summary>A product of powers of atoms, ordered by atom; the empty product is 1. Exponents may be negative or fractions.</summary>
internal sealed class Monomial : IEquatable<Monomial>, IComparable<Monomial>
{
    private readonly int _hash;

    public Monomial(Power[] powers)
    {
        Powers = powers;
        var h = default(HashCode);
        foreach (var p in powers)
        {
            h.Add(p.Atom);
            h.Add(p.Exponent.Num);
            h.Add(p.Exponent.Den);
        }

        _hash = h.ToHashCode();
    }

    public static Monomial One { get; } = new([]);

    public Power[] Powers { get; }

    public bool IsOne => Powers.Length == 0;

    /// <summary>The exponent of an atom; 0 when it does not occur.</summary>
    public Exponent Of(int atom)
    {
        foreach (var p in Powers)
        {
            if (p.Atom == atom)
            {
                return p.Exponent;
            }
        }

        return new Exponent(0, 1);
    }

    public Monomial Without(int atom) => new(Array.FindAll(Powers, p => p.Atom != atom));

    public bool Equals(Monomial? other) => other is not null && _hash == other._hash && Powers.AsSpan().SequenceEqual(other.Powers);

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

    public int CompareTo(Monomial? other)
    {
        int n = Math.Min(Powers.Length, other!.Powers.Length);
        for (int i = 0; i < n; i++)
        {
            int c = Powers[i].Atom.CompareTo(other.Powers[i].Atom);
            c = c != 0 ? c : Powers[i].Exponent.CompareTo(other.Powers[i].Exponent);
            if (c != 0)
            {
                return c;
            }
        }

        return Powers.Length.CompareTo(other.Powers.Length);
    }

    public override string ToString() => string.Join('*', Powers.Select(static p => $"a{p.Atom}^{p.Exponent.Num}/{p.Exponent.Den}"));
}
