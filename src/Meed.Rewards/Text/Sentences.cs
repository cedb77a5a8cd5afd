using System.Text;

namespace Meed.Rewards.Text;

/// <summary>Two ways of cutting text into sentences: by rules on every end mark, and by end marks before white space.</summary>
/// <remarks>
/// The instruction benchmarks use both. <see cref="Rules"/> states the published rules of their splitter in full; <see cref="Spaced"/> stands in for
/// a trained splitter (Punkt), whose learned tables are not part of this package, so that abbreviations outside our list can be cut differently.
/// </remarks>
public static class Sentences
{
    // Two private-use characters stand for "a dot that ends nothing" and "a sentence ends here" while the rules run.
    private const char Kept = '\uE0F0';
    private const char Stop = '\uE0F1';

    private static readonly string[] s_titles = ["Mr", "St", "Mrs", "Ms", "Dr"];
    private static readonly string[] s_suffixes = ["Inc", "Ltd", "Jr", "Sr", "Co"];
    private static readonly string[] s_sites = ["com", "net", "org", "io", "gov", "edu", "me"];

    // The short ones match as prefixes, the pronouns only before white space.
    private static readonly string[] s_starters = ["Mr", "Mrs", "Ms", "Dr", "Prof", "Capt", "Cpt", "Lt", "Wherever"];
    private static readonly string[] s_spacedStarters = ["He", "She", "It", "They", "Their", "Our", "We", "But", "However", "That", "This"];

