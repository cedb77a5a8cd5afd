using System.Text.Json;
using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>The 25 instruction kinds of IFEval.</summary>
/// <remarks>
/// Zhou et al. 2023, "Instruction-Following Evaluation for Large Language Models", arXiv:2311.07911. Decisions follow the published checker, with these
/// deviations: keywords are plain text, never patterns; sentences are counted by <see cref="Sentences.Spaced"/>; languages by <see cref="LanguageGuess"/>;
/// JSON is that of RFC 8259 (no NaN); a blank response follows nothing.
/// </remarks>
public static class IfEval
{
    private const int JsonDepth = 512;
    private static readonly string[] s_fixedAnswers = ["My answer is yes.", "My answer is no.", "My answer is maybe."];
    private static readonly string[] s_fences = ["```json", "```Json", "```JSON", "```"];

    /// <summary>The kinds by their id.</summary>
    public static IReadOnlyDictionary<string, InstructionKind> Kinds { get; } = new InstructionKind[]
    {
        new("change_case:capital_word_frequency", "So many words all in capitals.", ["capital_relation", "capital_frequency"], CapitalWords),
        new("change_case:english_capital", "English, all in capitals.", [], (r, _) => Words.IsUpper(r) && LanguageGuess.Detect(r) is null or "en"),
        new("change_case:english_lowercase", "English, all in small letters.", [], (r, _) => Words.IsLower(r) && LanguageGuess.Detect(r) is null or "en"),
        new("combination:repeat_prompt", "Repeats the request word for word before anything else.", ["prompt_to_repeat"], RepeatsPrompt),
        new("combination:two_responses", "Two different responses separated by six asterisks.", [], TwoResponses),
        new("detectable_content:number_placeholders", "At least so many placeholders in square brackets.", ["num_placeholders"], Placeholders),
        new("detectable_content:postscript", "A postscript with the given marker.", ["postscript_marker"], Postscript),
        new("detectable_format:constrained_response", "One of three fixed answers.", [], (r, _) => s_fixedAnswers.Any(a => r.Contains(a, StringComparison.Ordinal))),
        new("detectable_format:json_format", "The whole response is JSON, with or without a code fence.", [], (r, _) => IsJson(r)),
        new("detectable_format:multiple_sections", "At least so many sections opened by the marker and a number.", ["section_spliter", "num_sections"], Sections),
        new("detectable_format:number_bullet_lists", "Exactly so many bullet points.", ["num_bullets"], (r, a) => BulletLines(r) == a.Number("num_bullets")),
        new("detectable_format:number_highlighted_sections", "At least so many parts between asterisks.", ["num_highlights"], (r, a) => Highlights(r) >= a.Number("num_highlights")),
        new("detectable_format:title", "A title in double angular brackets.", [], (r, _) => r.Split('\n').Any(HasTitle)),
        new("keywords:existence", "Every keyword occurs.", ["keywords"], (r, a) => a.Texts("keywords").All(k => r.Contains(k, StringComparison.OrdinalIgnoreCase))),
        new("keywords:forbidden_words", "No forbidden word occurs as a whole word.", ["forbidden_words"], (r, a) => !a.Texts("forbidden_words").Any(w => HasWholeWord(r, w))),
        new("keywords:frequency", "A keyword so many times.", ["relation", "keyword", "frequency"], (r, a) => a.Compare("relation", "frequency", Occurrences(r, a.Text("keyword"), StringComparison.OrdinalIgnoreCase))),
        new("keywords:letter_frequency", "A letter so many times, capitals counted too.", ["let_relation", "letter", "let_frequency"], Letters),
        new("language:response_language", "The response is in the given language.", ["language"], (r, a) => LanguageGuess.Detect(r) is not { } found || found == a.Text("language")),
        new("length_constraints:nth_paragraph_first_word", "So many paragraphs, one of which begins with the given word.", ["first_word", "num_paragraphs", "nth_paragraph"], ParagraphFirstWord),
        new("length_constraints:number_paragraphs", "Exactly so many paragraphs separated by three asterisks.", ["num_paragraphs"], Paragraphs),
        new("length_constraints:number_sentences", "So many sentences.", ["relation", "num_sentences"], (r, a) => a.Compare("relation", "num_sentences", Sentences.Spaced(r).Count)),
        new("length_constraints:number_words", "So many words (runs of letters, digits, underscores).", ["relation", "num_words"], (r, a) => a.Compare("relation", "num_words", Words.CountRuns(r))),
        new("punctuation:no_comma", "No comma.", [], (r, _) => !r.Contains(',')),
        new("startend:end_checker", "Ends with the given phrase.", ["end_phrase"], EndsWithPhrase),
        new("startend:quotation", "Wrapped in double quotation marks.", [], (r, _) => Words.TrimSpace(r) is { Length: > 1 } t && t[0] == '"' && t[^1] == '"'),
    }.ToDictionary(k => k.Id, StringComparer.Ordinal);

