using Meed.Alignment.Prompts;
using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.Rewards;

namespace Meed.Alignment.Tests;

public class SftTrainerTests
{
    private static readonly CharacterTokenizer s_tokenizer = new("0123456789");

    // Context 0 is answered by 3 (three times in four) or 7; context 1 always by 2.
    private static Demonstrations Shown() => new(
        [.. Enumerable.Range(0, 80).Select(i => new TextSample { Prompt = [new Message("user", i % 2 == 0 ? "0" : "1")], Response = i % 2 == 1 ? "2" : i % 8 == 0 ? "7" : "3" })],
        s_tokenizer, ChatTemplate.Plain);

    [Fact]
    public void Run_TabularPolicy_LearnsTheShownFrequencies()
    {
        var policy = new TabularPolicy(2, 10);

        var steps = new SftTrainer(new SftOptions { Steps = 300, RowsPerStep = 40, LearningRate = 0.1, FinalRate = 0.01 }, policy, Shown(), new RandomStream(1)).Run().ToList();

        Assert.Equal(0.75, policy.Probability(0, 3), 0.03);
        Assert.Equal(0.25, policy.Probability(0, 7), 0.03);
        Assert.InRange(policy.Probability(1, 2), 0.97, 1);
        Assert.Equal(Math.Log(10), steps[0]["loss"], 1e-5);
        Assert.True(steps[^1]["loss"] < 0.4);
    }

    [Fact]
    public void Run_LabelSmoothing_LeavesEveryTokenItsShare()
    {
        var policy = new TabularPolicy(2, 10);

        var last = new SftTrainer(new SftOptions { Steps = 300, RowsPerStep = 40, LearningRate = 0.1, FinalRate = 0.01, LabelSmoothing = 0.2 }, policy, Shown(), new RandomStream(1)).Run().Last();

        Assert.Equal(300, last.Step);
        Assert.Equal(0.82, policy.Probability(1, 2), 0.01);   // 0.8 and a tenth of 0.2
        Assert.Equal(0.02, policy.Probability(1, 9), 0.005);
    }

    [Fact]
    public void Run_ResumedFromAState_EndsInTheSameBits()
    {
        var options = new SftOptions { Steps = 20, RowsPerStep = 7, LearningRate = 0.1 };
        var straight = new TabularPolicy(2, 10);
        var stopped = new TabularPolicy(2, 10);
        var resumed = new TabularPolicy(2, 10);
        foreach (var step in new SftTrainer(options, straight, Shown(), new RandomStream(3)).Run())
        {
            Assert.True(step.Step <= 20);
        }

        var first = new SftTrainer(options, stopped, Shown(), new RandomStream(3));
        Assert.Equal(13, first.Run().Take(13).Last().Step);
        using var state = new MemoryStream();
        first.State.Save(state);
        state.Position = 0;
        var second = new SftTrainer(options, resumed, Shown(), new RandomStream(3));
        second.State.Load(state);

        Assert.Equal(7, second.Run().Count());
        Assert.Equal(straight.Table.Value.ToArray(), resumed.Table.Value.ToArray());
    }

    [Fact]
    public void Run_NaNInTheModel_NamesStepAndRow()
    {
        var policy = new TabularPolicy(2, 10);
        policy.Table.Load([.. Enumerable.Repeat(float.NaN, 20)]);

        var error = Assert.Throws<TrainerException>(() => new SftTrainer(new SftOptions(), policy, Shown(), new RandomStream(1)).Run().First());

        Assert.StartsWith("Step 1, row ", error.Message);
    }

    [Fact]
    public void Constructor_OptionsWithProblems_ListsAllOfThem()
    {
        var error = Assert.Throws<ArgumentException>(() => new SftTrainer(new SftOptions { RowsPerStep = 0, WarmUp = 2 }, new TabularPolicy(2, 10), Shown(), new RandomStream(1)));

        Assert.Contains("RowsPerStep is 0", error.Message);
        Assert.Contains("WarmUp is 2", error.Message);
    }

    [Fact]
    public void Demonstrations_TokenizerWithAnEndToken_EndEachAnswerWithIt()
    {
        var tokenizer = new CharacterTokenizer("0123456789", Tokenizer.Pad, Tokenizer.End);

        var rows = new Demonstrations([new TextSample { Prompt = [new Message("user", "12")], Response = "345" }], tokenizer, ChatTemplate.Plain).Rows([0, 0]);

        Assert.Equal(2, rows.Rows);
        Assert.Equal([3, 4, 5, tokenizer.EndToken!.Value], rows.Completion(1).ToArray());
    }
}
