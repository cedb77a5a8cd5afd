namespace Meed.Rewards.MathAnswers;

/// <content>Equations and inequalities: a name with its value, definitions of functions, general relations.</content>
internal sealed partial class Comparer
{
    private bool Relations(Node g, Node p)
    {
        if (g.Kind == NodeKind.Relation && p.Kind == NodeKind.Relation)
        {
            return RelationPair(g, p);
        }

        var (relation, other) = g.Kind == NodeKind.Relation ? (g, p) : (p, g);
        if (Pairs(relation) is { } pairs && other.Kind == NodeKind.List && Array.TrueForAll(other.Args, static a => a.Kind == NodeKind.Relation))
        {
            return Within("list", ReferenceEquals(g, relation) ? Unordered(pairs, other.Args) : Unordered(other.Args, pairs));
        }

        if (Assignment(relation) is { } a)
        {
            if (other.Kind == NodeKind.List && a.Value.Kind is not (NodeKind.List or NodeKind.Sequence or NodeKind.Set))
            {
                return Decide(false, "kind");
            }

            return Within("name-value", ReferenceEquals(g, relation) ? Equal(a.Value, other) : Equal(other, a.Value));
        }

        if (Chain(relation) is { } last)
        {
            return Within("chain", ReferenceEquals(g, relation) ? Equal(last, other) : Equal(other, last));
        }

        return IsInequality(relation) ? Regions(g, p) : Decide(false, "general-equation");
    }

    /// <summary>(f(n), g(n)) = (n, 1) as two equations.</summary>
    private static Node[]? Pairs(Node relation)
    {
        if (relation is not { Text: "=", Args: [{ Kind: NodeKind.Sequence } left, { Kind: NodeKind.Sequence } right] } || left.Args.Length != right.Args.Length)
        {
            return null;
        }

        var pairs = new Node[left.Args.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new Node(NodeKind.Relation, "=", [left.Args[i], right.Args[i]]);
        }

        return pairs;
    }

    /// <summary>The name and value of "name = ... = value"; null when the relation does not assign.</summary>
    private static (Node Name, Node Value)? Assignment(Node relation)
    {
        if (relation.Text != "=" && relation.Text.Split(' ') is var ops && !Array.TrueForAll(ops, static o => o == "="))
        {
            return null;
        }

        var (first, last) = (relation.Args[0], relation.Args[^1]);
        if (IsName(first) && !Mentions(last, first))
        {
            return (first, last);
        }

        return relation.Args.Length == 2 && IsName(last) && !first.HasSymbols ? (last, first) : null;
    }

    /// <summary>The end of a calculation without names: "1/2 + 1/2 = 1".</summary>
    private static Node? Chain(Node relation) => Array.TrueForAll(relation.Text.Split(' '), static o => o == "=") && Array.TrueForAll(relation.Args, static a => !a.HasSymbols) ? relation.Args[^1] : null;

    /// <summary>x, a_3, f(x), f(2), AB, NO/BO, V_1:V_2, (x, y), "maximum": what an answer may name before its value.</summary>
    private static bool IsName(Node n)
    {
        switch (n.Kind)
        {
            case NodeKind.Symbol or NodeKind.Text or NodeKind.E:
                return true;
            case NodeKind.Func:
                return !Functions.IsKnown(n.Text) || (n.Text == "abs" && n.Args[0] is { Kind: NodeKind.Mul } inner && IsName(inner));
            case NodeKind.Sequence:
                return Array.TrueForAll(n.Args, IsName);
            case NodeKind.Ratio:
                return Array.TrueForAll(n.Args, static a => IsName(a) && a.Kind is NodeKind.Symbol or NodeKind.Mul);
            case NodeKind.Mul:
                return Array.TrueForAll(n.Args, static a => IsLabel(a) || (a.Kind == NodeKind.Inv && (IsLabel(a.Args[0]) || (a.Args[0].Kind == NodeKind.Mul && IsName(a.Args[0]))))
                    || (a.Kind == NodeKind.Mul && IsName(a)));
            default:
                return false;
        }
    }

    /// <summary>A capital letter of a figure, or a name with a mark.</summary>
    private static bool IsLabel(Node n) => n.Kind == NodeKind.Symbol && n.Text.Length > 0 && (char.IsAsciiLetterUpper(n.Text[0]) || n.Text[0] is '∠' or '△');

    private static bool Mentions(Node value, Node name)
    {
        if (name.Kind == NodeKind.Sequence)
        {
            return Array.Exists(name.Args, a => Mentions(value, a));
        }

        if (name.Kind is NodeKind.Mul or NodeKind.Ratio or NodeKind.Text)
        {
            return false;
        }

        bool same = value.Kind == name.Kind && value.Text == name.Text && name.Kind is NodeKind.Symbol or NodeKind.Func;
        return same || Array.Exists(value.Args, a => Mentions(a, name));
    }

