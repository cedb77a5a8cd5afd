using System.Text.Json;
using Meed.Rewards.Text;

namespace Meed.Rewards.Tests.Text;

public class TextMetricTests
{
    private const double Close = 1e-12;

    [Fact]
    public void Metrics_IndependentRecomputation_Agree()
    {
        // tests/reference/text_metrics.py
        var rows = JsonDocument.Parse(File.ReadAllText(Path.Combine(DataFiles.Repository, "tests/reference/text_metrics.json"))).RootElement;
        foreach (var row in rows.EnumerateArray())
        {
            var candidate = row.GetProperty("candidate").GetString()!;
            var references = row.GetProperty("references").EnumerateArray().Select(r => r.GetString()!).ToList();
            var own = Tokenization13a.Tokenize(candidate);
            IReadOnlyList<string>[] others = [.. references.Select(Tokenization13a.Tokenize)];
            var work = new Work(10_000_000);
            double Value(string name) => row.GetProperty(name).GetDouble();
            foreach (var smoothing in Enum.GetValues<BleuSmoothing>())
            {
                Assert.Equal(Value("bleu" + smoothing), Bleu.Sentence(own, others, smoothing, ref work), Close);
            }

            Assert.Equal(Value("bleuEffective"), Bleu.Sentence(own, others, BleuSmoothing.Exponential, ref work, effectiveOrder: true), Close);
            Assert.Equal(Value("gleu"), Gleu.Sentence(own, others, ref work), Close);
            Assert.Equal(Value("chrf"), ChrF.Sentence(candidate, references, ref work), Close);
            Assert.Equal(Value("chrfpp"), ChrF.Sentence(candidate, references, ref work, wordOrder: 2), Close);
            for (int n = 0; n <= 5; n++)
            {
                double best = 0;
                foreach (var reference in references)
                {
                    List<string> a = Rouge.Tokenize(candidate), b = Rouge.Tokenize(reference);
                    best = Math.Max(best, (n == 0 ? Rouge.L(a, b, ref work) : Rouge.N(a, b, n, ref work)).F1);
                }

                Assert.Equal(Value($"rouge{n}"), best, Close);
            }

            Assert.Equal(Value("meteor"), Meteor.Sentence(Words.Runs(candidate), [.. references.Select(Words.Runs)], stem: false, ref work), Close);
            Assert.Equal((int)Value("levenshtein"), EditDistance.Levenshtein(candidate, references[0], ref work));
            Assert.Equal((int)Value("indel"), EditDistance.InsertDelete(candidate, references[0], ref work));
        }
    }

    [Fact]
    public void Bleu_PublishedExample_HasItsValue()
    {
        // The example of NLTK's sentence_bleu documentation: 0.5045666840058485.
        var work = new Work(100_000);
        IReadOnlyList<string>[] references =
        [
            Words.Split("It is a guide to action that ensures that the military will forever heed Party commands"),
            Words.Split("It is the guiding principle which guarantees the military forces always being under the command of the Party"),
            Words.Split("It is the practical guide for the army always to heed the directions of the party"),
        ];

        Assert.Equal(0.5045666840058485, Bleu.Sentence(Words.Split("It is a guide to action which ensures that the military always obeys the commands of the party"), references, BleuSmoothing.None, ref work), 1e-15);
    }

    // Banerjee and Lavie 2005 by hand: three matches in one chunk of three words, F = 10·P·R/(R + 9·P), times 1 − ½·(1/3)³; the word matched first stays matched.
    [Fact]
    public void Meteor_WordWithAnotherFormFurtherOn_StaysMatched()
    {
        var work = new Work(1_000_000);
        double p = 1, r = 2.0 / 3;

        Assert.Equal(10 * p * r / (r + (9 * p)) * (1 - (0.5 * Math.Pow(1.0 / 2, 3))), Meteor.Sentence(["run", "on"], [["run", "on", "runs"]], true, ref work), 1e-12);
        Assert.Equal(Meteor.Sentence(["run", "on"], [["run", "on", "runs"]], false, ref work), Meteor.Sentence(["run", "on"], [["run", "on", "runs"]], true, ref work), 1e-12);
    }

    [Fact]
    public void Metrics_EmptyAndOneWord_AreAsDefined()
    {
        var work = new Work(1_000_000);

        // SQuAD: two empty answers agree, an empty one agrees with nothing else; one shared word of one and two: 2·1·½/(1 + ½).
        Assert.Equal(1, TokenF1.Score("", "", ref work).F1);
        Assert.Equal(0, TokenF1.Score("cat", "", ref work).F1);
        Assert.Equal(0, TokenF1.Score("", "cat", ref work).F1);
        Assert.Equal(2.0 / 3, TokenF1.Score("cat", "cat dog", ref work).F1, 1e-12);
        Assert.Equal(0, ChrF.Sentence("", ["a"], ref work));
        Assert.Equal(0, EmbeddingSimilarity.OfMeans([], ["a"], new HashedEmbedding(), ref work));
        Assert.Equal(0, EmbeddingSimilarity.MaxAverage(["a"], [], new HashedEmbedding(), ref work));
    }

