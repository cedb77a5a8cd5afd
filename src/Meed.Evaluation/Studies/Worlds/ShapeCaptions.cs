using Meed.Numerics;
using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;
using Meed.Tasks.Shapes;

namespace Meed.Evaluation.Studies.Worlds;

/// <summary>What the responses of <see cref="ShapeCaptions"/> are.</summary>
public enum CaptionSide : byte
{
    /// <summary>Captions of a picture that the prompt shows.</summary>
    Captions,

    /// <summary>Pictures for a caption that the prompt says.</summary>
    Pictures,
}

/// <summary>Options of <see cref="ShapeCaptions"/>.</summary>
public sealed record ShapeCaptionOptions : SeenWorldOptions
{
    /// <summary>Captions of a picture, or pictures for a caption.</summary>
    public CaptionSide Compare { get; init; }

    /// <summary>Contrast and freedom from noise of the pictures, 0 to 1.</summary>
    public double Quality { get; init; } = 0.7;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Quality is >= 0 and <= 1 ? base.Problems() : base.Problems().Append($"Quality is {Quality}; it is 0 to 1.");
}

/// <summary>Pictures of a shape of a colour in a corner, and captions with true and false facts: of two, the one with more true facts is better.</summary>
/// <remarks>Captions have a sentence that says nothing half of the time, so that length means nothing. Neither the words nor the picture alone tell which side is better.</remarks>
public sealed class ShapeCaptions(ShapeCaptionOptions options) : PreferenceWorld(options)
{
    private const string Source = "shape-captions";
    private static readonly string[] s_shapes = ["square", "cross", "ring"], s_colours = ["red", "green", "blue", "yellow"], s_corners = ["upper left", "upper right", "lower left", "lower right"];
    private static readonly string[] s_empty = ["It is a small picture.", "One thing is to be seen.", "The rest is dark."];
    private static readonly ObservationShape s_shape = new(ObservationKind.Picture, 1, 3, 8, 8);

    /// <inheritdoc/>
    protected override Func<RandomStream, PreferenceRow> Begin(RandomStream random) => Draw;

    private PreferenceRow Draw(RandomStream random)
    {
        while (true)
        {
            var scene = ShapeScenes.Draw(random);
            ShapeScene first = Near(scene, random), second = Near(scene, random);
            if (first.Matches(scene) == second.Matches(scene))
            {
                continue;
            }

            return options.Compare == CaptionSide.Captions
                ? Row(Source, "What is in the picture?", Picture(scene, random), new RatedResponse { Text = Caption(first, random), Rating = first.Matches(scene) }, new RatedResponse { Text = Caption(second, random), Rating = second.Matches(scene) })
                : Row(Source, Caption(scene, random), null, new RatedResponse { Observation = new ObservationSource(Picture(first, random)), Rating = first.Matches(scene) }, new RatedResponse { Observation = new ObservationSource(Picture(second, random)), Rating = second.Matches(scene) });
        }
    }

    // The scene with each fact changed four times in ten.
    private static ShapeScene Near(ShapeScene scene, RandomStream random)
    {
        int[] values = [ShapeScenes.Shapes, ShapeScenes.Colours, ShapeScenes.Corners];
        for (int fact = 0; fact < 3; fact++)
        {
            int shift = random.NextInt(1, values[fact]);
            scene = random.NextBool(0.4) ? scene.Altered(fact, shift) : scene;
        }

        return scene;
    }

    private Observation Picture(ShapeScene scene, RandomStream random) => new(s_shape, Pixels(ShapeScenes.Picture(scene, options.Quality, random)));

    private static string Caption(ShapeScene scene, RandomStream random)
    {
        string caption = $"A {s_colours[scene.Colour]} {s_shapes[scene.Shape]} in the {s_corners[scene.Corner]}.", empty = s_empty[random.NextInt(s_empty.Length)];
        return random.NextBool() ? caption : random.NextBool() ? $"{caption} {empty}" : $"{empty} {caption}";
    }
}
