using Meed.Alignment.Evaluation;
using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Alignment.Tests.Evaluation;

public class HeldOutTests
{
    private static HeldOut Two() => new(
        [.. Enumerable.Range(0, 2).Select(c => new TaskItem<TextSample>($"{c}", new TextSample { Prompt = [new Message("user", $"{c}")], Reference = TextSample.Of("", $"{c}").Reference }))],
        new CharacterTokenizer("01"), ChatTemplate.Plain, new TabularReward((context, arm) => arm == context ? 1000 : 0));

    [Fact]
    public async Task MeasureAsync_KnownPolicy_EstimatesItsChanceAndEntropy()
    {
        var policy = new TabularPolicy(2, 4);

        var result = await Two().MeasureAsync(policy, 4000, new RandomStream(1), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, result.Prompts);
        Assert.Equal(250, result.Mean, 20.0);               // a quarter of 1000, deviation about 5
        Assert.Equal(0.25, result.PassAt(1), 0.02);
        Assert.Equal(1 - Math.Pow(0.75, 4), result.PassAt(4), 0.03);
        Assert.Equal(Math.Log(4), result.Entropy, 1e-5);
    }

    [Fact]
    public async Task MeasureAsync_SameStream_GivesTheSameAnswers()
    {
        var policy = new TabularPolicy(2, 4);

        var first = await Two().MeasureAsync(policy, 8, new RandomStream(2), cancellationToken: TestContext.Current.CancellationToken);
        var second = await Two().MeasureAsync(policy, 8, new RandomStream(2), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(first.Samples.Select(s => s.Response), second.Samples.Select(s => s.Response));
    }

    [Fact]
    public async Task MeasureAsync_FewerPrompts_MeasuresTheFirst()
    {
        var result = await Two().MeasureAsync(new TabularPolicy(2, 4), 3, new RandomStream(2), prompts: 1, TestContext.Current.CancellationToken);

        Assert.Equal(3, result.Samples.Count);
        Assert.All(result.Samples, s => Assert.Equal("0", s.Prompt[0].Content));
    }
}
