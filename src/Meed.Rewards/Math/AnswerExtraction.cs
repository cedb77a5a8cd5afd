namespace Meed.Rewards.MathAnswers;

/// <summary>Finds the final answer in a response. What a response offers last and most explicitly counts, never the best of several.</summary>
/// <remarks>
/// In this order: the last <c>\boxed{...}</c> (boxes joined by commas, "and" or "or" are one list); a short text that is an answer as it stands; what follows the last
/// "final answer", "answer is", "answer:" or <c>####</c>; a last line "A: ..."; the last formula between delimiters, or the last number where one stands behind it.
/// Only the last 1,048,576 characters are read. Linear time.
/// </remarks>
public static class AnswerExtraction
{
    /// <summary>Characters at the end of a response that are searched.</summary>
    public const int Window = 1 << 20;

    private const int BareAnswer = 600;

    private static readonly string[] s_phrases = ["final answer", "answer is", "answer:", "answer =", "####"];

    /// <summary>The final answer; null when nothing in the text looks like one.</summary>
    /// <param name="text">The response.</param>
    /// <param name="work">Charged one unit per character at most, less where the search is vectorised.</param>
    public static string? Find(string text, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > Window)
        {
            text = text[^Window..];
        }

        work.Charge(8 + (text.Length >> 4));
        if (BoxedAnswer.Find(text, ref work) is { } boxed)
        {
            return boxed;
        }

        string trimmed = text.Length <= 2 * BareAnswer ? text.Trim() : text;
        if (trimmed.Length <= BareAnswer)
        {
            work.Charge(trimmed.Length);
            if (trimmed.Length > 0 && !Prose.Is(trimmed))
            {
                return trimmed;
            }
        }

        work.Charge(text.Length >> 1);
        int at = -1, past = 0;
        foreach (string phrase in s_phrases)
        {
            int k = text.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (k > at)
            {
                (at, past) = (k, k + phrase.Length);
            }
        }

        if (at >= 0)
        {
            string sentence = Sentence(text, past, hash: text[at] == '#');
            work.Charge(sentence.Length * 2);
            if (FromSentence(sentence) is { } answer)
            {
                return answer;
            }
        }

        if (LastLine(text) is { } line)
        {
            return line;
        }

        work.Charge(text.Length >> 2);
        return FromEnd(text);
    }

    /// <summary>The gold answer in a reference: like a response where it is a whole solution, otherwise the text itself.</summary>
    internal static string FindGold(string gold, ref Work work)
    {
        bool solution = gold.Contains("\\boxed", StringComparison.Ordinal) || gold.Contains("####", StringComparison.Ordinal) || gold.Length > BareAnswer;
        return solution ? Find(gold, ref work) ?? gold : gold;
    }

    /// <summary>What follows a phrase, up to the end of its sentence or line.</summary>
    private static string Sentence(string text, int start, bool hash)
    {
        while (start < text.Length && (char.IsWhiteSpace(text[start]) || text[start] is ':' or '*' or '=' or '"' or '\\' && start + 1 < text.Length && text[start + 1] == '"'))
        {
            start++;
        }

        if (string.CompareOrdinal(text, start, "is ", 0, 3) == 0 || string.CompareOrdinal(text, start, "is:", 0, 3) == 0)
        {
            start += 3;
        }

        int end = start;
        bool display = false;
        while (end < text.Length && end - start < 2_000)
        {
            char c = text[end];
            if (c == '\n' && !display && (hash || text.AsSpan(start, end - start).Trim().Length > 0))
            {
                break;
            }

            if (c == '.' && !hash && (end + 1 == text.Length || char.IsWhiteSpace(text[end + 1])) && !display)
            {
                break;
            }

            if (c == '\\' && end + 1 < text.Length && text[end + 1] is '[' or ']')
            {
                display = text[end + 1] == '[';
            }
            else if (c == '$' && end + 1 < text.Length && text[end + 1] == '$')
            {
                display = !display;
                end++;
            }

            end++;
        }

        return text[start..Math.Min(end, text.Length)].Trim().Trim('*').Trim('"').Trim();
    }

    private static string? FromSentence(string sentence)
    {
        if (sentence.Length == 0)
        {
            return null;
        }

        return Prose.Is(sentence) ? FromEnd(sentence) : sentence;
    }

    /// <summary>"A: 18" on the last line.</summary>
    private static string? LastLine(string text)
    {
        int end = text.Length;
        while (end > 0 && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        int start = end == 0 ? 0 : text.LastIndexOf('\n', end - 1) + 1;
        return end - start is > 2 and < 200 && text[start] == 'A' && text[start + 1] == ':' ? text[(start + 2)..end].Trim() : null;
    }

    /// <summary>The last formula, or the last number if it stands behind every formula.</summary>
    private static string? FromEnd(string text)
    {
        var formula = Formulas.Last(text);
        string tail = formula is { } f ? text[f.End..] : text;
        if (Numbers.Last(tail) is { } number)
        {
            return number;
        }

        return formula?.Content;
    }
}
