namespace Meed.Rewards.MathAnswers;

/// <content>Periodic families of solutions: x = pi/6 + 2 pi k is the same family with n for k.</content>
internal sealed partial class Comparer
{
    private const string Parameters = "kmnlj";

    /// <summary>True when both sides are families in one whole parameter each and equal after giving both the same name.</summary>
    private bool Family(Node g, Node p)
    {
        string rule = Rule;
        if (Parameter(g) is { } to && Parameter(p) is { } from && to != from && Equal(g, Rename(p, from, to)))
        {
            return Within("family", true);
        }

        Rule = rule;
        return false;
    }

    /// <summary>The one name that is free in all of a family whose members are one or more whole periods of pi or degrees apart; null for anything else.</summary>
    private string? Parameter(Node n)
    {
        if (!n.Contains(NodeKind.Pi) && !n.Contains(NodeKind.Degree) && n.Kind != NodeKind.Quantity)
        {
            return null;
        }

        string? name = null;
        var members = n.Kind is NodeKind.List or NodeKind.Set ? n.Args : [n];
        foreach (var member in members)
        {
            var m = member is { Kind: NodeKind.Relation } && Assignment(member) is { } a ? a.Value : member;
            var names = new SortedSet<string>(StringComparer.Ordinal);
            if (!m.IsScalar || !Names(m, names) || names.Count != 1 || names.Min!.Length != 1 || !Parameters.Contains(names.Min[0]) || (name ??= names.Min) != names.Min || !IsPeriodic(m, name))
            {
                return null;
            }
        }

        return name;
    }

    private bool IsPeriodic(Node m, string name)
    {
        var next = Replace(m, name);
        if (_normalizer.Try(m) is not { } here || _normalizer.Try(next) is not { } there)
        {
            return false;
        }

        try
        {
            var step = _normalizer.Algebra.Sub(there, here);
            return step.Den.IsOne && step.Num.Count == 1 && step.Num.Monomials[0].Powers is [{ } power] && power.Exponent == Exponent.One && _normalizer.Algebra[power.Atom].Kind is AtomKind.Pi or AtomKind.Degree;
        }
        catch (TooComplexException)
        {
            return false;
        }
    }

    /// <summary>The tree with name + 1 for the name.</summary>
    private static Node Replace(Node n, string name) => n.Kind == NodeKind.Symbol && n.Text == name ? Node.Of(NodeKind.Add, n, Node.Number(Rational.One))
        : n.Args.Length == 0 ? n
        : new Node(n.Kind, n.Text, Array.ConvertAll(n.Args, a => Replace(a, name))) { Value = n.Value, Decimals = n.Decimals, Extra = n.Extra };
}
