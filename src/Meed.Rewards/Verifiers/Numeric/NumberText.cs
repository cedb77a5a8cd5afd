namespace Meed.Rewards.Verifiers;

/// <summary>Reads numbers as people and language models write them, exactly.</summary>
/// <remarks>
/// Known: signs, digits with a decimal point, thousands in groups of three (<c>1,234</c>, <c>1{,}234</c>, <c>1\,234</c>, <c>1,\!234</c>),
/// fractions (<c>3/4</c>, <c>\frac{3}{4}</c>, <c>\frac34</c>), mixed numbers (<c>3 1/2</c>, <c>3\frac12</c>), powers of ten (<c>1.2e5</c>,
/// <c>1.2 \times 10^5</c>), currency in front (<c>$</c>, <c>\$</c>, <c>€</c>, <c>£</c>, <c>¥</c>) and percent behind. A list such as <c>12,34</c> is two numbers.
/// </remarks>
public static class NumberText
{
    /// <summary>Reads the number that begins at an index.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Index of a sign, currency, digit, point or <c>\frac</c>.</param>
    /// <param name="end">Index behind the number.</param>
    /// <param name="value">Its value; percent is not divided out.</param>
    /// <param name="percent">True when a percent sign follows.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int start, out int end, out Rational value, out bool percent)
    {
        value = default;
        percent = false;
        end = start;
        try
        {
            return Read(text, ref end, ref value, ref percent);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>Reads a text that is one number, perhaps with words of a unit behind it and a <c>name =</c> in front.</summary>
    public static bool TryReadWhole(ReadOnlySpan<char> text, out Rational value, out bool percent)
    {
        value = default;
        percent = false;
        int equals = text.LastIndexOf('=');
        if (equals >= 0)
        {
            text = text[(equals + 1)..];
        }

        int i = SkipFiller(text, 0);
        if (!TryRead(text, i, out int end, out value, out percent))
        {
            return false;
        }

        return IsUnit(text[end..]);
    }

    /// <summary>Finds the last number of a text.</summary>
    public static bool TryReadLast(ReadOnlySpan<char> text, out Rational value, out bool percent)
    {
        // Backwards over runs of number characters; the last run that holds a number wins.
        value = default;
        percent = false;
        while (text.LastIndexOfAnyInRange('0', '9') is >= 0 and int last)
        {
            int from = RunStart(text, last);
            bool found = false;
            for (int i = from; i <= last;)
            {
                if (Begins(text, i) && TryRead(text, i, out int end, out var number, out bool hundredth))
                {
                    (value, percent, found) = (number, hundredth, true);
                    i = Math.Max(end, i + 1);
                }
                else
                {
                    i = SkipDigits(text, i);
                }
            }

            if (found)
            {
                return true;
            }

            text = text[..from];
        }

        return false;
    }

    /// <summary>Past a number that could not be read: its tail is no number of its own.</summary>
    internal static int SkipDigits(ReadOnlySpan<char> text, int i)
    {
        bool digit = char.IsAsciiDigit(text[i++]);
        while (digit && i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i;
    }

    private static int RunStart(ReadOnlySpan<char> text, int last)
    {
        const int Longest = 256;   // a run longer than any number is cut: its beginning cannot be part of a number that ends at its end
        int from = last;
        int lowest = Math.Max(0, last - Longest);
        while (from > lowest && IsRun(text[from - 1]))
        {
            from--;
        }

        while (from < last && from > 0 && char.IsAsciiDigit(text[from]) && char.IsAsciiDigit(text[from - 1]))
        {
            from++;
        }

        // \frac{..}{..}: the letters end a run, so they are looked for right in front of it.
        var before = text[Math.Max(0, from - 6)..from];
        if (before.EndsWith("frac"))
        {
            int slash = before.LastIndexOf('\\');
            from -= slash >= 0 ? before.Length - slash : 0;
        }

        return from;
    }

    private static bool IsRun(char c) => char.IsAsciiDigit(c) || c is '.' or ',' or '/' or '-' or '+' or '−' or '$' or '{' or '}' or '\\' or '!' or '^' or '*' or '×' or 'e' or 'E' or '€' or '£' or '¥';

    // A number does not begin inside another or inside a word; a minus between two operands is an operator, not a sign.
    private static bool Begins(ReadOnlySpan<char> text, int i)
    {
        char c = text[i];
        if (!(char.IsAsciiDigit(c) || c is '-' or '+' or '−' or '.' or '$' or '\\' or '€' or '£' or '¥'))
        {
            return false;
        }

        if (c is '-' or '+' or '−')
        {
            int before = i - 1;
            while (before >= 0 && text[before] == ' ')
            {
                before--;
            }

            return before < 0 || !(char.IsLetterOrDigit(text[before]) || text[before] is ')' or '}' or ']' or '%' or '>') || (before < i - 1 && i + 1 < text.Length && char.IsLetter(text[before]));
        }

        return true;
    }

    private static bool Read(ReadOnlySpan<char> text, ref int i, ref Rational value, ref bool percent)
    {
        bool negative = Sign(text, ref i);
        i = SkipCurrency(text, i);
        negative ^= !negative && Sign(text, ref i);
        if (Fraction(text, ref i, out value))
        {
            return Finish(text, ref i, ref value, negative, ref percent);
        }

        if (!Decimal(text, ref i, out value, out bool whole))
        {
            return false;
        }

        if (whole)
        {
            // 3/4, 3 1/2, 3\frac12
            int after = i;
            if (after + 1 < text.Length && text[after] == '/' && char.IsAsciiDigit(text[after + 1]))
            {
                after++;
                if (Decimal(text, ref after, out var bottom, out bool wholeBottom) && wholeBottom && bottom.Numerator != 0 && !(after < text.Length && text[after] == '/'))
                {
                    value /= bottom;
                    i = after;
                }
            }
            else
            {
                int next = after;
                while (next < text.Length && next - after < 2 && text[next] == ' ')
                {
                    next++;
                }

                int start = next;
                if (Fraction(text, ref next, out var part) || (next > after && Plain(text, ref next, out part)))
                {
                    if (part.Numerator >= 0 && part < new Rational(1) && next > start)
                    {
                        value += part;
                        i = next;
                    }
                }
            }
        }

        return Finish(text, ref i, ref value, negative, ref percent);
    }

    private static bool Finish(ReadOnlySpan<char> text, ref int i, ref Rational value, bool negative, ref bool percent)
    {
        PowerOfTen(text, ref i, ref value);
        value = negative ? -value : value;
        int next = i;
        while (next < text.Length && next - i < 2 && text[next] == ' ')
        {
            next++;
        }

        if (next < text.Length && text[next] == '\\')
        {
            next++;
        }

        if (next < text.Length && text[next] == '%')
        {
            percent = true;
            i = next + 1;
        }

        return true;
    }

    private static bool Sign(ReadOnlySpan<char> text, ref int i)
    {
        if (i < text.Length && text[i] is '-' or '−' or '+')
        {
            bool negative = text[i] != '+';
            i++;
            while (i < text.Length && text[i] == ' ')
            {
                i++;
            }

            return negative;
        }

        return false;
    }

    private static int SkipCurrency(ReadOnlySpan<char> text, int i)
    {
        int start = i;
        if (i < text.Length && text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '$')
        {
            i++;
        }

        if (i < text.Length && text[i] is '$' or '€' or '£' or '¥')
        {
            i++;
            while (i < text.Length && text[i] == ' ')
            {
                i++;
            }

            return i;
        }

        return start;
    }

    /// <summary>Digits with groups and a point. Whole tells whether there was no point.</summary>
    private static bool Decimal(ReadOnlySpan<char> text, ref int i, out Rational value, out bool whole)
    {
        value = default;
        whole = true;
        Span<char> digits = stackalloc char[40];
        int n = 0, start = i, at = i;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            if (!Put(digits, ref n, text[at++]))
            {
                return false;
            }
        }

        int lead = at - start;
        while (lead is >= 1 and <= 3 && Separator(text, at, out int width) && Group(text, at + width))
        {
            for (int d = 0; d < 3; d++)
            {
                if (!Put(digits, ref n, text[at + width + d]))
                {
                    return false;
                }
            }

            at += width + 3;
        }

        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            whole = false;
            if (!Put(digits, ref n, text[at++]))
            {
                return false;
            }

            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                if (!Put(digits, ref n, text[at++]))
                {
                    return false;
                }
            }
        }

        if (n == 0 || !Rational.TryParse(digits[..n], out value))
        {
            return false;
        }

        i = at;
        return true;
    }

