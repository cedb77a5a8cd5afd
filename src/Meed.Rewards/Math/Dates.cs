namespace Meed.Rewards.MathAnswers;

/// <summary>Dates written with the name of the month.</summary>
internal static class Dates
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] s_full = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>The month a word names, 1 to 12; 0 when it names none.</summary>
    public static int Month(string word)
    {
        string w = word.TrimEnd('.').ToLowerInvariant();
        int full = Array.IndexOf(s_full, w);
        return full >= 0 ? full + 1 : w == "sept" ? 9 : Array.IndexOf(s_months, w) + 1;
    }

    /// <summary>"October 30" or "October 30, 2021", the month already read; null when no day follows.</summary>
    public static Node? Read(string word, AnswerParser parser)
    {
        int month = Month(word);
        if (month == 0 || parser.TakeNumber() is not { } day)
        {
            return null;
        }

        return Make(month, day, parser.TakeNumber() ?? 0);
    }

    /// <summary>A day behind which the name of a month stands as if it were a unit: "30 October".</summary>
    public static Node? FromQuantity(Node node)
    {
        int month = node.Kind == NodeKind.Quantity ? Month(node.Text) : 0;
        return month > 0 && node.Args[0] is { Kind: NodeKind.Number, Decimals: -1 } day && day.Value.IsInteger && day.Value.CompareTo(Rational.Of(32)) < 0 ? Make(month, (int)day.Value.Num, 0) : null;
    }

    private static Node Make(int month, int day, int year) => new(NodeKind.Date, $"{year}-{month}-{day}", Node.None);
}
