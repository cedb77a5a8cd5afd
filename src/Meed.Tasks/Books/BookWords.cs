using Meed.Rewards;
using Meed.Rewards.Verifiers;

namespace Meed.Tasks.Books;

/// <summary>Which words of an answer are counted.</summary>
public sealed record BookWordsOptions
{
    /// <summary>The text whose words are known, UTF-8, plain or gzip; <c>${NAME}</c> stands for an environment variable.</summary>
    public string Path { get; init; } = "";

    /// <summary>True when a word counts once, however often it stands there.</summary>
    public bool Distinct { get; init; }

    /// <summary>Words at which an answer is worth 1.</summary>
    public int Words { get; init; } = 16;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in Book.Problems(Path))
        {
            yield return problem;
        }

        if (Words < 1)
        {
            yield return $"{nameof(Words)} is {Words}: use 1 or more.";
        }
    }
}

/// <summary>Words of an answer that occur in a book: min(1, count / words).</summary>
/// <remarks>
/// Counting every occurrence is a reward that overshoots: more words at first means words spelled right, then ever shorter ones, at last one letter again and again. Counting each word
/// once cannot be had that way. A first word that goes on the prompt's last one and a last word that the end may have cut are left out.
/// <para>Components: <c>known</c> (counted words), <c>different</c> (different ones among them), <c>unknown</c> (words that the book lacks).</para>
/// </remarks>
public sealed class BookWords : TextVerifier
{
    private readonly Book _book;
    private readonly BookWordsOptions _options;

    /// <summary>A reward over the words of a file.</summary>
    public BookWords(BookWordsOptions options)
        : this(options, Book.Open((options ?? throw new ArgumentNullException(nameof(options))).Path))
    {
    }

    /// <summary>A reward over the words of a book.</summary>
    public BookWords(BookWordsOptions options, Book book)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(book);
        _options = options;
        _book = book;
    }

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("book-words", "1", ["known", "different", "unknown"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        ArgumentNullException.ThrowIfNull(sample);
        string text = sample.Response;
        work.Charge(text.Length);
        int from = 0, to = text.Length;
        if (sample.Prompt is [.., { Content: [.., var before] }] && char.IsLetter(before))
        {
            while (from < to && char.IsLetter(text[from]))
            {
                from++;
            }
        }

        while (to > from && char.IsLetter(text[to - 1]))
        {
            to--;
        }

        int known = 0, unknown = 0;
        var different = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in Book.WordsOf(text[from..to]))
        {
            string lower = word.ToLowerInvariant();
            if (_book.Words.Contains(lower))
            {
                known++;
                different.Add(lower);
            }
            else
            {
                unknown++;
            }
        }

        row.Component(0, known);
        row.Component(1, different.Count);
        row.Component(2, unknown);
        row.Set(Math.Min(1, (double)(_options.Distinct ? different.Count : known) / _options.Words));
    }
}
