using System.Globalization;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>The <c>calculate_output</c> of a multi grader: + − * / ^, parentheses, and min, max, abs, floor, ceil, exp, sqrt, log over the names of its graders.</summary>
/// <remarks>
/// ^ binds tightest and to the right, then the sign, then * and /, then + and −: −2^2 is −4. <c>min</c> and <c>max</c> take one number or more, log is natural.
/// At most 2,000 characters and 64 levels. <see cref="Range"/> bounds the values by interval arithmetic.
/// <para>Source: OpenAI's guide to graders, multigraders.</para>
/// </remarks>
public sealed class Formula
{
    private const int LongestText = 2_000;
    private const int DeepestNesting = 64;
    private static readonly string[] s_functions = ["min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log"];

    private readonly Term _root;

    private Formula(Term root) => _root = root;

    /// <summary>Functions a formula may call.</summary>
    public static IReadOnlyList<string> Functions => s_functions;

    /// <summary>Reads a formula over named values.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="names">Names of the values, in order.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence; null when nothing is.</param>
    public static Formula? Parse(string text, IReadOnlyList<string> names, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(names);
        if (text.Length > LongestText)
        {
            problem = $"has {text.Length} characters; at most {LongestText} are possible.";
            return null;
        }

        var reader = new Reader(text, names);
        try
        {
            var root = reader.Whole();
            problem = null;
            return new Formula(root);
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>The value for values of the names; may come out as NaN or infinite.</summary>
    public double Evaluate(ReadOnlySpan<double> values) => _root.Value(values);

    /// <summary>Bounds of the value when each name lies within its bounds; NaN never, infinite where nothing better is known.</summary>
    public (double Low, double High) Range(IReadOnlyList<(double Low, double High)> bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        return _root.Range(bounds);
    }

    private sealed record Term(string Operation, double Number, int Index, Term[] Parts)
    {
        public double Value(ReadOnlySpan<double> v) => Operation switch
        {
            "number" => Number,
            "name" => v[Index],
            "+" => Parts[0].Value(v) + Parts[1].Value(v),
            "-" => Parts[0].Value(v) - Parts[1].Value(v),
            "*" => Parts[0].Value(v) * Parts[1].Value(v),
            "/" => Parts[0].Value(v) / Parts[1].Value(v),
            "^" => Math.Pow(Parts[0].Value(v), Parts[1].Value(v)),
            "negative" => -Parts[0].Value(v),
            "abs" => Math.Abs(Parts[0].Value(v)),
            "floor" => Math.Floor(Parts[0].Value(v)),
            "ceil" => Math.Ceiling(Parts[0].Value(v)),
            "exp" => Math.Exp(Parts[0].Value(v)),
            "sqrt" => Math.Sqrt(Parts[0].Value(v)),
            "log" => Math.Log(Parts[0].Value(v)),
            _ => Most(v, Operation == "max"),
        };

        public (double Low, double High) Range(IReadOnlyList<(double Low, double High)> bounds)
        {
            if (Operation == "number")
            {
                return (Number, Number);
            }

            if (Operation == "name")
            {
                return bounds[Index];
            }

            var a = Parts[0].Range(bounds);
            var b = Parts.Length > 1 ? Parts[1].Range(bounds) : default;
            return Operation switch
            {
                "+" => Ordered(a.Low + b.Low, a.High + b.High),
                "-" => Ordered(a.Low - b.High, a.High - b.Low),
                "*" => Hull(a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High),
                "/" => b.Low <= 0 && b.High >= 0 ? Everything : Hull(a.Low / b.Low, a.Low / b.High, a.High / b.Low, a.High / b.High),
                "^" => Powers(a, b),
                "negative" => (-a.High, -a.Low),
                "abs" => a.Low >= 0 ? a : a.High <= 0 ? (-a.High, -a.Low) : (0, Math.Max(-a.Low, a.High)),
                "floor" => (Math.Floor(a.Low), Math.Floor(a.High)),
                "ceil" => (Math.Ceiling(a.Low), Math.Ceiling(a.High)),
                "exp" => (Math.Exp(a.Low), Math.Exp(a.High)),
                "sqrt" => (Math.Sqrt(Math.Max(0, a.Low)), Math.Sqrt(Math.Max(0, a.High))),
                "log" => (a.Low > 0 ? Math.Log(a.Low) : double.NegativeInfinity, a.High > 0 ? Math.Log(a.High) : double.NegativeInfinity),
                _ => Parts.Select(p => p.Range(bounds)).Aggregate((x, y) => Operation == "max" ? (Math.Max(x.Low, y.Low), Math.Max(x.High, y.High)) : (Math.Min(x.Low, y.Low), Math.Min(x.High, y.High))),
            };
        }

        private static (double Low, double High) Everything => (double.NegativeInfinity, double.PositiveInfinity);

        private double Most(ReadOnlySpan<double> v, bool max)
        {
            double most = Parts[0].Value(v);
            foreach (var part in Parts.AsSpan(1))
            {
                most = max ? Math.Max(most, part.Value(v)) : Math.Min(most, part.Value(v));
            }

            return most;
        }

        // A power is monotone in each argument over a base that is not negative; over other bases only whole exponents have real values, and they are bounded by the absolute value.
        private static (double Low, double High) Powers((double Low, double High) a, (double Low, double High) b)
        {
            if (a.Low < 0 && b.Low < 0)
            {
                return Everything;
            }

            double most = Math.Max(Math.Abs(a.Low), Math.Abs(a.High));
            var positive = Hull(Math.Pow(Math.Max(0, a.Low), b.Low), Math.Pow(Math.Max(0, a.Low), b.High), Math.Pow(most, b.Low), Math.Pow(most, b.High));
            if (a.Low < 0)
            {
                return Ordered(b.Low == b.High && b.Low % 2 == 0 ? Math.Min(0, positive.Low) : -Math.Max(positive.High, 1), Math.Max(positive.High, 1));
            }

            return positive;
        }

        private static (double Low, double High) Hull(double a, double b, double c, double d)
        {
            if (double.IsNaN(a) || double.IsNaN(b) || double.IsNaN(c) || double.IsNaN(d))
            {
                return Everything;
            }

            return (Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d)));
        }

        private static (double Low, double High) Ordered(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? Everything : (low, high);
    }

    private sealed class Reader(string text, IReadOnlyList<string> names)
    {
        private int _at;
        private int _depth;

        public Term Whole()
        {
            var term = Sum();
            Space();
            return _at == text.Length ? term : throw Wrong($"has '{Shown()}' where its end should be");
        }

        private Term Sum()
        {
            if (++_depth > DeepestNesting)
            {
                throw Wrong($"nests more than {DeepestNesting} levels deep");
            }

            var term = Product();
            while (Take('+') || Take('-'))
            {
                char sign = text[_at - 1];
                term = Pair(sign == '+' ? "+" : "-", term, Product());
            }

            _depth--;
            return term;
        }

        private Term Product()
        {
            var term = Signed();
            while (Take('*') || Take('/'))
            {
                if (text[_at - 1] == '*' && _at < text.Length && text[_at] == '*')
                {
                    throw Wrong("has '**'; write ^ for a power");
                }

                char sign = text[_at - 1];
                term = Pair(sign == '*' ? "*" : "/", term, Signed());
            }

            return term;
        }

        private Term Signed()
        {
            bool negative = false;
            int signs = 0;
            while (Take('-') || Take('+'))
            {
                negative ^= text[_at - 1] == '-';
                if (++signs > DeepestNesting)
                {
                    throw Wrong($"has more than {DeepestNesting} signs in a row");
                }
            }

            var term = Power();
            return negative ? new Term("negative", 0, 0, [term]) : term;
        }

        private Term Power()
        {
            var term = Single();
            if (!Take('^'))
            {
                return term;
            }

            if (++_depth > DeepestNesting)
            {
                throw Wrong($"nests more than {DeepestNesting} levels deep");
            }

            var result = Pair("^", term, Signed());
            _depth--;
            return result;
        }

        private Term Single()
        {
            Space();
            if (Take('('))
            {
                var inner = Sum();
                return Take(')') ? inner : throw Wrong($"has '{Shown()}' where ')' should be");
            }

            int start = _at;
            if (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
            {
                while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.' || (text[_at] is 'e' or 'E' && _at + 1 < text.Length && (char.IsAsciiDigit(text[_at + 1]) || text[_at + 1] is '-' or '+'))
                    || (text[_at] is '-' or '+' && text[_at - 1] is 'e' or 'E')))
                {
                    _at++;
                }

                string digits = text[start.._at];
                return double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                    ? new Term("number", number, 0, []) : throw Wrong($"has '{digits}', which is no number");
            }

            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            string name = text[start.._at];
            if (name.Length == 0)
            {
                throw Wrong(_at == text.Length ? "ends where a value should be" : $"has '{Shown()}' where a value should be");
            }

            if (Take('('))
            {
                return s_functions.Contains(name) ? Call(name) : throw Wrong($"calls '{name}'. {Nearest.Hint(name, s_functions)[..^1]}");
            }

            int index = -1;
            for (int i = 0; i < names.Count; i++)
            {
                index = names[i] == name ? i : index;
            }

            return index >= 0 ? new Term("name", 0, index, []) : throw Wrong($"names '{name}', which is no grader here. {Nearest.Hint(name, [.. names])[..^1]}");
        }

        private Term Call(string name)
        {
            var parts = new List<Term> { Sum() };
            while (Take(','))
            {
                parts.Add(Sum());
            }

            if (!Take(')'))
            {
                throw Wrong($"has '{Shown()}' where ')' should be");
            }

            return parts.Count == 1 || name is "min" or "max" ? new Term(name, 0, 0, [.. parts]) : throw Wrong($"gives {name} {parts.Count} values; it takes one");
        }

        private bool Take(char c)
        {
            Space();
            bool there = _at < text.Length && text[_at] == c;
            _at += there ? 1 : 0;
            return there;
        }

        private void Space()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        private static Term Pair(string operation, Term a, Term b) => new(operation, 0, 0, [a, b]);

        private string Shown() => _at >= text.Length ? "the end" : text[_at..Math.Min(text.Length, _at + 12)];

        private FormatException Wrong(string what) => new($"{what} (character {Math.Min(_at + 1, text.Length + 1)}).");
    }
}
