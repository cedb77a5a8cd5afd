namespace Meed.Evaluation.Audit;

/// <summary>Word 5-grams of a text as 64-bit hashes.</summary>
/// <remarks>Words are runs of letters and digits, without case. A text of fewer than five words is one gram. Only the first 20,000 words are looked at.</remarks>
public static class Shingles
{
    /// <summary>Words of a gram.</summary>
    public const int Size = 5;

    private const int MostWords = 20_000;

    /// <summary>The grams in their order, repetitions included; empty for a text without words.</summary>
    public static ulong[] Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<ulong>();
        for (int i = 0; i < text.Length && words.Count < MostWords;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            ulong word = 0xcbf29ce484222325;   // FNV-1a over UTF-16
            for (; i < text.Length && char.IsLetterOrDigit(text[i]); i++)
            {
                word = (word ^ char.ToLowerInvariant(text[i])) * 0x100000001b3;
            }

            words.Add(Mix(word));
        }

        if (words.Count == 0)
        {
            return [];
        }

        var grams = new ulong[Math.Max(1, words.Count - Size + 1)];
        for (int g = 0; g < grams.Length; g++)
        {
            ulong gram = 0;
            for (int w = g; w < Math.Min(words.Count, g + Size); w++)
            {
                gram = Mix((gram * 31) + words[w]);
            }

            grams[g] = gram;
        }

        return grams;
    }

    /// <summary>Share of the grams that occurred before in the text, 0 to 1.</summary>
    public static double Repetition(ulong[] grams)
    {
        ArgumentNullException.ThrowIfNull(grams);
        return grams.Length == 0 ? 0 : 1 - ((double)new HashSet<ulong>(grams).Count / grams.Length);
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    internal static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
