using Meed.Rewards;
using Meed.Tasks.Arithmetic;
using Meed.Tasks.Books;
using Meed.Tasks.Countdown;
using Meed.Tasks.PreferenceSet;

namespace Meed.Tasks;

/// <summary>The tasks and task rewards of this package.</summary>
public static class Catalog
{
    /// <summary>One entry a method. A task's factory takes its options and gives an <see cref="ITask{TSample}"/>.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("countdown", "task", [], "Reach a target from a few numbers with + − × and parentheses.", "", typeof(CountdownOptions), (CountdownOptions o) => new CountdownTask(o)),
        new("arithmetic", "task", [], "Add, subtract or multiply two whole numbers.", "", typeof(ArithmeticOptions), (ArithmeticOptions o) => new ArithmeticTask(o)),
        new("preference-set", "task", [], "Descriptions with right and wrong facts, and comparisons of them with stated flaws: length bias, noise, markers, ties, tastes, criteria, shift.", "", typeof(PreferenceSetOptions), (PreferenceSetOptions o) => new PreferenceSetTask(o)),
        new("phone", "environment", [4], "A simulated phone with inspectable apps: goals from templates, success by reading the final state, variance between parameter seeds.", "AndroidWorld, arXiv:2405.14573"),
        RewardEntry.Of<TextSample, CountdownVerifierOptions>("countdown", "verifier", [], "1 for an expression that uses each number once and equals the target.", "", _ => new CountdownVerifier()),
        new("book", "task", [], "Go on with a plain text, character by character.", "", typeof(BookOptions), (BookOptions o) => new BookTask(o)),
        RewardEntry.Of<TextSample, BookWordsOptions>("book-words", "verifier", [], "Words of an answer that occur in a book, all of them or each once.", "", o => new BookWords(o)),
    ];
}
