namespace Meed.Rewards.Text;

/// <summary>The Porter stemmer for English words in small letters.</summary>
/// <remarks>M. F. Porter 1980, "An algorithm for suffix stripping", with the author's own later changes: -bli to -ble, -logi to -log, words of one or two letters unchanged.</remarks>
public static class PorterStemmer
{
    private static readonly (string Suffix, string With)[] s_step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
        ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string With)[] s_step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] s_step4 =
        ["ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er", "ic", "ou"];

    /// <summary>The stem.</summary>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length <= 2)
        {
            return word;
        }

        word = Plural(word);
        word = PastAndProgressive(word);
        word = word[^1] == 'y' && HasVowel(word[..^1]) ? word[..^1] + "i" : word;
        word = Replace(word, s_step2);
        word = Replace(word, s_step3);
        return Ending(Derivation(word));
    }

    private static string Plural(string w)
    {
        if (w.EndsWith("sses", StringComparison.Ordinal) || w.EndsWith("ies", StringComparison.Ordinal))
        {
            return w[..^2];
        }

        return w[^1] == 's' && w[^2] != 's' ? w[..^1] : w;
    }

    private static string PastAndProgressive(string w)
    {
        if (w.EndsWith("eed", StringComparison.Ordinal))
        {
            return Measure(w[..^3]) > 0 ? w[..^1] : w;
        }

        string stem;
        if (w.EndsWith("ed", StringComparison.Ordinal) && HasVowel(w[..^2]))
        {
            stem = w[..^2];
        }
        else if (w.EndsWith("ing", StringComparison.Ordinal) && HasVowel(w[..^3]))
        {
            stem = w[..^3];
        }
        else
        {
            return w;
        }

        if (stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal) || stem.EndsWith("iz", StringComparison.Ordinal))
        {
            return stem + "e";
        }

        if (stem.Length > 1 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1))
        {
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        }

        return Measure(stem) == 1 && ShortSyllable(stem) ? stem + "e" : stem;
    }

    private static string Replace(string w, (string Suffix, string With)[] rules)
    {
        foreach (var (suffix, with) in rules)
        {
            if (w.EndsWith(suffix, StringComparison.Ordinal))
            {
                var stem = w[..^suffix.Length];
                return Measure(stem) > 0 ? stem + with : w;
            }
        }

        return w;
    }

    private static string Derivation(string w)
    {
        foreach (var suffix in s_step4)
        {
            if (w.EndsWith(suffix, StringComparison.Ordinal))
            {
                var stem = w[..^suffix.Length];
                return Measure(stem) > 1 && (suffix != "ion" || (stem.Length > 0 && stem[^1] is 's' or 't')) ? stem : w;
            }
        }

        return w;
    }

    private static string Ending(string w)
    {
        if (w[^1] == 'e')
        {
            var stem = w[..^1];
            int m = Measure(stem);
            w = m > 1 || (m == 1 && !ShortSyllable(stem)) ? stem : w;
        }

        return w.Length > 1 && w[^1] == 'l' && w[^2] == 'l' && Measure(w[..^1]) > 1 ? w[..^1] : w;
    }

    private static bool IsConsonant(string w, int i)
    {
        // In a run of y, every second one is a consonant; the first is one at the start of the word or after a vowel.
        int y = i;
        while (y >= 0 && w[y] == 'y') { y--; }
        bool before = y >= 0 && w[y] is not ('a' or 'e' or 'i' or 'o' or 'u');
        return (i - y) % 2 == 0 ? before : !before;
    }

    private static bool HasVowel(string w)
    {
        bool consonant = false;
        for (int i = 0; i < w.Length; i++)
        {
            consonant = w[i] is not ('a' or 'e' or 'i' or 'o' or 'u') && !(w[i] == 'y' && consonant);
            if (!consonant)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Number of vowel-consonant sequences, m of the paper.</summary>
    private static int Measure(string w)
    {
        int m = 0;
        bool vowelBefore = false, consonant = false;
        for (int i = 0; i < w.Length; i++)
        {
            consonant = w[i] is not ('a' or 'e' or 'i' or 'o' or 'u') && !(w[i] == 'y' && consonant);
            m += consonant && vowelBefore ? 1 : 0;
            vowelBefore = !consonant;
        }

        return m;
    }

    private static bool ShortSyllable(string w)
        => w.Length >= 3 && IsConsonant(w, w.Length - 3) && !IsConsonant(w, w.Length - 2) && IsConsonant(w, w.Length - 1) && w[^1] is not ('w' or 'x' or 'y');
}
