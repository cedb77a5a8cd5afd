namespace Meed.Rewards.MathAnswers;

/// <content>Values with units, signs of percent and degree, words of number.</content>
internal sealed partial class AnswerParser
{
    private Node Quantity()
    {
        _money = false;
        var value = Sum();
        bool money = _money;
        _money = false;
        var (inner, unit) = Strip(value);
        if (Unit() is { Length: > 0 } words)
        {
            unit = words;
        }
        else if (unit.Length == 0 && money)
        {
            unit = "$";
        }

        int space = unit.IndexOf(' ');
        if (Scale(space < 0 ? unit : unit[..space]) is var scale && scale > 1)
        {
            inner = Make(NodeKind.Mul, "", inner, Node.Number(Rational.Of(scale)));
            value = inner;
            unit = space < 0 ? "" : unit[(space + 1)..];
        }

        return unit.Length == 0 || _failed ? value : Make(NodeKind.Quantity, unit, inner);
    }

    /// <summary>The number that a word behind a value multiplies by; 1 for any other word.</summary>
    private static long Scale(string word) => word.ToLowerInvariant() switch
    {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" or "thousands" => 1_000,
        "million" or "millions" => 1_000_000,
        "billion" or "billions" => 1_000_000_000,
        "trillion" or "trillions" => 1_000_000_000_000,
        _ => 1,
    };

    /// <summary>Takes a degree or percent sign off the end of a value.</summary>
    private (Node Inner, string Unit) Strip(Node value)
    {
        switch (value.Kind)
        {
            case NodeKind.Percent:
                return (value.Args[0], "%");
            case NodeKind.Degree:
                return (value.Args[0], "°");
            case NodeKind.Neg or NodeKind.PlusMinus when Strip(value.Args[0]) is { Unit.Length: > 0 } inner:
                return (Make(value.Kind, value.Text, inner.Inner), inner.Unit);
            case NodeKind.Mul:
                int at = Array.FindIndex(value.Args, static a => a.Kind is NodeKind.Degree or NodeKind.Percent);
                if (at < 0 || at != Array.FindLastIndex(value.Args, static a => a.Kind is NodeKind.Degree or NodeKind.Percent))
                {
                    return (value, "");
                }

                var (stripped, unit) = Strip(value.Args[at]);
                return (Make(NodeKind.Mul, "", [.. value.Args[..at], stripped, .. value.Args[(at + 1)..]]), unit);
            default:
                return (value, "");
        }
    }

    private static readonly HashSet<string> s_notUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        "is", "are", "was", "were", "be", "not", "no", "never", "but", "wrong", "false", "incorrect", "isn't", "aren't", "than", "if", "when", "unless", "except", "where", "which", "that", "because",
        "since", "with", "without", "then", "else", "maybe", "mod", "modulo", "more", "less", "least", "most", "between", "from", "to", "through", "versus", "vs", "either", "neither", "nor", "greater",
        "squared", "cubed", "factorial", "half", "halves", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths", "tenths", "hundredths", "thousandths", "times", "minus", "plus", "negative", "base",
    };

    /// <summary>Words of a unit behind a value, joined by spaces; empty when there is none.</summary>
    private string Unit()
    {
        string unit = "";
        int words = 0;
        while (!_failed)
        {
            var t = Now;
            if (t.Kind == TokenKind.Word && !t.IsWord("and") && !t.IsWord("or") && !t.IsWord("for") && !t.IsWord("where") && !t.IsWord("with") && !(t.IsWord("in") && IsRelation(out _))
                && (t.InText || t.Text.Length >= 4 || Units.IsKnown(t.Text) || t.Text is "a.m." or "p.m." or "am" or "pm" or "AM" or "PM"))
            {
                if (s_notUnits.Contains(t.Text) || Functions.IsUnary(t.Text) || ++words > 6)
                {
                    Fail();
                    return "";
                }

                unit += (unit.Length > 0 ? " " : "") + t.Text;
                _at++;
            }
            else if (words > 0 && t.Is("^") && Ahead(1) is { Kind: TokenKind.Number })
            {
                unit += "^" + Ahead(1).Text;
                _at += 2;
            }
            else if (words > 0 && t.Is("^") && Ahead(1).Is("{") && Ahead(2).Kind == TokenKind.Number && Ahead(3).Is("}"))
            {
                unit += "^" + Ahead(2).Text;
                _at += 4;
            }
            else if (words > 0 && t.Is("^") && Ahead(1).Is("{") && Ahead(2).Is("-") && Ahead(3).Kind == TokenKind.Number && Ahead(4).Is("}"))
            {
                unit += "^-" + Ahead(3).Text;
                _at += 5;
            }
            else if (words > 0 && t.Is("/") && Ahead(1).Kind == TokenKind.Word)
            {
                unit += " /";
                _at++;
            }
            else if (t.Is(".") && words > 0 && Ahead(1).Kind == TokenKind.Word)
            {
                _at++;
            }
            else if (words == 0 && (t.Is("money") || t.Is("$")))
            {
                _at++;
                unit = "$";
            }
            else
            {
                return unit;
            }
        }

        return "";
    }
}
