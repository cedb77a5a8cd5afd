using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <content>Numbers and expressions: exact first, then decimals and tolerance, numeric last.</content>
internal sealed partial class Comparer
{
    private const int SignificantDigits = 4;
    private const ulong Seed = 0x6d656564;

    private bool Scalars(Node g, Node p)
    {
        if (g.Kind == NodeKind.Number && p.Kind == NodeKind.Number && g.Value == p.Value)
        {
            return Decide(true, "exact");
        }

        Fraction? gn = _normalizer.Try(g), pn = _normalizer.Try(p);
        bool proven = false;
        if (gn is not null && pn is not null)
        {
            bool rational = gn.IsConstant && pn.IsConstant;
            try
            {
                if (_normalizer.Algebra.Same(gn, pn, out proven))
                {
                    return Decide(true, rational ? "exact" : "normal-form");
                }
            }
            catch (TooComplexException)
            {
                proven = false;
            }

            Rule = rational ? "exact" : "normal-form";
        }
        else
        {
            Rule = "unreadable";
        }

        if (Tolerated(g, p) || Rounded(g, p))
        {
            return true;
        }

        return !proven && !Decimal(g) && !Decimal(p) && Numeric(g, p);
    }

    private static bool Decimal(Node n) => n.Kind == NodeKind.Neg ? Decimal(n.Args[0]) : n is { Kind: NodeKind.Number, Decimals: > 0 };

    /// <summary>The tolerances and the rounding asked for by option.</summary>
    private bool Tolerated(Node g, Node p)
    {
        if ((_options.RelativeTolerance <= 0 && _options.AbsoluteTolerance <= 0 && _options.Decimals < 0) || g.HasSymbols || p.HasSymbols)
        {
            return false;
        }

        var (a, b) = (Value(g), Value(p));
        if (!double.IsFinite(a) || !double.IsFinite(b))
        {
            return false;
        }

        bool near = Math.Abs(a - b) <= Math.Max(_options.AbsoluteTolerance, _options.RelativeTolerance * Math.Abs(a))
            || (_options.Decimals >= 0 && Math.Round(a, _options.Decimals) == Math.Round(b, _options.Decimals));
        return near && Decide(true, "tolerance");
    }

    private double Value(Node n)
    {
        var v = new NumericEvaluator(_meter, real: true).Evaluate(n).Value;
        return v.Imaginary == 0 ? v.Real : double.NaN;
    }

    /// <summary>An exact value against the same value correctly rounded to a decimal of four or more significant digits: 600/7 and 85.71.</summary>
    private bool Rounded(Node g, Node p)
    {
        if (Decimal(g) == Decimal(p))
        {
            return false;
        }

        var (exact, literal) = Decimal(g) ? (p, g) : (g, p);
        if (exact.HasDecimals || exact.HasSymbols || exact.Kind == NodeKind.Number)
        {
            return false;
        }

        var number = literal;
        while (number.Kind == NodeKind.Neg)
        {
            number = number.Args[0];
        }

        int significant = BigInteger.Abs(number.Value.Num * BigInteger.Pow(10, Math.Min(40, number.Decimals)) / number.Value.Den).ToString().Length;
        if (number.Decimals is < 2 or > 40 || significant < SignificantDigits)
        {
            return false;
        }

        var normal = _normalizer.Try(exact);
        if (normal is { IsConstant: true })
        {
            // Exactly: |exact - literal| at most half a unit in the last place.
            var half = Rational.Of(BigInteger.One, 2 * BigInteger.Pow(10, number.Decimals));
            var distance = normal.Value - (_normalizer.Try(literal)?.Value ?? Rational.Zero);
            return (distance.Sign < 0 ? -distance : distance).CompareTo(half) <= 0 && Decide(true, "rounded-decimal");
        }

        double v = Value(exact), d = Value(literal);
        if (number.Decimals > 14 || !double.IsFinite(v))
        {
            return double.IsFinite(v) && significant >= 14 && Math.Abs(v - d) <= 1e-14 * Math.Abs(v) && Decide(true, "rounded-decimal");
        }

        return Math.Abs(v - d) <= (0.5 * Math.Pow(10, -number.Decimals)) + (4e-16 * Math.Abs(v)) && Decide(true, "rounded-decimal");
    }

