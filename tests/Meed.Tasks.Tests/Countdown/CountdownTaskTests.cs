using Meed.Rewards;
using Meed.Tasks.Countdown;

namespace Meed.Tasks.Tests.Countdown;

public class CountdownTaskTests
{
    private static readonly CountdownTask s_task = new();

    [Fact]
    public void StandardKeys_OfTheStandardWorld_AreTheCountedPuzzles()
    {
        // Counted by an independent script over all multisets of three numbers 1..12 and targets 1..60.
        Assert.Equal(3341, s_task.StandardKeys().Distinct().Count());
    }

    [Fact]
    public void IsHeldOut_StandardWorld_KeepsExactlyOneThousandPuzzles()
    {
        Assert.Equal(1000, s_task.StandardKeys().Count(k => s_task.IsHeldOut(new TaskItem<TextSample>(k, new TextSample()))));
    }

    [Fact]
    public void IsHeldOut_NumbersInAnotherOrder_IsTheSamePuzzle()
    {
        var first = CountdownTask.Item([3, 7, 9], 30);
        var second = CountdownTask.Item([9, 3, 7], 30);

        Assert.Equal(first.Key, second.Key);
        Assert.NotEqual(first.Sample.Prompt[0].Content, second.Sample.Prompt[0].Content);
        Assert.Equal(s_task.IsHeldOut(first), s_task.IsHeldOut(second));
    }

    [Fact]
    public async Task Oracle_ManyItemsOfEveryDifficulty_SolvesThemUnderTheGoldReward()
    {
        var samples = new List<TextSample>();
        for (int level = -1; level <= 1; level++)
        {
            for (ulong seed = 0; seed < 100; seed++)
            {
                samples.Add(s_task.Oracle(s_task.Generate(seed, new Difficulty(level))));
            }
        }

        var scores = await s_task.Gold.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.All(scores.Values.ToArray(), v => Assert.Equal(1, v));
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameItem()
    {
        var first = s_task.Generate(11, Difficulty.Standard);
        var second = new CountdownTask().Generate(11, Difficulty.Standard);

        Assert.Equal(first.Key, second.Key);
        Assert.Equal(first.Sample.Prompt[0].Content, second.Sample.Prompt[0].Content);
    }

    [Fact]
    public void Generate_EveryPromptAndAnswer_UsesTheAlphabet()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var sample = s_task.Oracle(s_task.Generate(seed, Difficulty.Standard));
            Assert.All(sample.Prompt[0].Content + sample.Response, c => Assert.Contains(c, s_task.Alphabet));
        }
    }

    [Fact]
    public async Task Demonstrations_PlusAndMinusOnly_SolveTrainingPuzzlesWithoutProducts()
    {
        var task = new CountdownTask(new CountdownOptions { Demonstrations = "+-" });

        var samples = TaskItems.Demonstrations(task, 2_000, seed: 5);

        var scores = await task.Gold.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);
        Assert.All(scores.Values.ToArray(), v => Assert.Equal(1, v));
        Assert.DoesNotContain(samples, s => s.Response.Contains('*'));
        Assert.DoesNotContain(samples, s => task.IsHeldOut(CountdownTask.Item([.. s.Reference.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32())], s.Reference.GetProperty("target").GetInt32())));
    }

    [Fact]
    public void HeldOut_AllOfThem_AreDistinctAndNeverDrawnForTraining()
    {
        var kept = TaskItems.HeldOut(s_task, 1000).Select(i => i.Key).ToHashSet();

        Assert.Equal(1000, kept.Count);
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            Assert.DoesNotContain(TaskItems.Training(s_task, seed).Key, kept);
        }
    }

    [Fact]
    public void Constructor_ImpossibleWorld_NamesEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(() => new CountdownTask(new CountdownOptions { Numbers = 9, Demonstrations = "/" }));

        Assert.Contains("Numbers is 9", error.Message);
        Assert.Contains("Demonstrations is '/'", error.Message);
    }
}
