using System.Text;
using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>Conditions on the outer form of the response.</summary>
internal static class BenchFormats
{
    private const int NestedBrackets = 5;
    private const int NestedQuotes = 3;

    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        new("format:parentheses", "Brackets nested five deep and closed.", [], (r, _) => HasNestedBrackets(r)),
        new("format:quotes", "Quotes nested three deep, double and single in turn.", [], (r, _) => HasNestedQuotes(r)),
        new("format:options", "Exactly one of the given options.", ["options"], OneOption),
        new("format:newline", "Every word on a line of its own.", [], (r, _) => Words.WithoutPunctuation(r) is var t && Words.TrimSpace(t).Split('\n').Count(l => l.Length > 0) == Words.Split(t).Count),
        new("format:emoji", "An emoji at the end of every sentence.", [], (r, _) => EmojiAfterSentences(r)),
        new("format:line_indent", "Every line indented further than the one before.", [], (r, _) => Stairs(r)),
        new("format:quote_unquote", "No two quotes in a row, none at the end.", [], (r, _) => QuotesExplained(r)),
        new("format:list", "At least two items with the given marker.", ["sep"], (r, a) => IfEval.Occurrences(r, a.Text("sep"), StringComparison.Ordinal) >= 2),
        new("format:thesis", "A statement in HTML italics with text after it.", [], (r, _) => ItalicThesis(r)),
        new("format:sub-bullets", "Every bullet point (*) has a sub-point (-).", [], (r, _) => r.Split('*').Skip(1).All(b => b.Contains('-'))),
        new("format:no_bullets_bullets", "Two sentences, then two bullet points (*).", [], (r, _) => SentencesThenBullets(r)),
        new("format:title_case", "Title case throughout.", [], (r, _) => TreebankWords.Tokenize(r).All(IsTitle)),
        new("format:output_template", "The three headings of the template.", [], (r, _) => r.Contains("My Answer:", StringComparison.Ordinal) && r.Contains("My Conclusion:", StringComparison.Ordinal) && r.Contains("Future Outlook:", StringComparison.Ordinal)),
        new("format:no_whitespace", "No white space.", [], (r, _) => !r.Any(Words.IsSpace)),
    ];

    private static bool HasNestedBrackets(string response)
    {
        var open = new Stack<char>();
        int deepest = 0;
        foreach (char c in response)
        {
            if (c is '(' or '[' or '{')
            {
                open.Push(c);
                deepest = Math.Max(deepest, open.Count);
            }
            else if (c is ')' or ']' or '}')
            {
                if (open.Count > 0 && (open.Peek(), c) is ('(', ')') or ('[', ']') or ('{', '}'))
                {
                    open.Pop();
                    if (deepest >= NestedBrackets)
                    {
                        return true;
                    }
                }
                else
                {
                    open.Clear();
                    deepest = 0;
                }
            }
        }

        return false;
    }

    private static bool HasNestedQuotes(string response)
    {
        var open = new Stack<char>();
        int deepest = 0;
        foreach (char c in response)
        {
            if (c is not ('"' or '\''))
            {
                continue;
            }

            if (open.Count > 0 && open.Peek() == c)
            {
                open.Pop();
                if (deepest - open.Count >= NestedQuotes)
                {
                    return true;
                }
            }
            else
            {
                open.Push(c);
                deepest = Math.Max(deepest, open.Count);
            }
        }

        return false;
    }

    private static bool OneOption(string response, InstructionArguments a)
    {
        var text = a.Text("options");
        var options = text.Split(text.Contains('/') ? "/" : text.Contains("or", StringComparison.Ordinal) ? "or" : ",").Select(Words.TrimSpace).ToList();
        if (IsLettered(text))
        {
            return options.Contains(response);
        }

        var answer = Words.Trim(response);
        return options.Any(o => Words.Trim(o).Equals(answer, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Options such as "a), b), c)": the letters a, b, c in order with only punctuation around them.</summary>
    private static bool IsLettered(string options)
    {
        int next = 0;
        foreach (char c in options)
        {
            if (next < 3 && char.ToLowerInvariant(c) == "abc"[next])
            {
                next++;
            }
            else if (next < 3 && (char.IsLetterOrDigit(c) || c == '_'))
            {
                return false;
            }
        }

        return next == 3;
    }

    private static bool EmojiAfterSentences(string response)
    {
        var sentences = Sentences.Rules(response).Select(s => Words.TrimSpace(Words.WithoutPunctuation(s)).EnumerateRunes().ToList()).ToList();
        for (int i = 0; i < sentences.Count; i++)
        {
            var s = sentences[i];
            if (s.Count == 0)
            {
                return false;
            }

            bool own = Emoji.Is(s[^1]) || Emoji.Is(s[Math.Max(0, s.Count - 2)]);
            bool after = i + 1 < sentences.Count && sentences[i + 1].Count > 0 && Emoji.Is(sentences[i + 1][0]);
            if (!own && !after)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Stairs(string response)
    {
        int previous = -1;
        foreach (var line in response.Split('\n').Where(l => Words.TrimSpace(l).Length > 0))
        {
            int indent = line.Length - line.TrimStart(' ').Length;
            if (indent <= previous)
            {
                return false;
            }

            previous = indent;
        }

        return true;
    }

    private static bool QuotesExplained(string response)
    {
        var text = response.Replace('“', '"').Replace('”', '"').Replace("'\"'", "", StringComparison.Ordinal);
        var packed = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!Words.IsSpace(c))
            {
                packed.Append(c);
            }
        }

        text = packed.ToString();
        int end = text.Length;
        while (end > 0 && (char.IsAsciiDigit(text[end - 1]) || (Words.IsAsciiPunctuation(text[end - 1]) && text[end - 1] != '"'))) { end--; }
        return !text.Contains("\"\"", StringComparison.Ordinal) && end > 0 && text[end - 1] != '"';
    }

    private static bool ItalicThesis(string response)
    {
        int start = response.IndexOf("<i>", StringComparison.Ordinal);
        start = start >= 0 ? start : response.IndexOf("<em>", StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var text = response[start..];
        int end = text.IndexOf("</i>", StringComparison.Ordinal);
        end = end >= 0 ? end : text.IndexOf("</em>", StringComparison.Ordinal);
        return end >= 3 && !string.IsNullOrWhiteSpace(text[3..end]) && !string.IsNullOrWhiteSpace(text[(end + 4)..]);
    }

    private static bool SentencesThenBullets(string response)
    {
        int sentences = 0, bullets = 0;
        bool before = true;
        foreach (var line in response.Split('\n'))
        {
            var trimmed = Words.TrimSpace(line);
            if (trimmed.StartsWith('*'))
            {
                before = false;
                if (sentences < 2)
                {
                    return false;
                }

                bullets++;
            }
            else if (before)
            {
                int found = Sentences.Rules(trimmed).Count;
                sentences += found;
                before = found > 0;   // a blank line ends the sentences, as in the published checker
            }
            else
            {
                return false;
            }
        }

        return bullets >= 2;
    }

    private static bool IsTitle(string word)
    {
        var rest = word[1..];
        return !char.IsLower(word[0]) || !(Words.IsUpper(rest) || Words.IsLower(rest));
    }
}
