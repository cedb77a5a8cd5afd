namespace Meed.Numerics.Inference;

/// <summary>Sizes of a decoder-only transformer with RMS norm, rotary positions, grouped queries and a gated SiLU MLP.</summary>
public sealed record DecoderShape
{
    /// <summary>Number of token ids, V.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Features of a token, D.</summary>
    public required int Hidden { get; init; }

    /// <summary>Query heads, H.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides H.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Features of one head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Inner features of the MLP.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Added to the mean square in RMS norm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public required float RopeTheta { get; init; }
}

/// <summary>The parameters of one block, weights as [out, in].</summary>
public sealed record DecoderLayer
{
    /// <summary>Gain of the norm before attention, [D].</summary>
    public required Parameter AttentionNorm { get; init; }

    /// <summary>Query projection, [H·size, D].</summary>
    public required Parameter Query { get; init; }

    /// <summary>Key projection, [Hkv·size, D].</summary>
    public required Parameter Key { get; init; }

    /// <summary>Value projection, [Hkv·size, D].</summary>
    public required Parameter Value { get; init; }

    /// <summary>Output projection, [D, H·size].</summary>
    public required Parameter Output { get; init; }

    /// <summary>Gain of the norm before the MLP, [D].</summary>
    public required Parameter MlpNorm { get; init; }

    /// <summary>Gate projection, [F, D].</summary>
    public required Parameter Gate { get; init; }

    /// <summary>Up projection, [F, D].</summary>
    public required Parameter Up { get; init; }

    /// <summary>Down projection, [D, F].</summary>
    public required Parameter Down { get; init; }
}
