using Meed.Alignment.Evaluation;
using Meed.Models;
using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Rewards;

namespace Meed.Alignment.Tests.Evaluation;

public class PosteriorDistanceTests
{
    private static readonly CharacterTokenizer s_tokenizer = new("01", Tokenizer.Pad, Tokenizer.End);

    private static TransformerPolicy Policy(ulong seed) => new(
        new Transformer(new TransformerConfig { VocabularySize = s_tokenizer.VocabularySize, HiddenSize = 8, Layers = 1, Heads = 2, KeyValueHeads = 2, IntermediateSize = 16, InitializerRange = 0.5f, MaximumPositions = 8, EndTokens = [s_tokenizer.EndToken!.Value] }, new RandomStream(seed)),
        s_tokenizer, new SamplingOptions { MaximumNewTokens = 3 });

    private static PromptBatch Prompts() => PromptBatch.Of([new TextSample { Prompt = [new Message("user", "01")] }, new TextSample { Prompt = [new Message("user", "1")] }], s_tokenizer, ChatTemplate.Plain);

    private sealed class Ones : IReward<TextSample>
    {
        public RewardSchema Schema { get; } = new("ones", "1", [], 0, 10, RewardScope.Sample, true);

        public ValueTask<Scores> ScoreAsync(IReadOnlyList<TextSample> samples, RewardContext context, CancellationToken cancellationToken = default)
        {
            var scores = new Scores(Schema, samples.Count);
            for (int i = 0; i < samples.Count; i++)
            {
                new ScoreRow(scores, i).Set(samples[i].Response.Count(c => c == '1'));
            }

            return ValueTask.FromResult(scores);
        }
    }

    [Fact]
    public async Task MeasureAsync_PriorWithoutPullOfTheReward_IsItsOwnPosterior()
    {
        var result = await PosteriorDistance.MeasureAsync(Policy(1), Policy(1), Prompts(), new Ones(), s_tokenizer, 3, beta: 1e9, TestContext.Current.CancellationToken);

        Assert.Equal(1 + 3 + 9 + 27, result.Answers);
        Assert.Equal(0, result.Kl, 1e-5);   // all answers are listed: the log-partition is that of probabilities adding up to 1
        Assert.Equal(result.Entropy, result.TargetEntropy, 1e-5);
    }

    [Fact]
    public async Task MeasureAsync_RewardThatPulls_IsFartherForTheSmallerBeta()
    {
        var near = await PosteriorDistance.MeasureAsync(Policy(1), Policy(1), Prompts(), new Ones(), s_tokenizer, 3, beta: 2, TestContext.Current.CancellationToken);
        var far = await PosteriorDistance.MeasureAsync(Policy(1), Policy(1), Prompts(), new Ones(), s_tokenizer, 3, beta: 0.2, TestContext.Current.CancellationToken);

        Assert.InRange(near.Kl, 0.001, far.Kl);
        Assert.True(far.TargetEntropy < near.TargetEntropy);
    }

    [Fact]
    public async Task MeasureAsync_TooManyAnswers_SaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => PosteriorDistance.MeasureAsync(Policy(1), Policy(1), Prompts(), new Ones(), s_tokenizer, 30, 1, TestContext.Current.CancellationToken));

        Assert.Contains("Shorten the answers", error.Message);
    }
}
