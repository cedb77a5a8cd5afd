using Meed.Models.Tokenizers;

namespace Meed.Models.Tests.Tokenizers;

public class BpeTests
{
    [Theory]
    [InlineData("Hello world", new[] { "Hello", " world" })]
    [InlineData("I'll go, don't you?", new[] { "I", "'ll", " go", ",", " don", "'t", " you", "?" })]
    [InlineData("a  b   c\n\n d", new[] { "a", " ", " b", "  ", " c", "\n\n", " d" })]
    [InlineData("x1234y", new[] { "x", "1234", "y" })]
    [InlineData("tail   ", new[] { "tail", "   " })]
    [InlineData("日本語 text", new[] { "日本語", " text" })]
    public void Cut_Gpt2Rule_GivesThePiecesOfThePattern(string text, string[] pieces) => Assert.Equal(pieces, Pieces(PreTokenizer.Gpt2, text));

    [Fact]
    public void Cut_CharactersBeyondTheBasicPlane_CountByTheirCategory()
    {
        Assert.Equal(["𝒜𝓃a", " 𝟘𝟙1", " 🙂🙂!"], Pieces(PreTokenizer.Gpt2, "𝒜𝓃a 𝟘𝟙1 🙂🙂!"));
        Assert.Equal(["𝟘𝟙𝟚", "𝟛"], Pieces(PreTokenizer.Of(@"\p{N}{1,3}"), "𝟘𝟙𝟚𝟛"));
    }

    [Fact]
    public void Train_TextbookWords_LearnsTheMergesInOrder()
    {
        // Sennrich et al. 2016, Section 3.2: low 5, lower 2, newest 6, widest 3 gives e·s, es·t, then l·o, lo·w (7 each), e·w, n·ew (6 each, smaller ids first).
        var texts = Enumerable.Repeat("low", 5).Concat(Enumerable.Repeat("lower", 2)).Concat(Enumerable.Repeat("newest", 6)).Concat(Enumerable.Repeat("widest", 3));

        var tokenizer = BpeTrainer.Train(texts, 256 + 6);

        Assert.Equal(["es", "est", "lo", "low", "ew", "new"], tokenizer.Merges.Select(m => tokenizer.Decode([m.Result])));
    }

    [Fact]
    public void Train_AgainstRecountingEveryTime_LearnsTheSameMerges()
    {
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            string[] texts = [.. Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)('a' + random.Next(3)))))];

            var learned = BpeTrainer.Train(texts, 256 + 25, null, PreTokenizer.None);

            Assert.Equal(Naive(texts, 25), learned.Merges.Select(m => $"{learned.Decode([m.Left])} {learned.Decode([m.Right])}"));
        }
    }

    [Fact]
    public void Train_TwoMergesThatSpellTheSame_ShareOneToken()
    {
        var tokenizer = BpeTrainer.Train(Enumerable.Repeat("aaaaaaa", 9).Concat(Enumerable.Repeat("aaa", 7)), 256 + 4, null, PreTokenizer.None);
        var spellings = Enumerable.Range(0, tokenizer.VocabularySize).Select(t => Convert.ToHexString(tokenizer.BytesOf(t)));

        Assert.Equal(tokenizer.VocabularySize, spellings.Distinct().Count());
    }

    [Fact]
    public void Encode_LongPieces_MergeAsShortOnesDo()
    {
        var tokenizer = BpeTrainer.Train(["abababab aabb abba baab bbbb aaaa abab"], 256 + 12, null, PreTokenizer.None, 1);
        var random = new Random(6);
        for (int round = 0; round < 200; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40, 120)).Select(_ => (char)('a' + random.Next(2))));
            Assert.Equal(Slow(tokenizer, text), tokenizer.Encode(text).Select(t => tokenizer.Decode([t])));
        }
    }

    [Fact]
    public void Encode_VeryLongPiece_TakesNoSquareTime()
    {
        var tokenizer = BpeTrainer.Train(["aaaaaaaaaaaaaaaa"], 256 + 3, null, null, 1);

        Assert.Equal(200_000 / 8, tokenizer.Encode(new string('a', 200_000)).Length);
    }

    private static string[] Pieces(PreTokenizer rule, string text)
    {
        var ends = new List<int>();
        rule.Cut(text, ends);
        return [.. ends.Select((end, i) => text[(i == 0 ? 0 : ends[i - 1])..end])];
    }

    /// <summary>Counts all pairs anew before each merge.</summary>
    private static List<string> Naive(string[] texts, int merges)
    {
        var ids = new Dictionary<string, int>();
        int Id(string token) => token.Length == 1 ? token[0] : ids[token];
        var words = texts.Select(t => t.Select(c => c.ToString()).ToList()).ToList();
        var learned = new List<string>();
        while (ids.Count < merges)
        {
            var counts = new Dictionary<(string, string), int>();
            foreach (var word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
                }
            }

            if (counts.Count == 0 || counts.Values.Max() < 2)
            {
                break;
            }

            var (left, right) = counts.OrderByDescending(c => c.Value).ThenBy(c => Id(c.Key.Item1)).ThenBy(c => Id(c.Key.Item2)).First().Key;
            learned.Add($"{left} {right}");
            ids.TryAdd(left + right, 256 + ids.Count);
            foreach (var word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return learned;
    }

    /// <summary>Applies the merges one rank after the other, each from the left.</summary>
    private static List<string> Slow(BpeTokenizer tokenizer, string text)
    {
        var tokens = text.Select(c => c.ToString()).ToList();
        foreach (var merge in tokenizer.Merges)
        {
            string left = tokenizer.Decode([merge.Left]), right = tokenizer.Decode([merge.Right]);
            for (int i = 0; i + 1 < tokens.Count; i++)
            {
                if (tokens[i] == left && tokens[i + 1] == right)
                {
                    tokens[i] = left + right;
                    tokens.RemoveAt(i + 1);
                }
            }
        }

        return tokens;
    }
}
