namespace Meed.Rewards.MathAnswers;

/// <summary>Finds formulas between delimiters, from the end.</summary>
internal static class Formulas
{
    /// <summary>The last formula and the index behind it; neighbours joined by "and", "or" or a comma belong to it.</summary>
    public static (string Content, int End)? Last(string text)
    {
        var last = Previous(text, text.Length);
        if (last is not { } f)
        {
            return null;
        }

        int start = f.Start;
        for (int k = 0; k < 32 && Previous(text, start) is { } before; k++)
        {
            var gap = text.AsSpan(before.End, start - before.End).Trim();
            if (!(gap is "," or "and" or "or" or ";" or ", and" or ", or"))
            {
                break;
            }

            start = before.Start;
        }

        return (text[start..f.End].Replace("\\$", " "), f.End);
    }

    private static (int Start, int End)? Previous(string text, int before)
    {
        var span = text.AsSpan(0, before);
        int dollar = LastDollar(span);
        int square = span.LastIndexOf("\\]", StringComparison.Ordinal), round = span.LastIndexOf("\\)", StringComparison.Ordinal);
        int command = Math.Max(square, round);
        if (dollar < 0 && command < 0)
        {
            return null;
        }

        if (command > dollar)
        {
            int open = span[..command].LastIndexOf(command == square ? "\\[" : "\\(", StringComparison.Ordinal);
            return open < 0 ? null : (open, command + 2);
        }

        bool display = dollar > 0 && span[dollar - 1] == '$';
        int end = dollar + 1;
        var head = span[..(display ? dollar - 1 : dollar)];
        int start = LastDollar(head);
        if (start < 0)
        {
            return null;
        }

        return (display && start > 0 && head[start - 1] == '$' ? start - 1 : start, end);
    }

    private static int LastDollar(ReadOnlySpan<char> span)
    {
        int at = span.LastIndexOf('$');
        while (at > 0 && span[at - 1] == '\\')
        {
            at = span[..at].LastIndexOf('$');
        }

        return at;
    }
}
