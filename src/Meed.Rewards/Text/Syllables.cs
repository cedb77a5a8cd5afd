namespace Meed.Rewards.Text;

/// <summary>Number of syllables of an English word, by its groups of vowels.</summary>
/// <remarks>
/// Groups of a, e, i, o, u, y; a final silent e, es or ed does not count (but -le after a consonant, -ted, -ded, -ses, -zes, -ces, -ges, -shes, -ches do);
/// ia, io (not in -tion, -sion, -cion), iu, eo, ua (not after q or g), and a vowel before -ing split a group. Own rules; no pronunciation dictionary.
/// </remarks>
public static class Syllables
{
    /// <summary>At least 1 for a word with a letter, 0 otherwise.</summary>
    public static int Count(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var w = word.ToLowerInvariant();
        if (!w.Any(char.IsAsciiLetter))
        {
            return 0;
        }

        int count = 0;
        bool before = false;
        for (int i = 0; i < w.Length; i++)
        {
            bool vowel = IsVowel(w, i);
            count += vowel && !before ? 1 : 0;
            if (vowel && before && Splits(w, i))
            {
                count++;
            }

            before = vowel;
        }

        return Math.Max(1, count - Silent(w));
    }

    private static bool IsVowel(string w, int i) => w[i] is 'a' or 'e' or 'i' or 'o' or 'u' || (w[i] == 'y' && i > 0);

    private static bool Splits(string w, int i)
    {
        char a = w[i - 1], b = w[i];
        return (a, b) switch
        {
            ('i', 'a') => !(i >= 2 && w[i - 2] is 't' or 'c' or 's' && i + 1 < w.Length && w[i + 1] == 'l'),
            ('i', 'o') => !(i >= 2 && w[i - 2] is 't' or 's' or 'c' or 'g' or 'x'),
            ('i', 'u') => true,
            ('e', 'o') => !w.StartsWith("peo", StringComparison.Ordinal),
            ('u', 'a') => !(i >= 2 && w[i - 2] is 'q' or 'g'),
            (_, 'i') => a is 'y' or 'e' or 'o' or 'a' or 'u' && w.EndsWith("ing", StringComparison.Ordinal) && i == w.Length - 3,
            _ => false,
        };
    }

    private static int Silent(string w)
    {
        if (w.Length < 3)
        {
            return 0;
        }

        if (w[^1] == 'e')
        {
            return IsVowel(w, w.Length - 2) || (w[^2] == 'l' && !IsVowel(w, w.Length - 3)) ? 0 : 1;
        }

        if (w.EndsWith("es", StringComparison.Ordinal) && w.Length > 3)
        {
            return IsVowel(w, w.Length - 3) || w[^3] is 's' or 'z' or 'c' or 'g' or 'x' || (w[^3] == 'h' && w[^4] is 's' or 'c') || (w[^3] == 'l' && !IsVowel(w, w.Length - 4)) ? 0 : 1;
        }

        if (w.EndsWith("ed", StringComparison.Ordinal) && w.Length > 3)
        {
            return IsVowel(w, w.Length - 3) || w[^3] is 't' or 'd' ? 0 : 1;
        }

        return 0;
    }
}
