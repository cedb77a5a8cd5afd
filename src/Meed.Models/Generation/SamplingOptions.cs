namespace Meed.Models.Generation;

/// <summary>How completions are drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>Logits are divided by it; 1 draws from the model's own distribution, 0 takes the most probable token.</summary>
    public float Temperature { get; init; } = 1f;

    /// <summary>Only the k most probable tokens may be drawn; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the smallest set of most probable tokens with at least this probability may be drawn, after <see cref="TopK"/>; 1 for all (Holtzman et al. 2020, arXiv:1904.09751).</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Most tokens of a completion. A completion that reaches it without a stop is truncated.</summary>
    public int MaximumNewTokens { get; init; } = 64;

    /// <summary>Tokens that end a completion; they belong to its tokens, not to its text. Null for the tokenizer's end token.</summary>
    public IReadOnlyList<int>? StopTokens { get; init; }

    /// <summary>Strings that end a completion; the text ends before the first of them, the tokens hold all that was written.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Temperature >= 0) || float.IsInfinity(Temperature))
        {
            yield return $"{nameof(Temperature)} is {Temperature}; it is 0 (most probable token) or above.";
        }

        if (TopK < 0)
        {
            yield return $"{nameof(TopK)} is {TopK}; it is 0 (all) or above.";
        }

        if (!(TopP > 0 && TopP <= 1))
        {
            yield return $"{nameof(TopP)} is {TopP}; it is above 0 and at most 1.";
        }

        if (MaximumNewTokens < 1)
        {
            yield return $"{nameof(MaximumNewTokens)} is {MaximumNewTokens}; it is 1 or more.";
        }

        if (StopStrings.Any(s => s.Length == 0))
        {
            yield return $"{nameof(StopStrings)} holds an empty string, which would end every completion at once.";
        }
    }
}
