using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <content>Sums, products, powers and primaries.</content>
internal sealed partial class AnswerParser
{
    private Node Sum()
    {
        var first = SignedTerm();
        List<Node>? terms = null;
        while (!_failed && Now.Kind == TokenKind.Symbol && Now.Text is "+" or "-" or "±" or "∓")
        {
            (terms ??= [first]).Add(SignedTerm());
        }

        return terms is null ? first : Make(NodeKind.Add, "", [.. terms]);
    }

    /// <summary>A product with any number of signs before it.</summary>
    private Node SignedTerm()
    {
        bool negative = false;
        string both = "";
        while (Now.Kind == TokenKind.Symbol && Now.Text is "+" or "-" or "±" or "∓")
        {
            if (Now.Text is "±" or "∓")
            {
                both = Now.Text;
            }

            negative ^= Now.Text == "-";
            _at++;
        }

        var term = Term();
        if (both.Length > 0)
        {
            term = Make(NodeKind.PlusMinus, both, term);
        }

        return negative ? Make(NodeKind.Neg, "", term) : term;
    }

    private Node Term()
    {
        if (!Enter())
        {
            return Fail();
        }

        bool startsWithNumber = Now.Kind == TokenKind.Number;
        var first = Postfix();
        List<Node>? factors = null;
        if (startsWithNumber && first is { Kind: NodeKind.Number, Decimals: -1 } && Mixed(first) is { } mixed)
        {
            first = mixed;
        }

        while (!_failed)
        {
            if (Next("*"))
            {
                (factors ??= [first]).Add(Factor());
            }
            else if (Now.Is("/") && Ahead(1).Kind is not TokenKind.Word)
            {
                _at++;
                (factors ??= [first]).Add(Make(NodeKind.Inv, "", Factor()));
            }
            else if (Now.Is("/") && Ahead(1).Kind == TokenKind.Word && (Functions.IsUnary(Ahead(1).Text) || Ahead(1).Text is "pi"))
            {
                _at++;
                (factors ??= [first]).Add(Make(NodeKind.Inv, "", Factor()));
            }
            else if (StartsPrimary() && first.Kind != NodeKind.Text && !(Now.Kind == TokenKind.Number && _tokens[_at - 1].Kind == TokenKind.Number))
            {
                (factors ??= [first]).Add(Postfix());
            }
            else
            {
                break;
            }
        }

        _depth--;
        return factors is null ? first : Make(NodeKind.Mul, "", [.. factors]);
    }

    private Node Factor()
    {
        bool negative = false;
        while (Now.Kind == TokenKind.Symbol && Now.Text is "-" or "+")
        {
            negative ^= Now.Text == "-";
            _at++;
        }

        var f = Postfix();
        return negative ? Make(NodeKind.Neg, "", f) : f;
    }

    /// <summary>12\frac{3}{5} and 1 1/2.</summary>
    private Node? Mixed(Node whole)
    {
        if (Now is { Kind: TokenKind.Command, Text: "frac" })
        {
            int start = _at;
            var f = Primary();
            if (f is { Kind: NodeKind.Mul, Args: [{ Kind: NodeKind.Number, Decimals: -1 } a, { Kind: NodeKind.Inv } inv] } && inv.Args[0] is { Kind: NodeKind.Number, Decimals: -1 } b
                && a.Value.Sign > 0 && a.Value.CompareTo(b.Value) < 0)
            {
                return Make(NodeKind.Add, "", whole, f);
            }

            if (!_failed)
            {
                _at = start;
            }

            return null;
        }

        if (Now is { Kind: TokenKind.Number, SpaceBefore: true } && Ahead(1).Is("/") && Ahead(2).Kind == TokenKind.Number)
        {
            var a = NumberNode(Now.Text);
            var b = NumberNode(Ahead(2).Text);
            if (a.Decimals < 0 && b.Decimals < 0 && a.Value.CompareTo(b.Value) < 0 && !_failed)
            {
                _at += 3;
                return Make(NodeKind.Add, "", whole, Make(NodeKind.Mul, "", a, Make(NodeKind.Inv, "", b)));
            }
        }

        return null;
    }

    private bool StartsPrimary()
    {
        var t = Now;
        return t.Kind switch
        {
            TokenKind.Number or TokenKind.Begin => true,
            TokenKind.Letter => !(t.Text == "U" && Ahead(1).Kind == TokenKind.Symbol && Ahead(1).Text is "(" or "[" or "\\{"),
            TokenKind.Command => t.Text is not ("forall" or "int" or "lim" or "to" or "rightarrow" or "Rightarrow" or "implies"),
            TokenKind.Word => Functions.IsUnary(t.Text) || Functions.IsMany(t.Text) || t.Text is "pi" or "inf" or "oo" || (t.InText && t.Text is "i" or "e" or "π"),
            TokenKind.Symbol => t.Text is "(" or "[" or "{" or "\\{" or "⌊" or "⌈" || (t.Text is "|" or "‖" && _abs == 0 && !_builder),
            _ => false,
        };
    }

