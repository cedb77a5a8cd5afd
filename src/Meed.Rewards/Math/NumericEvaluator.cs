using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <summary>Values of scalar trees in double precision with an estimate of the rounding error.</summary>
/// <remarks>Over the reals, odd roots of negative numbers are real and what is not real is NaN; otherwise principal values.</remarks>
internal sealed class NumericEvaluator(Meter meter, bool real)
{
    private const double Epsilon = 2.3e-16;

    private readonly Dictionary<string, Complex> _names = new(StringComparer.Ordinal);

    /// <summary>Gives a free name a value.</summary>
    public void Set(string name, Complex value) => _names[name] = value;

    /// <summary>Value and absolute error; NaN where it is not defined.</summary>
    public (Complex Value, double Error) Evaluate(Node node)
    {
        meter.Charge(8);
        switch (node.Kind)
        {
            case NodeKind.Number:
                double d = node.Value.ToDouble();
                return (d, Math.Abs(d) * Epsilon);
            case NodeKind.Symbol or NodeKind.E or NodeKind.I when _names.TryGetValue(NameOf(node), out var value):
                return (value, 0);
            case NodeKind.Pi:
                return (Math.PI, Math.PI * Epsilon);
            case NodeKind.E:
                return (Math.E, Math.E * Epsilon);
            case NodeKind.I:
                return (Complex.ImaginaryOne, 0);
            case NodeKind.Neg:
                var (v, err) = Evaluate(node.Args[0]);
                return (-v, err);
            case NodeKind.Add:
                var sum = (Value: Complex.Zero, Error: 0.0);
                foreach (var a in node.Args)
                {
                    var (x, e) = Evaluate(a);
                    sum = (sum.Value + x, sum.Error + e + (Epsilon * (Size(x) + Size(sum.Value))));
                }

                return sum;
            case NodeKind.Mul:
                var product = (Value: Complex.One, Error: 0.0);
                foreach (var a in node.Args)
                {
                    var (x, e) = Evaluate(a);
                    product = (product.Value * x, (product.Error * Size(x)) + (e * Size(product.Value)) + (Epsilon * Size(product.Value * x)));
                }

                return product;
            case NodeKind.Inv:
                var (y, ye) = Evaluate(node.Args[0]);
                return y == Complex.Zero ? Undefined : (1 / y, (ye / (Size(y) * Size(y))) + (Epsilon / Size(y)));
            case NodeKind.Pow:
                return Power(Evaluate(node.Args[0]), Evaluate(node.Args[1]));
            case NodeKind.Root:
                var (index, ie) = Evaluate(node.Args[0]);
                return Power(Evaluate(node.Args[1]), (1 / index, ie));
            case NodeKind.Degree:
                var (g, ge) = Evaluate(node.Args[0]);
                return (g * (Math.PI / 180), ge + (Epsilon * Size(g)));
            case NodeKind.Percent:
                var (c, ce) = Evaluate(node.Args[0]);
                return (c / 100, ce + (Epsilon * Size(c)));
            case NodeKind.Func:
                return Function(node);
            default:
                return Undefined;
        }
    }

    private static (Complex, double) Undefined => (new Complex(double.NaN, 0), double.NaN);

    private static double Size(Complex v) => Math.Abs(v.Real) + Math.Abs(v.Imaginary);

    private static string NameOf(Node node) => node.Kind switch { NodeKind.E => "e", NodeKind.I => "i", _ => node.Text };

    private (Complex, double) Power((Complex Value, double Error) b, (Complex Value, double Error) e)
    {
        Complex v;
        if (e.Value == Complex.Zero)
        {
            return (1, Epsilon);
        }

        if (b.Value == Complex.Zero)
        {
            return e.Value.Real > 0 ? (0, b.Error) : Undefined;
        }

        if (b.Value.Imaginary == 0 && e.Value.Imaginary == 0 && (b.Value.Real > 0 || e.Value.Real == Math.Round(e.Value.Real)))
        {
            v = Math.Pow(b.Value.Real, e.Value.Real);
        }
        else if (real && b.Value.Imaginary == 0 && e.Value.Imaginary == 0)
        {
            // The denominator of the exponent, if small and odd, gives a real root.
            v = double.NaN;
            for (int q = 3; q <= 21; q += 2)
            {
                double p = e.Value.Real * q;
                if (Math.Abs(p - Math.Round(p)) < 1e-12)
                {
                    v = Math.Pow(-b.Value.Real, e.Value.Real) * (Math.Round(p) % 2 == 0 ? 1 : -1);
                    break;
                }
            }
        }
        else
        {
            v = Complex.Pow(b.Value, e.Value);
        }

        double relative = (Size(e.Value) * b.Error / Size(b.Value)) + (e.Error * Math.Abs(Math.Log(Size(b.Value)))) + (4 * Epsilon);
        return (v, Size(v) * relative);
    }

