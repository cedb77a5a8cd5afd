namespace Meed.Rewards.MathAnswers;

/// <content>Rewrites of the tree before the comparison: plus-minus into two answers, scaled matrices, dates and times.</content>
internal sealed partial class Comparer
{
    private const int Spread = 4;

    private Node Shape(Node n)
    {
        _meter.Charge(2);
        switch (n.Kind)
        {
            case NodeKind.List or NodeKind.Set:
                var items = new List<Node>();
                foreach (var a in n.Args)
                {
                    var s = Shape(a);
                    if (s is { Kind: NodeKind.List, Extra: Spread })
                    {
                        items.AddRange(s.Args);
                    }
                    else
                    {
                        items.Add(s);
                    }
                }

                return new Node(n.Kind, n.Text, [.. items]) { Extra = n.Extra };
            case NodeKind.Quantity:
                var dated = Dates.FromQuantity(n) ?? Clock.FromQuantity(n);
                return dated ?? SplitSigns(n);
            case NodeKind.Relation when n is { Text: "in", Args: [{ Kind: NodeKind.Symbol } name, { Kind: NodeKind.Set } members] }:
                // x in {1, 2} says x = 1 or x = 2.
                return Shape(new Node(NodeKind.List, "", Array.ConvertAll(members.Args, m => new Node(NodeKind.Relation, "=", [name, m]))) { Extra = 3 });
            case NodeKind.Relation or NodeKind.Sequence or NodeKind.Union or NodeKind.Difference or NodeKind.Intersection:
                return SplitSigns(new Node(n.Kind, n.Text, Array.ConvertAll(n.Args, a => a.Contains(NodeKind.PlusMinus) ? a : Shape(a))) { Extra = n.Extra });
            case NodeKind.Mul:
                return ScaledMatrix(n) ?? LetterNumeral(n) ?? SplitSigns(n);
            case NodeKind.Neg when n.Args[0].Kind == NodeKind.Matrix:
                return Scaled(n.Args[0], [Node.Number(Rational.MinusOne)]);
            default:
                return n.IsScalarKind ? SplitSigns(n) : n;
        }
    }

    private Node SplitSigns(Node n)
    {
        if (!n.Contains(NodeKind.PlusMinus))
        {
            return n;
        }

        // The signs of one answer go together: all upper ones, then all lower ones.
        return new Node(NodeKind.List, "", [Shape(Choose(n, upper: true)), Shape(Choose(n, upper: false))]) { Extra = Spread };
    }

    private Node Choose(Node n, bool upper)
    {
        _meter.Charge(2);
        if (n.Args.Length == 0)
        {
            return n;
        }

        if (n.Kind == NodeKind.PlusMinus)
        {
            var inner = Choose(n.Args[0], upper);
            return upper == (n.Text == "±") ? inner : Node.Of(NodeKind.Neg, inner);
        }

        return new Node(n.Kind, n.Text, Array.ConvertAll(n.Args, a => Choose(a, upper))) { Value = n.Value, Decimals = n.Decimals, Extra = n.Extra };
    }

    private static Node? ScaledMatrix(Node n)
    {
        var matrix = Array.Find(n.Args, static a => a.Kind == NodeKind.Matrix);
        if (matrix is null || matrix.Text.Length > 0 || Array.FindAll(n.Args, static a => !a.IsScalarKind).Length != 1)
        {
            return null;
        }

        return Scaled(matrix, Array.FindAll(n.Args, static a => a.IsScalarKind));
    }

    /// <summary>A5_{11}, read as a product of digits, is one numeral.</summary>
    private static Node? LetterNumeral(Node n)
    {
        if (n.Args[^1].Kind != NodeKind.Base)
        {
            return null;
        }

        string digits = "";
        foreach (var a in n.Args)
        {
            bool digit = a.Kind switch { NodeKind.Symbol => a.Text.Length == 1 && char.IsAsciiLetterUpper(a.Text[0]), NodeKind.Number => a.Decimals < 0 && a.Value.IsInteger, NodeKind.Base => true, _ => false };
            if (!digit)
            {
                return null;
            }

            digits += a.Kind == NodeKind.Number ? a.Value.ToString() : a.Text;
        }

        return new Node(NodeKind.Base, digits, Node.None) { Extra = n.Args[^1].Extra };
    }

    private static Node Scaled(Node matrix, Node[] by) => new(NodeKind.Matrix, matrix.Text, Array.ConvertAll(matrix.Args, a => new Node(NodeKind.Mul, "", [.. by, a]))) { Extra = matrix.Extra };
}
