using Meed.Rewards;

namespace Meed.Tasks.Books;

/// <summary>Go on with a text: the prompt is a passage, the demonstration what follows it.</summary>
/// <remarks>
/// Passages begin anywhere. Those that touch the last <see cref="BookOptions.HeldOutShare"/> of the text are held out. Imitating the demonstrations is next-token training on the text.
/// Gold: <see cref="BookWords"/> with every word once. The standard difficulty is the only one.
/// </remarks>
public sealed class BookTask : ITask<TextSample>
{
    private readonly BookOptions _options;
    private readonly Book _book;
    private readonly int _firstHeldOut;

    /// <summary>A task over a file.</summary>
    /// <exception cref="ArgumentException">The options have problems, or the text is too short for them.</exception>
    public BookTask(BookOptions options)
        : this(options, Book.Open((options ?? throw new ArgumentNullException(nameof(options))).Path))
    {
    }

    /// <summary>A task over a book; the path is not read.</summary>
    public BookTask(BookOptions options, Book book)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(book);
        _options = options;
        _book = book;
        _firstHeldOut = (int)(book.Text.Length * (1 - options.HeldOutShare));
        int passage = options.PromptCharacters + options.AnswerCharacters;
        if (_firstHeldOut < 2 * passage || book.Text.Length - _firstHeldOut < 2 * passage)
        {
            throw new ArgumentException($"book: a text of {book.Text.Length} characters, {options.HeldOutShare} of them held out, is too short for passages of {passage}. Use a longer text.", nameof(options));
        }

        Alphabet = new string([.. book.Text.Distinct().Order()]);
        Gold = new BookWords(new BookWordsOptions { Distinct = true, Words = options.GoldWords }, book);
    }

    /// <inheritdoc/>
    public string Name => "book";

    /// <inheritdoc/>
    public string Alphabet { get; }

    /// <inheritdoc/>
    public IReward<TextSample> Gold { get; }

    /// <inheritdoc/>
    public TaskItem<TextSample> Generate(ulong seed, Difficulty difficulty)
    {
        if (difficulty.Level != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(difficulty), $"book: difficulty {difficulty.Level} does not exist; a book has the standard one alone.");
        }

        int start = Hashing.Below(Hashing.Mix(seed, 0), _book.Text.Length - _options.PromptCharacters - _options.AnswerCharacters);
        return new TaskItem<TextSample>(start.ToString(System.Globalization.CultureInfo.InvariantCulture), new TextSample { Prompt = [new Message("user", _book.Text.Substring(start, _options.PromptCharacters))] });
    }

    /// <inheritdoc/>
    /// <remarks>The text's own passage, which need not have the highest reward.</remarks>
    public TextSample Oracle(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Sample with { Response = _book.Text.Substring(Start(item) + _options.PromptCharacters, _options.AnswerCharacters) };
    }

    /// <inheritdoc/>
    public bool IsHeldOut(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Start(item) + _options.PromptCharacters + _options.AnswerCharacters > _firstHeldOut;
    }

    private static int Start(TaskItem<TextSample> item) => int.Parse(item.Key, System.Globalization.CultureInfo.InvariantCulture);
}
