using System.Buffers;
using System.Text;

namespace Meed.Rewards.Text;

/// <summary>The tokenisations that text rewards share. Each is linear in the text.</summary>
/// <remarks>
/// White space is Unicode white space and U+001C to U+001F; a word character is a letter, a digit or number of any kind, or the underscore.
/// Combining marks are not word characters, so that a Devanagari or Thai word falls into several runs, as it does in the tools these tokenisations follow.
/// </remarks>
public static class Words
{
    /// <summary>The 32 ASCII punctuation characters.</summary>
    public const string AsciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private static readonly SearchValues<char> s_punctuation = SearchValues.Create(AsciiPunctuation);

    /// <summary>True for the 32 ASCII punctuation characters.</summary>
    public static bool IsAsciiPunctuation(char c) => s_punctuation.Contains(c);

    /// <summary>True for white space.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>True when the rune can stand in a word: a letter, any number, or the underscore.</summary>
    public static bool IsWord(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsNumber(rune);

    /// <summary>Maximal runs without white space.</summary>
    public static List<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        int i = 0;
        while (i < text.Length)
        {
            while (i < text.Length && IsSpace(text[i])) { i++; }
            int start = i;
            while (i < text.Length && !IsSpace(text[i])) { i++; }
            if (i > start)
            {
                words.Add(text[start..i]);
            }
        }

        return words;
    }

    /// <summary>Maximal runs of word characters, as they stand.</summary>
    public static List<string> Runs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        int start = -1;
        for (int i = 0; i < text.Length;)
        {
            int length = Next(text, i, out bool word);
            if (word && start < 0)
            {
                start = i;
            }
            else if (!word && start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }

            i += length;
        }

        if (start >= 0)
        {
            words.Add(text[start..]);
        }

        return words;
    }

    /// <summary>How many runs <see cref="Runs"/> gives, without making them.</summary>
    public static int CountRuns(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int count = 0;
        bool inside = false;
        for (int i = 0; i < text.Length;)
        {
            i += Next(text, i, out bool word);
            count += word && !inside ? 1 : 0;
            inside = word;
        }

        return count;
    }

    /// <summary>The text without its ASCII punctuation.</summary>
    public static string WithoutPunctuation(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAny(s_punctuation) < 0)
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!IsAsciiPunctuation(c))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }

    /// <summary>The text without ASCII punctuation and spaces (U+0020) at both ends.</summary>
    public static string Trim(string text) => TrimEnd(TrimStart(text));

    /// <summary>The text without ASCII punctuation and spaces (U+0020) at its start.</summary>
    public static string TrimStart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int start = 0;
        while (start < text.Length && (text[start] == ' ' || IsAsciiPunctuation(text[start]))) { start++; }
        return text[start..];
    }

    /// <summary>The text without ASCII punctuation and spaces (U+0020) at its end.</summary>
    public static string TrimEnd(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.Length;
        while (end > 0 && (text[end - 1] == ' ' || IsAsciiPunctuation(text[end - 1]))) { end--; }
        return text[..end];
    }

    /// <summary>The text without white space at both ends.</summary>
    public static string TrimSpace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start])) { start++; }
        while (end > start && IsSpace(text[end - 1])) { end--; }
        return text[start..end];
    }

    /// <summary>
    /// Words of an answer in the way of SQuAD's scorer: lower case, ASCII punctuation deleted, the articles a, an and the dropped, split at white space.
    /// </summary>
    public static List<string> Answer(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = Split(WithoutPunctuation(text.ToLowerInvariant()));
        words.RemoveAll(static w => w is "a" or "an" or "the");
        return words;
    }

    /// <summary>True when there is at least one cased letter and every cased letter is a capital.</summary>
    public static bool IsUpper(string text) => Cased(text, upper: true);

    /// <summary>True when there is at least one cased letter and every cased letter is small.</summary>
    public static bool IsLower(string text) => Cased(text, upper: false);

    private static bool Cased(string text, bool upper)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool any = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsUpper(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.TitlecaseLetter)
            {
                if (!upper) { return false; }
                any = true;
            }
            else if (Rune.IsLower(rune))
            {
                if (upper) { return false; }
                any = true;
            }
        }

        return any;
    }

    private static int Next(string text, int i, out bool word)
    {
        char c = text[i];
        if (c < 128)
        {
            word = char.IsAsciiLetterOrDigit(c) || c == '_';
            return 1;
        }

        if (Rune.TryGetRuneAt(text, i, out var rune))
        {
            word = IsWord(rune);
            return rune.Utf16SequenceLength;
        }

        word = false;
        return 1;
    }
}