    private (Complex, double) Function(Node node)
    {
        switch (node.Text)
        {
            case "sum" or "prod":
                return Repeated(node);
            case "fact":
                var (n, ne) = Evaluate(node.Args[0]);
                return n.Imaginary != 0 || n.Real < 0 ? Undefined : Gamma(n.Real + 1, ne);
            case "binom" when node.Args.Length == 2:
                var (top, te) = Evaluate(node.Args[0]);
                var (low, le) = Evaluate(node.Args[1]);
                if (top.Imaginary != 0 || low.Imaginary != 0 || top.Real < low.Real || low.Real < 0)
                {
                    return Undefined;
                }

                var (a, ae) = Gamma(top.Real + 1, te);
                var (b, be) = Gamma(low.Real + 1, le);
                var (c, ce) = Gamma(top.Real - low.Real + 1, te + le);
                var quotient = a / (b * c);
                return (quotient, Size(quotient) * ((ae / Size(a)) + (be / Size(b)) + (ce / Size(c))));
            case "log_b":
                var (radix, re) = Evaluate(node.Args[0]);
                var (x, xe) = Evaluate(node.Args[1]);
                var (num, den) = (Log(x), Log(radix));
                return (num / den, (xe / (Size(x) * Size(den))) + (re * Size(num) / (Size(radix) * Size(den) * Size(den))) + (Epsilon * Size(num / den)));
            case "max" or "min" or "gcd" or "lcm":
                return Many(node);
        }

        if (node.Args.Length != 1 || !Functions.IsUnary(node.Text))
        {
            return Undefined;
        }

        var (z, error) = Evaluate(node.Args[0]);
        if (node.Text is "floor" or "ceil")
        {
            return z.Imaginary != 0 || Math.Abs(z.Real - Math.Round(z.Real)) <= error ? Undefined : (node.Text == "floor" ? Math.Floor(z.Real) : Math.Ceiling(z.Real), 0);
        }

        var value = Apply(node.Text, z);
        double slope = node.Text switch
        {
            "ln" => 1 / Size(z),
            "log" => 0.44 / Size(z),
            "exp" or "sinh" or "cosh" => Size(value) + 1,
            "tan" or "cot" or "sec" or "csc" => 1 + (Size(value) * Size(value)),
            "arcsin" or "arccos" => 1 / Math.Max(1e-8, Math.Sqrt(Math.Abs(1 - (Size(z) * Size(z))))),
            _ => 1,
        };
        return (value, (error * slope) + (4 * Epsilon * (Size(value) + (node.Text is "sin" or "cos" or "tan" ? Size(z) : 0))));
    }

    private Complex Log(Complex z) => real && (z.Imaginary != 0 || z.Real <= 0) ? double.NaN : Complex.Log(z);

    private Complex Apply(string name, Complex z)
    {
        switch (name)
        {
            case "sin": return Complex.Sin(z);
            case "cos": return Complex.Cos(z);
            case "tan": return Complex.Tan(z);
            case "cot": return 1 / Complex.Tan(z);
            case "sec": return 1 / Complex.Cos(z);
            case "csc": return 1 / Complex.Sin(z);
            case "arcsin": return real && Math.Abs(z.Real) > 1 ? double.NaN : Complex.Asin(z);
            case "arccos": return real && Math.Abs(z.Real) > 1 ? double.NaN : Complex.Acos(z);
            case "arctan": return real ? Math.Atan(z.Real) : Complex.Atan(z);
            case "arccot": return (Math.PI / 2) - (real ? Math.Atan(z.Real) : Complex.Atan(z));
            case "sinh": return Complex.Sinh(z);
            case "cosh": return Complex.Cosh(z);
            case "tanh": return Complex.Tanh(z);
            case "ln": return Log(z);
            case "log": return Log(z) / Math.Log(10);
            case "exp": return Complex.Exp(z);
            case "abs": return Complex.Abs(z);
            default: return double.NaN;
        }
    }

    private (Complex, double) Many(Node node)
    {
        double best = double.NaN, error = 0;
        foreach (var a in node.Args)
        {
            var (v, e) = Evaluate(a);
            if (v.Imaginary != 0 || node.Text is "gcd" or "lcm")
            {
                return Undefined;
            }

            best = double.IsNaN(best) ? v.Real : node.Text == "max" ? Math.Max(best, v.Real) : Math.Min(best, v.Real);
            error = Math.Max(error, e);
        }

        return (best, error);
    }

    private (Complex, double) Repeated(Node node)
    {
        var (low, _) = Evaluate(node.Args[1]);
        var (high, _) = Evaluate(node.Args[2]);
        if (low.Imaginary != 0 || high.Imaginary != 0 || low.Real != Math.Round(low.Real) || high.Real != Math.Round(high.Real) || !(high.Real - low.Real <= 2_000))
        {
            return Undefined;
        }

        string name = node.Args[0].Text;
        bool shadowed = _names.Remove(name, out var outer);
        var total = (Value: node.Text == "sum" ? Complex.Zero : Complex.One, Error: 0.0);
        for (double k = low.Real; k <= high.Real; k++)
        {
            _names[name] = k;
            var (v, e) = Evaluate(node.Args[3]);
            total = node.Text == "sum"
                ? (total.Value + v, total.Error + e + (Epsilon * Size(total.Value)))
                : (total.Value * v, (total.Error * Size(v)) + (e * Size(total.Value)) + (Epsilon * Size(total.Value * v)));
        }

        _names.Remove(name);
        if (shadowed)
        {
            _names[name] = outer;
        }

        return total;
    }

    /// <summary>The gamma function by Lanczos' approximation (g = 7, nine coefficients); whole arguments exactly up to 20!.</summary>
    private static (Complex, double) Gamma(double x, double error)
    {
        if (x == Math.Round(x) && x <= 21)
        {
            double f = 1;
            for (int i = 2; i < x; i++)
            {
                f *= i;
            }

            return (f, f * Epsilon);
        }

        ReadOnlySpan<double> c = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
        double z = x - 1, sum = c[0];
        for (int i = 1; i < 9; i++)
        {
            sum += c[i] / (z + i);
        }

        double t = z + 7.5;
        double value = Math.Sqrt(2 * Math.PI) * Math.Pow(t, z + 0.5) * Math.Exp(-t) * sum;
        return (value, Math.Abs(value) * (1e-13 + (error * Math.Log(Math.Max(2, x)))));
    }
}
