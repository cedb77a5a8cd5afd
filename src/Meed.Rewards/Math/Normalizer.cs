using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <summary>Turns scalar trees into normal forms of one <see cref="Algebra"/>.</summary>
internal sealed class Normalizer(Algebra algebra)
{
    private readonly Dictionary<string, Fraction> _bound = new(StringComparer.Ordinal);
    private int _sums;
    private int _depth;

    public Algebra Algebra => algebra;

    /// <summary>The normal form; null when the expression is not scalar, not defined or outgrows the exact engine.</summary>
    public Fraction? Try(Node node)
    {
        if (node.Normal is not null)
        {
            return node.Normal;
        }

        if (node.Kind == NodeKind.Number)
        {
            return node.Normal = Fraction.Of(node.Value);
        }

        if (!node.IsScalar)
        {
            return null;
        }

        try
        {
            return node.Normal = Read(node);
        }
        catch (TooComplexException)
        {
            return null;
        }
        finally
        {
            (_depth, _sums) = (0, 0);
            _bound.Clear();
        }
    }

    private Fraction Read(Node node)
    {
        algebra.Meter.Charge(6);
        switch (node.Kind)
        {
            case NodeKind.Number:
                return Fraction.Of(node.Value);
            case NodeKind.Symbol:
                return _bound.Count > 0 && _bound.TryGetValue(node.Text, out var value) ? value : algebra.AtomOf(AtomKind.Variable, "v:" + node.Text);
            case NodeKind.Pi:
                return algebra.Pi;
            case NodeKind.E:
                return _bound.Count > 0 && _bound.TryGetValue("e", out var e) ? e : algebra.AtomOf(AtomKind.E, "e");
            case NodeKind.I:
                return _bound.Count > 0 && _bound.TryGetValue("i", out var i) ? i : algebra.I;
            case NodeKind.Add:
                var sum = Read(node.Args[0]);
                for (int k = 1; k < node.Args.Length; k++)
                {
                    sum = algebra.Add(sum, Read(node.Args[k]));
                }

                return sum;
            case NodeKind.Mul:
                var product = Read(node.Args[0]);
                for (int k = 1; k < node.Args.Length; k++)
                {
                    product = node.Args[k].Kind == NodeKind.Inv ? algebra.Div(product, Read(node.Args[k].Args[0])) : algebra.Mul(product, Read(node.Args[k]));
                }

                return product;
            case NodeKind.Inv:
                return algebra.Inverse(Read(node.Args[0]));
            case NodeKind.Neg:
                return algebra.Negate(Read(node.Args[0]));
            case NodeKind.Pow:
                return algebra.Pow(Read(node.Args[0]), Read(node.Args[1]));
            case NodeKind.Root:
                return algebra.Pow(Read(node.Args[1]), algebra.Inverse(Read(node.Args[0])));
            case NodeKind.Degree:
                return algebra.Mul(Read(node.Args[0]), algebra.AtomOf(AtomKind.Degree, "deg"));
            case NodeKind.Percent:
                return algebra.Mul(Read(node.Args[0]), Fraction.Of(Rational.Of(1, 100)));
            case NodeKind.Func:
                return Function(node);
            default:
                throw new TooComplexException();
        }
    }

    private Fraction Function(Node node)
    {
        if (node.Text is "sum" or "prod")
        {
            return Repeated(node);
        }

        if (node.Text is "sin" or "cos" or "tan" or "cot" or "sec" or "csc")
        {
            var angle = Angle(node.Args[0]);
            return node.Text switch
            {
                "sin" => algebra.Sine(angle),
                "cos" => algebra.Cosine(angle),
                "tan" => algebra.Div(algebra.Sine(angle), algebra.Cosine(angle)),
                "cot" => algebra.Div(algebra.Cosine(angle), algebra.Sine(angle)),
                "sec" => algebra.Inverse(algebra.Cosine(angle)),
                _ => algebra.Inverse(algebra.Sine(angle)),
            };
        }

        var args = Array.ConvertAll(node.Args, Read);
        switch (node.Text)
        {
            case "ln":
                return algebra.Ln(args[0]);
            case "log":
                return algebra.Div(algebra.Ln(args[0]), algebra.Ln(Fraction.Of(Rational.Of(10))));
            case "log_b":
                return algebra.Div(algebra.Ln(args[1]), algebra.Ln(args[0]));
            case "exp":
                return algebra.Pow(algebra.AtomOf(AtomKind.E, "e"), args[0]);
            case "abs":
                return algebra.Abs(args[0]);
            case "floor" or "ceil":
                return algebra.Round(args[0], node.Text == "ceil");
            case "fact":
                return algebra.Factorial(args[0]);
            case "dfact" when args[0] is { IsConstant: true, Value: { IsInteger: true, Sign: > 0 } n } && n.CompareTo(Rational.Of(500)) < 0:
                var odd = Fraction.One;
                for (long k = (long)n.Num; k > 1; k -= 2)
                {
                    odd = algebra.Mul(odd, Fraction.Of(Rational.Of(k)));
                }

                return odd;
            case "binom" when args.Length == 2:
                return algebra.Binomial(args[0], args[1]);
            case "arcsin" or "arccos" or "arctan" when Inverse(node.Text, args[0]) is { } angle:
                return angle;
            case "max" or "min" or "gcd" or "lcm" when Array.TrueForAll(args, static a => a.IsConstant):
                return Fraction.Of(args.Select(static a => a.Value).Aggregate((x, y) => Combine(node.Text, x, y)));
            case "max" or "min" or "gcd" or "lcm":
                return algebra.AtomOf(AtomKind.Function, $"{node.Text}({string.Join(',', args.Select(static a => a.Key).Order(StringComparer.Ordinal))})");
            default:
                return algebra.AtomOf(AtomKind.Function, $"{node.Text}({string.Join(',', args.Select(static a => a.Key))})");
        }
    }