    /// <summary>Occurrences without overlap.</summary>
    internal static int Occurrences(string text, string part, StringComparison comparison)
    {
        int count = 0;
        for (int i = part.Length == 0 ? -1 : text.IndexOf(part, comparison); i >= 0; i = text.IndexOf(part, i + part.Length, comparison))
        {
            count++;
        }

        return count;
    }

    private static bool CapitalWords(string response, InstructionArguments a)
        => a.Compare("capital_relation", "capital_frequency", TreebankWords.Tokenize(response).Count(Words.IsUpper));

    private static bool RepeatsPrompt(string response, InstructionArguments a)
        => Words.TrimSpace(response).ToLowerInvariant().StartsWith(Words.TrimSpace(a.Text("prompt_to_repeat")).ToLowerInvariant(), StringComparison.Ordinal);

    private static bool TwoResponses(string response, InstructionArguments a)
    {
        var parts = response.Split("******").Select(Words.TrimSpace).ToList();
        for (int i = 1; i < parts.Count - 1; i++)
        {
            if (parts[i].Length == 0)
            {
                return false;
            }
        }

        parts.RemoveAll(p => p.Length == 0);
        return parts.Count == 2 && parts[0] != parts[1];
    }

    private static bool Placeholders(string response, InstructionArguments a)
    {
        int count = 0;
        for (int i = 0; i < response.Length; i++)
        {
            if (response[i] != '[')
            {
                continue;
            }

            int end = response.AsSpan(i).IndexOfAny(']', '\n');
            if (end < 0)
            {
                break;
            }

            count += response[i + end] == ']' ? 1 : 0;
            i += end;
        }

        return count >= a.Number("num_placeholders");
    }

    private static bool Postscript(string response, InstructionArguments a)
    {
        var marker = a.Text("postscript_marker");
        var lower = response.ToLowerInvariant();
        return marker switch
        {
            "P.P.S" => HasLetters(lower, "p.", "p.", "s"),
            "P.S." => HasLetters(lower, "p.", "s."),
            _ => lower.Contains(marker.ToLowerInvariant(), StringComparison.Ordinal),
        };
    }

    /// <summary>The parts one after the other with at most one white-space character between two.</summary>
    private static bool HasLetters(string text, params ReadOnlySpan<string> parts)
    {
        for (int start = text.IndexOf(parts[0], StringComparison.Ordinal); start >= 0; start = text.IndexOf(parts[0], start + 1, StringComparison.Ordinal))
        {
            int i = start + parts[0].Length;
            bool match = true;
            foreach (var part in parts[1..])
            {
                i += i < text.Length && Words.IsSpace(text[i]) ? 1 : 0;
                match = match && string.CompareOrdinal(text, i, part, 0, part.Length) == 0;
                i += part.Length;
            }

            if (match)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsJson(string response)
    {
        var text = Words.TrimSpace(response);
        foreach (var fence in s_fences)
        {
            text = text.StartsWith(fence, StringComparison.Ordinal) ? text[fence.Length..] : text;
        }

        text = Words.TrimSpace(text.EndsWith("```", StringComparison.Ordinal) ? text[..^3] : text);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonDepth });
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Sections(string response, InstructionArguments a)
    {
        var marker = a.Text("section_spliter");
        int count = 0;
        for (int i = marker.Length == 0 ? -1 : response.IndexOf(marker, StringComparison.Ordinal); i >= 0; i = response.IndexOf(marker, i, StringComparison.Ordinal))
        {
            i += marker.Length;
            int digit = i < response.Length && Words.IsSpace(response[i]) ? i + 1 : i;
            count += digit < response.Length && char.IsDigit(response[digit]) ? 1 : 0;
        }

        return count >= a.Number("num_sections");
    }

    private static int BulletLines(string response)
    {
        int stars = 0, dashes = 0;
        var lines = response.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart();
            dashes += line.StartsWith('-') ? 1 : 0;
            if (line == "*" && i + 1 < lines.Length)
            {
                stars++;
                dashes += lines[++i].TrimStart().StartsWith('-') ? 1 : 0;   // a lone star takes the next line as its text
            }
            else if (line.Length > 1 && line[0] == '*' && line[1] != '*')
            {
                stars++;
            }
        }

        return stars + dashes;
    }

