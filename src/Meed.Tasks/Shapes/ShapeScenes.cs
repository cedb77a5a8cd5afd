using Meed.Numerics;

namespace Meed.Tasks.Shapes;

/// <summary>A scene: one shape of one colour in one corner.</summary>
/// <param name="Shape">0 square, 1 cross, 2 ring.</param>
/// <param name="Colour">0 red, 1 green, 2 blue, 3 yellow.</param>
/// <param name="Corner">0 to 3, row after row.</param>
public readonly record struct ShapeScene(int Shape, int Colour, int Corner)
{
    /// <summary>Attributes that two scenes share, 0 to 3.</summary>
    public int Matches(ShapeScene other) => (Shape == other.Shape ? 1 : 0) + (Colour == other.Colour ? 1 : 0) + (Corner == other.Corner ? 1 : 0);

    /// <summary>The scene with one attribute replaced by another value.</summary>
    /// <param name="attribute">0 shape, 1 colour, 2 corner.</param>
    /// <param name="shift">1 or more, below the attribute's number of values.</param>
    public ShapeScene Altered(int attribute, int shift) => attribute switch
    {
        0 => this with { Shape = (Shape + shift) % ShapeScenes.Shapes },
        1 => this with { Colour = (Colour + shift) % ShapeScenes.Colours },
        _ => this with { Corner = (Corner + shift) % ShapeScenes.Corners },
    };
}

/// <summary>Small pictures of scenes and the words of their captions.</summary>
/// <remarks>A picture has 8 × 8 pixels in three planes. Quality is contrast and freedom from noise: the shape is drawn with its factor, under noise of 0.3·(1 − quality).</remarks>
public static class ShapeScenes
{
    /// <summary>Shapes.</summary>
    public const int Shapes = 3;

    /// <summary>Colours.</summary>
    public const int Colours = 4;

    /// <summary>Corners.</summary>
    public const int Corners = 4;

    /// <summary>Numbers of a picture.</summary>
    public const int PictureWidth = 3 * Side * Side;

    /// <summary>Numbers of a caption.</summary>
    public const int CaptionWidth = Shapes + Colours + Corners;

    private const int Side = 8;

    private static readonly string[][] s_shapes = [["###", "###", "###"], [".#.", "###", ".#."], ["###", "#.#", "###"]];
    private static readonly float[][] s_colours = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]];

    /// <summary>A scene, drawn.</summary>
    public static ShapeScene Draw(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new ShapeScene(random.NextInt(Shapes), random.NextInt(Colours), random.NextInt(Corners));
    }

    /// <summary>Its picture, [3 · 64].</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="quality">0 to 1.</param>
    /// <param name="random">Draws noise and where in the corner it stands.</param>
    public static float[] Picture(ShapeScene scene, double quality, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var picture = new float[PictureWidth];
        int top = (scene.Corner / 2 * 4) + random.NextInt(2), left = (scene.Corner % 2 * 4) + random.NextInt(2);
        for (int y = 0; y < 3; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                for (int k = 0; k < 3 && s_shapes[scene.Shape][y][x] == '#'; k++)
                {
                    picture[(k * Side * Side) + ((top + y) * Side) + left + x] = s_colours[scene.Colour][k] * (float)(0.4 + (0.6 * quality));
                }
            }
        }

        float noise = (float)(0.3 * (1 - quality));
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] += noise * (float)random.NextNormal();
        }

        return picture;
    }

    /// <summary>The words of a caption as flags, [11].</summary>
    public static float[] Caption(ShapeScene scene)
    {
        var words = new float[CaptionWidth];
        words[scene.Shape] = 1;
        words[Shapes + scene.Colour] = 1;
        words[Shapes + Colours + scene.Corner] = 1;
        return words;
    }
}