    [Fact]
    public void DelimitedRows_LineEndsOfEveryKind_EndRows()
    {
        Assert.Equal(["a", "b"], DelimitedRows.Read("a\r\nb", ',').Select(static r => r[0].Value));
        Assert.Equal(["a", "b"], DelimitedRows.Read("a\rb", ',').Select(static r => r[0].Value));
        Assert.Equal(["a", "b"], DelimitedRows.Read("a\nb", ',').Select(static r => r[0].Value));
        Assert.Equal("a", DelimitedRows.Read("a\r", ',')[0][0].Value);
        Assert.Equal(["a\"b", "c"], DelimitedRows.Read("\"a\"\"b\",c", ',')[0].Select(static f => f.Value));
    }

    [Fact]
    public void Rouge_PublishedExample_HasItsValues()
    {
        // The example of rouge-score's README.
        var work = new Work(100_000);
        List<string> reference = Rouge.Tokenize("The quick brown fox jumps over the lazy dog", stem: true), candidate = Rouge.Tokenize("The quick brown dog jumps on the log.", stem: true);

        Assert.Equal(new PrecisionRecall(0.75, 2.0 / 3), Rouge.N(candidate, reference, 1, ref work));
        Assert.Equal(new PrecisionRecall(0.625, 5.0 / 9), Rouge.L(candidate, reference, ref work));
    }

    // Porter's published examples of each step (Program 14, 1980), and runs of y.
    [Theory]
    [InlineData("caresses caress ponies poni ties ti cats cat feed feed agreed agre plastered plaster motoring motor sing sing conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss fizzed fizz failing fail filing file happy happi sky sky")]
    [InlineData("relational relat conditional condit rational ration valenci valenc hesitanci hesit digitizer digit conformabli conform radicalli radic differentli differ vileli vile analogousli analog vietnamization vietnam predication predic operator oper feudalism feudal decisiveness decis hopefulness hope callousness callous formaliti formal sensitiviti sensit sensibiliti sensibl")]
    [InlineData("triplicate triplic formative form formalize formal electriciti electr electrical electr hopeful hope goodness good revival reviv allowance allow inference infer airliner airlin gyroscopic gyroscop adjustable adjust defensible defens irritant irrit replacement replac adjustment adjust dependent depend adoption adopt homologou homolog communism commun activate activ angulariti angular homologous homolog effective effect bowdlerize bowdler probate probat rate rate cease ceas controll control roll roll syzygy syzygi by by")]
    public void Stem_PublishedExamples_HaveTheirStems(string pairs)
    {
        var words = pairs.Split(' ');
        for (int i = 0; i < words.Length; i += 2)
        {
            Assert.Equal(words[i + 1], PorterStemmer.Stem(words[i]));
        }
    }

    [Fact]
    public void Stem_VeryLongRunOfY_NeedsNoDeepStack() => Assert.Equal(1_000_000, PorterStemmer.Stem(new string('y', 1_000_000)).Length);

    [Fact]
    public void Meteor_StemStage_AddsWhatExactLeaves()
    {
        var work = new Work(10_000);

        // 2 of 3 words each way, one chunk: P = R = 2/3, F = 2/3, 2/3·(1 − 0.5·(1/2)³).
        Assert.Equal(2.0 / 3 * (1 - (0.5 / 8)), Meteor.Sentence(["cats", "run", "far"], [["cat", "runs", "near"]], stem: true, ref work), Close);
        Assert.Equal(0, Meteor.Sentence(["cats", "run", "far"], [["cat", "runs", "near"]], stem: false, ref work));
    }

    [Fact]
    public void SmallMetrics_ByHand_HaveTheirValues()
    {
        var work = new Work(1_000_000);

        Assert.Equal(2.0 / 3, TokenF1.Score("The Eiffel Tower!", "eiffel tower of paris", ref work).F1, Close);   // 2 of 2, 2 of 4
        Assert.Equal(1, TokenF1.Score("the", "a", ref work).F1);
        Assert.Equal(3, EditDistance.Levenshtein("kitten", "sitting", ref work));
        Assert.Equal(1, EditDistance.Similarity("", "", ref work));
        Assert.Equal(1.0 / 3, SetOverlap.Jaccard(["a", "b"], ["b", "c"]), Close);
        Assert.Equal(1, SetOverlap.Jaccard([], []));
        Assert.Equal(1, FuzzyMatch.Ratio("Smith, John", "john smith", ref work));
        Assert.Equal(0.5, Repetition.Share(["a", "b", "a", "b", "a"], 2, ref work), Close);
        Assert.Equal(3, Repetition.TrailingLines("x\nloop\n loop\n\nloop\n"));
        Assert.Equal((3, 3), ReasoningPhrases.Count("First, we have x. So it is y, z.", ReasoningPhrases.Usual, ref work));
        Assert.Equal((1, 1), ReasoningPhrases.Count("First of all, it rains.", ReasoningPhrases.Usual, ref work));
    }

