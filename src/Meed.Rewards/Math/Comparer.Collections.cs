namespace Meed.Rewards.MathAnswers;

/// <content>Lists, sets, tuples and regions of the real line.</content>
internal sealed partial class Comparer
{
    private const int MaxElements = 400;

    private bool Collections(Node g, Node p)
    {
        if (g.Kind is NodeKind.List or NodeKind.Set && p.Kind is NodeKind.List or NodeKind.Set)
        {
            bool bothSets = g.Kind == NodeKind.Set && p.Kind == NodeKind.Set;
            var (gs, ps) = (g.Kind == NodeKind.Set ? Distinct(g.Args) : g.Args, p.Kind == NodeKind.Set ? Distinct(p.Args) : p.Args);
            if (Unordered(gs, ps))
            {
                return Within(bothSets ? "set" : "list", true);
            }

            return (IsRegionKind(g) || IsRegionKind(p)) && Regions(g, p);
        }

        var (collection, other) = g.Kind is NodeKind.List or NodeKind.Set ? (g, p) : (p, g);
        if (collection.Kind == NodeKind.List && !IsRegionKind(collection) && other is { Kind: NodeKind.Sequence, Text: "()" })
        {
            // A bare list is ordered against a tuple.
            return Within("list-tuple", Elements(g.Args, p.Args));
        }

        if (IsRegionKind(other) || IsRegionKind(collection))
        {
            return Regions(g, p);
        }

        return Decide(false, "kind");
    }

    private Node[] Distinct(Node[] items)
    {
        if (items.Length > MaxElements)
        {
            return items;
        }

        var kept = new List<Node>(items.Length);
        foreach (var item in items)
        {
            if (!kept.Exists(k => Equal(k, item)))
            {
                kept.Add(item);
            }
        }

        return [.. kept];
    }

