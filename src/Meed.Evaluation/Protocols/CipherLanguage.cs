using System.Text;
using Meed.Numerics;

namespace Meed.Evaluation.Protocols;

/// <summary>A made-up language: every word of another text becomes one invented word, always the same, with stated translation errors.</summary>
/// <remarks>A stand-in for translated benchmarks (atlas row 72): scarcity of data and quality of translation can be set apart from everything else. Letters stand for words; punctuation and digits stay. Words are syllables drawn by a hash of seed and word, so that no list is kept.</remarks>
public sealed class CipherLanguage
{
    private static readonly string[] s_syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "da", "fe", "gi", "ho", "pu", "ya"];

    private readonly ulong _seed;
    private readonly double _noise;

    /// <summary>The language of a seed.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="noise">Share of words that are translated by a wrong word, 0 to 1.</param>
    public CipherLanguage(ulong seed, double noise = 0)
    {
        if (noise is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), $"CipherLanguage: noise is {noise}; it is a share, 0 to 1.");
        }

        (_seed, _noise) = (seed, noise);
    }

    /// <summary>A text in this language.</summary>
    /// <param name="text">The text.</param>
    /// <param name="random">Draws the translation errors.</param>
    public string Translate(string text, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(random);
        var result = new StringBuilder();
        for (int i = 0; i < text.Length;)
        {
            if (!char.IsLetter(text[i]))
            {
                result.Append(text[i++]);
                continue;
            }

            int to = i;
            while (to < text.Length && char.IsLetter(text[to]))
            {
                to++;
            }

            string word = random.NextBool(_noise) ? $"error {random.NextInt(50)}" : text[i..to].ToLowerInvariant();
            string put = Word(word);
            result.Append(char.IsUpper(text[i]) ? char.ToUpperInvariant(put[0]) + put[1..] : put);
            i = to;
        }

        return result.ToString();
    }

    private string Word(string word)
    {
        ulong key = 14695981039346656037 ^ _seed;
        foreach (char c in word)
        {
            key = (key ^ c) * 1099511628211;
        }

        key = (key ^ (key >> 31)) * 0x9E3779B97F4A7C15;
        return string.Concat(Enumerable.Range(0, 4).Select(k => s_syllables[key >> (60 - (4 * k)) & 15]));
    }
}