    private Node Postfix()
    {
        if (!Enter())
        {
            return Fail();
        }

        var node = Primary();
        for (int k = 0; !_failed && k < 12; k++)
        {
            if (Now.Is("^"))
            {
                _at++;
                node = Make(NodeKind.Pow, "", node, Exponent());
            }
            else if (Now.Is("_") && node.Kind is NodeKind.Number or NodeKind.Symbol or NodeKind.Text or NodeKind.E or NodeKind.I)
            {
                node = Subscript(node);
            }
            else if (Now.Is("!"))
            {
                _at++;
                bool twice = Now.Is("!") && !Now.SpaceBefore;
                _at += twice ? 1 : 0;
                node = Make(NodeKind.Func, twice ? "dfact" : "fact", node);
            }
            else if (Now.Is("%"))
            {
                _at++;
                node = Make(NodeKind.Percent, "", node);
            }
            else if (Now.Is("°"))
            {
                _at++;
                node = Make(NodeKind.Degree, "", node);
            }
            else if (Now.Is("'") && node.Kind == NodeKind.Symbol)
            {
                _at++;
                node = Make(NodeKind.Symbol, node.Text + "'");
            }
            else
            {
                break;
            }
        }

        _depth--;
        return node;
    }

    private Node Exponent()
    {
        if (!Enter())
        {
            return Fail();
        }

        bool negative = false;
        while (Now.Kind == TokenKind.Symbol && Now.Text is "-" or "+")
        {
            negative ^= Now.Text == "-";
            _at++;
        }

        var e = Primary();
        if (Next("^"))
        {
            e = Make(NodeKind.Pow, "", e, Exponent());
        }

        _depth--;
        return negative ? Make(NodeKind.Neg, "", e) : e;
    }

    /// <summary>52_8 is a numeral, a_3 and S_{MBCN} are names.</summary>
    private Node Subscript(Node node)
    {
        _at++;
        string text = "";
        if (Next("{"))
        {
            int open = 1;
            while (Now.Kind != TokenKind.End)
            {
                open += Now.Is("{") ? 1 : Now.Is("}") ? -1 : 0;
                if (open == 0)
                {
                    break;
                }

                text += Now.Text;
                _at++;
                if (text.Length > 60)
                {
                    return Fail();
                }
            }

            if (!Next("}"))
            {
                return Fail();
            }
        }
        else if (Now.Kind is TokenKind.Number or TokenKind.Letter or TokenKind.Word or TokenKind.Command)
        {
            text = Now.Text;
            _at++;
        }
        else
        {
            return Fail();
        }

        bool numeral = node.Kind == NodeKind.Number || (node.Kind == NodeKind.Text && !node.Text.Contains(' ') && node.Text.Any(char.IsDigit));
        if (numeral && int.TryParse(text, out int radix) && radix is >= 2 and <= 36)
        {
            string digits = node.Kind == NodeKind.Number ? node.Value.ToString() : node.Text.ToUpperInvariant();
            return node.Decimals > 0 ? Fail() : new Node(NodeKind.Base, digits, Node.None) { Extra = radix };
        }

        return node.Kind == NodeKind.Number ? Fail() : Make(NodeKind.Symbol, (node.Kind switch { NodeKind.E => "e", NodeKind.I => "i", _ => node.Text }) + "_" + text);
    }

    private Node Primary()
    {
        if (!Enter())
        {
            return Fail();
        }

        var t = Now;
        var node = t.Kind switch
        {
            TokenKind.Number => Numeral(),
            TokenKind.Letter => Letter(),
            TokenKind.Word => Word(),
            TokenKind.Command => Command(),
            TokenKind.Symbol => Bracketed(),
            TokenKind.Begin => Environment(),
            _ => Fail(),
        };
        _depth--;
        return node;
    }

    private Node Numeral()
    {
        string digits = Now.Text;
        _at++;
        if (Now.Is(".") && Ahead(1) is { Kind: TokenKind.Command, Text: "overline" })
        {
            _at++;
        }

        if (Now is { Kind: TokenKind.Command, Text: "overline" } && Ahead(1).Is("{") && Ahead(2).Kind == TokenKind.Number && Ahead(3).Is("}") && (digits.Contains('.') || _tokens[_at - 1].Is(".")))
        {
            string period = Ahead(2).Text;
            _at += 4;
            return Repeating(digits, period);
        }

        if (Now.Is("...") && digits.Contains('.'))
        {
            _at++;
        }

        return NumberNode(digits);
    }

    /// <summary>0.0\overline{3}: the digits before the period plus period / (10^k (10^p - 1)).</summary>
    private Node Repeating(string digits, string period)
    {
        if (digits.Length + period.Length > 400 || period.Contains('.') || digits.Contains('e') || digits.Contains('E'))
        {
            return Fail();
        }

        int point = digits.IndexOf('.');
        int decimals = point < 0 ? 0 : digits.Length - point - 1;
        var head = Rational.Of(BigInteger.Parse(digits.Replace(".", "")), BigInteger.Pow(10, decimals));
        var tail = Rational.Of(BigInteger.Parse(period), BigInteger.Pow(10, decimals) * (BigInteger.Pow(10, period.Length) - 1));
        _meter.Charge(digits.Length + period.Length);
        return Node.Number(head + tail);
    }

