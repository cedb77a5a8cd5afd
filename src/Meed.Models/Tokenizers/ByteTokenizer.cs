using System.Buffers;

namespace Meed.Models.Tokenizers;

/// <summary>One token per byte: ids 0..255 are the bytes of the text in UTF-8, special tokens follow from 256.</summary>
public sealed class ByteTokenizer : Tokenizer
{
    /// <summary>A byte tokenizer with the given special tokens, numbered from 256 in this order.</summary>
    public ByteTokenizer(params IReadOnlyList<string> special)
        : base(Table(special.Count), special.Select((s, i) => new SpecialToken(256 + i, s)))
    {
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> to) => TokenizerWriter.ByteLevel(to, this, [], PreTokenizer.None);

    /// <summary>Ids of bytes: the bytes themselves.</summary>
    public static int[] EncodeBytes(ReadOnlySpan<byte> bytes)
    {
        var tokens = new int[bytes.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = bytes[i];
        }

        return tokens;
    }

    private protected override void EncodePlain(ReadOnlySpan<char> text, List<int> tokens)
    {
        foreach (byte b in Wtf8.GetBytes(text))
        {
            tokens.Add(b);
        }
    }

    private static byte[][] Table(int special)
    {
        var bytes = new byte[256 + special][];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = i < 256 ? [(byte)i] : [];
        }

        return bytes;
    }
}
