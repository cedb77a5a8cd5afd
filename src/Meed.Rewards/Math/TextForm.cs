using System.Text;

namespace Meed.Rewards.MathAnswers;

/// <summary>Normal forms of answers as text, for answers that are words and for the shortest way to "the same".</summary>
internal static class TextForm
{
    /// <summary>Lower-case words and numbers, one space between, without punctuation and articles.</summary>
    public static string Words(string text)
    {
        var b = new StringBuilder(text.Length);
        bool gap = false;
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                if (gap && b.Length > 0)
                {
                    b.Append(' ');
                }

                b.Append(char.ToLowerInvariant(c));
                gap = false;
            }
            else
            {
                gap = gap || c is not ('\'' or '’' or '.');
            }
        }

        string s = b.ToString();
        return s.StartsWith("the ", StringComparison.Ordinal) ? s[4..] : s;
    }

    /// <summary>The answer without delimiters of mathematics, spaces (kept between letters or digits) and styling; equal forms mean the same answer.</summary>
    public static string Tight(string text)
    {
        var b = new StringBuilder(text.Length);
        bool gap = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c) || c == '$')
            {
                gap = true;
                continue;
            }

            if (c == '\\' && Skip(text, i) is var n && n > 0)
            {
                i += n - 1;
                gap = true;
                continue;
            }

            if (gap && b.Length > 0 && char.IsLetterOrDigit(c) && char.IsLetterOrDigit(b[^1]))
            {
                b.Append(' ');
            }

            gap = false;
            if (c == '\\' && i + 2 < text.Length && text[i + 1] is 'd' or 't' && string.CompareOrdinal(text, i + 2, "frac", 0, 4) == 0)
            {
                b.Append('\\');
                i++;
                continue;
            }

            b.Append(c);
        }

        while (b.Length > 0 && b[^1] is '.' or ',')
        {
            b.Length--;
        }

        return b.ToString();
    }

    /// <summary>Length of a spacing command or a sizing command at <paramref name="i"/>; 0 when there is none.</summary>
    private static int Skip(string s, int i)
    {
        if (i + 1 < s.Length && s[i + 1] is ',' or '!' or ';' or ':' or '(' or ')' or '[' or ']' or ' ')
        {
            return 2;
        }

        foreach (string name in (ReadOnlySpan<string>)["\\left", "\\right", "\\quad", "\\displaystyle"])
        {
            if (string.CompareOrdinal(s, i, name, 0, name.Length) == 0 && (i + name.Length >= s.Length || !char.IsAsciiLetter(s[i + name.Length])))
            {
                return name.Length;
            }
        }

        return 0;
    }

    /// <summary>Plain words of an answer that did not parse: commands and braces taken off.</summary>
    public static string Loose(string text)
    {
        var b = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && i + 1 < text.Length && char.IsAsciiLetter(text[i + 1]))
            {
                int j = i + 1;
                while (j < text.Length && char.IsAsciiLetter(text[j]))
                {
                    j++;
                }

                var name = text.AsSpan(i + 1, j - i - 1);
                if (!(name is "text" or "mbox" or "mathrm" or "textbf" or "left" or "right" or "boxed" or "quad" or "textit" or "dfrac"))
                {
                    b.Append(' ').Append(name is "ldots" or "cdots" or "dotsc" ? "\\dots" : text[i..j]);
                }

                b.Append(' ');
                i = j - 1;
            }
            else if (c is '{' or '}' or '$' or '\\' or '~')
            {
                b.Append(' ');
            }
            else if (c is '+' or '-' or '=' or '<' or '>' or '^' or '/' or '*' or '_' or '(' or ')' or '[' or ']' or '|')
            {
                b.Append(c);
            }
            else if (char.IsWhiteSpace(c) || c is ',' or '.' or ';' or ':' or '"' or '!' or '?')
            {
                b.Append(c == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]) ? '.' : ' ');
            }
            else
            {
                b.Append(char.ToLowerInvariant(c));
            }
        }

        var tight = new StringBuilder(b.Length);
        for (int i = 0; i < b.Length; i++)
        {
            if (b[i] != ' ')
            {
                if (i > 0 && b[i - 1] == ' ' && tight.Length > 0 && char.IsLetterOrDigit(b[i]) && char.IsLetterOrDigit(tight[^1]))
                {
                    tight.Append(' ');
                }

                tight.Append(b[i]);
            }
        }

        return tight.ToString();
    }
}