    /// <summary>The last rule: equal values at seeded points, within the rounding error of the evaluation.</summary>
    private bool Numeric(Node g, Node p)
    {
        Rule = "numeric";
        if (!g.IsScalar || !p.IsScalar)
        {
            return Decide(false, "kind");
        }

        bool complex = g.Contains(NodeKind.I) || p.Contains(NodeKind.I);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var others = new SortedSet<string>(StringComparer.Ordinal);
        if (!Names(g, names) || !Names(p, others) || names.Count > 12 || !names.SetEquals(others))
        {
            return false;   // a name on one side alone could only vanish by a proof, and there is none
        }

        if (names.Count == 0)
        {
            return Agree(g, p, new NumericEvaluator(_meter, !complex), out _) == true;
        }

        // Names whose values have to be whole: under a factorial or a binomial, or as bounds.
        bool whole = HasAny(g, s_whole) || HasAny(p, s_whole);
        bool pieces = HasAny(g, s_pieces) || HasAny(p, s_pieces);
        ulong state = Seed;
        int agreed = 0;
        for (int k = 0; k < 24; k++)
        {
            var evaluator = new NumericEvaluator(_meter, !complex);
            foreach (string name in names)
            {
                state = (state * 6364136223846793005UL) + 1442695040888963407UL;
                double u = (state >> 11) * (1.0 / (1UL << 53));
                evaluator.Set(name, whole ? 1 + Math.Floor(u * 12) : pieces && k % 2 == 1 ? (k % 4 == 1 ? 1 : -1) * Math.Pow(10, 9 * u) : (k % 4) switch { 0 => -3 * u, 1 => u, 2 => 1 + (6 * u), _ => 0.1 * u });
            }

            bool? same = Agree(g, p, evaluator, out double scale);
            if (same == false)
            {
                return false;
            }

            // Far out the leading term hides the rest: such points can refute, not confirm.
            agreed += same == true && scale is > 1e-8 and < 1e8 ? 1 : 0;
            if (agreed == 10)
            {
                break;
            }
        }

        return agreed >= 5;
    }

    /// <summary>True or false when both have a value, null where the gold side has none; where the prediction alone has none, it differs.</summary>
    private static bool? Agree(Node g, Node p, NumericEvaluator evaluator, out double scale)
    {
        scale = 0;
        var (a, ae) = evaluator.Evaluate(g);
        var (b, be) = evaluator.Evaluate(p);
        bool fa = double.IsFinite(a.Real) && double.IsFinite(a.Imaginary), fb = double.IsFinite(b.Real) && double.IsFinite(b.Imaginary);
        if (!fa || !fb)
        {
            return fa ? false : null;
        }

        scale = Math.Max(Complex.Abs(a), Complex.Abs(b));
        double error = 4 * (ae + be);
        return double.IsFinite(error) && error <= Math.Max(1e-7 * scale, 1e-12) && Complex.Abs(a - b) <= error + (1e-13 * scale);
    }

    private static readonly string[] s_whole = ["fact", "binom", "sum", "prod", "gcd", "lcm"];

    /// <summary>Functions made of pieces: two of them can agree on a whole stretch, so that points are drawn far out too.</summary>
    private static readonly string[] s_pieces = ["max", "min", "abs", "floor", "ceil"];

    private static bool HasAny(Node n, string[] functions) => (n.Kind == NodeKind.Func && functions.Contains(n.Text)) || Array.Exists(n.Args, a => HasAny(a, functions));

    /// <summary>Collects free names; false when the tree holds a function without a meaning.</summary>
    private static bool Names(Node n, SortedSet<string> names)
    {
        if (n.Kind == NodeKind.Symbol)
        {
            names.Add(n.Text);
            return true;
        }

        if (n.Kind == NodeKind.Func && !Functions.IsKnown(n.Text))
        {
            return false;
        }

        bool repeated = n.Kind == NodeKind.Func && n.Text is "sum" or "prod";
        for (int i = repeated ? 1 : 0; i < n.Args.Length; i++)
        {
            if (!Names(n.Args[i], names))
            {
                return false;
            }
        }

        if (repeated)
        {
            names.Remove(n.Args[0].Text);
        }

        return true;
    }
}
