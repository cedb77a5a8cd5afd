using System.Text;
using Meed.RewardModels.Observations;

namespace Meed.RewardModels.Tests.Observations;

public sealed class PictureFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Decode_PngOfEveryFilter_GivesItsPixels(int channels)
    {
        byte[] planes = Pictures.Noise(channels, 11, 7, 3);

        var picture = PictureFile.Decode(Pictures.Png(planes, channels, 11, 7));

        Assert.Equal(new ObservationShape(ObservationKind.Picture, 1, channels, 11, 7), picture.Shape);
        Assert.Equal(planes.Select(p => p * (1f / 255f)), Pictures.Values(picture));
    }

    [Fact]
    public void Decode_Transparency_IsLaidOverWhite()
    {
        byte[] planes = [10, 200, 0, 30, 100, 60, 255, 0, 255, 0];
        var grey = PictureFile.Decode(Pictures.Png([10, 20, 255, 0], 2, 1, 2));
        var colour = PictureFile.Decode(Pictures.Png([.. planes.AsSpan(0, 6), 255, 0], 4, 1, 2));

        Assert.Equal([10 * (1f / 255f), 1], Pictures.Values(grey));
        Assert.Equal([10 * (1f / 255f), 1, 0, 1, 100 * (1f / 255f), 1], Pictures.Values(colour));
    }

    [Fact]
    public void Decode_SmallDepthsAndPalette_GiveTheirPixels()
    {
        // Two rows of three pixels: 1 bit 101, 010; 2 bits as places in a palette 0 1 2, 2 1 0; 16 bits of which the upper half counts.
        var bits = PictureFile.Decode(Pictures.Chunks(2, 3, 1, 0, [0, 0b10100000, 0, 0b01000000]));
        var palette = PictureFile.Decode(Pictures.Chunks(2, 3, 2, 3, [0, 0b00011000, 0, 0b10010000], palette: [255, 0, 0, 0, 255, 0, 0, 0, 255]));
        var deep = PictureFile.Decode(Pictures.Chunks(1, 2, 16, 0, [0, 255, 1, 51, 2]));

        Assert.Equal([1, 0, 1, 0, 1, 0], Pictures.Values(bits));
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], Pictures.Values(palette));
        Assert.Equal([1, 51 * (1f / 255f)], Pictures.Values(deep));
    }

    [Fact]
    public void Decode_PpmAndPgm_GiveTheirPixels()
    {
        var colour = PictureFile.Decode([.. Encoding.ASCII.GetBytes("P6\n# a comment\n2 1\n255\n"), 1, 2, 3, 4, 5, 6]);
        var grey = PictureFile.Decode([.. Encoding.ASCII.GetBytes("P5 1 2 255 "), 7, 8]);

        Assert.Equal(new float[] { 1, 4, 2, 5, 3, 6 }.Select(v => v * (1f / 255f)), Pictures.Values(colour));
        Assert.Equal(new ObservationShape(ObservationKind.Picture, 1, 1, 2, 1), grey.Shape);
        Assert.Equal(new float[] { 7, 8 }.Select(v => v * (1f / 255f)), Pictures.Values(grey));
    }

    [Fact]
    public void Decode_GreyWhereColourIsExpected_RepeatsThePlane() =>
        Assert.Equal([1, 0, 1, 0, 1, 0], Pictures.Values(PictureFile.Decode(Pictures.Png([255, 0], 1, 1, 2), new ObservationShape(ObservationKind.Picture, 1, 3, 1, 2))));

    [Fact]
    public void Decode_WhatIsNoPicture_SaysWhy()
    {
        byte[] good = Pictures.Png(Pictures.Noise(3, 4, 4, 1), 3, 4, 4);
        void Fails(string expected, byte[] bytes, ObservationShape? shape = null) => Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => PictureFile.Decode(bytes, shape)).Message, StringComparison.Ordinal);

        Fails("PNG, PPM (P6) and PGM (P5) are read; it is a JPEG", [0xFF, 0xD8, 0xFF, 0xE0]);
        Fails("it begins with none of their marks", []);
        Fails("the PNG is cut off", good[..60]);
        Fails("the PNG is interlaced", Pictures.Chunks(1, 1, 8, 0, [0, 0], interlace: 1));
        Fails("colour type 2 with 4 bits", Pictures.Chunks(1, 1, 4, 2, [0, 0]));
        Fails("a row with the filter 9", Pictures.Chunks(1, 1, 8, 0, [9, 0]));
        Fails("the PNG ends in row 1 of 2", Pictures.Chunks(2, 1, 8, 0, [0, 0]));
        Fails("names colour 1 of a palette of 1", Pictures.Chunks(1, 1, 8, 3, [0, 1], palette: [1, 2, 3]));
        Fails("it is 60000 × 60000 pixels; pictures have sides of 1 to 8192", Pictures.Chunks(60000, 60000, 8, 6, []));
        Fails("its highest value is 65535", Encoding.ASCII.GetBytes("P5 1 1 65535 ab"));
        Fails("its header is cut off", Encoding.ASCII.GetBytes("P6 1"));
        Fails("holds 1 bytes of pixels", Encoding.ASCII.GetBytes("P6 1 1 255 a"));
        Fails("it is a picture of 4 × 4 pixels in 3 planes; this model reads a picture of 8 × 8 pixels in 3 planes", good, new ObservationShape(ObservationKind.Picture, 1, 3, 8, 8));
    }

    [Fact]
    public void Decode_AnyBytes_GivesAPictureOrOneSentence()
    {
        var random = new Numerics.RandomStream(5);
        byte[] good = Pictures.Png(Pictures.Noise(4, 6, 5, 2), 4, 6, 5);
        int read = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            for (int k = random.NextInt(4); k >= 0; k--)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            }

            try
            {
                read += PictureFile.Decode(bytes).Length > 0 ? 1 : 0;
            }
            catch (InvalidDataException)
            {
            }
        }

        Assert.InRange(read, 1, 2999);
    }
}
