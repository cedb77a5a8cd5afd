using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Meed.Numerics;
using Meed.RewardModels.Observations;

namespace Meed.RewardModels.Tests.Observations;

/// <summary>Pictures with a known content, as files.</summary>
internal static class Pictures
{
    /// <summary>A picture of random bytes, plane after plane.</summary>
    public static byte[] Noise(int channels, int height, int width, ulong seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, channels * height * width).Select(_ => (byte)random.NextInt(256))];
    }

    /// <summary>A PNG of 8 bits whose rows take turns with all five filters; planes are [channels · height · width], 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.</summary>
    public static byte[] Png(byte[] planes, int channels, int height, int width)
    {
        int stride = channels * width;
        byte[] rows = [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) from c in Enumerable.Range(0, channels) select planes[(((c * height) + y) * width) + x]];
        var filtered = new List<byte>();
        for (int y = 0; y < height; y++)
        {
            filtered.Add((byte)(y % 5));
            for (int i = 0; i < stride; i++)
            {
                int left = i >= channels ? rows[(y * stride) + i - channels] : 0, up = y > 0 ? rows[((y - 1) * stride) + i] : 0, corner = y > 0 && i >= channels ? rows[((y - 1) * stride) + i - channels] : 0;
                int[] distance = [Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner))];
                int paeth = ((int[])[left, up, corner])[Array.IndexOf(distance, distance.Min())];
                filtered.Add((byte)(rows[(y * stride) + i] - (y % 5) switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => paeth, _ => 0 }));
            }
        }

        return Chunks(height, width, 8, channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 }, [.. filtered]);
    }

    /// <summary>A PNG of given filtered rows.</summary>
    public static byte[] Chunks(int height, int width, int depth, int colour, byte[] filtered, byte interlace = 0, byte[]? palette = null)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(filtered);
        }

        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(size, width);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), height);
        byte[] all = packed.ToArray();
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", [.. size, (byte)depth, (byte)colour, 0, 0, interlace]), .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("IDAT", all[..(all.Length / 2)]), .. Chunk("IDAT", all[(all.Length / 2)..]), .. Chunk("IEND", [])];
    }

    /// <summary>Numbers of an observation.</summary>
    public static float[] Values(Observation observation) => [.. Enumerable.Range(0, observation.Length).Select(i => observation[i])];

    private static byte[] Chunk(string name, byte[] body)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(name), .. body, 0, 0, 0, 0];
    }
}
