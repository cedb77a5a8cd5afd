using System.Buffers;

namespace Meed.Models.Tokenizers;

/// <summary>A token outside the text: it is never produced from plain text, only by its id or where special tokens are asked for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its spelling, such as <c>&lt;|end|&gt;</c>.</param>
public sealed record SpecialToken(int Id, string Content);

/// <summary>Text to token ids and back. Safe to use from several threads at once.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids, special tokens included; ids run from 0 to this minus 1.</summary>
    int VocabularySize { get; }

    /// <summary>The special tokens, by ascending id.</summary>
    IReadOnlyList<SpecialToken> SpecialTokens { get; }

    /// <summary>Id of the token that begins a sequence; null when there is none.</summary>
    int? BeginToken { get; }

    /// <summary>Id of the token that ends a response; null when there is none.</summary>
    int? EndToken { get; }

    /// <summary>Id of the token that fills rows; null when there is none.</summary>
    int? PadToken { get; }

    /// <summary>Ids of a text.</summary>
    /// <param name="text">Any string, lone surrogates included.</param>
    /// <param name="parseSpecial">True when spellings of special tokens in the text become those tokens. Leave it false for text that others wrote.</param>
    int[] Encode(string text, bool parseSpecial = false);

    /// <summary>The text of ids. Bytes that are no text become U+FFFD.</summary>
    /// <param name="tokens">Ids below <see cref="VocabularySize"/>.</param>
    /// <param name="showSpecial">True when special tokens appear as their spelling; otherwise they leave nothing.</param>
    string Decode(ReadOnlySpan<int> tokens, bool showSpecial = false);

    /// <summary>The bytes one token stands for; empty for a special token.</summary>
    ReadOnlySpan<byte> BytesOf(int token);

    /// <summary>Writes the tokenizer in the layout of a Hugging Face <c>tokenizer.json</c>.</summary>
    void Write(IBufferWriter<byte> to);
}
