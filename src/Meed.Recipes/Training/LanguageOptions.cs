using Meed.Alignment;

namespace Meed.Recipes.Training;

/// <summary>How text becomes tokens.</summary>
public enum TokenizerKind : byte
{
    /// <summary>One token a character of the task's alphabet.</summary>
    Characters,

    /// <summary>One token a byte.</summary>
    Bytes,

    /// <summary>One token a byte, and one for each number of two digits.</summary>
    Numbers,
}

/// <summary>The policy of a language recipe: a decoder-only transformer from seeded weights.</summary>
public sealed record PolicyOptions
{
    /// <summary>How text becomes tokens.</summary>
    public TokenizerKind Tokenizer { get; init; }

    /// <summary>Features of a token, D.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; divides the query heads.</summary>
    public int KeyValueHeads { get; init; } = 4;

    /// <summary>Inner features of the gated MLP.</summary>
    public int IntermediateSize { get; init; } = 352;

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int MaximumPositions { get; init; } = 64;

    /// <summary>True when the output matrix is the embedding.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Most tokens of an answer.</summary>
    public int MaximumNewTokens { get; init; } = 24;

    /// <summary>Temperature while training, above 0.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, value) in ((string, int)[])[("HiddenSize", HiddenSize), ("Layers", Layers), ("Heads", Heads), ("KeyValueHeads", KeyValueHeads), ("IntermediateSize", IntermediateSize), ("MaximumPositions", MaximumPositions), ("MaximumNewTokens", MaximumNewTokens)])
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

        if (KeyValueHeads > 0 && Heads % KeyValueHeads != 0)
        {
            yield return $"KeyValueHeads is {KeyValueHeads}; it divides the {Heads} heads.";
        }

        if (!(Temperature > 0))
        {
            yield return $"Temperature is {Temperature}; training needs one above 0.";
        }

        if (MaximumNewTokens >= MaximumPositions && MaximumNewTokens >= 1)
        {
            yield return $"MaximumNewTokens is {MaximumNewTokens} of {MaximumPositions} positions; the prompt needs some too.";
        }
    }
}

/// <summary>What the policy imitates before it is rewarded.</summary>
public sealed record WarmStartOptions
{
    /// <summary>Demonstrations that the task generates; 0 skips the warm start.</summary>
    public int Demonstrations { get; init; } = 60_000;

    /// <summary>Characters that no demonstration shows and the reward may need; after the warm start their embedding begins as the mean of those of <see cref="Like"/>. None when empty.</summary>
    public string NewTokens { get; init; } = "";

    /// <summary>The shown characters that new ones resemble.</summary>
    public string Like { get; init; } = "";

    /// <summary>Share of the later prompts, 0..1, that are drawn among items without a demonstration; the others are drawn as the task draws them.</summary>
    public double Undemonstrated { get; init; }

    /// <summary>The trainer.</summary>
    public SftOptions Sft { get; init; } = new();

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Undemonstrated is not (>= 0 and <= 1))
        {
            yield return $"Undemonstrated is {Undemonstrated}; it is a share, 0 to 1.";
        }

        if (NewTokens.Length > 0 != Like.Length > 0)
        {
            yield return $"NewTokens is '{NewTokens}' and Like is '{Like}'; give both or neither.";
        }

        if (Demonstrations < 0)
        {
            yield return $"Demonstrations is {Demonstrations}; it is 0 or more.";
        }
    }
}

/// <summary>How the policy is measured, always with the task's own reward on held-out items.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Held-out items of the measurement before and after.</summary>
    public int Items { get; init; } = 1000;

    /// <summary>Answers an item; pass@1 is their mean.</summary>
    public int Samples { get; init; } = 8;

    /// <summary>Temperature of those answers.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>The k of pass@k, each at most <see cref="Samples"/>.</summary>
    public IReadOnlyList<int> PassAt { get; init; } = [1, 8];

    /// <summary>
    /// β of the exact posterior that the policy is compared with at the end, by listing every answer; 0 for no comparison. For short answers only: <c>posterior_kl</c>, <c>answer_entropy</c>.
    /// </summary>
    public double PosteriorBeta { get; init; }

    /// <summary>Held-out items of that comparison.</summary>
    public int PosteriorItems { get; init; } = 20;

    /// <summary>Steps between measurements on the way; 0 for none.</summary>
    public int Every { get; init; } = 20;

    /// <summary>Held-out items of a measurement on the way.</summary>
    public int ItemsOnTheWay { get; init; } = 100;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Items < 1)
        {
            yield return $"Items is {Items}; it is 1 or more.";
        }

        if (Samples < 1)
        {
            yield return $"Samples is {Samples}; it is 1 or more.";
        }

        if (!(Temperature >= 0))
        {
            yield return $"Temperature is {Temperature}; it is 0 or more.";
        }

        if (!(PosteriorBeta >= 0))
        {
            yield return $"PosteriorBeta is {PosteriorBeta}; it is above 0, or 0 for no comparison.";
        }

        if (PosteriorItems < 1 || (PosteriorBeta > 0 && PosteriorItems > Items))
        {
            yield return $"PosteriorItems is {PosteriorItems}; it lies between 1 and Items, {Items}.";
        }

        if (PassAt.Any(k => k < 1 || k > Samples))
        {
            yield return $"PassAt names {string.Join(", ", PassAt.Where(k => k < 1 || k > Samples))}; each lies between 1 and Samples, {Samples}.";
        }

        if (Every < 0)
        {
            yield return $"Every is {Every}; it is 0 or more.";
        }

        if (ItemsOnTheWay < 1 || ItemsOnTheWay > Items)
        {
            yield return $"ItemsOnTheWay is {ItemsOnTheWay}; it lies between 1 and Items, {Items}.";
        }
    }
}

/// <summary>What a run stores and shows.</summary>
public sealed record ReportOptions
{
    /// <summary>Held-out prompts whose answers before and after are shown.</summary>
    public int Samples { get; init; } = 12;

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 25;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Samples < 0)
        {
            yield return $"Samples is {Samples}; it is 0 or more.";
        }

        if (CheckpointEvery < 1)
        {
            yield return $"CheckpointEvery is {CheckpointEvery}; it is 1 or more.";
        }
    }
}