    private static bool Put(Span<char> digits, ref int n, char c)
    {
        if (n == digits.Length)
        {
            return false;
        }

        digits[n++] = c;
        return true;
    }

    private static bool Separator(ReadOnlySpan<char> text, int at, out int width)
    {
        var rest = text[Math.Min(at, text.Length)..];
        width = rest.StartsWith("{,}") ? 3 : rest.StartsWith(",\\!") ? 3 : rest.StartsWith("\\,") || rest.StartsWith("\\!") ? 2 : rest.StartsWith(",") ? 1 : 0;
        return width > 0;
    }

    private static bool Group(ReadOnlySpan<char> text, int at)
        => at + 3 <= text.Length && char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]) && !(at + 3 < text.Length && char.IsAsciiDigit(text[at + 3]));

    /// <summary>\frac{a}{b}, \dfrac, \tfrac, \frac12.</summary>
    private static bool Fraction(ReadOnlySpan<char> text, ref int i, out Rational value)
    {
        value = default;
        var rest = text[Math.Min(i, text.Length)..];
        int at = rest.StartsWith("\\frac") ? i + 5 : rest.StartsWith("\\dfrac") || rest.StartsWith("\\tfrac") ? i + 6 : -1;
        if (at < 0 || !Argument(text, ref at, out var top) || !Argument(text, ref at, out var bottom) || bottom.Numerator == 0)
        {
            return false;
        }

        value = top / bottom;
        i = at;
        return true;
    }

    private static bool Argument(ReadOnlySpan<char> text, ref int at, out Rational value)
    {
        value = default;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        if (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            value = new Rational(text[at++] - '0');
            return true;
        }

        if (at >= text.Length || text[at] != '{')
        {
            return false;
        }

        at++;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        bool negative = Sign(text, ref at);
        if (!Decimal(text, ref at, out value, out _))
        {
            return false;
        }

        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        value = negative ? -value : value;
        return at < text.Length && text[at++] == '}';
    }

    /// <summary>a/b of digits.</summary>
    private static bool Plain(ReadOnlySpan<char> text, ref int at, out Rational value)
    {
        value = default;
        int i = at;
        if (!Decimal(text, ref i, out var top, out bool wholeTop) || !wholeTop || i + 1 >= text.Length || text[i] != '/' || !char.IsAsciiDigit(text[i + 1]))
        {
            return false;
        }

        i++;
        if (!Decimal(text, ref i, out var bottom, out bool wholeBottom) || !wholeBottom || bottom.Numerator == 0 || (i < text.Length && text[i] == '/'))
        {
            return false;
        }

        value = top / bottom;
        at = i;
        return true;
    }

    /// <summary>e5, E-5, × 10^5, \times 10^{5}, * 10^5.</summary>
    private static void PowerOfTen(ReadOnlySpan<char> text, ref int i, ref Rational value)
    {
        if (i >= text.Length)
        {
            return;
        }

        int at = i;
        if (text[at] is 'e' or 'E')
        {
            at++;
        }
        else
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            var rest = text[at..];
            int width = rest.StartsWith("\\times") ? 6 : rest.StartsWith("\\cdot") ? 5 : rest.StartsWith("×") || rest.StartsWith("*") || rest.StartsWith("x") ? 1 : 0;
            if (width == 0)
            {
                return;
            }

            at += width;
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            if (!text[at..].StartsWith("10^"))
            {
                return;
            }

            at += 3;
        }

        bool braced = at < text.Length && text[at] == '{';
        at += braced ? 1 : 0;
        bool negative = at < text.Length && text[at] is '-' or '−';
        at += negative || (at < text.Length && text[at] == '+') ? 1 : 0;
        int exponent = 0, digits = 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]) && digits < 4)
        {
            exponent = exponent * 10 + (text[at++] - '0');
            digits++;
        }

        if (digits == 0 || exponent > 36 || (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) || (braced && !(at < text.Length && text[at++] == '}')))
        {
            return;
        }

        var power = new Rational(Rational.Power10(exponent), 1);
        value = negative ? value / power : value * power;
        i = at;
    }

    private static int SkipFiller(ReadOnlySpan<char> text, int i)
    {
        while (i < text.Length)
        {
            var rest = text[i..];
            int width = char.IsWhiteSpace(text[i]) || text[i] is '*' or '~' or '`' or '"' or '\'' ? 1
                : rest.StartsWith("$$") ? 2
                : rest.StartsWith("\\(") || rest.StartsWith("\\[") || rest.StartsWith("\\ ") || rest.StartsWith("\\,") || rest.StartsWith("\\!") ? 2
                : 0;
            if (width == 0)
            {
                break;
            }

            i += width;
        }

        return i;
    }

    /// <summary>Words, LaTeX text and closing marks, but nothing that could be a second number or an operator.</summary>
    private static bool IsUnit(ReadOnlySpan<char> rest)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            char c = rest[i];
            if (c == '\\' || char.IsLetter(c))
            {
                // A letter that touches the number is a variable (4t), unless a LaTeX command or a word of two letters begins (10cm, 5kg).
                bool word = c == '\\' ? i + 1 < rest.Length : i > 0 || (rest.Length > 1 && char.IsLetter(rest[1]));
                if (!word || rest[i..].StartsWith("\\pi") || rest[i..].StartsWith("\\sqrt") || rest[i..].StartsWith("\\frac") || rest[i..].StartsWith("\\cdot") || rest[i..].StartsWith("\\times"))
                {
                    return false;
                }
            }
            else if (c == '^')
            {
                // A degree sign, or the square of a unit: "^\circ", "cm^2", "}^3".
                if (i + 1 < rest.Length && (rest[i + 1] is '\\' or '{' || (i > 0 && (char.IsLetter(rest[i - 1]) || rest[i - 1] is '}') && rest[i + 1] is '2' or '3')))
                {
                    i += rest[i + 1] is '2' or '3' ? 1 : 0;
                    continue;
                }

                return false;
            }
            else if (!char.IsWhiteSpace(c) && c is not ('.' or '!' or '$' or '}' or '{' or ')' or ']' or '*' or '"' or '\'' or '`' or '°' or ';' or ':' or '/' or ',' or '<' or '|'))
            {
                return false;
            }
            else if (c is '/' or ',' && i + 1 < rest.Length && (char.IsAsciiDigit(rest[i + 1]) || rest[i + 1] is '-' or '\\'))
            {
                return false;
            }
        }

        return true;
    }
}