    private static readonly HashSet<string> s_abbreviations = new(StringComparer.Ordinal)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "inc", "ltd", "co", "corp", "bros", "vs", "etc", "e.g", "i.e", "u.s", "u.k", "u.n", "d.c",
        "a.m", "p.m", "ph.d", "jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec", "gen", "col", "capt", "lt", "sgt", "maj", "rep", "sen", "gov",
        "no", "vol", "fig", "al", "approx", "dept", "est", "ft", "mt", "rev", "hon", "ave", "blvd", "calif", "mass", "pa", "va", "wash", "conn", "fla", "ore", "tenn",
    };

    private static readonly HashSet<string> s_openers = new(StringComparer.Ordinal)
    {
        "the", "he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "but", "and", "however", "in", "there", "a", "an", "if", "when", "as", "at", "his", "her", "its", "their", "our", "my",
    };

    /// <summary>Sentences by rules: every full stop, question mark and exclamation mark ends one unless a rule protects it.</summary>
    /// <remarks>
    /// Protected are dots after Mr, St, Mrs, Ms, Dr; before com, net, org, io, gov, edu, me; between digits; in Ph.D.; after single letters and in a.b. and a.b.c.;
    /// after Inc, Ltd, Jr, Sr, Co unless a starting word follows. Two or more dots are kept and end a sentence. A closing double quote goes before the mark.
    /// Line breaks count as spaces; a last empty sentence is dropped.
    /// <para>The splitter of IFEval (Zhou et al. 2023, arXiv:2311.07911), which IFBench kept.</para>
    /// </remarks>
    public static List<string> Rules(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var t = new List<char>(text.Length + 8) { ' ' };
        foreach (char c in text)
        {
            t.Add(c == '\n' ? ' ' : c is Kept or Stop ? '\uFFFD' : c);
        }

        t.Add(' ');
        t.Add(' ');
        KeepDots(t, static (t, i) => EndsWithAny(t, i, s_titles));
        KeepDots(t, static (t, i) => s_sites.Any(s => StartsAt(t, i + 1, s)));
        KeepDotsBetweenDigits(t);
        t = EndRunsOfDots(t);
        KeepDoctorates(t);
        KeepDots(t, static (t, i) => i >= 2 && char.IsAsciiLetter(t[i - 1]) && Words.IsSpace(t[i - 2]) && t[i + 1] == ' ');
        t = EndAcronyms(t);
        KeepLetters(t, 3);
        KeepLetters(t, 2);
        t = EndSuffixes(t);
        KeepDots(t, static (t, i) => s_suffixes.Any(s => i > s.Length && t[i - s.Length - 1] == ' ' && StartsAt(t, i - s.Length, s)));
        KeepDots(t, static (t, i) => i >= 2 && char.IsAsciiLetter(t[i - 1]) && t[i - 2] == ' ');
        Swap(t, '.', '”');
        Swap(t, '.', '"');
        Swap(t, '!', '"');
        Swap(t, '?', '"');
        return Cut(t);
    }

    /// <summary>Sentences by end marks before white space or closing punctuation, with abbreviations, initials and numbers treated with care.</summary>
    /// <remarks>
    /// A question or exclamation mark before white space ends a sentence. So does a full stop, unless its word is a known abbreviation and no usual opening word
    /// in capitals follows, or a single letter before a capital, or a number before a small letter or punctuation; three dots end one before an opening word only.
    /// </remarks>
    public static List<string> Spaced(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sentences = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is not ('.' or '!' or '?'))
            {
                continue;
            }

            int end = i + 1;
            while (end < text.Length && text[end] is '.' or '!' or '?') { end++; }
            int close = end;
            while (close < text.Length && text[close] is ')' or ']' or '}' or '"' or '\'' or '”' or '’' or '»' or '*' or '_') { close++; }
            if (close < text.Length && !Words.IsSpace(text[close]))
            {
                i = end - 1;
                continue;
            }

            int next = close;
            while (next < text.Length && Words.IsSpace(text[next])) { next++; }
            if (next < text.Length && !Ends(text, start, i, end, next))
            {
                i = end - 1;
                continue;
            }

            Add(sentences, text, start, close);
            start = close;
            i = close - 1;
        }

        Add(sentences, text, start, text.Length);
        return sentences;
    }

    private static bool Ends(string text, int start, int mark, int end, int next)
    {
        if (text.AsSpan(mark, end - mark).IndexOfAny('!', '?') >= 0)
        {
            return true;
        }

        int word = mark;
        while (word > start && !Words.IsSpace(text[word - 1])) { word--; }
        var before = Words.TrimStart(text[word..mark]).ToLowerInvariant();
        int last = next;
        while (last < text.Length && !Words.IsSpace(text[last])) { last++; }
        var after = Words.Trim(text[next..last]);
        bool upper = char.IsUpper(text[next]), lower = char.IsLower(text[next]);
        bool opener = upper && s_openers.Contains(after.ToLowerInvariant());
        if (end - mark > 1)
        {
            return opener;
        }

        int dash = before.LastIndexOf('-');
        bool initial = before.Length == 1 && char.IsLetter(before[0]);
        if (initial)
        {
            return !upper && !lower && text[next] is not (';' or ':' or ',');
        }

        if (s_abbreviations.Contains(before) || (dash >= 0 && s_abbreviations.Contains(before[(dash + 1)..])))
        {
            return opener;
        }

        return before.Length == 0 || !before.All(char.IsAsciiDigit) || !(lower || text[next] is ';' or ':' or ',' or '.' or '!' or '?');
    }

    private static void Add(List<string> sentences, string text, int start, int end)
    {
        var sentence = Words.TrimSpace(text[start..end]);
        if (sentence.Length > 0)
        {
            sentences.Add(sentence);
        }
    }

    private static bool StartsAt(List<char> t, int at, string word)
    {
        if (at < 0 || at + word.Length > t.Count)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            if (t[at + i] != word[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool EndsWithAny(List<char> t, int dot, string[] words)
    {
        foreach (var word in words)
        {
            if (StartsAt(t, dot - word.Length, word))
            {
                return true;
            }
        }

        return false;
    }

    private static bool StarterAt(List<char> t, int at)
        => s_starters.Any(s => StartsAt(t, at, s)) || s_spacedStarters.Any(s => StartsAt(t, at, s) && at + s.Length < t.Count && Words.IsSpace(t[at + s.Length]));

    private static void KeepDots(List<char> t, Func<List<char>, int, bool> keep)
    {
        for (int i = 1; i < t.Count - 1; i++)
        {
            if (t[i] == '.' && keep(t, i))
            {
                t[i] = Kept;
            }
        }
    }

    private static void KeepDotsBetweenDigits(List<char> t)
    {
        for (int i = 1; i < t.Count - 1; i++)
        {
            if (t[i] == '.' && char.IsAsciiDigit(t[i - 1]) && char.IsAsciiDigit(t[i + 1]))
            {
                t[i] = Kept;
                i += 2;   // the digit after the dot belongs to this match: "1.2.3" keeps its first dot only
            }
        }
    }

    private static List<char> EndRunsOfDots(List<char> t)
    {
        var result = new List<char>(t.Count + 8);
        for (int i = 0; i < t.Count;)
        {
            int end = i;
            while (end < t.Count && t[end] == '.') { end++; }
            if (end - i >= 2)
            {
                result.AddRange(Enumerable.Repeat(Kept, end - i));
                result.Add(Stop);
                i = end;
            }
            else
            {
                result.Add(t[i++]);
            }
        }

        return result;
    }

    private static void KeepDoctorates(List<char> t)
    {
        for (int i = 0; i + 4 < t.Count; i++)
        {
            if (StartsAt(t, i, "Ph.D."))
            {
                t[i + 2] = Kept;
                t[i + 4] = Kept;
            }
        }
    }

    private static List<char> EndAcronyms(List<char> t)
    {
        var result = new List<char>(t.Count + 8);
        for (int i = 0; i < t.Count;)
        {
            int length = AcronymAt(t, i);
            result.Add(t[i]);
            if (length == 0)
            {
                i++;
                continue;
            }

            for (int k = 1; k < length; k++) { result.Add(t[i + k]); }
            result.Add(Stop);
            i += length;
        }

        return result;
    }

    /// <summary>Length of "A.B." or "A.B.C." before a space and a starting word, otherwise 0.</summary>
    private static int AcronymAt(List<char> t, int i)
    {
        for (int letters = 3; letters >= 2; letters--)
        {
            int end = i + (2 * letters);
            bool match = end < t.Count && t[end] == ' ' && StarterAt(t, end + 1);
            for (int k = 0; match && k < letters; k++)
            {
                match = char.IsAsciiLetterUpper(t[i + (2 * k)]) && t[i + (2 * k) + 1] == '.';
            }

            if (match)
            {
                return end - i;
            }
        }

        return 0;
    }

    private static void KeepLetters(List<char> t, int letters)
    {
        for (int i = 0; i + (2 * letters) <= t.Count; i++)
        {
            bool match = true;
            for (int k = 0; match && k < letters; k++)
            {
                match = char.IsAsciiLetter(t[i + (2 * k)]) && t[i + (2 * k) + 1] == '.';
            }

            for (int k = 0; match && k < letters; k++)
            {
                t[i + (2 * k) + 1] = Kept;
            }
        }
    }

    private static List<char> EndSuffixes(List<char> t)
    {
        var result = new List<char>(t.Count + 8);
        for (int i = 0; i < t.Count; i++)
        {
            bool ends = t[i] == '.' && i + 1 < t.Count && t[i + 1] == ' ' && StarterAt(t, i + 2)
                && s_suffixes.Any(s => i > s.Length && t[i - s.Length - 1] == ' ' && StartsAt(t, i - s.Length, s));
            result.Add(ends ? Stop : t[i]);
        }

        return result;
    }

    private static void Swap(List<char> t, char mark, char quote)
    {
        for (int i = 0; i + 1 < t.Count; i++)
        {
            if (t[i] == mark && t[i + 1] == quote)
            {
                (t[i], t[i + 1]) = (quote, mark);
                i++;
            }
        }
    }

    private static List<string> Cut(List<char> t)
    {
        var sentences = new List<string>();
        var sentence = new StringBuilder();
        foreach (char c in t)
        {
            if (c != Stop)
            {
                sentence.Append(c == Kept ? '.' : c);
            }

            if (c is Stop or '.' or '?' or '!')
            {
                sentences.Add(Words.TrimSpace(sentence.ToString()));
                sentence.Clear();
            }
        }

        var last = Words.TrimSpace(sentence.ToString());
        if (last.Length > 0)
        {
            sentences.Add(last);
        }

        return sentences;
    }
}
