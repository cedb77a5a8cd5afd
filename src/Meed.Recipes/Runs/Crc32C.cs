using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;

namespace Meed.Recipes.Runs;

/// <summary>CRC-32C (Castagnoli), the checksum of TFRecord files and of our checkpoints.</summary>
/// <remarks>Reflected polynomial 0x82F63B78, initial value and final xor 0xFFFFFFFF (RFC 3720, appendix B.4).</remarks>
public static class Crc32C
{
    private static readonly uint[] s_table = Table();

    /// <summary>Checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Checksum of what <paramref name="crc"/> covers followed by the bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        if (Sse42.X64.IsSupported)
        {
            ulong wide = state;
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                wide = Sse42.X64.Crc32(wide, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            }

            state = (uint)wide;
        }

        return ~Portable(state, bytes);
    }

    /// <summary>The checksum as TFRecord stores it: rotated right by 15 bits plus 0xA282EAD8, so that data holding checksums stays checkable.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Of(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
    }

    internal static uint Portable(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            state = s_table[(state ^ b) & 0xFF] ^ (state >> 8);
        }

        return state;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0x82F63B78u : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
