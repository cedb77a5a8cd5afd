using System.Text;
using Meed.Rewards.Text;

namespace Meed.Rewards.Tests.Records;

/// <summary>Sentences, words, tokens, stems, syllables, languages and scores of texts of many kinds.</summary>
public class TextRecordTests
{
    private static readonly string[] s_pieces = [".", "!", "?", " ", "\n", ",", "\"", "'", "”", "-", "a", "A", "The ", "he ", " He", "1", "...", ". ", "Mr.", "Ph.D.", "U.S. ", "Inc. ", ".com", "é", "ß", "и", "の", "*", "(", ")", "_", "y", "e", "ing", "ed", "s"];
    private static readonly Lazy<string[]> s_texts = new(() => [.. File.ReadLines(Path.Combine(DataFiles.Repository, "tests/Meed.Rewards.Tests/Records/texts.txt")).Where(static l => l.Length > 0)]);

    public static TheoryData<int> Parts() => [.. Enumerable.Range(0, Record.Parts)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Sentences_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("text-sentences", part, t => $"{string.Join(" ¦ ", Sentences.Rules(t))} spaced {string.Join(" ¦ ", Sentences.Spaced(t))}", 60);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Words_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("text-words", part, t =>
        $"{string.Join('¦', Words.Split(t))} runs {string.Join('¦', Words.Runs(t))} {Words.CountRuns(t)} bare {Words.WithoutPunctuation(t)} trim {Words.Trim(t)} answer {string.Join('¦', Words.Answer(t))} {Words.IsUpper(t)} {Words.IsLower(t)}", 30);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Tokens_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("text-tokens", part, t =>
        $"{string.Join('¦', TreebankWords.Tokenize(t))} 13a {string.Join('¦', Tokenization13a.Tokenize(t))} stems {string.Join('¦', Rouge.Tokenize(t, stem: true))}", 30);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Marks_TextsAndEdits_AreThoseOfTheRecord(int part) => Check("text-marks", part, t =>
        $"{LanguageGuess.Detect(t) ?? "none"} syllables {string.Join(' ', Words.Runs(t).Select(Syllables.Count))} plain {Accents.Fold(t)} emoji {t.EnumerateRunes().Count(Emoji.Is)} rows {string.Join('¦', DelimitedRows.Read(t, ',').SelectMany(static r => r.Select(static f => f.Value + (f.Quoted ? "q" : ""))))} " +
        $"lines {Repetition.TrailingLines(t.Replace(' ', '\n'))} phrases {Phrases(t)}", 40);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Stems_WordsAndEdits_AreThoseOfTheRecord(int part)
    {
        var words = s_texts.Value.SelectMany(static t => Words.Runs(t)).Select(static w => w.ToLowerInvariant()).Distinct();

        Record.Check("text-stems", part, Record.Of(part, words).Select(static w => $"{w} => {PorterStemmer.Stem(w)} {Syllables.Count(w)} edits {Record.Digest(Record.Edits(w, 30, "y", "e", "s", "ed", "ing", "ational", "izer", "ness", "ment", "ll", "a", "o", "b", "ies", "ion", "able", "ous", "ive").Select(static e => $"{PorterStemmer.Stem(e)} {Syllables.Count(e)}"))}"));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Metrics_NeighboursAndEdits_AreThoseOfTheRecord(int part) => Check("text-metrics", part, t => Metrics(t, [s_texts.Value[Math.Abs(t.Length * 7 % s_texts.Value.Length)], Turned(t)]), 6);

    private static void Check(string name, int part, Func<string, string> result, int edits) =>
        Record.Check(name, part, Record.Of(part, s_texts.Value).Select(t => $"{t} => {result(t)} edits {Record.Digest(Record.Edits(t, edits, s_pieces).Select(result))}"));

    private static string Phrases(string text)
    {
        var work = new Work(1_000_000);
        var (count, different) = ReasoningPhrases.Count(text, ReasoningPhrases.Usual, ref work);
        return $"{count} {different} {work.Used}";
    }

    /// <summary>The words in another order, some left out.</summary>
    private static string Turned(string text) => string.Join(' ', Words.Split(text).Select(static (w, i) => (w, Key: i * 5 % 7)).Where(static p => p.Key != 3).OrderBy(static p => p.Key).Select(static p => p.w));

    private static string Metrics(string candidate, List<string> references)
    {
        var work = new Work(10_000_000);
        var b = new StringBuilder();
        var c = Words.Split(candidate);
        IReadOnlyList<IReadOnlyList<string>> r = [.. references.Select(Words.Split)];
        foreach (var smoothing in Enum.GetValues<BleuSmoothing>())
        {
            Add(Bleu.Sentence(c, r, smoothing, ref work));
            Add(Bleu.Sentence(c, r, smoothing, ref work, order: 2, effectiveOrder: true));
        }

        Add(Gleu.Sentence(c, r, ref work));
        Add(ChrF.Sentence(candidate, references, ref work));
        Add(ChrF.Sentence(candidate, references, ref work, characterOrder: 3, wordOrder: 2));
        Add(Rouge.N(c, r[1], 1, ref work).F1);
        Add(Rouge.N(c, r[1], 2, ref work).Recall);
        Add(Rouge.L(c, r[1], ref work).Precision);
        Add(Meteor.Sentence(c, r, true, ref work));
        Add(Meteor.Sentence(c, r, false, ref work));
        Add(TokenF1.Score(candidate, references[1], ref work).F1);
        Add(EditDistance.Levenshtein(candidate, references[1], ref work));
        Add(EditDistance.InsertDelete(candidate, references[0], ref work));
        Add(EditDistance.Similarity(candidate, references[1], ref work));
        Add(EditDistance.Ratio(candidate, references[1], ref work));
        Add(FuzzyMatch.Ratio(candidate, references[1], ref work));
        Add(SetOverlap.Jaccard(c, r[1]));
        Add(Repetition.Share(c, 2, ref work));
        Add(EmbeddingSimilarity.OfMeans(c, r[1], new HashedEmbedding(), ref work));
        Add(EmbeddingSimilarity.MaxAverage(c, r[1], new HashedEmbedding(), ref work));
        return b.Append(work.Used).ToString();

        void Add(double value) => b.Append(Math.Round(value, 6).ToString(System.Globalization.CultureInfo.InvariantCulture)).Append(' ');
    }
}
