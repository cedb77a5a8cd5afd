namespace Meed.Rewards.Verifiers;

/// <summary>Finds the part of a response that states its answer.</summary>
public static class AnswerText
{
    private static readonly string[] s_phrases = ["answer is", "answer:", "answer =", "answer equals"];

    /// <summary>The content of the last <c>\boxed{...}</c> or <c>\fbox{...}</c>, with balanced braces; <c>\boxed 5</c> is its next word. False when there is none that closes.</summary>
    public static bool TryBoxed(ReadOnlySpan<char> text, out ReadOnlySpan<char> content)
    {
        content = default;
        int boxed = text.LastIndexOf("\\boxed"), framed = text.LastIndexOf("\\fbox");
        while (Math.Max(boxed, framed) is >= 0 and int at)
        {
            bool isBox = at == boxed;
            int open = at + (isBox ? 6 : 5);
            while (open < text.Length && text[open] == ' ')
            {
                open++;
            }

            if (open < text.Length && text[open] == '{')
            {
                int close = Close(text, open);
                if (close > 0)
                {
                    content = text[(open + 1)..close];
                    return true;
                }
            }
            else if (open < text.Length && char.IsAsciiDigit(text[open]))
            {
                int end = open;
                while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('$' or '}'))
                {
                    end++;
                }

                content = text[open..end];
                return true;
            }

            // An earlier box cannot close behind one that does not: what follows is cut off, which keeps the search linear.
            text = text[..at];
            (boxed, framed) = isBox ? (text.LastIndexOf("\\boxed"), framed) : (boxed, text.LastIndexOf("\\fbox"));
        }

        return false;
    }

    /// <summary>What stands between the last <c>&lt;answer&gt;</c> that closes and its <c>&lt;/answer&gt;</c>.</summary>
    public static bool TryTag(ReadOnlySpan<char> text, out ReadOnlySpan<char> content)
    {
        content = default;
        int close = text.LastIndexOf("</answer>");
        if (close < 0)
        {
            return false;
        }

        int open = text[..close].LastIndexOf("<answer>");
        content = open < 0 ? default : text[(open + 8)..close];
        return open >= 0;
    }

    /// <summary>The rest of the line behind the last <c>####</c>.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, out ReadOnlySpan<char> content)
    {
        int at = text.LastIndexOf("####");
        content = at < 0 ? default : Line(text[(at + 4)..]);
        return at >= 0;
    }

    /// <summary>The rest of the line behind the last <c>answer is</c>, <c>answer:</c>, <c>answer =</c>, <c>answer equals</c> (any case) or a line that begins with <c>A:</c>.</summary>
    public static bool TryPhrase(ReadOnlySpan<char> text, out ReadOnlySpan<char> content)
    {
        int best = -1;
        foreach (string phrase in s_phrases)
        {
            // The capital stands only at the front in practice: two vectorised searches instead of one that folds case.
            int from = Math.Max(0, best);
            int at = Math.Max(text[from..].LastIndexOf(phrase), text[from..].LastIndexOf(Capital(phrase)));
            if (at >= 0)
            {
                best = Math.Max(best, from + at + phrase.Length);
            }
        }

        int line = text.LastIndexOf("\nA:");
        line = line >= 0 ? line + 3 : text.StartsWith("A:") ? 2 : -1;
        best = Math.Max(best, line);
        content = best < 0 ? default : Line(text[best..]);
        return best >= 0;
    }

    private static ReadOnlySpan<char> Capital(string phrase) => phrase switch
    {
        "answer is" => "Answer is",
        "answer:" => "Answer:",
        "answer =" => "Answer =",
        _ => "Answer equals",
    };

    private static int Close(ReadOnlySpan<char> text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '{')
            {
                depth++;
            }
            else if (text[i] == '}' && --depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<char> Line(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
