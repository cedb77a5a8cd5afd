using Meed.Rewards;
using Meed.Tasks.PreferenceSet;

namespace Meed.Tasks.Tests.PreferenceSet;

public class PreferenceSetTaskTests
{
    private static PreferenceSetOptions Options => new() { Pairs = 1000, Test = 500 };

    [Fact]
    public async Task Gold_OfGeneratedResponses_IsTheNumberTheGeneratorCounted()
    {
        var task = new PreferenceSetTask(Options with { OffTopic = 0.5, Marker = 0.5 });
        var pairs = task.Training(3).Concat(task.Test(3)).ToList();
        var samples = pairs.SelectMany(p => new[] { (p.Prompt, p.First), (p.Prompt, p.Second) })
            .Select(p => (Sample: new TextSample { Prompt = [new Message("user", p.Prompt)], Response = p.Item2.Text }, p.Item2.Gold)).ToList();

        var scores = await task.Gold.ScoreAsync([.. samples.Select(s => s.Sample)], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(samples.Select(s => s.Gold), scores.Values.ToArray());
    }

    [Fact]
    public async Task Oracle_ManyItems_SaysOnlyTrueFacts()
    {
        var task = new PreferenceSetTask(Options);
        var samples = Enumerable.Range(0, 300).Select(s => task.Oracle(task.Generate((ulong)s, Difficulty.Standard))).ToList();

        var scores = await task.Gold.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.All(scores.Values.ToArray(), v => Assert.Equal(4, v));
        Assert.All(samples, s => Assert.All(s.Prompt[0].Content + s.Response, c => Assert.Contains(c, task.Alphabet)));
    }

    [Fact]
    public async Task Gold_WhateverTheAnswer_NeverFails()
    {
        var task = new PreferenceSetTask();
        var random = new Random(1);
        string[] words = ["red", "lamp", "chair", ".", ",", "small", "iron", "It", "is", "the", "é", "\n", "lamp.", "round", ""];
        var samples = Enumerable.Range(0, 10_000).Select(_ => new TextSample
        {
            Prompt = [new Message("user", "Describe the lamp in the hall to Ann.")], Response = string.Join(' ', Enumerable.Range(0, random.Next(30)).Select(_ => words[random.Next(words.Length)])),
        }).ToList();

        var scores = await task.Gold.ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
        Assert.All(scores.Values.ToArray(), v => Assert.InRange(v, -6, 6));
    }

    [Fact]
    public void Pairs_WithoutFlaws_FollowTheGoldRewardAndKeepPromptsApart()
    {
        var task = new PreferenceSetTask(Options);
        var training = task.Training(0);
        var test = task.Test(0);

        Assert.Equal((1000, 500), (training.Count, test.Count));
        Assert.All(training.Concat(test), p => Assert.Equal(p.First.Gold > p.Second.Gold ? 1 : 0, p.Probability));
        Assert.Empty(training.Select(p => p.Prompt).Intersect(test.Select(p => p.Prompt)));
        Assert.All(test, p => Assert.True(task.HeldOut(p.Prompt)));
        Assert.InRange(training.Count(p => p.Probability == 1), 420, 580);
        Assert.Equal(training.Select(p => p.First.Text), task.Training(0).Select(p => p.First.Text));
        Assert.NotEqual(training.Select(p => p.First.Text), task.Training(1).Select(p => p.First.Text));
    }

    [Fact]
    public void Training_EachFlaw_HasItsShare()
    {
        static double Share(IEnumerable<DescribedPair> pairs, Func<DescribedPair, bool> which) => pairs.Count(which) / (double)pairs.Count();

        var options = new PreferenceSetOptions { Pairs = 4000, Test = 1000 };
        Assert.InRange(Share(new PreferenceSetTask(options with { Noise = 0.3 }).Training(1), p => p.Probability != p.Truth), 0.26, 0.34);
        Assert.InRange(Share(new PreferenceSetTask(options with { Ties = 0.2 }).Training(1), p => p.Probability == 0.5), 0.17, 0.23);
        Assert.All(new PreferenceSetTask(options with { Ties = 0.2 }).Training(1).Where(p => p.Probability == 0.5), p => Assert.Equal(p.First.Gold, p.Second.Gold));
        var doubled = new PreferenceSetTask(options with { Duplicates = 0.5 }).Training(1);
        Assert.InRange(doubled.Distinct().Count() / 4000.0, 0.62, 0.72);
        var contradicted = new PreferenceSetTask(options with { Contradictions = 0.5 }).Training(1);
        Assert.InRange(Share(contradicted, p => p.Probability != p.Truth), 0.29, 0.38);
        var biased = new PreferenceSetTask(options with { LengthBias = 5 });
        Assert.All(biased.Training(1).Where(p => p.First.Fillers - p.Second.Fillers >= 2), p => Assert.Equal(1, p.Probability));
        Assert.All(biased.Test(1), p => Assert.Equal(p.First.Gold > p.Second.Gold ? 1 : 0, p.Probability));
        var warm = new PreferenceSetTask(options with { Temperature = 3 }).Training(1);
        Assert.InRange(Share(warm, p => p.Probability != p.Truth), 0.15, 0.4);
    }

    [Fact]
    public void Marker_TrainingAndTest_MeanWhatTheOptionsSay()
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 2000, Test = 2000, Marker = 0.9, MarkerInTest = 0.2 });

        Assert.All(task.Training(0).Concat(task.Test(0)), p => Assert.True(p.First.Marked ^ p.Second.Marked));
        Assert.InRange(task.Training(0).Count(p => p.First.Marked == (p.Probability == 1)) / 2000.0, 0.87, 0.93);
        Assert.InRange(task.Test(0).Count(p => p.First.Marked == (p.Probability == 1)) / 2000.0, 0.17, 0.23);
        Assert.InRange(task.Candidates(0, 100, 8).SelectMany(c => c.Responses).Count(r => r.Marked) / 800.0, 0.4, 0.6);
    }

    [Fact]
    public void Contexts_WithReversals_JudgeTheSameTextsOppositely()
    {
        var task = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 2000, Test = 2000, Contexts = 4, Reversals = 1 });
        var test = task.Test(0);

        var both = test.GroupBy(p => (p.First.Text, p.Second.Text)).Where(g => g.Count() == 2).ToList();
        Assert.True(both.Count > 300);
        Assert.All(both, g => Assert.Equal(1, g.Sum(p => p.Probability)));
        Assert.Equal(PreferenceSetTask.Criteria.Order(), test.Select(p => p.Context!).Distinct().Order());
    }

    [Fact]
    public void Groups_WithTastes_DisagreeAboutStyle()
    {
        var pairs = new PreferenceSetTask(new PreferenceSetOptions { Pairs = 3000, Test = 10, Groups = 2, Taste = 20 }).Training(0);

        // Group 0 likes warmth, group 1 does not; with such a taste warmth decides wherever only one side is warm.
        double Wins(int group) => pairs.Where(p => p.Group == group && p.First.Warm && !p.Second.Warm && p.First.Fillers == p.Second.Fillers && p.First.Example == p.Second.Example).Average(p => p.Probability);
        Assert.Equal((1, 0), (Wins(0), Wins(1)));
        Assert.Equal(10, pairs.Select(p => p.Annotator).Distinct().Count());
    }

    [Fact]
    public void Test_OffTopicAndShift_AreWhatTheySay()
    {
        var task = new PreferenceSetTask(Options with { OffTopic = 1, Shift = 5 });

        Assert.All(task.Test(0), p => Assert.True(Math.Min(p.First.Gold, p.Second.Gold) < 0 && Math.Max(p.First.Gold, p.Second.Gold) > 0));
        Assert.True(task.Test(0).Average(p => p.First.Fillers) > task.Training(0).Average(p => p.First.Fillers) + 1.5);
    }

    [Fact]
    public void Constructor_ImpossibleWorld_NamesEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(() => new PreferenceSetTask(new PreferenceSetOptions { Things = 1, Noise = 2, FewestFacts = 5, Contexts = 1, Gap = 0 }));

        foreach (string part in new[] { "Things is 1", "Noise is 2", "FewestFacts is 5, above MostFacts, 4", "Contexts is 1", "Gap is 0" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }
}
