namespace Meed.Rewards.MathAnswers;

/// <summary>The last box of a response, with the boxes joined to it.</summary>
internal static class BoxedAnswer
{
    private const int MaxBoxes = 64;
    private const int MaxGap = 48;

    public static string? Find(string text, ref Work work)
    {
        int from = text.Length;
        for (int tries = 0; tries < 16; tries++)
        {
            int at = Previous(text, from);
            if (at < 0)
            {
                return null;
            }

            if (Content(text, at, ref work) is { } box && text.AsSpan(box.Start, box.End - box.Start).Trim().Length > 0)
            {
                return Joined(text, at, box, ref work);
            }

            from = at;
        }

        return null;
    }

    /// <summary>Start of the last \boxed before an index.</summary>
    private static int Previous(string text, int before)
    {
        var span = text.AsSpan(0, before);
        int at = span.LastIndexOf("boxed", StringComparison.Ordinal);
        while (at > 0 && span[at - 1] != '\\')
        {
            at = span[..at].LastIndexOf("boxed", StringComparison.Ordinal);
        }

        return at > 0 ? at - 1 : -1;
    }

    /// <summary>Bounds of the content of the box at an index; null when its braces do not balance.</summary>
    private static (int Start, int End, int Past)? Content(string text, int at, ref Work work)
    {
        int i = at + 6;
        while (i < text.Length && text[i] == ' ')
        {
            i++;
        }

        if (i >= text.Length)
        {
            return null;
        }

        if (text[i] != '{')
        {
            int j = i;
            while (j < text.Length && !char.IsWhiteSpace(text[j]) && text[j] is not ('$' or '}' or '.' or ','))
            {
                j++;
            }

            work.Charge(j - i);
            return j > i ? (i, j, j) : null;
        }

        int depth = 0;
        for (int j = i; j < text.Length && j - i <= Lexer.MaxLength; j++)
        {
            char c = text[j];
            if (c == '\\' && j + 1 < text.Length && text[j + 1] is '{' or '}')
            {
                j++;
            }
            else if (c == '{')
            {
                depth++;
            }
            else if (c == '}' && --depth == 0)
            {
                work.Charge(j - i);
                return (i + 1, j, j + 1);
            }
        }

        work.Charge(Math.Min(text.Length - i, Lexer.MaxLength));
        return null;
    }

    private static string Joined(string text, int at, (int Start, int End, int Past) last, ref Work work)
    {
        var boxes = new List<string> { text[last.Start..last.End] };
        bool list = false;
        while (boxes.Count < MaxBoxes)
        {
            int previous = at <= 0 ? -1 : Previous(text, at);
            if (previous < 0 || at - previous > 400 || Content(text, previous, ref work) is not { } box || box.Past > at || at - box.Past > MaxGap)
            {
                break;
            }

            var gap = text.AsSpan(box.Past, at - box.Past);
            if (!IsJoint(gap, out bool separates))
            {
                break;
            }

            string content = text[box.Start..box.End];
            if (separates || content != boxes[^1])
            {
                list |= true;
                boxes.Add(content);
            }

            at = previous;
        }

        if (!list)
        {
            return boxes[0];
        }

        boxes.Reverse();
        return string.Join(", ", boxes);
    }

    /// <summary>True for what may stand between two boxes of one answer: punctuation, delimiters, one "and" or "or", one short text with such a word.</summary>
    private static bool IsJoint(ReadOnlySpan<char> gap, out bool separates)
    {
        separates = gap.IndexOfAny(',', ';') >= 0;
        int words = 0, other = 0;
        bool inText = false;
        for (int i = 0; i < gap.Length; i++)
        {
            if (!char.IsLetter(gap[i]))
            {
                other += char.IsDigit(gap[i]) || gap[i] == '=' ? 1 : 0;
                inText = inText && gap[i] != '}';
                continue;
            }

            int start = i;
            while (i < gap.Length && char.IsLetter(gap[i]))
            {
                i++;
            }

            var word = gap[start..i];
            bool command = start > 0 && gap[start - 1] == '\\';
            i--;
            if (command)
            {
                inText |= word is "text" or "mbox" or "textrm";
                other += word is "text" or "mbox" or "textrm" or "quad" or "qquad" ? 0 : 1;
            }
            else if (word is "and" or "or")
            {
                words++;
            }
            else if (!inText)
            {
                other++;
            }
        }

        separates |= words > 0;
        return words <= 1 && other == 0;
    }
}
