using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Numerics.Kernels;

namespace Meed.Models.Tests.Generation;

public class GeneratorTests
{
    public static TheoryData<Isa> Sets() => [.. Enum.GetValues<Isa>().Where(Cpu.Supports)];

    [Fact]
    public void Generate_AnyNumberOfThreads_GivesTheSameBits()
    {
        var model = Models.Small(5);
        var generator = new Generator(model, new CharacterTokenizer("abc"));
        int[][] prompts = Models.Prompts(new Random(3), 70, 30, 21);
        int before = Workers.Count;
        try
        {
            Workers.Count = 1;
            var alone = generator.Generate(prompts, new SamplingOptions { MaximumNewTokens = 30, StopTokens = [1, 2] }, new RandomStream(9));
            foreach (int threads in (int[])[2, 3, 5])
            {
                Workers.Count = threads;
                AssertSame(alone, generator.Generate(prompts, new SamplingOptions { MaximumNewTokens = 30, StopTokens = [1, 2] }, new RandomStream(9)));
            }
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Generate_AnyInstructionSet_GivesTheSameTokens(Isa isa)
    {
        var generator = new Generator(Models.Small(6), new CharacterTokenizer("abc"));
        int[][] prompts = Models.Prompts(new Random(4), 20, 30, 21);
        var options = new SamplingOptions { MaximumNewTokens = 30, StopTokens = [1], TopK = 9, TopP = 0.9f };
        var expected = generator.Generate(prompts, options, new RandomStream(9));
        using var _ = Cpu.Use(isa);

        AssertSame(expected, generator.Generate(prompts, options, new RandomStream(9)));
    }

    [Fact]
    public void Generate_RowAloneOrAmongOthers_IsTheSame()
    {
        var generator = new Generator(Models.Small(7), new CharacterTokenizer("abc"));
        int[][] prompts = Models.Prompts(new Random(5), 12, 80, 21);
        var options = new SamplingOptions { MaximumNewTokens = 40, StopTokens = [1] };
        var together = generator.Generate(prompts, options, new RandomStream(2));

        for (int count = 1; count <= prompts.Length; count++)
        {
            AssertSame(together[..count], generator.Generate(prompts[..count], options, new RandomStream(2)));
        }
    }

    [Fact]
    public void Generate_SharedPrompts_EqualTheSamePromptsGivenSeparately()
    {
        var generator = new Generator(Models.Small(8), new CharacterTokenizer("abc"));
        int[][] prompts = Models.Prompts(new Random(6), 30, 70, 21);
        var options = new SamplingOptions { MaximumNewTokens = 20, StopTokens = [1, 3] };

        var shared = generator.Generate(prompts, options, new RandomStream(2), perPrompt: 5);
        var separate = generator.Generate([.. prompts.SelectMany(p => Enumerable.Repeat(p, 5))], options, new RandomStream(2));

        AssertSame(separate, shared);
    }

    [Fact]
    public void Generate_StopToken_BelongsToTheTokensAndNotToTheText()
    {
        var generator = new Generator(Models.Small(7), new CharacterTokenizer("abcdefghijklmnopqrst", Tokenizer.End));
        var completions = generator.Generate(Models.Prompts(new Random(1), 200, 5, 20), new SamplingOptions { MaximumNewTokens = 12 }, new RandomStream(3));

        foreach (var c in completions)
        {
            Assert.Equal(c.Truncated ? 12 : c.Tokens.Length, c.Tokens.Length);
            Assert.Equal(c.Truncated, c.Tokens[^1] != 20);
            Assert.DoesNotContain(20, c.Tokens[..^1]);
            Assert.Equal(string.Concat(c.Tokens.Where(t => t != 20).Select(t => (char)('a' + t))), c.Text);
            Assert.Equal(c.Tokens.Length, c.LogProbs.Length);
        }

        Assert.InRange(completions.Count(c => c.Truncated), 1, 199);
    }

    [Fact]
    public void Generate_StopStrings_CutTheTextAtTheFirstAndKeepTheTokens()
    {
        var generator = new Generator(Models.Small(8), new CharacterTokenizer("abcdefghijklmnopqrstu"));
        int[][] prompts = Models.Prompts(new Random(1), 100, 5, 20);
        var plain = generator.Generate(prompts, new SamplingOptions { MaximumNewTokens = 30 }, new RandomStream(3));
        string[] pairs = [.. plain.SelectMany(c => Enumerable.Range(0, 29).Select(i => c.Text.Substring(i, 2))).GroupBy(p => p).OrderByDescending(g => g.Count()).Take(3).Select(g => g.Key), "abc"];
        var stopped = generator.Generate(prompts, new SamplingOptions { MaximumNewTokens = 30, StopStrings = pairs }, new RandomStream(3));

        for (int i = 0; i < plain.Length; i++)
        {
            int[] places = [.. pairs.Select(p => plain[i].Text.IndexOf(p, StringComparison.Ordinal)).Where(at => at >= 0)];
            Assert.Equal(places.Length == 0 ? plain[i].Text : plain[i].Text[..places.Min()], stopped[i].Text);
            Assert.Equal(places.Length == 0, stopped[i].Truncated);
            Assert.Equal(plain[i].Tokens[..stopped[i].Tokens.Length], stopped[i].Tokens);
        }

        Assert.InRange(stopped.Count(c => c.Truncated), 1, 99);
    }

    [Fact]
    public void Generate_PromptNearTheLastPosition_IsTruncatedThere()
    {
        var generator = new Generator(Models.Small(9), new CharacterTokenizer("abc"));
        var completions = generator.Generate([new int[90], new int[95]], new SamplingOptions { MaximumNewTokens = 40, StopTokens = [] }, new RandomStream(3));

        Assert.Equal([(6, true), (1, true)], completions.Select(c => (c.Tokens.Length, c.Truncated)));
        Assert.Contains("prompt 0 has 96 tokens; 1 to 95 fit", Assert.Throws<ArgumentException>(() => generator.Generate([new int[96]], new SamplingOptions(), new RandomStream(3))).Message);
    }

    [Fact]
    public void Generate_Greedy_TakesTheMostProbableTokenEveryTime()
    {
        var model = Models.Small(10);
        var generator = new Generator(model, new CharacterTokenizer("abc"));
        var completion = generator.Generate([[1, 2, 3]], new SamplingOptions { MaximumNewTokens = 20, Temperature = 0 }, new RandomStream(3))[0];
        var batch = TokenBatch.From([[1, 2, 3]], [completion.Tokens]);

        int[] best = model.Logits(batch).ArgMax();
        Assert.Equal(completion.Tokens, best[2..^1]);
    }

    [Theory]
    [InlineData(1f, 0, 1f)]
    [InlineData(0.6f, 0, 1f)]
    [InlineData(1.5f, 5, 1f)]
    [InlineData(1f, 0, 0.7f)]
    [InlineData(0.8f, 6, 0.8f)]
    public void Generate_FirstToken_FollowsTheStatedDistribution(float temperature, int topK, float topP)
    {
        const int draws = 20_000;
        var model = Models.Small(11);
        var generator = new Generator(model, new CharacterTokenizer("abc"));
        var options = new SamplingOptions { MaximumNewTokens = 1, Temperature = temperature, TopK = topK, TopP = topP };
        var counts = new int[21];
        foreach (var c in generator.Generate([[4, 5]], options, new RandomStream(12), draws))
        {
            counts[c.Tokens[0]]++;
        }

        double[] expected = Distribution(model.Logits(TokenBatch.From([[4, 5]], [[]])).ToArray()[21..], temperature, topK, topP);
        double chi = 0;
        for (int i = 0; i < 21; i++)
        {
            Assert.True(expected[i] > 0 || counts[i] == 0, $"token {i} was drawn {counts[i]} times and has probability 0");
            chi += expected[i] > 0 ? Math.Pow(counts[i] - (draws * expected[i]), 2) / (draws * expected[i]) : 0;
        }

        Assert.True(chi < 55, $"chi-square is {chi} with at most 20 degrees of freedom; 55 is exceeded once in 30,000");
    }

    [Fact]
    public void Generate_TextInPlaceOfNumbers_SaysThatTheWeightsDiverged()
    {
        var model = Models.Small(12);
        model.Parameters.First().Load(Tensor.Full(float.NaN, 21, 24));
        var generator = new Generator(model, new CharacterTokenizer("abc"));

        foreach (float temperature in (float[])[0, 1])
        {
            var error = Assert.ThrowsAny<Exception>(() => generator.Generate([[1]], new SamplingOptions { Temperature = temperature }, new RandomStream(1)));
            Assert.Contains("the logits of row 0 at position 1 are not numbers", error.ToString());
        }
    }

    [Fact]
    public void Generate_BadOptions_NamesAllProblemsAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new Generator(Models.Small(1), new CharacterTokenizer("abc")).Generate([[1]], new SamplingOptions { Temperature = -1, TopK = -2, TopP = 0, MaximumNewTokens = 0, StopStrings = [""] }, new RandomStream(1)));
        foreach (string part in (string[])["Temperature is -1", "TopK is -2", "TopP is 0", "MaximumNewTokens is 0", "empty string"])
        {
            Assert.Contains(part, error.Message);
        }
    }