    private Node NumberNode(string text)
    {
        if (text.Length <= 9 && int.TryParse(text, System.Globalization.NumberStyles.None, null, out int small))
        {
            _nodes++;
            return Node.Number(Rational.Of(small));
        }

        int e = text.AsSpan().IndexOfAny('e', 'E');
        int exponent = 0;
        if (e >= 0 && !int.TryParse(text.AsSpan(e + 1), out exponent))
        {
            return Fail();
        }

        string digits = e < 0 ? text : text[..e];
        int point = digits.IndexOf('.');
        int decimals = point < 0 ? 0 : digits.Length - point - 1;
        if (digits.Length is 0 or > 5_000 || digits.AsSpan().IndexOfAnyInRange('0', '9') < 0 || Math.Abs(exponent) > 4_000)
        {
            return Fail();
        }

        _meter.Charge((digits.Length / 8 * (digits.Length / 8)) + Math.Abs(exponent / 8) + 4);
        var mantissa = point < 0 ? BigInteger.Parse(digits) : BigInteger.Parse(string.Concat(digits.AsSpan(0, point), digits.AsSpan(point + 1)));
        int scale = exponent - decimals;
        var value = scale >= 0 ? Rational.Of(mantissa * BigInteger.Pow(10, scale)) : Rational.Of(mantissa, BigInteger.Pow(10, -scale));
        return Node.Number(value, point < 0 && e < 0 ? -1 : Math.Max(0, -scale));
    }

    private Node Letter()
    {
        string name = Now.Text;
        _at++;
        bool application = Now.Is("(") && (name is "f" or "g" or "h" || IsDefinition());
        if (application)
        {
            _at++;
            int abs = _abs;
            _abs = 0;
            var (args, _) = Separated();
            _abs = abs;
            return !Next(")") || args.Count == 0 ? Fail() : Make(NodeKind.Func, name, [.. args]);
        }

        return name switch
        {
            "e" => Make(NodeKind.E, ""),
            "i" => Make(NodeKind.I, ""),
            _ => Make(NodeKind.Symbol, name),
        };
    }

    /// <summary>At "(" behind a letter: is this the head of "p(x) = ..." or "T(10) = ..."?</summary>
    private bool IsDefinition()
    {
        int k = 1;
        while (Ahead(k).Kind is TokenKind.Letter or TokenKind.Number || Ahead(k).Is(","))
        {
            if (Ahead(k).Kind != TokenKind.Symbol && Ahead(k + 1).Kind is TokenKind.Letter or TokenKind.Number)
            {
                return false;
            }

            k++;
        }

        return k > 1 && Ahead(k).Is(")") && Ahead(k + 1) is { Kind: TokenKind.Relation, Text: "=" } && (_at < 2 || _tokens[_at - 2].Kind is not (TokenKind.Letter or TokenKind.Number));
    }

    private Node Word()
    {
        var t = Now;
        if (Functions.IsUnary(t.Text) || Functions.IsMany(t.Text))
        {
            bool label = Functions.IsMany(t.Text) && Ahead(1).Kind != TokenKind.Symbol;
            if (!label)
            {
                _at++;
                return Function(t.Text);
            }
        }

        if (t.Text is "pi" or "π")
        {
            _at++;
            return Make(NodeKind.Pi, "");
        }

        if (t.Text is "inf" or "oo" or "infinity" or "Infinity" or "infty")
        {
            _at++;
            return Make(NodeKind.Infinity, "");
        }

        if (t.InText && t.Text.Length == 1 && !(Ahead(1).Kind == TokenKind.Word && Ahead(1).InText))
        {
            _at++;
            return t.Text switch { "e" => Make(NodeKind.E, ""), "i" => Make(NodeKind.I, ""), _ => Make(NodeKind.Symbol, t.Text) };
        }

        if (t.IsWord("and") || t.IsWord("or"))
        {
            return Fail();
        }

        string text = t.Text;
        _at++;
        while (Now.Kind == TokenKind.Word && !Now.IsWord("and") && !Now.IsWord("or"))
        {
            text += " " + Now.Text;
            _at++;
        }

        return Dates.Read(text, this) ?? Make(NodeKind.Text, text.ToLowerInvariant());
    }

    /// <summary>Takes a number token if one follows; used by dates.</summary>
    public int? TakeNumber()
    {
        while (Now.Is(",") && Ahead(1).Kind == TokenKind.Number && Ahead(1).Text.Length == 4)
        {
            _at++;
        }

        if (Now.Kind == TokenKind.Number && int.TryParse(Now.Text, out int n))
        {
            _at++;
            return n;
        }

        return null;
    }
}
