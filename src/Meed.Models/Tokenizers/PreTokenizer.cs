using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Meed.Models.Tokenizers;

/// <summary>Cuts text into the pieces within which byte pairs may merge.</summary>
/// <remarks>
/// The pattern works on Unicode scalar values as in the published tokenizers. The regex engine here sees UTF-16 code units,
/// so a character beyond U+FFFF is shown to it as one stand-in of the same general category and the cuts are carried back.
/// </remarks>
public sealed class PreTokenizer
{
    /// <summary>GPT-2's pattern (Radford et al. 2019): contractions, words, numbers, other signs, each with at most one leading space, and white space.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);   // a pattern from a file may be slow, never endless
    private readonly Regex? _regex;

    private PreTokenizer(string? pattern)
    {
        Pattern = pattern;
        _regex = pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, s_limit);
    }

    /// <summary>The whole text is one piece.</summary>
    public static PreTokenizer None { get; } = new(null);

    /// <summary>GPT-2's rule.</summary>
    public static PreTokenizer Gpt2 { get; } = new(Gpt2Pattern);

    /// <summary>The pattern whose matches are pieces; null when the text is not cut. What lies between matches is a piece too.</summary>
    public string? Pattern { get; }

    /// <summary>A rule by pattern.</summary>
    /// <exception cref="ArgumentException">The pattern is not a regular expression of .NET.</exception>
    public static PreTokenizer Of(string pattern) => pattern == Gpt2Pattern ? Gpt2 : new(pattern);

    /// <summary>Ends of the pieces (exclusive, in UTF-16 code units); the last one is the length of the text.</summary>
    public void Cut(ReadOnlySpan<char> text, List<int> ends)
    {
        ArgumentNullException.ThrowIfNull(ends);
        if (text.IsEmpty)
        {
            return;
        }

        if (_regex is null)
        {
            ends.Add(text.Length);
            return;
        }

        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            Cut(text, [], ends);
            return;
        }

        var shadow = new char[text.Length];
        var starts = new int[text.Length + 1];
        int n = 0;
        for (int i = 0; i < text.Length; n++)
        {
            starts[n] = i;
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out _) == OperationStatus.Done && !rune.IsBmp)
            {
                shadow[n] = StandIn(rune);
                i += 2;
            }
            else
            {
                shadow[n] = text[i++];
            }
        }

        starts[n] = text.Length;
        Cut(shadow.AsSpan(0, n), starts, ends);
    }

    private void Cut(ReadOnlySpan<char> seen, ReadOnlySpan<int> starts, List<int> ends)
    {
        int last = 0;
        foreach (var match in _regex!.EnumerateMatches(seen))
        {
            if (match.Length == 0)
            {
                continue;
            }

            if (match.Index > last)
            {
                ends.Add(starts.IsEmpty ? match.Index : starts[match.Index]);
            }

            last = match.Index + match.Length;
            ends.Add(starts.IsEmpty ? last : starts[last]);
        }

        if (last < seen.Length)
        {
            ends.Add(starts.IsEmpty ? seen.Length : starts[seen.Length]);
        }
    }

    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u05D0',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.OtherPunctuation => '\u00A1',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.MathSymbol => '\u00B1',
        UnicodeCategory.CurrencySymbol => '\u00A2',
        UnicodeCategory.ModifierSymbol => '\u00A8',
        UnicodeCategory.Format => '\u200D',
        UnicodeCategory.PrivateUse => '\uE000',
        UnicodeCategory.OtherNotAssigned => '\u0378',
        _ => '\u00A9',
    };
}