    [Fact]
    public void Generate_WhenCancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var error = Assert.ThrowsAny<Exception>(() => new Generator(Models.Small(1), new CharacterTokenizer("abc")).Generate([[1], [2], [3], [4]], new SamplingOptions(), new RandomStream(1), 1, source.Token));
        Assert.IsType<OperationCanceledException>(error);
    }

    private static double[] Distribution(float[] logits, double temperature, int topK, double topP)
    {
        double[] p = [.. logits.Select(z => Math.Exp(z / temperature))];
        int[] order = [.. Enumerable.Range(0, p.Length).OrderByDescending(i => p[i])];
        int keep = topK > 0 ? topK : p.Length;
        double total = order.Take(keep).Sum(i => p[i]), sum = 0;
        for (int i = 0; i < keep; i++)
        {
            sum += p[order[i]];
            if (sum >= topP * total)
            {
                keep = i + 1;
            }
        }

        foreach (int i in order.Skip(keep))
        {
            p[i] = 0;
        }

        double kept = p.Sum();
        return [.. p.Select(x => x / kept)];
    }

    private static void AssertSame(Completion[] expected, Completion[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Tokens, actual[i].Tokens);
            Assert.Equal(expected[i].LogProbs.Select(BitConverter.SingleToInt32Bits), actual[i].LogProbs.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal((expected[i].Text, expected[i].Truncated), (actual[i].Text, actual[i].Truncated));
        }
    }
}
