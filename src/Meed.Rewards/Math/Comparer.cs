namespace Meed.Rewards.MathAnswers;

/// <summary>Compares typed answers: dispatch by kind. The parts hold one family of rules each.</summary>
internal sealed partial class Comparer
{
    private readonly Meter _meter;
    private readonly MathOptions _options;
    private readonly Normalizer _normalizer;
    private int _depth;

    public Comparer(MathOptions options, Meter meter)
    {
        _meter = meter;
        _options = options;
        _normalizer = new Normalizer(new Algebra(meter));
    }

    /// <summary>The rule that decided last.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>True when the prediction equals the gold answer.</summary>
    public bool Run(Node gold, Node prediction)
    {
        var (g, p) = (Shape(gold), Shape(prediction));
        return Equal(g, p) || Family(g, p);
    }

    private bool Decide(bool equal, string rule)
    {
        Rule = rule;
        return equal;
    }

    /// <summary>Puts the name of an outer rule before the one that decided inside.</summary>
    private bool Within(string outer, bool equal)
    {
        Rule = equal ? $"{outer}/{Rule}" : Rule;
        return equal;
    }

    private bool Equal(Node g, Node p)
    {
        _meter.Charge(10);
        if (_depth > 40)
        {
            return Decide(false, "depth");
        }

        _depth++;
        bool equal = Dispatch(g, p);
        _depth--;
        return equal;
    }

    private bool Dispatch(Node g, Node p)
    {
        if (g.Kind == NodeKind.Neg && p.Kind == NodeKind.Neg && !g.Args[0].IsScalarKind)
        {
            return Equal(g.Args[0], p.Args[0]);
        }

        if (g.IsScalarKind && p.IsScalarKind)
        {
            return g.Contains(NodeKind.Infinity) || p.Contains(NodeKind.Infinity) ? Infinities(g, p) : Scalars(g, p);
        }

        if (g.Kind == NodeKind.Relation || p.Kind == NodeKind.Relation)
        {
            return Relations(g, p);
        }

        if (g.Kind == NodeKind.Quantity || p.Kind == NodeKind.Quantity)
        {
            return Quantities(g, p);
        }

        if (g.Kind is NodeKind.List or NodeKind.Set || p.Kind is NodeKind.List or NodeKind.Set)
        {
            return Collections(g, p);
        }

        if (IsRegionKind(g) || IsRegionKind(p))
        {
            return Regions(g, p);
        }

        if (g.Kind != p.Kind)
        {
            return Mixed(g, p);
        }

        switch (g.Kind)
        {
            case NodeKind.Sequence:
                return Sequences(g, p);
            case NodeKind.Matrix:
                return g.Extra == p.Extra && g.Text == p.Text && Within("matrix", Elements(g.Args, p.Args));
            case NodeKind.Ratio:
                return Ratios(g, p);
            case NodeKind.Base:
                return Decide(g.Extra == p.Extra && g.Text.TrimStart('0') == p.Text.TrimStart('0'), "numeral");
            case NodeKind.Time or NodeKind.Date:
                return Decide(g.Text == p.Text, g.Kind == NodeKind.Time ? "time" : "date");
            case NodeKind.Text:
                return Decide(TextForm.Words(g.Text) == TextForm.Words(p.Text), "text");
            case NodeKind.Empty:
                return Decide(true, "empty-set");
            default:
                return Decide(false, "kind");
        }
    }

    /// <summary>Different kinds without a collection, relation, unit or region: only spellings of one thing can be equal.</summary>
    private bool Mixed(Node g, Node p)
    {
        if (g.Kind == NodeKind.Text || p.Kind == NodeKind.Text)
        {
            var (text, other) = g.Kind == NodeKind.Text ? (g, p) : (p, g);
            return Decide(Letters(other) is { } letters && string.Equals(TextForm.Words(text.Text), letters, StringComparison.OrdinalIgnoreCase), "text");
        }

        if (g.Kind == NodeKind.Time || p.Kind == NodeKind.Time)
        {
            var (a, b) = (g.Kind == NodeKind.Time ? g : Clock.FromRatio(g), p.Kind == NodeKind.Time ? p : Clock.FromRatio(p));
            return Decide(a is not null && b is not null && a.Text == b.Text, "time");
        }

        return Decide(false, "kind");
    }

    /// <summary>The letters of a product of plain letters, in their written order; null otherwise.</summary>
    private static string? Letters(Node node)
    {
        if (node.Kind is NodeKind.Symbol or NodeKind.E or NodeKind.I)
        {
            return node.Kind switch { NodeKind.E => "e", NodeKind.I => "i", _ => node.Text };
        }

        if (node.Kind != NodeKind.Mul)
        {
            return null;
        }

        string all = "";
        foreach (var a in node.Args)
        {
            if (a.Args.Length > 0 || Letters(a) is not { } letter)
            {
                return null;
            }

            all += letter;
        }

        return all;
    }

