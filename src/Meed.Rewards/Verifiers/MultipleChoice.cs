namespace Meed.Rewards.Verifiers;

/// <summary>Options of <c>multiple-choice</c>.</summary>
public sealed record MultipleChoiceOptions
{
    /// <summary>How many choices there are, lettered from A.</summary>
    public int Choices { get; init; } = 5;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Choices is < 2 or > 26)
        {
            yield return $"Choices is {Choices}; write 2 to 26.";
        }
    }
}

/// <summary>1 when the letter that the response chooses is the reference's, else 0.</summary>
/// <remarks>
/// Rules, the first whose mark is there decides; the reason is its name:
/// <list type="number">
/// <item><c>boxed</c>: the last <c>\boxed{C}</c>;</item>
/// <item><c>tag</c>: the last <c>&lt;answer&gt;C&lt;/answer&gt;</c>;</item>
/// <item><c>phrase</c>: behind the last "answer is", "answer:" or line "A:", when a letter stands there;</item>
/// <item><c>last_line</c>: the last line is a letter, perhaps with the choice's text: <c>(C)</c>, <c>**C**</c>, <c>C. Paris</c>;</item>
/// <item><c>first_line</c>: the first line is;</item>
/// <item><c>only</c>: one letter alone stands in parentheses, however often.</item>
/// </list>
/// A box or tag without exactly one letter is <c>unparsed</c>. Small letters count in a box, in a tag and in parentheses.
/// The reference is a letter in any of these spellings. One work unit a character.
/// </remarks>
public sealed class MultipleChoice(MultipleChoiceOptions options) : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("multiple-choice", "1", [], 0, 1, RewardScope.Sample, true);

    /// <summary>The letter that a text chooses, as a capital, and the rule that found it; '\0' when there is none.</summary>
    /// <param name="text">The response.</param>
    /// <param name="choices">How many letters count, from A.</param>
    public static (char Letter, string Rule) Extract(ReadOnlySpan<char> text, int choices)
    {
        if (AnswerText.TryBoxed(text, out var part))
        {
            return (Alone(part, choices), "boxed");
        }

        if (AnswerText.TryTag(text, out part))
        {
            return (Alone(part, choices), "tag");
        }

        char letter;
        if (AnswerText.TryPhrase(text, out part) && (letter = Leading(part, choices)) != '\0')
        {
            return (letter, "phrase");
        }

        var trimmed = text.Trim();
        if ((letter = Leading(trimmed[(trimmed.LastIndexOfAny('\r', '\n') + 1)..], choices, strict: true)) != '\0')
        {
            return (letter, "last_line");
        }

        int end = trimmed.IndexOfAny('\r', '\n');
        if ((letter = Leading(end < 0 ? trimmed : trimmed[..end], choices, strict: true)) != '\0')
        {
            return (letter, "first_line");
        }

        for (int i = text.IndexOf('('); i >= 0 && i + 2 < text.Length;)
        {
            char found = text[i + 2] == ')' ? Letter(text[i + 1], choices, small: true) : '\0';
            if (found != '\0' && letter != '\0' && found != letter)
            {
                return ('\0', "only");
            }

            letter = found != '\0' ? found : letter;
            int next = text[(i + 1)..].IndexOf('(');
            i = next < 0 ? -1 : i + 1 + next;
        }

        return (letter, "only");
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        work.Charge(sample.Response.Length);
        char gold = sample.ReferenceText is { } reference ? Alone(reference, options.Choices) is var one && one != '\0' ? one : Extract(reference, options.Choices).Letter : '\0';
        if (gold == '\0')
        {
            row.Fail(ScoreStatus.InvalidReference, sample.ReferenceText is null ? "no_reference" : "reference_not_a_choice");
            return;
        }

        var (letter, rule) = Extract(sample.Response, options.Choices);
        if (letter == '\0')
        {
            row.Fault(sample.Truncated ? "truncated" : "unparsed");
            return;
        }

        row.Set(letter == gold ? 1 : 0, rule);
    }

    private static char Letter(char c, int choices, bool small)
        => c >= 'A' && c < 'A' + choices ? c : small && c >= 'a' && c < 'a' + choices ? (char)(c - 32) : '\0';

    /// <summary>The one letter of a text that holds nothing else but marks and LaTeX around it.</summary>
    private static char Alone(ReadOnlySpan<char> text, int choices)
    {
        text = text.Trim();
        foreach (string command in new[] { "\\text", "\\textbf", "\\mathrm", "\\mathbf" })
        {
            if (text.StartsWith(command) && text.Length > command.Length && text[command.Length] == '{')
            {
                text = text[command.Length..];
            }
        }

        char letter = '\0';
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                char found = Letter(c, choices, small: true);
                if (found == '\0' || letter != '\0')
                {
                    return '\0';
                }

                letter = found;
            }
            else if (!char.IsWhiteSpace(c) && c is not ('(' or ')' or '{' or '}' or '*' or '.' or '"' or '\'' or '$' or ':' or '[' or ']'))
            {
                return '\0';
            }
        }

        return letter;
    }

    /// <summary>The letter that a line begins with: <c>C</c>, <c>(c)</c>, <c>**C**</c>, <c>option C</c>. Strict asks for a mark or nothing behind a bare letter.</summary>
    private static char Leading(ReadOnlySpan<char> line, int choices, bool strict = false)
    {
        line = line.TrimStart(" \t*_$\"'`:\\");
        foreach (string word in new[] { "option ", "Option ", "choice ", "Choice " })
        {
            if (line.StartsWith(word))
            {
                line = line[word.Length..].TrimStart(" *");
            }
        }

        bool open = line.StartsWith("(") || line.StartsWith("[");
        line = open ? line[1..] : line;
        if (line.IsEmpty)
        {
            return '\0';
        }

        char behind = line.Length > 1 ? line[1] : '\n';
        bool closed = behind is ')' or ']';
        if (char.IsLetterOrDigit(behind) || behind is '\'' or '-' or '+' or '=' || (open && !closed))
        {
            return '\0';
        }

        bool bare = behind is not (')' or ']' or '.' or ':' or '*' or '\n' or ',' or ';' or '$' or '"' or '`');
        return strict && bare ? '\0' : Letter(line[0], choices, small: closed);
    }
}
