namespace Meed.Rewards.MathAnswers;

internal enum NodeKind : byte
{
    Number, Symbol, Pi, E, I, Infinity,
    Add, Mul, Inv, Neg, Pow, Root, Func, PlusMinus, Degree, Percent,
    Sequence, Set, Matrix, Relation, List, Ratio, Text, Quantity, Base, Union, Intersection, Difference, Reals, Empty, Time, Date,
}

/// <summary>A node of the typed answer tree.</summary>
internal sealed class Node(NodeKind kind, string text, Node[] args)
{
    public static readonly Node[] None = [];

    public NodeKind Kind { get; } = kind;

    /// <summary>Name of a symbol or function, brackets of a sequence ("()", "[)", ...), unit of a quantity, operators of a relation (separated by spaces).</summary>
    public string Text { get; } = text;

    public Node[] Args { get; } = args;

    /// <summary>Value of a number.</summary>
    public Rational Value { get; init; } = Rational.Zero;

    /// <summary>Digits after the decimal point; -1 when the number was not written as a decimal.</summary>
    public int Decimals { get; init; } = -1;

    /// <summary>Columns of a matrix; base of a numeral; how a list was joined.</summary>
    public int Extra { get; init; }

    /// <summary>The normal form, once computed for a comparison; the table tells which.</summary>
    public Fraction? Normal { get; set; }

    public static Node Number(Rational value, int decimals = -1) => new(NodeKind.Number, "", None) { Value = value, Decimals = decimals };

    public static Node Of(NodeKind kind, params Node[] args) => new(kind, "", args);

    public static Node Func(string name, params Node[] args) => new(NodeKind.Func, name, args);

    public static Node Symbol(string name) => new(NodeKind.Symbol, name, None);

    public bool IsScalarKind => Kind <= NodeKind.Percent;

    /// <summary>True when every node below is scalar, so that the algebra can read it.</summary>
    public bool IsScalar
    {
        get
        {
            if (!IsScalarKind || Kind == NodeKind.Infinity)
            {
                return false;
            }

            foreach (var a in Args)
            {
                if (!a.IsScalar && !(Kind == NodeKind.Func && a.Kind == NodeKind.Infinity))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool Contains(NodeKind kind)
    {
        if (Kind == kind)
        {
            return true;
        }

        foreach (var a in Args)
        {
            if (a.Contains(kind))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when some number in it was written with a decimal point.</summary>
    public bool HasDecimals
    {
        get
        {
            if (Kind == NodeKind.Number)
            {
                return Decimals > 0;
            }

            foreach (var a in Args)
            {
                if (a.HasDecimals)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>True when it holds a free name.</summary>
    public bool HasSymbols => Kind is NodeKind.Symbol or NodeKind.Text || (Kind == NodeKind.Func && !Functions.IsKnown(Text)) || Array.Exists(Args, static a => a.HasSymbols);
}