    private static bool Infinities(Node g, Node p)
    {
        static int Sign(Node n) => n.Kind switch { NodeKind.Infinity => 1, NodeKind.Neg => -Sign(n.Args[0]), _ => 0 };
        return Sign(g) != 0 && Sign(g) == Sign(p);
    }

    private bool Elements(Node[] g, Node[] p)
    {
        if (g.Length != p.Length)
        {
            return Decide(false, "count");
        }

        for (int i = 0; i < g.Length; i++)
        {
            if (!Equal(g[i], p[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool Ratios(Node g, Node p)
    {
        if (g.Args.Length != p.Args.Length)
        {
            return Decide(false, "count");
        }

        // With a common factor or a zero in the gold answer it may be a time of day, which does not cancel.
        var whole = Array.ConvertAll(g.Args, static a => a is { Kind: NodeKind.Number, Value.IsInteger: true } ? a.Value.Num : 1);
        if (Array.Exists(whole, static w => w.IsZero) || !whole.Aggregate(System.Numerics.BigInteger.Zero, System.Numerics.BigInteger.GreatestCommonDivisor).IsOne)
        {
            return Within("ratio", Elements(g.Args, p.Args));
        }

        for (int i = 1; i < g.Args.Length; i++)
        {
            // a:b = c:d when a·d = b·c
            var left = Node.Of(NodeKind.Mul, g.Args[0], p.Args[i]);
            var right = Node.Of(NodeKind.Mul, g.Args[i], p.Args[0]);
            if (!left.IsScalar || !right.IsScalar || !Scalars(left, right))
            {
                return false;
            }
        }

        return Within("ratio", true);
    }

    private static (Node Value, string Unit)? TrailingUnit(Node n)
    {
        if (n.Kind != NodeKind.Mul || n.Args[0].Kind != NodeKind.Number)
        {
            return null;
        }

        string unit = "";
        foreach (var a in n.Args.AsSpan(1))
        {
            var symbol = a.Kind == NodeKind.Inv ? a.Args[0] : a;
            if (symbol.Kind != NodeKind.Symbol)
            {
                return null;
            }

            unit += (a.Kind == NodeKind.Inv ? " / " : " ") + symbol.Text;
        }

        return (n.Args[0], unit);
    }

    /// <summary>Values with a unit on one side or both.</summary>
    /// <remarks>A unit that only one side names is taken as understood; two named units must be the same up to conversion.</remarks>
    private bool Quantities(Node g, Node p)
    {
        var (gv, gu) = g.Kind == NodeKind.Quantity ? (g.Args[0], g.Text) : (g, "");
        var (pv, pu) = p.Kind == NodeKind.Quantity ? (p.Args[0], p.Text) : (p, "");
        if (!gv.IsScalarKind || !pv.IsScalarKind)
        {
            return gv.Kind == NodeKind.Quantity || pv.Kind == NodeKind.Quantity ? Decide(false, "units") : Within("units", Equal(gv, pv));
        }

        if (gu.Length == 0 || pu.Length == 0)
        {
            string unit = gu.Length == 0 ? pu : gu;
            // A bare gold number below 1 is a share, not a percentage: 0.25 % is not 0.25.
            bool share = gu.Length == 0 && gv is { Kind: NodeKind.Number } n && n.Value.CompareTo(Rational.One) < 0 && !n.Value.IsZero;
            if (Units.Read(unit).Dimension != "%" || (_options.Percent != PercentReading.Fraction && !share))
            {
                if (Equal(gv, pv))
                {
                    return Within("unit-understood", true);
                }
            }

            if (Units.Read(unit).Dimension == "%" && _options.Percent != PercentReading.Unit)
            {
                static Node Share(Node v, string u) => u.Length == 0 ? v : Node.Of(NodeKind.Mul, v, Node.Of(NodeKind.Inv, Node.Number(Rational.Of(100))));
                return Within("percent", Equal(Share(gv, gu), Share(pv, pu)));
            }

            // "5 m/s" outside \text{...} reads as a product of letters.
            return TrailingUnit(gu.Length == 0 ? gv : pv) is { } trailing && Units.Read(trailing.Unit) is var t && Units.Read(unit) is var u && t.Dimension == u.Dimension && t.Factor == u.Factor
                ? Within("units", gu.Length == 0 ? Equal(trailing.Value, pv) : Equal(gv, trailing.Value)) : Decide(false, Rule);
        }

        var (gd, gf, gk) = Units.Read(gu);
        var (pd, pf, pk) = Units.Read(pu);
        if (gd == pd)
        {
            return gf == pf ? Within("units", Equal(gv, pv))
                : Within("unit-conversion", Equal(Node.Of(NodeKind.Mul, gv, Node.Number(gf)), Node.Of(NodeKind.Mul, pv, Node.Number(pf))));
        }

        // "7 distinct integers" and "7 integers": one description contains the other.
        var (gw, pw) = (gd.Split(' '), pd.Split(' '));
        bool contained = !gk && !pk && (gw.All(pw.Contains) || pw.All(gw.Contains));
        return contained ? Within("units", Equal(gv, pv)) : Decide(false, "units");
    }
}
