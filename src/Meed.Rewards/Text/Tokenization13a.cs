using System.Text;

namespace Meed.Rewards.Text;

/// <summary>The tokenisation of the mteval-v13a script, the usual one for BLEU.</summary>
/// <remarks>
/// Punctuation and symbols of ASCII stand alone, except: full stops and commas between digits, the apostrophe, the hyphen unless it follows a digit. <c>&amp;quot; &amp;amp; &amp;lt; &amp;gt;</c> are read as characters,
/// a hyphen at a line end joins, line ends are spaces. Letters keep their case. NIST mteval-v13a; Post 2018, arXiv:1804.08771.
/// </remarks>
public static class Tokenization13a
{
    /// <summary>Tokens in order.</summary>
    public static List<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var t = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        var spaced = new StringBuilder(t.Length + 16);
        for (int i = 0; i < t.Length; i++)
        {
            char c = t[i];
            bool digitBefore = i > 0 && char.IsAsciiDigit(t[i - 1]), digitAfter = i + 1 < t.Length && char.IsAsciiDigit(t[i + 1]);
            bool alone = c switch
            {
                '.' or ',' => !(digitBefore && digitAfter),
                '-' => digitBefore,
                '\'' => false,
                _ => Words.IsAsciiPunctuation(c),
            };
            if (alone)
            {
                spaced.Append(' ').Append(c).Append(' ');
            }
            else
            {
                spaced.Append(c);
            }
        }

        return Words.Split(spaced.ToString());
    }
}