    private static int Highlights(string response) => Between(response, "*") + Between(response, "**");

    /// <summary>Parts of one line between two marks, without a star inside, that are not blank.</summary>
    private static int Between(string text, string mark)
    {
        int count = 0;
        for (int i = text.IndexOf(mark, StringComparison.Ordinal); i >= 0 && i < text.Length; i = text.IndexOf(mark, i, StringComparison.Ordinal))
        {
            int from = i + mark.Length;
            int end = text.AsSpan(from).IndexOfAny('*', '\n');
            if (end >= 0 && string.CompareOrdinal(text, from + end, mark, 0, mark.Length) == 0)
            {
                count += string.IsNullOrWhiteSpace(text[from..(from + end)]) ? 0 : 1;
                i = from + end + mark.Length;
            }
            else
            {
                i++;
            }
        }

        return count;
    }

    private static bool HasTitle(string line)
    {
        int start = line.IndexOf("<<", StringComparison.Ordinal);
        int end = line.LastIndexOf(">>", StringComparison.Ordinal);
        return start >= 0 && end >= start + 3 && !string.IsNullOrWhiteSpace(line[start..end].TrimStart('<').TrimEnd('>'));
    }

    private static bool HasWholeWord(string text, string word)
    {
        for (int i = word.Length == 0 ? -1 : text.IndexOf(word, StringComparison.OrdinalIgnoreCase); i >= 0; i = text.IndexOf(word, i + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (Boundary(text, i) && Boundary(text, i + word.Length))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Boundary(string text, int at) => InWord(text, at - 1) != InWord(text, at);

    private static bool InWord(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_' || char.IsSurrogate(text[at]));

    private static bool Letters(string response, InstructionArguments a)
    {
        var letter = a.Text("letter").ToLowerInvariant();
        return a.Compare("let_relation", "let_frequency", Occurrences(response.ToLowerInvariant(), letter, StringComparison.Ordinal));
    }

    private static bool ParagraphFirstWord(string response, InstructionArguments a)
    {
        var paragraphs = response.Split("\n\n");
        int count = paragraphs.Count(p => Words.TrimSpace(p).Length > 0);
        int nth = a.Number("nth_paragraph");
        if (nth < 1 || nth > count || count != a.Number("num_paragraphs"))
        {
            return false;
        }

        var words = Words.Split(paragraphs[nth - 1]);
        if (words.Count == 0)
        {
            return false;
        }

        var word = words[0].TrimStart('\'').TrimStart('"');
        int end = word.IndexOfAny(['.', ',', '?', '!', '\'', '"']);
        return (end < 0 ? word : word[..end]).Equals(a.Text("first_word"), StringComparison.OrdinalIgnoreCase);
    }

    private static bool Paragraphs(string response, InstructionArguments a)
    {
        var parts = response.Split("***");
        int count = parts.Length;
        for (int i = 0; i < parts.Length; i++)
        {
            if (Words.TrimSpace(parts[i]).Length == 0)
            {
                if (i > 0 && i < parts.Length - 1)
                {
                    return false;
                }

                count--;
            }
        }

        return count == a.Number("num_paragraphs");
    }

    private static bool EndsWithPhrase(string response, InstructionArguments a)
        => Words.TrimSpace(response).Trim('"').ToLowerInvariant().EndsWith(Words.TrimSpace(a.Text("end_phrase")).ToLowerInvariant(), StringComparison.Ordinal);
}
