namespace Meed.RewardModels.Images;

/// <summary>Pictures as patches.</summary>
internal static class Patching
{
    /// <summary>Patches of a picture, row after row; within one, plane after plane and row after row.</summary>
    /// <param name="picture">[channels · height · width].</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows of pixels, a multiple of the patch.</param>
    /// <param name="width">Pixels of a row, a multiple of the patch.</param>
    /// <param name="patch">Pixels of a patch's side.</param>
    /// <returns>[patches · channels · patch · patch].</returns>
    public static float[] Cut(ReadOnlySpan<float> picture, int channels, int height, int width, int patch)
    {
        var cut = new float[channels * height * width];
        Cut(picture, cut, channels, height, width, patch);
        return cut;
    }

    /// <summary>The same, into a given place.</summary>
    /// <inheritdoc cref="Cut(ReadOnlySpan{float}, int, int, int, int)"/>
    public static void Cut(ReadOnlySpan<float> picture, Span<float> cut, int channels, int height, int width, int patch)
    {
        int at = 0;
        for (int top = 0; top < height; top += patch)
        {
            for (int left = 0; left < width; left += patch)
            {
                for (int c = 0; c < channels; c++)
                {
                    for (int y = 0; y < patch; y++)
                    {
                        picture.Slice((((c * height) + top + y) * width) + left, patch).CopyTo(cut.Slice(at, patch));
                        at += patch;
                    }
                }
            }
        }
    }

    /// <summary>The smallest patch whose side divides both sides and of which a picture has at most so many; else the largest that divides them.</summary>
    public static int Choose(int height, int width, int most)
    {
        int largest = 1;
        for (int patch = 1; patch <= Math.Min(height, width); patch++)
        {
            if (height % patch == 0 && width % patch == 0)
            {
                largest = patch;
                if (height / patch * (width / patch) <= most)
                {
                    return patch;
                }
            }
        }

        return largest;
    }
}
