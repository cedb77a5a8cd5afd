namespace Meed.RewardModels.Networks;

/// <summary>A reward model over features that something else computed.</summary>
public sealed record FeatureOptions
{
    /// <summary>A safetensors file with the matrix; responses name their row as <c>feature</c>.</summary>
    public string Matrix { get; init; } = "";

    /// <summary>Name of the matrix in the file, [rows, D].</summary>
    public string Tensor { get; init; } = "features";

    /// <summary>The head: linear or two-layer.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Inner features of the two-layer head.</summary>
    public int HeadSize { get; init; } = 256;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Matrix.Length == 0)
        {
            yield return "Matrix is empty; name a safetensors file.";
        }

        if (HeadSize < 1)
        {
            yield return $"HeadSize is {HeadSize}; it is 1 or more.";
        }

        if (Head == HeadKind.Attention)
        {
            yield return "Head is attention, which needs the features of every token; a matrix has one row a response. Use linear or two-layer, or the transformer encoder.";
        }
    }
}
