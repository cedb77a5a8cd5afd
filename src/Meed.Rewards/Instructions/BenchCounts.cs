using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>Counts and ratios: words, numbers, names, conjunctions, stop words, overlap.</summary>
internal static class BenchCounts
{
    private static readonly string[] s_names =
        ("Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander Amelia Benjamin Harper Leo Zoe Daniel Chloe Samuel Lily Matthew Grace Owen Abigail " +
        "Gabriel Ella Jacob Scarlett Nathan Victoria Elijah Layla Nicholas Audrey David Hannah Christopher Penelope Thomas Nora Andrew Aria Joseph Claire Ryan Stella Jonathan").Split(' ');

    private static readonly int[] s_times = [1, 2, 3, 5, 7];

    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        new("count:word_count_range", "Between so many and so many words.", ["min_words", "max_words"], (r, a) => Words.CountRuns(r) is var n && n >= a.Number("min_words") && n <= a.Number("max_words")),
        new("count:unique_word_count", "At least so many different words.", ["N"], (r, a) => Words.Split(r.ToLowerInvariant()).Select(Words.Trim).Distinct(StringComparer.Ordinal).Count() >= a.Number("N")),
        new("count:conjunctions", "At least so many different coordinating conjunctions.", ["small_n"], Conjunctions),
        new("count:person_names", "At least so many names of a list of 50.", ["N"], (r, a) => s_names.Count(n => r.Contains(n, StringComparison.Ordinal)) >= a.Number("N")),
        new("count:numbers", "Exactly so many numbers.", ["N"], (r, a) => NumberRuns(Words.WithoutPunctuation(r)).Count == a.Number("N")),
        new("count:pronouns", "At least so many pronouns.", ["N"], (r, a) => IfBench.PlainWords(r.Replace('/', ' '), lower: true).Count(EnglishLists.Pronouns.Contains) >= a.Number("N")),
        new("count:punctuation", "Every usual punctuation mark and an interrobang.", [], (r, _) => EveryMark(r)),
        new("count:keywords_multiple", "Five keywords 1, 2, 3, 5 and 7 times.", ["keyword1", "keyword2", "keyword3", "keyword4", "keyword5"], KeywordsMultiple),
        new("count:words_japanese", "Every so-manieth word is Japanese.", ["N"], EveryNthJapanese),
        new("ratio:stop_words", "At most so many percent stop words.", ["percentage"], StopWordShare),
        new("ratio:overlap", "Share of character trigrams that the reference text has too, within 2 points.", ["percentage", "reference_text"], TrigramOverlap),
        new("ratio:sentence_type", "Twice as many statements as questions.", [], (r, _) => Ends(r, '.') == 2 * Ends(r, '?')),
        new("ratio:sentence_balance", "As many statements as questions as exclamations.", [], (r, _) => Ends(r, '.') is var n && n == Ends(r, '?') && n == Ends(r, '!')),
        new("ratio:sentence_words", "Three sentences of the same number of characters.", [], (r, _) => Sentences.Rules(r) is { Count: 3 } s && s.All(x => Characters(x) == Characters(s[0]))),
    ];

    /// <summary>Runs of decimal digits.</summary>
    internal static List<string> NumberRuns(string text)
    {
        var runs = new List<string>();
        for (int i = 0; i < text.Length; i++)
        {
            int start = i;
            while (i < text.Length && char.IsDigit(text[i])) { i++; }
            if (i > start)
            {
                runs.Add(text[start..i]);
            }
        }

        return runs;
    }

    /// <summary>Characters as code points.</summary>
    internal static int Characters(string text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes()) { count++; }
        return count;
    }

    private static int Ends(string response, char mark) => Sentences.Rules(response).Count(s => s.EndsWith(mark));

    private static bool Conjunctions(string response, InstructionArguments a)
    {
        // Different spellings ("And", "and,") count as different, as in the published checker.
        var found = new HashSet<string>(Words.Split(response).Where(w => EnglishLists.CoordinatingConjunctions.Contains(Words.Trim(w).ToLowerInvariant())), StringComparer.Ordinal);
        return found.Count >= a.Number("small_n");
    }

    private static bool EveryMark(string response)
    {
        if (!response.Contains("!?", StringComparison.Ordinal) && !response.Contains("?!", StringComparison.Ordinal) && !response.Contains('‽'))
        {
            return false;
        }

        // One interrobang does not count as a question mark and an exclamation mark.
        int at = response.IndexOf("?!", StringComparison.Ordinal);
        at = at >= 0 ? at : response.IndexOf("!?", StringComparison.Ordinal);
        var rest = at < 0 ? response : response.Remove(at, 2);
        return ".,!?;:".All(rest.Contains);
    }

    private static bool KeywordsMultiple(string response, InstructionArguments a)
    {
        var lower = response.ToLowerInvariant();
        for (int i = 0; i < s_times.Length; i++)
        {
            var keyword = Words.TrimSpace(a.Text($"keyword{i + 1}")).ToLowerInvariant();
            if (IfEval.Occurrences(lower, keyword, StringComparison.Ordinal) != s_times[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool EveryNthJapanese(string response, InstructionArguments a)
    {
        int n = a.Number("N");
        if (n < 1)
        {
            throw new InstructionException($"argument 'N' is {n}; 1 or more is needed");
        }

        var words = Words.Split(response);
        for (int i = n - 1; i < words.Count; i += n)
        {
            var word = Words.Trim(words[i]);
            if (word.Length > 0 && !word.All(char.IsDigit) && !word.Any(c => c is (>= '\u3040' and <= '\u30ff') or (>= '\u4e00' and <= '\u9fff')))
            {
                return false;
            }
        }

        return true;
    }

    private static bool StopWordShare(string response, InstructionArguments a)
    {
        var words = Words.Runs(response);
        return words.Count > 0 && 100.0 * words.Count(w => EnglishLists.StopWords.Contains(w.ToLowerInvariant())) / words.Count <= a.Real("percentage");
    }

    private static bool TrigramOverlap(string response, InstructionArguments a)
    {
        var own = Trigrams(response);
        if (own.Count == 0)
        {
            return false;
        }

        double share = 100.0 * own.Count(Trigrams(a.Text("reference_text")).Contains) / own.Count;
        double asked = a.Real("percentage");
        return share >= asked - 2 && share <= asked + 2;
    }

    private static HashSet<(int, int, int)> Trigrams(string text)
    {
        var runes = text.EnumerateRunes().Select(r => r.Value).ToList();
        var set = new HashSet<(int, int, int)>();
        for (int i = 0; i + 2 < runes.Count; i++)
        {
            set.Add((runes[i], runes[i + 1], runes[i + 2]));
        }

        return set;
    }
}
