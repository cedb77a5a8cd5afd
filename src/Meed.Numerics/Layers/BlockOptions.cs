namespace Meed.Numerics;

/// <summary>Which family a transformer block follows.</summary>
public enum BlockStyle
{
    /// <summary>RMS norm, rotary positions, gated MLP, no biases; names as in Llama checkpoints.</summary>
    Llama,

    /// <summary>Layer norm, positions added outside, GELU MLP, biases; names as in GPT-2 checkpoints.</summary>
    Gpt2,
}

/// <summary>Sizes of one transformer block.</summary>
public sealed record BlockOptions
{
    /// <summary>Family.</summary>
    public BlockStyle Style { get; init; } = BlockStyle.Llama;

    /// <summary>Width of the residual stream, D.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public int KeyHeads { get; init; } = 4;

    /// <summary>Size of a head; 0 for D / heads.</summary>
    public int HeadSize { get; init; }

    /// <summary>Width inside the MLP.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>Added to the variance or mean square in norms.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Base of the rotary frequencies.</summary>
    public float RopeTheta { get; init; } = 10000f;

    /// <summary>Deviation of the initial weights; GPT-2 and Llama use 0.02.</summary>
    public float Deviation { get; init; } = 0.02f;

    /// <summary>Deviation of the maps that write to the residual stream; GPT-2 divides by √(2·layers). Null for <see cref="Deviation"/>.</summary>
    public float? OutputDeviation { get; init; }

    /// <summary>The size of a head that is used.</summary>
    public int ActualHeadSize => HeadSize > 0 ? HeadSize : Heads > 0 ? Width / Heads : 0;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Width < 1 || Heads < 1 || KeyHeads < 1 || Hidden < 1)
        {
            yield return $"{nameof(Width)} is {Width}, {nameof(Heads)} {Heads}, {nameof(KeyHeads)} {KeyHeads}, {nameof(Hidden)} {Hidden}: all must be 1 or more.";
            yield break;
        }

        if (Heads % KeyHeads != 0)
        {
            yield return $"{nameof(KeyHeads)} is {KeyHeads}: it must divide {nameof(Heads)}, {Heads}.";
        }

        if (HeadSize == 0 && Width % Heads != 0)
        {
            yield return $"{nameof(Width)} is {Width}: it must be a multiple of {nameof(Heads)}, {Heads}, or {nameof(HeadSize)} be given.";
        }

        if (Style == BlockStyle.Llama && ActualHeadSize % 2 != 0)
        {
            yield return $"The head size is {ActualHeadSize}: rotary positions need an even one.";
        }

        if (Style == BlockStyle.Gpt2 && KeyHeads != Heads)
        {
            yield return $"{nameof(KeyHeads)} is {KeyHeads} and {nameof(Heads)} {Heads}: the GPT-2 style has as many key heads as query heads.";
        }
    }
}
