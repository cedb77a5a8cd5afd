namespace Meed.RewardModels.Networks;

/// <summary>A reward model over hashed word and character n-grams: fast, and the baseline that a larger one has to beat.</summary>
public sealed record NGramOptions
{
    /// <summary>Buckets that n-grams are hashed into; a power of two.</summary>
    public int Buckets { get; init; } = 1 << 18;

    /// <summary>Longest word n-gram; 0 for none.</summary>
    public int Words { get; init; } = 2;

    /// <summary>Longest character n-gram, from 3 on; 0 for none.</summary>
    public int Characters { get; init; }

    /// <summary>True when length, lines, lists, headings, bold, code, questions and the words shared with the prompt are features too.</summary>
    public bool Style { get; init; } = true;

    /// <summary>True when every feature also exists once for each context (source, criterion), so that contexts may disagree.</summary>
    public bool Context { get; init; }

    /// <summary>Rank of the products of prompt and response features; 0 for a linear head.</summary>
    public int Rank { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Buckets is < 16 or > 1 << 26 || (Buckets & (Buckets - 1)) != 0)
        {
            yield return $"Buckets is {Buckets}; it is a power of two from 16 to {1 << 26}.";
        }

        if (Words is < 0 or > 5)
        {
            yield return $"Words is {Words}; it is 0 to 5.";
        }

        if (Characters != 0 && Characters is < 3 or > 8)
        {
            yield return $"Characters is {Characters}; it is 0, or 3 to 8.";
        }

        if (Words == 0 && Characters == 0 && !Style)
        {
            yield return "Words is 0, Characters is 0 and Style is false: there is nothing to learn from.";
        }

        if (Rank is < 0 or > 64)
        {
            yield return $"Rank is {Rank}; it is 0 to 64.";
        }
    }
}