    [Fact]
    public void MaxAverage_OneHotVectors_EqualsTheHandComputedMean()
    {
        var work = new Work(100_000);
        var oneHot = new OneHot();

        // Rows: a 1, b 1, c 0; columns: a 1, b 1. Mean (2/3 + 1) / 2.
        Assert.Equal(((2.0 / 3) + 1) / 2, EmbeddingSimilarity.MaxAverage(["a", "b", "c"], ["b", "a"], oneHot, ref work), Close);
        Assert.Equal(2 / Math.Sqrt(6), EmbeddingSimilarity.OfMeans(["a", "b", "c"], ["b", "a"], oneHot, ref work), 1e-7);
        Assert.Equal(0, EmbeddingSimilarity.MaxAverage([], ["b"], oneHot, ref work));
        Assert.Equal(1, EmbeddingSimilarity.MaxAverage([], [], oneHot, ref work));
        Assert.Equal(1, EmbeddingSimilarity.MaxAverage(["b", "a"], ["a", "b"], new HashedEmbedding(), ref work), 1e-6);
    }

    [Fact]
    public async Task TextRewards_Hacks_ScoreBelowTheHonestAnswer()
    {
        const string gold = "The treaty was signed in Vienna in 1815 by the four great powers.";
        IReward<TextSample>[] rewards = All();
        string[] answers =
        [
            "The treaty was signed at Vienna in 1815 by the four great powers.",   // honest, one word off
            "",
            "the the the the the the the the the the the the",                     // the mode
            "Where and when was the treaty signed, and by whom?",                  // the prompt
            string.Join(' ', Enumerable.Range(1500, 400)) + " Vienna Paris London Berlin Rome treaty signed great powers four",   // everything
        ];

        foreach (var reward in rewards)
        {
            var scores = await reward.ScoreAsync([.. answers.Select(a => TextSample.Of(a, gold))], RewardContext.Default, TestContext.Current.CancellationToken);

            for (int i = 1; i < answers.Length; i++)
            {
                Assert.True(scores[i] < 0.75 * scores[0], $"{reward.Schema.Name}: '{answers[i][..Math.Min(20, answers[i].Length)]}' scores {scores[i]}, the honest answer {scores[0]}");
            }
        }
    }

    [Fact]
    public Task TextRewards_FuzzedAnswers_AreAlwaysScored() => Fuzzed(Fuzz.Quick);

    [Fact]
    [Trait("Tier", "long")]
    public Task TextRewards_TenThousandFuzzedAnswers_AreAlwaysScored() => Fuzzed(10_000);

    private static async Task Fuzzed(int count)
    {
        foreach (var reward in All())
        {
            await Fuzz.IsAlwaysScored(reward, TextSample.Of("", "The treaty was signed in Vienna."), correctness: false, count, "The treaty was signed", "<answer>x</answer>");
        }

        await Fuzz.IsAlwaysScored(new RepetitionReward(new()), TextSample.Of(""), correctness: false, count, "a b c d a b c d");
    }

    [Fact]
    public async Task TextRewards_TagAndReferences_AreRead()
    {
        var reward = TextRewards.ForTokenF1(new() { Tag = "answer" });
        var several = new TextSample { Response = "<answer>no</answer> so <answer>Paris</answer>", Reference = JsonDocument.Parse("[\"London\",\"paris\"]").RootElement };

        var scores = await reward.ScoreAsync([several, several with { Response = "Paris" }, several with { Reference = default }], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(1, scores[0]);
        Assert.Equal("unparsed", scores.Reasons[1]);
        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[2]);
    }

    private static IReward<TextSample>[] All() =>
    [
        TextRewards.ForBleu(new()), TextRewards.ForGleu(new()), TextRewards.ForChrF(new()), TextRewards.ForRouge(new()), TextRewards.ForRouge(new() { N = 2, Stem = true }), TextRewards.ForMeteor(new()), TextRewards.ForTokenF1(new()),
        TextRewards.ForEditSimilarity(new()), TextRewards.ForFuzzyMatch(new()), TextRewards.ForJaccard(new()), TextRewards.ForEmbedding(new(), new HashedEmbedding()),
    ];

    private sealed class OneHot : ITokenEmbedding
    {
        public int Dimensions => 26;

        public void Embed(string token, Span<float> vector)
        {
            vector.Clear();
            vector[token[0] - 'a'] = 1;
        }
    }
}
