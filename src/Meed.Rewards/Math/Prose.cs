namespace Meed.Rewards.MathAnswers;

/// <summary>Tells sentences from bare answers.</summary>
internal static class Prose
{
    /// <summary>True when the text has words of a sentence outside \text{...}: one beside delimited formulas, four otherwise.</summary>
    public static bool Is(string text)
    {
        bool delimited = Delimited(text);
        int limit = delimited ? 1 : 4;
        int words = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\')
            {
                int name = i + 1;
                i++;
                while (i < text.Length && char.IsAsciiLetter(text[i]))
                {
                    i++;
                }

                if (LexicalTables.Texts.Contains(text[name..i]) && i < text.Length && text[i] == '{')
                {
                    int close = text.IndexOf('}', i);
                    i = close < 0 ? text.Length : close;
                }
                else
                {
                    i--;
                }
            }
            else if (char.IsLetter(c))
            {
                int start = i;
                while (i < text.Length && (char.IsLetter(text[i]) || text[i] == '\''))
                {
                    i++;
                }

                string word = text[start..i];
                i--;
                bool known = word.Length < 3 || word is "and" or "for" or "all" or "sqrt" or "inf" or "infinity" || Functions.IsUnary(word) || Functions.IsMany(word) || Units.IsKnown(word);
                if (!known && ++words >= limit)
                {
                    return true;
                }
            }
        }

        // Several lines of plain text are a solution, also when all its words are units.
        return text.Contains('\n') && !text.Contains("\\begin", StringComparison.Ordinal) && text[0] is not ('$' or '\\');
    }

    /// <summary>True when delimiters of formulas stand inside; a pair around the whole text does not count.</summary>
    private static bool Delimited(string text)
    {
        string inner = text;
        if (text.Length > 2 && text[0] == '$' && text[^1] == '$')
        {
            inner = text.Trim('$');
        }

        return inner.Contains('$') || inner.Contains("\\[", StringComparison.Ordinal) || inner.Contains("\\(", StringComparison.Ordinal);
    }
}
