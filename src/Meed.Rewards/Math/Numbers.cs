using System.Globalization;
using System.Numerics;

namespace Meed.Rewards.MathAnswers;

/// <summary>Plain numbers in text, without a parser.</summary>
internal static class Numbers
{
    /// <summary>The last number of a text, with its sign, fraction, percent sign, and the brackets of a tuple around it.</summary>
    public static string? Last(string text)
    {
        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9');
        if (end < 0)
        {
            return null;
        }

        if (Tuple(text, end) is { } tuple)
        {
            return tuple;
        }

        int start = Start(text, end);
        if (start >= 2 && text[start - 1] == '/' && char.IsAsciiDigit(text[start - 2]))
        {
            start = Start(text, start - 2);
        }

        if (start > 0 && text[start - 1] is '-' or '−' && (start == 1 || !char.IsLetterOrDigit(text[start - 2])))
        {
            start--;
        }

        int past = end + 1;
        while (past < text.Length && text[past] == ' ')
        {
            past++;
        }

        if (past < text.Length && text[past] == '\\')
        {
            past++;
        }

        return past < text.Length && text[past] == '%' ? text[start..(end + 1)] + "%" : text[start..(end + 1)];
    }

    private static int Start(string text, int end)
    {
        int start = end;
        while (start > 0)
        {
            char c = text[start - 1];
            bool digitAfter = char.IsAsciiDigit(text[start]);
            if (char.IsAsciiDigit(c))
            {
                start--;
            }
            else if (c is '.' && digitAfter)
            {
                start--;
            }
            else if (c is ',' && digitAfter && start >= 2 && char.IsAsciiDigit(text[start - 2]))
            {
                start--;
            }
            else if (c == ' ' && start >= 2 && char.IsAsciiDigit(text[start - 2]) && Group(text, start))
            {
                start--;
            }
            else
            {
                break;
            }
        }

        return text[start] == '.' && start > 0 && char.IsLetter(text[start - 1]) ? start + 1 : start;
    }

    /// <summary>Exactly three digits from an index on: a group of thousands.</summary>
    private static bool Group(string text, int i)
    {
        int n = 0;
        while (i + n < text.Length && char.IsAsciiDigit(text[i + n]))
        {
            n++;
        }

        return n == 3;
    }

    /// <summary>"(7, 6)" when the last digit stands at its end.</summary>
    private static string? Tuple(string text, int lastDigit)
    {
        int close = lastDigit + 1;
        while (close < text.Length && text[close] == ' ')
        {
            close++;
        }

        if (close >= text.Length || text[close] is not (')' or ']'))
        {
            return null;
        }

        for (int i = lastDigit; i >= 0 && lastDigit - i < 200; i--)
        {
            char c = text[i];
            if (c is '(' or '[')
            {
                return text.AsSpan(i, close - i).Contains(',') ? text[i..(close + 1)] : null;
            }

            if (!(char.IsAsciiDigit(c) || c is ' ' or ',' or '.' or '-' or '/' or '+'))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Reads a plain whole or decimal number such as -12, 1,000 or 3.50, as most answers of word problems are; false for anything else.</summary>
    public static bool TryPlain(ReadOnlySpan<char> s, out Rational value, out int decimals)
    {
        value = Rational.Zero;
        decimals = -1;
        if (s.Length is 0 or > 18)
        {
            return false;
        }

        bool negative = s[0] == '-';
        int i = negative ? 1 : 0;
        long number = 0;
        int digits = 0;
        for (; i < s.Length; i++)
        {
            char c = s[i];
            if (char.IsAsciiDigit(c))
            {
                number = (number * 10) + (c - '0');
                digits++;
                decimals += decimals >= 0 ? 1 : 0;
            }
            else if (c == '.' && decimals < 0 && i + 1 < s.Length)
            {
                decimals = 0;
            }
            else
            {
                return false;
            }
        }

        if (digits == 0)
        {
            return false;
        }

        long scale = 1;
        for (int k = 0; k < decimals; k++)
        {
            scale *= 10;
        }

        value = Rational.Of(negative ? -number : number, scale);
        return true;
    }

    /// <summary>True when one is the other written with a decimal comma: 1000,99 and 1000.99.</summary>
    /// <remarks>A gold answer with a comma could be a list, so that it needs exactly two decimals; three digits behind a comma are thousands.</remarks>
    public static bool DecimalComma(ReadOnlySpan<char> gold, ReadOnlySpan<char> prediction)
    {
        var comma = gold.Contains(',') ? gold : prediction;
        var point = gold.Contains(',') ? prediction : gold;
        int at = comma.IndexOf(',');
        if (at < 1 || comma.Length != point.Length || point[at] != '.' || comma[(at + 1)..].Length == 3 || (gold.Contains(',') && comma.Length - at != 3))
        {
            return false;
        }

        return comma[..at].SequenceEqual(point[..at]) && comma[(at + 1)..].SequenceEqual(point[(at + 1)..])
            && BigInteger.TryParse(comma[..at], NumberStyles.AllowLeadingSign, null, out _) && BigInteger.TryParse(comma[(at + 1)..], NumberStyles.None, null, out _);
    }
}
