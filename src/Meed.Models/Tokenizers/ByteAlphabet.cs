namespace Meed.Models.Tokenizers;

/// <summary>The 256 printable characters under which vocabularies of byte-level tokenizers spell bytes.</summary>
/// <remarks>
/// Bytes 33..126, 161..172 and 174..255 are spelled as the character of the same number; the other 68 take U+0100 onwards in
/// ascending order (Radford et al. 2019, GPT-2). So a space is <c>Ġ</c> and a line feed <c>Ċ</c>.
/// </remarks>
internal static class ByteAlphabet
{
    private static readonly char[] s_charOf = new char[256];
    private static readonly short[] s_byteOf = new short[512];

    static ByteAlphabet()
    {
        Array.Fill(s_byteOf, (short)-1);
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
            s_charOf[b] = (char)(printable ? b : next++);
            s_byteOf[s_charOf[b]] = (short)b;
        }
    }

    /// <summary>Spelling of a byte.</summary>
    public static char CharOf(byte value) => s_charOf[value];

    /// <summary>The byte a character spells, or −1.</summary>
    public static int ByteOf(char c) => c < s_byteOf.Length ? s_byteOf[c] : -1;

    /// <summary>Spelling of some bytes.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length];
        for (int i = 0; i < chars.Length; i++)
        {
            chars[i] = s_charOf[bytes[i]];
        }

        return new string(chars);
    }

    /// <summary>The bytes of a spelling; null when a character spells no byte.</summary>
    public static byte[]? Read(string spelling)
    {
        var bytes = new byte[spelling.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            int b = ByteOf(spelling[i]);
            if (b < 0)
            {
                return null;
            }

            bytes[i] = (byte)b;
        }

        return bytes;
    }
}
