using System.Text;
using System.Text.RegularExpressions;
using Meed.Rewards.Text;

namespace Meed.Rewards.Instructions;

/// <summary>The eleven one-off tasks whose answers can be checked.</summary>
internal static class BenchTasks
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private const int Questions = 4, Choices = 5;

    private static readonly Regex s_question = new(@"\n*Question \d+[.|):;]?\s*", Linear);
    private static readonly Regex s_choice = new(@"^[A-Ea-e][.|)]\s*\w", Linear);
    private static readonly Regex s_special = new("^\".*[^\\d\\w\\s].*\"", Linear);
    private static readonly Regex s_date = new(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", Linear);

    private static readonly string[] s_capitals =
        ("Reykjavik Helsinki Oslo Tallinn Stockholm Riga Moscow Copenhagen Vilnius Minsk Dublin Berlin Amsterdam Warsaw London Brussels Prague Luxembourg " +
        "Paris Vienna Bratislava Budapest Vaduz Chisinau Bern Ljubljana Zagreb").Split(' ');

    public static IReadOnlyList<InstructionKind> All { get; } =
    [
        new("custom:multiples", "The multiples of 7 from 10 to 50.", [], (r, _) => BenchCounts.NumberRuns(r).SequenceEqual(["14", "21", "28", "35", "42", "49"], StringComparer.Ordinal)),
        new("custom:mcq_count_length", "Four questions with five options, each longer than the one before.", [], (r, _) => GrowingQuestions(r)),
        new("custom:reverse_newline", "The countries of Africa in reverse order.", [], (r, _) => ReverseCountries(r)),
        new("custom:word_reverse", "An answer with its words in reverse order.", [], (r, _) => ReversedWords(r)),
        new("custom:character_reverse", "An answer with its letters in reverse order.", [], (r, _) => r.Contains("elgae dlab", StringComparison.OrdinalIgnoreCase)),
        new("custom:sentence_alphabet", "26 sentences from A to Z.", [], (r, _) => AlphabetSentences(r)),
        new("custom:european_capitals_sort", "Capitals north of 45 degrees from north to south.", [], (r, _) => Ascii(r).Split(',').Select(Words.TrimSpace).Where(c => c.Length > 0).SequenceEqual(s_capitals, StringComparer.Ordinal)),
        new("custom:csv_city", "Seven rows of comma-delimited data with the given columns.", [], (r, _) => CityRows(r)),
        new("custom:csv_special_character", "Fourteen rows with one quoted field that holds a special character.", [], (r, _) => SpecialRows(r)),
        new("custom:csv_quotes", "Three rows of tab-delimited data, every field in quotes.", [], (r, _) => QuotedRows(r)),
        new("custom:date_format_list", "Dates of Napoleon's battles as YYYY-MM-DD.", [], (r, _) => Words.TrimSpace(r).Split(',').All(d => IsDate(Words.TrimSpace(d)))),
    ];

    private static bool GrowingQuestions(string response)
    {
        if (!response.StartsWith("Question", StringComparison.Ordinal))
        {
            return false;
        }

        var questions = s_question.Split(response).Select(Words.TrimSpace).Where(q => q.Length > 0).ToList();
        int previous = -1;
        foreach (var question in questions)
        {
            int choices = 0;
            var text = new StringBuilder();
            foreach (var line in question.Split('\n').Select(Words.TrimSpace))
            {
                if (s_choice.IsMatch(line))
                {
                    choices++;
                }
                else if (choices == 0)
                {
                    text.Append(' ').Append(line);
                }
            }

            int length = BenchCounts.Characters(Words.TrimSpace(text.ToString()));
            if (choices != Choices || length <= previous)
            {
                return false;
            }

            previous = length;
        }

        return questions.Count == Questions;
    }

    private static bool ReverseCountries(string response)
    {
        var lines = response.Split('\n').Select(Words.Trim).Where(l => l.Length > 0).SkipWhile(l => !l.Contains("Zimbabwe", StringComparison.Ordinal)).Select(Ascii).ToList();
        for (int i = 0; i + 1 < lines.Count; i++)
        {
            if (string.CompareOrdinal(lines[i], lines[i + 1]) < 0)
            {
                return false;
            }
        }

        return lines.Count >= 52;
    }

    private static bool ReversedWords(string response)
    {
        var words = IfBench.PlainWords(response, lower: true);
        words.Reverse();
        return string.Join(' ', words).Contains("bald eagle", StringComparison.Ordinal);
    }

    private static bool AlphabetSentences(string response)
    {
        var sentences = Sentences.Rules(response);
        for (int i = 0; i < sentences.Count; i++)
        {
            if (sentences[i].Length == 0 || char.ToLowerInvariant(sentences[i][0]) != 'a' + i)
            {
                return false;
            }
        }

        return sentences.Count == 26;
    }

    private static bool CityRows(string response)
    {
        var rows = DelimitedRows.Read(response, ',');
        return rows.Count == 8 && rows.All(r => r.Count == 5) && rows[0].Select(f => f.Value).SequenceEqual(["ID", "Country", "City", "Year", "Count"], StringComparer.Ordinal);
    }

    private static bool SpecialRows(string response)
    {
        if (!Header(response, ',', ["ProductID", "Category", "Brand", "Price", "Stock"]))
        {
            return false;
        }

        var rows = DelimitedRows.Read(response, ',');
        return rows.Count == 15 && rows.Skip(1).TakeWhile(r => r.Count == 5).Any(r => r.Any(f => f.Quoted && s_special.IsMatch($"\"{f.Value}\"")));
    }

    private static bool QuotedRows(string response)
    {
        var rows = DelimitedRows.Read(response, '\t');
        return Header(response, '\t', ["StudentID", "Subject", "Grade", "Semester", "Score"]) && rows.Count == 4 && rows.All(r => r.Count == 5 && r.All(f => f.Quoted));
    }

    private static bool Header(string response, char delimiter, string[] names)
    {
        var fields = Words.TrimSpace(response.Split('\n')[0]).Split(delimiter).Select(f => f.TrimStart(' ', '\t')).ToList();
        return fields.Count == names.Length && fields.Zip(names).All(p => p.First == p.Second || p.First == $"\"{p.Second}\"");
    }

    private static bool IsDate(string text)
    {
        if (!s_date.IsMatch(text))
        {
            return false;
        }

        int year = int.Parse(text.AsSpan(0, 4)), month = int.Parse(text.AsSpan(5, 2)), day = int.Parse(text.AsSpan(8, 2));
        return year is >= 1769 and <= 1821 && month <= 12 && day <= month switch { 2 => 29, 4 or 6 or 9 or 11 => 30, 0 => 99, _ => 31 };
    }

    /// <summary>Letters without their accents, everything else outside ASCII dropped.</summary>
    private static string Ascii(string text) => string.Concat(Accents.Fold(text).Where(char.IsAscii));
}
