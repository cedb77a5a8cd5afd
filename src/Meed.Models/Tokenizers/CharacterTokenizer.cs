using System.Buffers;
using System.Text;

namespace Meed.Models.Tokenizers;

/// <summary>One token per character (Unicode scalar value) of a fixed alphabet.</summary>
/// <remarks>
/// Characters are numbered from 0 in the order given, special tokens follow. A character outside the alphabet becomes the
/// unknown token where there is one and is an error otherwise: small task worlds want the error, free text the token.
/// </remarks>
public sealed class CharacterTokenizer : Tokenizer
{
    /// <summary>Usual spelling of the unknown token.</summary>
    public const string Unknown = "<|unknown|>";

    private readonly Dictionary<Rune, int> _ids = [];
    private readonly int _unknown = -1;

    /// <summary>A tokenizer for the characters of <paramref name="alphabet"/>, each given once.</summary>
    /// <param name="alphabet">The characters in id order.</param>
    /// <param name="special">Special tokens; one spelled <see cref="Unknown"/> stands for characters outside the alphabet.</param>
    public CharacterTokenizer(string alphabet, params IReadOnlyList<string> special)
        : this([.. alphabet.EnumerateRunes().Select((r, i) => KeyValuePair.Create(r, i))], Numbered(alphabet, special), special.Contains(Unknown) ? Unknown : null)
    {
    }

    internal CharacterTokenizer(IReadOnlyList<KeyValuePair<Rune, int>> characters, IReadOnlyList<SpecialToken> special, string? unknown)
        : base(Table(characters, special), special)
    {
        foreach (var (rune, id) in characters)
        {
            if (!_ids.TryAdd(rune, id))
            {
                throw new ArgumentException($"The alphabet holds '{rune}' (U+{rune.Value:X4}) twice, as {_ids[rune]} and {id}. Give each character once.", nameof(characters));
            }
        }

        UnknownContent = unknown;
        _unknown = unknown is null ? -1 : SpecialId(unknown);
    }

    /// <summary>Characters of the alphabet and their ids, by id.</summary>
    internal IEnumerable<KeyValuePair<Rune, int>> Characters => _ids.OrderBy(p => p.Value);

    internal string? UnknownContent { get; }

    /// <summary>A tokenizer for every character that occurs in some texts, in code point order.</summary>
    public static CharacterTokenizer FromTexts(IEnumerable<string> texts, params IReadOnlyList<string> special)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var seen = new SortedSet<Rune>();
        foreach (string text in texts)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                seen.Add(rune);
            }
        }

        return new CharacterTokenizer(string.Concat(seen), special);
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> to) => TokenizerWriter.Characters(to, this);

    private protected override void EncodePlain(ReadOnlySpan<char> text, List<int> tokens)
    {
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bool lone = rune == Rune.ReplacementChar && text[at] != '\uFFFD';
            if (!lone && _ids.TryGetValue(rune, out int id))
            {
                tokens.Add(id);
            }
            else if (_unknown >= 0)
            {
                tokens.Add(_unknown);
            }
            else
            {
                throw new ArgumentException($"Character '{(lone ? "lone surrogate" : rune.ToString())}' (U+{(lone ? text[at] : rune.Value):X4}) at index {at} is not in the alphabet of {_ids.Count} characters. Add it, or give the tokenizer the special token {Unknown}.", nameof(text));
            }

            at += rune.Utf16SequenceLength;
        }
    }

    private static List<SpecialToken> Numbered(string alphabet, IReadOnlyList<string> special)
    {
        int first = alphabet.EnumerateRunes().Count();
        return [.. special.Select((s, i) => new SpecialToken(first + i, s))];
    }

    private static byte[][] Table(IReadOnlyList<KeyValuePair<Rune, int>> characters, IReadOnlyList<SpecialToken> special)
    {
        int size = characters.Select(c => c.Value).Concat(special.Select(s => s.Id)).DefaultIfEmpty(-1).Max() + 1;
        var bytes = new byte[size][];
        Array.Fill(bytes, []);
        foreach (var (rune, id) in characters)
        {
            bytes[id] = Wtf8.GetBytes(rune.ToString());
        }

        return bytes;
    }
}
