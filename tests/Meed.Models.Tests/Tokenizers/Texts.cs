using System.Text;

namespace Meed.Models.Tests.Tokenizers;

/// <summary>Texts for round trips: words, signs, emoji, combining marks, control characters, lone surrogates.</summary>
internal static class Texts
{
    private static readonly string[] s_parts =
    [
        "the", " the", "don't", "I'll", "’s", " 1234", "3.14", "\n", "\r\n", "\t", "  ", "     x", " ", "", "é", "e\u0301", "ß", "Ω", "привет", "日本語", "한국어", "עברית",
        "🙂", "👩‍👩‍👧‍👦", "🏳️‍🌈", "𝒜𝓃", "𝟘𝟙", "\u00A0", "\u2003", "\u0000", "\u001F", "\uFFFD", "\uFEFF", "\uD83D", "\uDE00", "\uDFFF\uD800", "<|end|>", "<|", "|>", "a\uD800b", "!!!", "(1+2)*3=9", "Ġ", "Ċ",
    ];

    /// <summary>A text put together at random.</summary>
    public static string Random(Random random, int parts)
    {
        var text = new StringBuilder();
        for (int i = 0; i < parts; i++)
        {
            text.Append(random.Next(8) == 0 ? ((char)random.Next(0x10000)).ToString() : s_parts[random.Next(s_parts.Length)]);
        }

        return text.ToString();
    }

    /// <summary>Some plain English to learn merges from.</summary>
    public static IEnumerable<string> Corpus()
    {
        for (int i = 0; i < 200; i++)
        {
            yield return $"the theory of the thing that then thinks there were {i} others, and they're the ones; 🙂 it's {i * 37} + {i % 7} = {i * 37 + i % 7}\n";
        }
    }
}
