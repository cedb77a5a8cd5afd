namespace Meed.Rewards.MathAnswers;

/// <content>Brackets, commands, functions and environments.</content>
internal sealed partial class AnswerParser
{
    private static readonly HashSet<string> s_greek = new(StringComparer.Ordinal)
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho", "varrho", "sigma", "tau", "upsilon",
        "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "hbar", "aleph", "R", "Z", "mho", "imath", "partial", "square", "top", "bot", "dagger",
    };

    private Node Bracketed()
    {
        var t = Now;
        _at++;
        switch (t.Text)
        {
            case "(" or "[":
                return Parenthesis(t.Text);
            case "{":
                return Braces();
            case "\\{":
                return SetBraces();
            case "|" or "‖":
                return Absolute(t.Text);
            case "⌊":
                return Enclosed("floor", "⌋");
            case "⌈":
                return Enclosed("ceil", "⌉");
            case "$" or "money":
                _money = true;
                return Now.Kind is TokenKind.End ? Fail() : Primary();
            case "-" when Now.Kind is TokenKind.Number or TokenKind.Letter or TokenKind.Command:
                return Make(NodeKind.Neg, "", Postfix());
            default:
                return Fail();
        }
    }

    private Node Parenthesis(string open)
    {
        int abs = _abs;
        bool builder = _builder;
        (_abs, _builder) = (0, false);
        var (items, joins) = Separated();
        (_abs, _builder) = (abs, builder);
        string close = Now.Text;
        if (_failed || items.Count == 0 || !(Now.Is(")") || Now.Is("]")))
        {
            return Fail();
        }

        _at++;
        if (items.Count == 1)
        {
            return (open == "(") != (close == ")") ? Fail() : Sign(items[0]);
        }

        if (joins.Exists(static j => j is Join.And or Join.Or))
        {
            return MakeList(items, 1);
        }

        return Make(NodeKind.Sequence, open + close, [.. items]);
    }

    private Node Braces()
    {
        int abs = _abs;
        _abs = 0;
        var node = Items();
        _abs = abs;
        return Next("}") ? Sign(node) : Fail();
    }

    /// <summary>Inside brackets a degree or percent sign stays part of the expression: sin(30°), (45°)/2.</summary>
    private Node Sign(Node n) => n is { Kind: NodeKind.Quantity, Text: "°" } ? Make(NodeKind.Degree, "", n.Args) : n is { Kind: NodeKind.Quantity, Text: "%" } ? Make(NodeKind.Percent, "", n.Args) : n;

    private Node SetBraces()
    {
        if (Next("\\}"))
        {
            return Make(NodeKind.Empty, "");
        }

        int abs = _abs;
        bool outer = _builder;
        (_abs, _builder) = (0, true);
        int start = _at;
        var (items, _) = Separated();
        _builder = outer;
        if (Now.Is(":") || Now.Is("mid") || Now.Is("|"))
        {
            // {x : condition} is its condition; {x in R | condition} too.
            _at++;
            var condition = Items();
            _abs = abs;
            return Next("\\}") && items.Count == 1 ? condition : Fail();
        }

        if (!Now.Is("\\}"))
        {
            _failed = false;
            _at = start;
            return Fail();
        }

        _abs = abs;
        _at++;
        return items.Count == 0 ? Fail() : Make(NodeKind.Set, "", [.. items]);
    }

    private Node Absolute(string close)
    {
        _abs++;
        var inner = Sum();
        _abs--;
        return Next(close) || (close == "|" && Next("mid")) ? Make(NodeKind.Func, "abs", inner) : Fail();
    }

    private Node Enclosed(string name, string close)
    {
        int abs = _abs;
        _abs = 0;
        var inner = Sum();
        _abs = abs;
        return Next(close) ? Make(NodeKind.Func, name, inner) : Fail();
    }

    private Node Command()
    {
        string name = Now.Text;
        _at++;
        switch (name)
        {
            case "frac":
                var numerator = Argument();
                var denominator = Argument();
                return Make(NodeKind.Mul, "", numerator, Make(NodeKind.Inv, "", denominator));
            case "binom":
                var top = Argument();
                return Make(NodeKind.Func, "binom", top, Argument());
            case "sqrt" or "cbrt":
                return Root(name);
            case "pi":
                return Make(NodeKind.Pi, "");
            case "infty":
                return Make(NodeKind.Infinity, "");
            case "emptyset":
                return Make(NodeKind.Empty, "");
            case "overline":
                return Segment("");
            case "angle" or "triangle" or "measuredangle":
                return Segment(name == "triangle" ? "△" : "∠");
            case "sum" or "prod":
                return BigOperator(name);
            case "min" or "max" or "gcd" or "lcm" or "ln" or "log" or "lg" or "exp":
                return Function(name);
            case "pmod" or "bmod" or "mod":
                return Fail();
            case "{" or "}":
                return Fail();
            default:
                return Functions.IsUnary(name) ? Function(name) : s_greek.Contains(name) ? Make(NodeKind.Symbol, name switch { "varepsilon" => "epsilon", "varphi" => "phi", "vartheta" => "theta", _ => name }) : Fail();
        }
    }

    /// <summary>An argument of \frac: a group, or one digit, letter or command.</summary>
    private Node Argument()
    {
        if (Now.Kind == TokenKind.Number && Now.Text.Length > 1 && !Now.Text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // \frac13: the digits are two arguments.
            string text = Now.Text;
            _tokens[_at] = new Token(TokenKind.Number, text[1..], false, false);
            return NumberNode(text[..1]);
        }

        return Now.Kind == TokenKind.End ? Fail() : Primary();
    }

    private Node Root(string name)
    {
        var index = Node.Number(Rational.Of(name == "cbrt" ? 3 : 2));
        if (Next("["))
        {
            index = Sum();
            if (!Next("]"))
            {
                return Fail();
            }
        }

        return Now.Kind == TokenKind.End ? Fail() : Make(NodeKind.Root, "", index, Primary());
    }

    /// <summary>\overline{AB}, \angle ABC, \triangle ABC: one name of letters; \overline of anything else is that.</summary>
    private Node Segment(string mark)
    {
        string letters = "";
        int start = _at;
        bool group = Next("{");
        while (Now.Kind == TokenKind.Letter || (Now.Kind == TokenKind.Word && mark.Length > 0))
        {
            letters += Now.Text;
            _at++;
            if (Now.Is("_") && (Ahead(1).Kind is TokenKind.Number or TokenKind.Letter))
            {
                letters += "_" + Ahead(1).Text;
                _at += 2;
            }
            else if (Now.Is("_") && Ahead(1).Is("{") && Ahead(3).Is("}"))
            {
                letters += "_" + Ahead(2).Text;
                _at += 4;
            }
        }

        if (letters.Length > 0 && (!group || Next("}")))
        {
            return Make(NodeKind.Symbol, mark + letters);
        }

        _at = start;
        return mark.Length > 0 || Now.Kind == TokenKind.End ? Fail() : Primary();
    }

    private Node BigOperator(string name)
    {
        if (!Next("_") || !Next("{") || Now.Kind is not (TokenKind.Letter or TokenKind.Command))
        {
            return Fail();
        }

        var variable = Make(NodeKind.Symbol, Now.Text);
        _at++;
        if (Now is not { Kind: TokenKind.Relation, Text: "=" })
        {
            return Fail();
        }

        _at++;
        var low = Sum();
        if (!Next("}") || !Next("^"))
        {
            return Fail();
        }

        var high = Exponent();
        return Make(NodeKind.Func, name, variable, low, high, SignedTerm());
    }

    private Node Function(string name)
    {
        Node? power = null, radix = null;
        for (int k = 0; k < 2; k++)
        {
            if (Now.Is("^"))
            {
                _at++;
                power = Exponent();
            }
            else if (Now.Is("_") && name is "log" or "lg")
            {
                _at++;
                radix = Primary();
            }
        }

        if (name is "sqrt" or "cbrt")
        {
            var root = Now.Kind == TokenKind.End ? Fail() : Root(name);
            return power is null ? root : Make(NodeKind.Pow, "", root, power);
        }

        if (power is { Kind: NodeKind.Neg } && power.Args[0] is { Kind: NodeKind.Number } one && one.Value.IsOne && name is "sin" or "cos" or "tan" or "cot")
        {
            (name, power) = ("arc" + name, null);
        }

        var args = FunctionArguments(name);
        if (_failed)
        {
            return Fail();
        }

        name = name switch { "asin" => "arcsin", "acos" => "arccos", "atan" => "arctan", "lg" => "log", _ => name };
        var call = radix is not null ? Make(NodeKind.Func, "log_b", radix, args[0]) : Make(NodeKind.Func, name, args);
        return power is null ? call : Make(NodeKind.Pow, "", call, power);
    }

    private Node[] FunctionArguments(string name)
    {
        if (Now.Is("(") || Now.Is("["))
        {
            string open = Now.Text;
            _at++;
            int abs = _abs;
            _abs = 0;
            var (items, _) = Separated();
            _abs = abs;
            bool closed = Next(open == "(" ? ")" : "]");
            if (!closed || items.Count == 0 || (items.Count > 1 && !Functions.IsMany(name)))
            {
                Fail();
            }

            return [.. items.Select(Sign)];
        }

        if (Functions.IsMany(name) || Now.Kind == TokenKind.End)
        {
            return [Fail()];
        }

        // sin 2x takes the product up to the next function, bracket or operator.
        var factors = new List<Node>();
        bool number = false;
        if (Now.Is("-"))
        {
            _at++;
            factors.Add(Node.Number(Rational.MinusOne));
        }

        do
        {
            number = Now.Kind == TokenKind.Number;
            factors.Add(Postfix());
        }
        while (!_failed && StartsPrimary() && !Now.Is("(") && !Now.Is("[") && !(number && Now.Kind == TokenKind.Number)
            && !(Now.Kind is TokenKind.Command or TokenKind.Word && (Functions.IsUnary(Now.Text) && Now.Text is not "sqrt")) && factors.Count < 50);
        return [factors.Count == 1 ? factors[0] : Make(NodeKind.Mul, "", [.. factors])];
    }

    private Node Environment()
    {
        string name = Now.Text;
        _at++;
        int abs = _abs;
        _abs = 0;
        var rows = new List<List<Node>> { new() };
        while (!_failed)
        {
            if (Now.Kind == TokenKind.Finish)
            {
                _at++;
                break;
            }

            if (Now.Kind == TokenKind.End)
            {
                return Fail();
            }

            if (Next("\\\\"))
            {
                rows.Add([]);
            }
            else if (Next("&") || Next(".") || Next(","))
            {
                continue;
            }
            else
            {
                rows[^1].Add(name.EndsWith("matrix", StringComparison.Ordinal) || name is "array" or "smallmatrix" ? Sum() : Item());
            }
        }

        _abs = abs;
        rows.RemoveAll(static r => r.Count == 0);
        if (_failed || rows.Count == 0)
        {
            return Fail();
        }

        if (name is not ("array" or "smallmatrix" or "pmatrix" or "bmatrix" or "matrix" or "Bmatrix" or "vmatrix" or "Vmatrix"))
        {
            var all = rows.SelectMany(static r => r).ToList();
            return all.Count == 1 ? all[0] : MakeList(all, 2);   // cases, aligned: a system
        }

        int columns = rows[0].Count;
        if (rows.Exists(r => r.Count != columns))
        {
            return Fail();
        }

        var cells = Make(NodeKind.Matrix, name is "vmatrix" or "Vmatrix" ? "det" : "", [.. rows.SelectMany(static r => r)]);
        return new Node(NodeKind.Matrix, cells.Text, cells.Args) { Extra = columns };
    }
}
