using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Meed.Models.Tokenizers;

/// <summary>UTF-8 that also carries lone surrogates, so that every string has bytes and every such byte string has its string back.</summary>
/// <remarks>A lone surrogate is written as the three bytes its number would have (the form known as WTF-8); everything else is plain UTF-8.</remarks>
public static class Wtf8
{
    /// <summary>The bytes of a string.</summary>
    public static byte[] GetBytes(ReadOnlySpan<char> text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 16);
        Append(text, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Appends the bytes of a string.</summary>
    public static void Append(ReadOnlySpan<char> text, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var room = to.GetSpan(3 * text.Length + 1);
        int n = 0;
        while (text.Length > 0)
        {
            Utf8.FromUtf16(text, room[n..], out int read, out int written, replaceInvalidSequences: false);
            n += written;
            text = text[read..];
            if (text.Length > 0)
            {
                int lone = text[0];
                room[n++] = (byte)(0xE0 | (lone >> 12));
                room[n++] = (byte)(0x80 | ((lone >> 6) & 0x3F));
                room[n++] = (byte)(0x80 | (lone & 0x3F));
                text = text[1..];
            }
        }

        to.Advance(n);
    }

    /// <summary>The string of some bytes; a byte that belongs to no character becomes U+FFFD.</summary>
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out int consumed);
            if (status == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else if (bytes.Length >= 3 && bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xBF && (bytes[2] & 0xC0) == 0x80)
            {
                text.Append((char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)));
                consumed = 3;
            }
            else
            {
                text.Append('\uFFFD');
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }
}
