using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Meed.RewardModels.Observations;

/// <summary>Reads pictures: PNG without interlacing, and binary PPM and PGM with 8 bits.</summary>
/// <remarks>
/// PNG of 1 to 16 bits, grey, colour or palette, by the specification of the W3C (third edition, 2025); of 16 bits the upper 8 count, what is transparent is laid over white, and a single colour that stands for clear is kept as it is. The sizes in the header are checked before
/// anything is unpacked.
/// </remarks>
public static class PictureFile
{
    private const int MostSide = 8192, MostPixels = 1 << 24;
    private const long MostBytes = 1 << 28;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Sizes that it has to have; any when null.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged, or has another size; the message does not name the file.</exception>
    public static Observation Read(string path, ObservationShape? expected = null)
    {
        long length = new FileInfo(path).Length;
        return length <= MostBytes ? Decode(File.ReadAllBytes(path), expected) : throw new InvalidDataException($"it has {length} bytes; pictures have at most {MostBytes}");
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <inheritdoc cref="Read"/>
    public static Observation Decode(ReadOnlySpan<byte> bytes, ObservationShape? expected = null)
    {
        if (bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return Png(bytes[8..], expected);
        }

        if (bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is (byte)'5' or (byte)'6')
        {
            return Ppm(bytes, expected);
        }

        string what = bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "it is a JPEG" : bytes.StartsWith("GIF8"u8) ? "it is a GIF" : bytes.StartsWith("RIFF"u8) ? "it is a WebP" : "it begins with none of their marks";
        throw new InvalidDataException($"PNG, PPM (P6) and PGM (P5) are read; {what}");
    }

    private static ObservationShape Shape(long width, long height, int channels, ObservationShape? expected)
    {
        if (width < 1 || height < 1 || width > MostSide || height > MostSide || width * height > MostPixels)
        {
            throw new InvalidDataException($"it is {width} × {height} pixels; pictures have sides of 1 to {MostSide} and at most {MostPixels} pixels");
        }

        var shape = new ObservationShape(ObservationKind.Picture, 1, channels, (int)height, (int)width);
        return expected is null || Fits(shape, expected) ? shape : throw new InvalidDataException($"it is {shape}; this model reads {expected}");
    }

    // A grey picture is also read as colour.
    private static bool Fits(ObservationShape shape, ObservationShape expected) => expected.Kind != ObservationKind.States && shape.Width == expected.Width && shape.Height == expected.Height && (shape.Channels == expected.Channels || (shape.Channels == 1 && expected.Channels == 3));

    private static Observation Done(ObservationShape shape, byte[] planes, ObservationShape? expected) => expected is { Channels: 3 } && shape.Channels == 1
        ? new Observation(shape with { Channels = 3 }, [.. planes, .. planes, .. planes])
        : new Observation(shape, planes);

    private static Observation Png(ReadOnlySpan<byte> rest, ObservationShape? expected)
    {
        using var packed = new MemoryStream();
        ReadOnlySpan<byte> palette = [], clear = [];
        int width = 0, height = 0, depth = 0, colour = -1;
        while (rest.Length >= 12)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (size > rest.Length - 12)
            {
                throw new InvalidDataException("the PNG is cut off");
            }

            string name = Encoding.ASCII.GetString(rest.Slice(4, 4));
            var body = rest.Slice(8, (int)size);
            rest = rest[(12 + (int)size)..];
            switch (name)
            {
                case "IHDR" when body.Length == 13:
                    (width, height, depth, colour) = ((int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(body)), (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(body[4..])), body[8], body[9]);
                    if (body[10] != 0 || body[11] != 0 || body[12] != 0)
                    {
                        throw new InvalidDataException("the PNG is interlaced or packed in an unknown way; save it without interlacing");
                    }

                    bool known = colour switch { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
                    if (!known)
                    {
                        throw new InvalidDataException($"the PNG has colour type {colour} with {depth} bits, which do not exist together");
                    }

                    Shape(width, height, colour is 0 or 4 ? 1 : 3, expected);
                    break;
                case "PLTE":
                    palette = body;
                    break;
                case "tRNS":
                    clear = body;
                    break;
                case "IDAT":
                    packed.Write(body);
                    break;
                case "IEND":
                    rest = [];
                    break;
            }
        }

        if (colour < 0)
        {
            throw new InvalidDataException("the PNG has no header");
        }

        packed.Position = 0;
        try
        {
            return Done(Shape(width, height, colour is 0 or 4 ? 1 : 3, expected), Unpack(packed, width, height, depth, colour, palette.ToArray(), clear.ToArray()), expected);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"the packed data of the PNG are damaged: {e.Message}", e);
        }
    }

