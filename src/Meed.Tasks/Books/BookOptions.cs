namespace Meed.Tasks.Books;

/// <summary>A plain text to go on with.</summary>
public sealed record BookOptions
{
    /// <summary>The text, UTF-8, plain or gzip; <c>${NAME}</c> stands for an environment variable.</summary>
    public string Path { get; init; } = "";

    /// <summary>Characters of a prompt.</summary>
    public int PromptCharacters { get; init; } = 32;

    /// <summary>Characters that go on; also how many words of an answer the gold reward reads.</summary>
    public int AnswerCharacters { get; init; } = 64;

    /// <summary>Different words of the book at which an answer is worth 1.</summary>
    public int GoldWords { get; init; } = 16;

    /// <summary>Share of the text, at its end, that is held out.</summary>
    public double HeldOutShare { get; init; } = 0.1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in Book.Problems(Path))
        {
            yield return problem;
        }

        if (PromptCharacters < 1)
        {
            yield return $"{nameof(PromptCharacters)} is {PromptCharacters}: use 1 or more.";
        }

        if (AnswerCharacters < 1)
        {
            yield return $"{nameof(AnswerCharacters)} is {AnswerCharacters}: use 1 or more.";
        }

        if (GoldWords < 1)
        {
            yield return $"{nameof(GoldWords)} is {GoldWords}: use 1 or more.";
        }

        if (HeldOutShare is not (> 0 and < 1))
        {
            yield return $"{nameof(HeldOutShare)} is {HeldOutShare}: use a share above 0 and below 1.";
        }
    }
}