    /// <summary>An angle in radians: degrees inside a trigonometric function are pi/180.</summary>
    private Fraction Angle(Node node)
    {
        if (!node.Contains(NodeKind.Degree))
        {
            return Read(node);
        }

        var degrees = Read(node);
        var degree = algebra.AtomOf(AtomKind.Degree, "deg");
        var inside = algebra.Div(degrees, degree);
        return inside.Key.Contains($"a{algebra.Intern(AtomKind.Degree, "deg")}^", StringComparison.Ordinal)
            ? throw new TooComplexException()
            : algebra.Mul(inside, algebra.Mul(algebra.Pi, Fraction.Of(Rational.Of(1, 180))));
    }

    private static Rational Combine(string name, Rational x, Rational y) => name switch
    {
        "max" => x.CompareTo(y) >= 0 ? x : y,
        "min" => x.CompareTo(y) <= 0 ? x : y,
        _ when !x.IsInteger || !y.IsInteger => throw new TooComplexException(),
        "gcd" => Rational.Of(BigInteger.GreatestCommonDivisor(x.Num, y.Num)),
        _ => x.IsZero || y.IsZero ? Rational.Zero : Rational.Of(BigInteger.Abs(x.Num / BigInteger.GreatestCommonDivisor(x.Num, y.Num) * y.Num)),
    };

    /// <summary>Inverse functions at values whose sine, cosine or tangent is exact at a multiple of 15 or 18 degrees.</summary>
    private Fraction? Inverse(string name, Fraction a)
    {
        foreach (int sixtieth in (ReadOnlySpan<int>)[0, 5, 6, 10, 15, 18, 20, 25, 30, 35, 40, 42, 45, 50, 54, 55, 60, -5, -6, -10, -15, -18, -20, -25, -30])
        {
            bool inRange = name switch { "arccos" => sixtieth >= 0, "arcsin" => Math.Abs(sixtieth) <= 30, _ => Math.Abs(sixtieth) < 30 };
            if (!inRange)
            {
                continue;
            }

            var angle = algebra.Mul(algebra.Pi, Fraction.Of(Rational.Of(sixtieth, 60)));
            var value = name switch
            {
                "arcsin" => algebra.Sine(angle),
                "arccos" => algebra.Cosine(angle),
                _ => algebra.Div(algebra.Sine(angle), algebra.Cosine(angle)),
            };
            if (algebra.Same(value, a, out _))
            {
                return angle;
            }
        }

        return null;
    }

    /// <summary>Sums and products: term by term between small whole bounds, otherwise an atom whose bound name is neutral.</summary>
    private Fraction Repeated(Node node)
    {
        if (++_depth > 6)
        {
            throw new TooComplexException();
        }

        string name = node.Args[0].Text;
        var low = Read(node.Args[1]);
        bool infinite = node.Args[2].Kind == NodeKind.Infinity;
        var high = infinite ? null : Read(node.Args[2]);
        _bound.Remove(name, out var outer);
        var result = node.Text == "sum" ? Fraction.Zero : Fraction.One;
        if (high is not null && low.IsConstant && high.IsConstant && low.Value.IsInteger && high.Value.IsInteger && BigInteger.Abs(high.Value.Num - low.Value.Num) <= 1_000 && low.Value.Num.GetBitLength() < 30)
        {
            for (long k = (long)low.Value.Num; k <= (long)high.Value.Num; k++)
            {
                _bound[name] = Fraction.Of(Rational.Of(k));
                var term = Read(node.Args[3]);
                result = node.Text == "sum" ? algebra.Add(result, term) : algebra.Mul(result, term);
            }
        }
        else
        {
            _bound[name] = algebra.AtomOf(AtomKind.Variable, "bound:" + _sums++);
            result = algebra.AtomOf(AtomKind.Function, $"{node.Text}({low.Key};{(infinite ? "inf" : high!.Key)};{Read(node.Args[3]).Key})");
            _sums--;
        }

        _bound.Remove(name);
        if (outer is not null)
        {
            _bound[name] = outer;
        }

        _depth--;
        return result;
    }
}
