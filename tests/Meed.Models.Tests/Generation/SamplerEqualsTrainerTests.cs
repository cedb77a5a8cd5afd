using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Numerics.Kernels;

namespace Meed.Models.Tests.Generation;

public class SamplerEqualsTrainerTests
{
    public static TheoryData<Isa> Sets() => [.. Enum.GetValues<Isa>().Where(Cpu.Supports)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void LogProbs_AnyShapeBatchAndPadding_HaveTheBitsKeptWhileSampling(Isa isa)
    {
        using var _ = Cpu.Use(isa);
        var random = new Random(11);
        int tokens = 0;
        for (int round = 0; round < 25; round++)
        {
            int heads = random.Next(1, 5), keyValueHeads = heads % 2 == 0 && random.Next(2) == 0 ? heads / 2 : heads;
            int vocabulary = random.Next(5, 70);
            var model = Models.Small((ulong)round, vocabulary, heads * 2 * random.Next(1, 10), random.Next(1, 4), heads, keyValueHeads, random.Next(1, 80), random.Next(2) == 0);
            var policy = new TransformerPolicy(model, new CharacterTokenizer("abcde"), new SamplingOptions { MaximumNewTokens = random.Next(1, 50), StopTokens = [0], Temperature = random.Next(3) == 0 ? 1.7f : 1f });
            int[][] prompts = Models.Prompts(random, random.Next(1, 12), random.Next(1, 40), vocabulary);
            var rollout = policy.Sample(new PromptBatch(prompts, [.. prompts.Select(_ => new Meed.Rewards.TextSample())]), random.Next(1, 5), new RandomStream((ulong)round));

            AssertSame(rollout.LogProbs, model.LogProbs(rollout.Tokens).ToArray(), $"round {round}");
            foreach (var rows in rollout.MiniBatches(1, random.Next(1, 7), new RandomStream(1)))
            {
                using var scope = Tape.Begin();
                var logProbs = policy.LogProbs(rows.Tokens);
                AssertSame(rows.LogProbs.ToArray(), logProbs.ToArray(), $"round {round}, rows {string.Join(",", rows.Rows)}");
                Assert.All((logProbs - rows.LogProbs).Exp().ToArray(), ratio => Assert.Equal(1f, ratio));
            }

            tokens += rollout.Tokens.MaskedTokens;
        }

        Assert.True(tokens > 1000);
    }

    [Fact]
    public void Generate_WeightsChangedBetweenCalls_UsesTheNewOnes()
    {
        var model = Models.Small(9);
        var policy = new TransformerPolicy(model, new CharacterTokenizer("abc"), new SamplingOptions { MaximumNewTokens = 8 });
        var prompts = new PromptBatch([[1, 2, 3]], [new Meed.Rewards.TextSample()]);
        policy.Sample(prompts, 1, new RandomStream(1));
        model.CopyFrom(Models.Small(10));
        var rollout = policy.Sample(prompts, 1, new RandomStream(1));

        AssertSame(rollout.LogProbs, model.LogProbs(rollout.Tokens).ToArray(), "after the change");
    }

    private static void AssertSame(float[] expected, float[] actual, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]), $"{where}: value {i} is {expected[i]:R} while sampling and {actual[i]:R} in the forward pass.");
        }
    }
}