    /// <summary>A one-to-one match in any order; equality is transitive, so the first match will do.</summary>
    private bool Unordered(Node[] g, Node[] p)
    {
        if (g.Length != p.Length)
        {
            return Decide(false, "count");
        }

        if (g.Length > MaxElements)
        {
            return Elements(g, p);
        }

        Span<bool> used = stackalloc bool[MaxElements];
        foreach (var item in g)
        {
            bool found = false;
            for (int j = 0; j < p.Length && !found; j++)
            {
                if (!used[j] && Equal(item, p[j]))
                {
                    used[j] = found = true;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private bool Sequences(Node g, Node p)
    {
        bool brackets = g.Text == p.Text || (g.Args.Length > 2 && g.Text is "()" or "[]" && p.Text is "()" or "[]");
        return brackets ? Within("tuple", Elements(g.Args, p.Args)) : Decide(false, "brackets");
    }

    private static bool IsRegionKind(Node n) => n is { Kind: NodeKind.Symbol, Text: "R" } || n.Kind is NodeKind.Union or NodeKind.Intersection or NodeKind.Difference
        || (n.Kind == NodeKind.List && n.Extra is 1 or 2 or 3 && n.Args.Length > 1 && Array.TrueForAll(n.Args, static a => a.Kind == NodeKind.Relation && IsInequality(a)));

    private static bool IsInequality(Node relation) => !Array.Exists(relation.Text.Split(' '), static o => o is "=" or "~");

    private bool Regions(Node g, Node p)
    {
        string? gn = null, pn = null;
        if (Read(g, ref gn) is not { } a || Read(p, ref pn) is not { } b)
        {
            return g.Kind == p.Kind && g.Kind is NodeKind.Union or NodeKind.Intersection && Within("union", Unordered(g.Args, p.Args));
        }

        if (gn is not null && pn is not null && gn != pn)
        {
            return Decide(false, "names");
        }

        if (a.Segments.Count != b.Segments.Count)
        {
            return Decide(false, "region");
        }

        for (int i = 0; i < a.Segments.Count; i++)
        {
            if (!SameBound(a.Segments[i].Low, b.Segments[i].Low) || !SameBound(a.Segments[i].High, b.Segments[i].High))
            {
                return Decide(false, "region");
            }
        }

        return Decide(true, g.Kind == NodeKind.Relation != (p.Kind == NodeKind.Relation) ? "interval-inequality" : "region");
    }

    private bool SameBound(Bound a, Bound b) => a.Closed == b.Closed && (double.IsInfinity(a.Value) || double.IsInfinity(b.Value) ? a.Value == b.Value : Scalars(a.At, b.At));

    /// <summary>The region of the real line that a node means, and the name that an inequality in it is about.</summary>
    private Region? Read(Node n, ref string? name)
    {
        _meter.Charge(10);
        switch (n.Kind)
        {
            case NodeKind.Empty:
                return Region.None;
            case NodeKind.Symbol when n.Text is "R":
                return Region.Line;
            case NodeKind.Sequence when n.Args.Length == 2:
                var (low, high) = (BoundOf(n.Args[0], n.Text[0] == '['), BoundOf(n.Args[1], n.Text[1] == ']'));
                return low is { } l && high is { } h && l.Value <= h.Value ? Region.Segment(l, h) : null;
            case NodeKind.Set when n.Args.Length <= MaxElements:
                var points = Region.None;
                foreach (var a in n.Args)
                {
                    if (BoundOf(a, true) is not { } at || double.IsInfinity(at.Value))
                    {
                        return null;
                    }

                    points = points.Union(Region.Point(at.At, at.Value));
                }

                return points;
            case NodeKind.Union or NodeKind.Intersection or NodeKind.Difference when n.Args.Length <= MaxElements:
                Region? all = null;
                foreach (var a in n.Args)
                {
                    if (Read(a, ref name) is not { } part)
                    {
                        return null;
                    }

                    all = all is null ? part : n.Kind == NodeKind.Union ? all.Union(part) : all.Intersect(n.Kind == NodeKind.Difference ? part.Complement() : part);
                }

                return all;
            case NodeKind.List when IsRegionKind(n) && n.Args.Length <= 40:
                return ReadConditions(n, ref name);
            case NodeKind.Relation:
                return Solve(n, ref name);
            default:
                return null;
        }
    }

    /// <summary>Conditions joined by "or" unite, by "and" intersect; by commas they intersect unless nothing would be left.</summary>
    private Region? ReadConditions(Node n, ref string? name)
    {
        Region? union = null, both = null;
        foreach (var a in n.Args)
        {
            if (Read(a, ref name) is not { } part)
            {
                return null;
            }

            union = union is null ? part : union.Union(part);
            both = both is null ? part : both.Intersect(part);
        }

        return n.Extra switch { 3 => union, 2 => both, _ => both!.Segments.Count == 0 ? union : both };
    }

    private Bound? BoundOf(Node n, bool closed)
    {
        if (n.Contains(NodeKind.Infinity))
        {
            return n.Kind switch
            {
                NodeKind.Infinity => new Bound(n, double.PositiveInfinity, false),
                NodeKind.Neg when n.Args[0].Kind == NodeKind.Infinity => new Bound(n, double.NegativeInfinity, false),
                _ => null,
            };
        }

        n = n is { Kind: NodeKind.Quantity } q ? q.Args[0] : n;
        if (!n.IsScalar || n.HasSymbols)
        {
            return null;
        }

        double v = Value(n);
        return double.IsFinite(v) ? new Bound(n, v, closed) : null;
    }

    /// <summary>A chain of inequalities about one name, or the absolute value of one, with constant bounds.</summary>
    private Region? Solve(Node relation, ref string? name)
    {
        string[] ops = relation.Text.Split(' ');
        var args = relation.Args;
        if (ops.Length == 1 && ops[0] == "in" && args[0].Kind == NodeKind.Symbol)
        {
            return Named(args[0], ref name) ? Read(args[1], ref name) : null;
        }

        int at = Array.FindIndex(args, static a => a.HasSymbols);
        if (at < 0 || ops.Length > 2 || Array.FindLastIndex(args, static a => a.HasSymbols) != at)
        {
            return null;
        }

        bool absolute = args[at] is { Kind: NodeKind.Func, Text: "abs" };
        var symbol = absolute ? args[at].Args[0] : args[at];
        if (symbol.Kind != NodeKind.Symbol || !Named(symbol, ref name))
        {
            return null;
        }

        var region = absolute ? Region.Above(new Bound(Node.Number(Rational.Zero), 0, true)) : Region.Line;
        for (int i = 0; i < ops.Length; i++)
        {
            // "name op bound" with the name on the left.
            bool left = i == at;
            string op = left ? ops[i] : ops[i] switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", var o => o };
            int other = left ? i + 1 : i;
            if ((left ? i : i + 1) != at || BoundOf(args[other], op is "<=" or ">=") is not { } bound)
            {
                return null;
            }

            if (double.IsInfinity(bound.Value))
            {
                // An infinite bound says nothing: -oo < x < 3.
                if (op[0] == (bound.Value > 0 ? '<' : '>'))
                {
                    continue;
                }

                return null;
            }

            var part = op switch
            {
                "<" or "<=" => Region.Below(bound),
                ">" or ">=" => Region.Above(bound),
                "!=" => Region.Point(bound.At, bound.Value).Complement(),
                _ => null,
            };
            if (part is null)
            {
                return null;
            }

            region = region.Intersect(part);
        }

        return absolute ? Mirror(region) : region;
    }

    private static Region Mirror(Region positive)
    {
        var negative = Region.None;
        foreach (var (low, high) in positive.Segments)
        {
            static Bound Flip(Bound b) => b with { At = b.Value == 0 || double.IsInfinity(b.Value) ? b.At : Node.Of(NodeKind.Neg, b.At), Value = -b.Value };
            negative = negative.Union(new Region([(Flip(high), Flip(low))]));
        }

        return negative.Union(positive);
    }

    private static bool Named(Node symbol, ref string? name)
    {
        name ??= symbol.Text;
        return name == symbol.Text;
    }
}
