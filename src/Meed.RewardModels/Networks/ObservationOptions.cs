using Meed.RewardModels.Observations;

namespace Meed.RewardModels.Networks;

/// <summary>A small transformer over what is seen beside a text: what the encoders of pictures, clips and states share.</summary>
/// <remarks>Sizes of the observations are taken from the first training row that has one.</remarks>
public abstract record ObservationOptions
{
    /// <summary>Width of the residual stream, D.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Heads of attention.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The head: linear or two-layer at the last place, or attention over all places.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Inner features of the two-layer head.</summary>
    public int HeadSize { get; init; } = 64;

    /// <summary>Tokens of the byte-level tokenizer that is trained on the prompts and responses; 0 where texts are not read.</summary>
    public int Vocabulary { get; init; } = 512;

    /// <summary>Longest prompt and response together, in tokens: the prompt loses its beginning, the response its end beyond three quarters.</summary>
    public int MaximumTokens { get; init; } = 96;

    /// <summary>True when a sample without an observation is scored by its text alone; otherwise it fails.</summary>
    public bool Optional { get; init; }

    /// <summary>What it looks at.</summary>
    internal abstract ObservationKind Kind { get; }

    /// <summary>Every problem of this record.</summary>
    public virtual IEnumerable<string> Problems()
    {
        foreach (var (name, value) in ((string, int)[])[("Width", Width), ("Layers", Layers), ("Heads", Heads), ("HeadSize", HeadSize)])
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it is 1 or more.";
            }
        }

        if (Heads > 0 && Width % (2 * Heads) != 0)
        {
            yield return $"Width is {Width}; it is a multiple of twice the Heads, {2 * Heads}.";
        }

        if (Vocabulary is not 0 and < 300)
        {
            yield return $"Vocabulary is {Vocabulary}; bytes and role tags alone take 264, so write 300 or more, or 0 to read no text.";
        }

        if (MaximumTokens < 16)
        {
            yield return $"MaximumTokens is {MaximumTokens}; it is 16 or more.";
        }

        if (Optional && Vocabulary == 0)
        {
            yield return "Optional is true and Vocabulary 0: a sample without an observation would leave nothing to look at.";
        }
    }
}

/// <summary>A reward model over pictures and the texts about them.</summary>
public sealed record PictureEncoderOptions : ObservationOptions
{
    /// <summary>Pixels of a patch's side, which divides both sides of the pictures; 0 for the smallest that leaves at most 16 patches.</summary>
    public int Patch { get; init; }

    internal override ObservationKind Kind => ObservationKind.Picture;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Patch >= 0 ? base.Problems() : base.Problems().Append($"Patch is {Patch}; it is 1 or more, or 0 to let the size decide.");
}

/// <summary>A reward model over clips of a fixed number of frames and the texts about them.</summary>
public sealed record ClipEncoderOptions : ObservationOptions
{
    /// <summary>Pixels of a patch's side, which divides both sides of the frames; 0 for the smallest that leaves at most 64 patches a clip.</summary>
    public int Patch { get; init; }

    /// <summary>Longest interval between frames whose differences are looked at as well; 0 for frames alone.</summary>
    public int Motion { get; init; } = 2;

    internal override ObservationKind Kind => ObservationKind.Clip;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (string problem in base.Problems())
        {
            yield return problem;
        }

        if (Patch < 0)
        {
            yield return $"Patch is {Patch}; it is 1 or more, or 0 to let the size decide.";
        }

        if (Motion is < 0 or > 16)
        {
            yield return $"Motion is {Motion}; it is 0 to 16 frames.";
        }
    }
}

/// <summary>A reward model over states of an environment, with or without actions, and the texts about them.</summary>
public sealed record StateEncoderOptions : ObservationOptions
{
    /// <summary>Most states of a trajectory; longer ones are refused.</summary>
    public int Steps { get; init; } = 64;

    internal override ObservationKind Kind => ObservationKind.States;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => Steps is >= 1 and <= 4096 ? base.Problems() : base.Problems().Append($"Steps is {Steps}; it is 1 to 4096.");
}