    private bool RelationPair(Node g, Node p)
    {
        if (Assignment(g) is { } ga && Assignment(p) is { } pa)
        {
            if (ga.Name.Kind == NodeKind.Text || pa.Name.Kind == NodeKind.Text)
            {
                bool bothLabels = ga.Name.Kind == NodeKind.Text && pa.Name.Kind == NodeKind.Text;
                return bothLabels && TextForm.Words(ga.Name.Text) != TextForm.Words(pa.Name.Text) ? Decide(false, "names") : Within("name-value", Equal(ga.Value, pa.Value));
            }

            if (SameName(ga.Name, pa.Name))
            {
                return Within("name-value", Equal(ga.Value, pa.Value));
            }

            if (ga.Name is { Kind: NodeKind.Func } gf && pa.Name is { Kind: NodeKind.Func } pf && gf.Text == pf.Text && gf.Args.Length == 1 && pf.Args.Length == 1
                && gf.Args[0].Kind == NodeKind.Symbol && pf.Args[0].Kind == NodeKind.Symbol)
            {
                // f(z) = z and f(x) = x define the same function; a name that is free on the other side may not be captured.
                string from = pf.Args[0].Text, to = gf.Args[0].Text;
                return Uses(pa.Value, to) ? Decide(false, "names") : Within("definition", Equal(ga.Value, Rename(pa.Value, from, to)));
            }
        }

        string[] gops = g.Text.Split(' '), pops = p.Text.Split(' ');
        if (gops.Length == 1 && pops.Length == 1 && gops[0] is "=" && pops[0] is "=")
        {
            if (Pairs(g) is { } gp && Pairs(p) is { } pp)
            {
                return Within("list", Unordered(gp, pp));
            }

            return Difference(g.Args[0], g.Args[1]) is { } gd && Difference(p.Args[0], p.Args[1]) is { } pd && Proportional(gd, pd, anySign: true)
                ? Decide(true, "equation") : SameParts(g, p, gops, pops) ? Within("equation", true) : Decide(false, "equation");
        }

        if (IsInequality(g) && IsInequality(p))
        {
            string? gn = null, pn = null;
            if (Read(g, ref gn) is not null && Read(p, ref pn) is not null)
            {
                return Regions(g, p);
            }

            if (gops.Length == 1 && pops.Length == 1 && gops[0] != "in" && pops[0] != "in" && Inequality(g, p) is { } same)
            {
                return Decide(same, "inequality");
            }
        }

        return SameParts(g, p, gops, pops) ? Within("relation", true) : Decide(false, "relation");
    }

    private static bool SameName(Node a, Node b) => a.Kind == b.Kind && a.Text == b.Text && a.Value == b.Value && a.Args.Length == b.Args.Length && a.Args.Zip(b.Args).All(static x => SameName(x.First, x.Second));

    private static bool Uses(Node n, string name) => (n.Kind == NodeKind.Symbol && n.Text == name) || Array.Exists(n.Args, a => Uses(a, name));

    private static Node Rename(Node n, string from, string to) => n.Kind == NodeKind.Symbol ? (n.Text == from ? Node.Symbol(to) : n)
        : n.Args.Length == 0 ? n
        : new Node(n.Kind, n.Text, Array.ConvertAll(n.Args, a => Rename(a, from, to))) { Value = n.Value, Decimals = n.Decimals, Extra = n.Extra };

    /// <summary>Left minus right without denominators; null when it has no normal form.</summary>
    private Polynomial? Difference(Node left, Node right)
    {
        if (_normalizer.Try(left) is not { } l || _normalizer.Try(right) is not { } r)
        {
            return null;
        }

        try
        {
            return _normalizer.Algebra.Clear(_normalizer.Algebra.Sub(l, r).Num);
        }
        catch (TooComplexException)
        {
            return null;
        }
    }

    private bool Proportional(Polynomial a, Polynomial b, bool anySign)
    {
        if (a.IsZero || b.IsZero || a.Count != b.Count)
        {
            return false;
        }

        var factor = a.Coefficients[0] / b.Coefficients[0];
        return (anySign || factor.Sign > 0) && _normalizer.Algebra.Scale(b, factor).SameAs(a);
    }

    /// <summary>Two general inequalities with one sign each: proportional differences, the sign turned by a negative factor.</summary>
    private bool? Inequality(Node g, Node p)
    {
        if (Difference(g.Args[0], g.Args[1]) is not { } a || Difference(p.Args[0], p.Args[1]) is not { } b)
        {
            return null;
        }

        if (g.Text == "!=" || p.Text == "!=")
        {
            return g.Text == p.Text && Proportional(a, b, anySign: true);
        }

        bool strict = g.Text.Length == 1, turned = g.Text[0] != p.Text[0];
        return strict == (p.Text.Length == 1) && Proportional(a, turned ? _normalizer.Algebra.Scale(b, Rational.MinusOne) : b, anySign: false);
    }

    /// <summary>The same chain of parts, read forwards or backwards.</summary>
    private bool SameParts(Node g, Node p, string[] gops, string[] pops)
    {
        if (g.Args.Length != p.Args.Length)
        {
            return false;
        }

        if (gops.AsSpan().SequenceEqual(pops) && Elements(g.Args, p.Args))
        {
            return true;
        }

        var back = pops.Reverse().Select(static o => o switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => o }).ToArray();
        return !gops.Contains("in") && gops.AsSpan().SequenceEqual(back) && Elements(g.Args, [.. p.Args.Reverse()]);
    }
}
