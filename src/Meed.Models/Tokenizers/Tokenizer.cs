using System.Buffers;

namespace Meed.Models.Tokenizers;

/// <summary>What every tokenizer here shares: special tokens, bytes of each token, decoding.</summary>
public abstract class Tokenizer : ITokenizer
{
    /// <summary>Spelling of the token that fills rows in the tokenizers made here.</summary>
    public const string Pad = "<|pad|>";

    /// <summary>Spelling of the token that begins a sequence in the tokenizers made here.</summary>
    public const string Begin = "<|begin|>";

    /// <summary>Spelling of the token that ends a response in the tokenizers made here.</summary>
    public const string End = "<|end|>";

    private static readonly string[] s_beginNames = [Begin, "<s>", "<|begin_of_text|>", "<bos>"];
    private static readonly string[] s_endNames = [End, "<|im_end|>", "<|eot_id|>", "</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>"];
    private static readonly string[] s_padNames = [Pad, "<pad>", "[PAD]"];

    private readonly byte[][] _bytes;
    private readonly bool[] _isSpecial;
    private readonly Dictionary<string, int> _specialIds = new(StringComparer.Ordinal);
    private readonly SearchValues<string>? _anySpecial;
    private readonly string[] _longestFirst;

    /// <summary>A tokenizer over a table of bytes.</summary>
    /// <param name="bytes">Bytes of each token; those of special tokens are replaced by nothing.</param>
    /// <param name="special">The special tokens, ids below the number of rows of <paramref name="bytes"/>.</param>
    private protected Tokenizer(byte[][] bytes, IEnumerable<SpecialToken> special)
    {
        _bytes = bytes;
        _isSpecial = new bool[bytes.Length];
        SpecialTokens = [.. special.OrderBy(s => s.Id)];
        foreach (var s in SpecialTokens)
        {
            if (s.Content.Length == 0)
            {
                throw new ArgumentException($"Special token {s.Id} has no spelling. Give it one, such as {End}.", nameof(special));
            }

            if (!_specialIds.TryAdd(s.Content, s.Id))
            {
                throw new ArgumentException($"Special token '{s.Content}' is given twice, as {_specialIds[s.Content]} and {s.Id}.", nameof(special));
            }

            _bytes[s.Id] = [];
            _isSpecial[s.Id] = true;
        }

        _longestFirst = [.. _specialIds.Keys.OrderByDescending(s => s.Length).ThenBy(s => s, StringComparer.Ordinal)];
        _anySpecial = _longestFirst.Length == 0 ? null : SearchValues.Create(_longestFirst, StringComparison.Ordinal);
        BeginToken = Named(s_beginNames);
        EndToken = Named(s_endNames);
        PadToken = Named(s_padNames);
    }

    /// <inheritdoc/>
    public int VocabularySize => _bytes.Length;

    /// <inheritdoc/>
    public IReadOnlyList<SpecialToken> SpecialTokens { get; }

    /// <inheritdoc/>
    public int? BeginToken { get; }

    /// <inheritdoc/>
    public int? EndToken { get; }

    /// <inheritdoc/>
    public int? PadToken { get; }

    /// <inheritdoc/>
    public int[] Encode(string text, bool parseSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>(text.Length / 2 + 4);
        var rest = text.AsSpan();
        while (parseSpecial && _anySpecial is not null && rest.IndexOfAny(_anySpecial) is var at and >= 0)
        {
            EncodePlain(rest[..at], tokens);
            foreach (string content in _longestFirst)
            {
                if (rest[at..].StartsWith(content, StringComparison.Ordinal))
                {
                    tokens.Add(_specialIds[content]);
                    rest = rest[(at + content.Length)..];
                    break;
                }
            }
        }

        EncodePlain(rest, tokens);
        return [.. tokens];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens, bool showSpecial = false)
    {
        var bytes = new ArrayBufferWriter<byte>(4 * tokens.Length + 1);
        foreach (int token in tokens)
        {
            bytes.Write(BytesOf(token));
            if (showSpecial && _isSpecial[token])
            {
                Wtf8.Append(SpecialTokens.First(s => s.Id == token).Content, bytes);
            }
        }

        return Wtf8.GetString(bytes.WrittenSpan);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> BytesOf(int token) => (uint)token < (uint)_bytes.Length
        ? _bytes[token]
        : throw new ArgumentOutOfRangeException(nameof(token), $"Token {token} is not in the vocabulary of {_bytes.Length} tokens (0..{_bytes.Length - 1}).");

    /// <inheritdoc/>
    public abstract void Write(IBufferWriter<byte> to);

    /// <summary>Id of a special token by its spelling; throws with the known ones when there is none.</summary>
    public int SpecialId(string content) => _specialIds.TryGetValue(content, out int id)
        ? id
        : throw new ArgumentException($"There is no special token '{content}'. Known: {(_specialIds.Count == 0 ? "none" : string.Join(", ", _specialIds.Keys))}.", nameof(content));

    /// <summary>Appends the ids of text without special tokens.</summary>
    private protected abstract void EncodePlain(ReadOnlySpan<char> text, List<int> tokens);

    private int? Named(string[] names)
    {
        foreach (string name in names)
        {
            if (_specialIds.TryGetValue(name, out int id))
            {
                return id;
            }
        }

        return null;
    }
}
