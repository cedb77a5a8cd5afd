namespace Meed.Rewards.MathAnswers;

/// <summary>The chosen letter of a multiple-choice answer.</summary>
internal static class ChoiceAnswer
{
    private static readonly string[] s_phrases = ["answer is", "answer:", "answer"];

    /// <summary>The letter, A to H or J; null when there is none. A letter at the start wins, then one behind the last "answer", then the last one.</summary>
    public static char? Find(string text, ref Work work)
    {
        if (text.Length > AnswerExtraction.Window)
        {
            text = text[^AnswerExtraction.Window..];
        }

        work.Charge(text.Length + 8);
        if (BoxedAnswer.Find(text, ref work) is { } box)
        {
            text = box.Replace("\\text", "").Replace("\\textbf", "").Replace("\\mathrm", "");
        }

        var s = text.AsSpan().Trim().TrimStart("({$*\\ ");
        if (s.Length > 0 && IsLetter(s[0]) && (s.Length == 1 || s[1] is ')' or '.' or ':' or '}' or '$' or '*' or ',' or ' ' or '\n'))
        {
            return s[0];
        }

        foreach (string phrase in s_phrases)
        {
            int at = text.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            for (int i = at < 0 ? text.Length : at + phrase.Length; i < text.Length && i < at + phrase.Length + 60; i++)
            {
                if (Standalone(text, i))
                {
                    return text[i];
                }
            }
        }

        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (Standalone(text, i))
            {
                return text[i];
            }
        }

        return null;
    }

    private static bool IsLetter(char c) => c is >= 'A' and <= 'J' and not 'I';

    private static bool Standalone(string s, int i) => IsLetter(s[i]) && (i == 0 || !char.IsLetterOrDigit(s[i - 1])) && (i + 1 == s.Length || (!char.IsLetterOrDigit(s[i + 1]) && s[i + 1] != '\''));
}
