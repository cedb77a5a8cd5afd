namespace Meed.RewardModels.Networks;

/// <summary>A reward model over a decoder-only transformer: its own, or one taken from a run, learning along or frozen.</summary>
public sealed record TransformerOptions
{
    /// <summary>A finished run or a model folder whose transformer and tokenizer are taken; empty to begin from random weights.</summary>
    public string From { get; init; } = "";

    /// <summary>True when comparisons do not change the transformer: only the head learns. Features of its last token are computed once.</summary>
    public bool Freeze { get; init; }

    /// <summary>True when the context (source, criterion) stands before the dialogue, so that contexts may disagree.</summary>
    public bool Context { get; init; }

    /// <summary>Tokens of the byte-level tokenizer that is trained on the same text, where none is taken.</summary>
    public int Vocabulary { get; init; } = 2048;

    /// <summary>Features of a token, D.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Heads of attention.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Inner features of the gated MLP.</summary>
    public int IntermediateSize { get; init; } = 352;

    /// <summary>Longest prompt and response together, in tokens: the prompt loses its beginning, the response its end beyond three quarters.</summary>
    public int MaximumTokens { get; init; } = 256;

    /// <summary>The head.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Inner features of the two-layer head.</summary>
    public int HeadSize { get; init; } = 256;

    /// <summary>Steps of next-token training on the prompts and responses of the training part, before the comparisons.</summary>
    public int PretrainSteps { get; init; }

    /// <summary>Rows of such a step.</summary>
    public int PretrainRows { get; init; } = 16;

    /// <summary>Learning rate of such a step.</summary>
    public float PretrainRate { get; init; } = 1e-3f;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, value) in ((string, int)[])[("HiddenSize", HiddenSize), ("Layers", Layers), ("Heads", Heads), ("IntermediateSize", IntermediateSize), ("HeadSize", HeadSize), ("PretrainRows", PretrainRows)])
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it is 1 or more.";
            }
        }

        if (Heads > 0 && (HiddenSize % Heads != 0 || HiddenSize / Heads % 2 != 0))
        {
            yield return $"HiddenSize is {HiddenSize} over {Heads} heads; each head needs an even, whole number of features.";
        }

        if (Vocabulary < 300)
        {
            yield return $"Vocabulary is {Vocabulary}; bytes and role tags alone take 264, so write 300 or more.";
        }

        if (MaximumTokens < 16)
        {
            yield return $"MaximumTokens is {MaximumTokens}; it is 16 or more.";
        }

        if (Freeze && From.Length == 0 && PretrainSteps == 0)
        {
            yield return "Freeze is true, From is empty and PretrainSteps is 0: frozen random weights teach nothing. Name a run or a model folder in from, or let it predict the next token first with pretrainSteps.";
        }

        if (PretrainSteps < 0)
        {
            yield return $"PretrainSteps is {PretrainSteps}; it is 0 or more.";
        }
    }
}
