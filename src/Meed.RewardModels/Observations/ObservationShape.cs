using System.Globalization;

namespace Meed.RewardModels.Observations;

/// <summary>What is looked at beside a text.</summary>
public enum ObservationKind : byte
{
    /// <summary>One picture.</summary>
    Picture,

    /// <summary>Pictures in order.</summary>
    Clip,

    /// <summary>States of an environment in order, with the actions taken in them where they are known.</summary>
    States,
}

/// <summary>Sizes of an observation, which a reward model is locked to.</summary>
/// <param name="Kind">Picture, clip or states.</param>
/// <param name="Steps">Frames of a clip, 1 for a picture; of states the number there are, or the most that a model reads.</param>
/// <param name="Channels">Planes of a picture: 1 grey, 3 red, green and blue; 1 for states.</param>
/// <param name="Height">Rows of pixels; 1 for states.</param>
/// <param name="Width">Pixels of a row, or numbers of a state.</param>
/// <param name="Actions">Numbers of an action; 0 where there are none.</param>
public sealed record ObservationShape(ObservationKind Kind, int Steps, int Channels, int Height, int Width, int Actions = 0)
{
    /// <summary>Numbers of a frame, or of a state with its action.</summary>
    public int StepSize => (Channels * Height * Width) + Actions;

    /// <summary>True for an observation that a model of this shape reads; states may be fewer.</summary>
    public bool Reads(ObservationShape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == ObservationKind.States ? other with { Steps = Steps } == this && other.Steps >= 1 && other.Steps <= Steps : other == this;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ObservationKind.Picture => $"a picture of {Pixels}",
        ObservationKind.Clip => string.Create(CultureInfo.InvariantCulture, $"{Steps} frames of {Pixels}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Steps} states of {Width} numbers{(Actions > 0 ? $" with actions of {Actions}" : " without actions")}"),
    };

    private string Pixels => string.Create(CultureInfo.InvariantCulture, $"{Width} × {Height} pixels in {Channels} plane{(Channels == 1 ? "" : "s")}");
}