    private static byte[] Unpack(MemoryStream packed, int width, int height, int depth, int colour, byte[] palette, byte[] clear)
    {
        int samples = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }, bytes = Math.Max(1, samples * depth / 8), stride = ((width * samples * depth) + 7) / 8;
        int channels = colour is 0 or 4 ? 1 : 3, plane = width * height;
        byte[] above = new byte[stride], line = new byte[stride], planes = new byte[channels * plane];
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        Span<byte> filter = stackalloc byte[1], pixel = stackalloc byte[4];
        for (int y = 0; y < height; y++)
        {
            if (unpacked.ReadAtLeast(filter, 1, throwOnEndOfStream: false) < 1 || unpacked.ReadAtLeast(line, stride, throwOnEndOfStream: false) < stride)
            {
                throw new InvalidDataException($"the PNG ends in row {y} of {height}");
            }

            Unfilter(filter[0], line, above, bytes);
            for (int x = 0; x < width; x++)
            {
                for (int s = 0; s < samples; s++)
                {
                    pixel[s] = Sample(line, (x * samples) + s, depth);
                }

                Put(pixel, x, y);
            }

            (above, line) = (line, above);
        }

        return planes;

        void Put(Span<byte> pixel, int x, int y)
        {
            int at = (y * width) + x;
            if (colour == 3)
            {
                int entry = pixel[0];
                if ((3 * entry) + 3 > palette.Length)
                {
                    throw new InvalidDataException($"the PNG names colour {entry} of a palette of {palette.Length / 3}");
                }

                int seen = entry < clear.Length ? clear[entry] : 255;
                for (int c = 0; c < 3; c++)
                {
                    planes[(c * plane) + at] = Over(palette[(3 * entry) + c], seen);
                }

                return;
            }

            int alpha = colour == 4 ? pixel[1] : colour == 6 ? pixel[3] : 255;
            for (int c = 0; c < channels; c++)
            {
                byte value = colour == 0 && depth < 8 ? (byte)(pixel[0] * 255 / ((1 << depth) - 1)) : pixel[c];
                planes[(c * plane) + at] = Over(value, alpha);
            }
        }
    }

    private static byte Over(byte value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);

    private static byte Sample(byte[] line, int index, int depth) => depth switch
    {
        8 => line[index],
        16 => line[2 * index],
        _ => (byte)((line[index * depth / 8] >> (8 - depth - (index * depth % 8))) & ((1 << depth) - 1)),
    };

    private static void Unfilter(byte filter, byte[] line, byte[] above, int bytes)
    {
        if (filter > 4)
        {
            throw new InvalidDataException($"the PNG has a row with the filter {filter}; there are 0 to 4");
        }

        for (int i = 0; i < line.Length; i++)
        {
            int left = i >= bytes ? line[i - bytes] : 0, up = above[i], corner = i >= bytes ? above[i - bytes] : 0;
            line[i] += filter switch { 1 => (byte)left, 2 => (byte)up, 3 => (byte)((left + up) / 2), 4 => (byte)Paeth(left, up, corner), _ => 0 };
        }
    }

    // The neighbour nearest to left + up − corner; ties go to left, then up.
    private static int Paeth(int left, int up, int corner)
    {
        int guess = left + up - corner, a = Math.Abs(guess - left), b = Math.Abs(guess - up), c = Math.Abs(guess - corner);
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static Observation Ppm(ReadOnlySpan<byte> bytes, ObservationShape? expected)
    {
        int at = 2, channels = bytes[1] == '6' ? 3 : 1;
        long width = Header(bytes, ref at), height = Header(bytes, ref at), most = Header(bytes, ref at);
        if (most != 255)
        {
            throw new InvalidDataException($"its highest value is {most}; files of 8 bits say 255");
        }

        var shape = Shape(width, height, channels, expected);
        at++;
        int plane = shape.Width * shape.Height;
        if (bytes.Length - at < plane * channels)
        {
            throw new InvalidDataException($"it holds {Math.Max(0, bytes.Length - at)} bytes of pixels; {shape} take {plane * channels}");
        }

        var planes = new byte[plane * channels];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[(i % channels * plane) + (i / channels)] = bytes[at + i];
        }

        return Done(shape, planes, expected);
    }

    private static long Header(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length && (bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#'))
        {
            if (bytes[at] == '#')
            {
                int end = bytes[at..].IndexOf((byte)'\n');
                at += end < 0 ? bytes.Length - at : end;
            }
            else
            {
                at++;
            }
        }

        long value = 0;
        int digits = 0;
        for (; at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9' && digits < 9; at++, digits++)
        {
            value = (value * 10) + bytes[at] - '0';
        }

        return digits > 0 ? value : throw new InvalidDataException("its header is cut off or holds something that is no number");
    }
}
