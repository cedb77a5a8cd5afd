using Meed.Evaluation.Bench;
using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Tests.Protocols;

public class ProtocolTests
{
    [Fact]
    public void PairwiseVotes_JudgeThatTakesTheFirst_IsCreditedOnlyInTheFilesOrder()
    {
        VoteItem[] items = [.. Enumerable.Range(0, 400).Select(i => new VoteItem(i % 4 == 0 ? "a" : "b", i % 5 != 0))];

        var fixedOrder = PairwiseVotes.Run(items, (_, _, _) => true, 3, false, new RandomStream(1));
        var drawn = PairwiseVotes.Run(items, (_, _, _) => true, 3, true, new RandomStream(1));

        Assert.Equal(0.8, fixedOrder.Overall, 1e-12);
        Assert.InRange(drawn.Overall, 0.4, 0.6);
        Assert.Equal(1.0, fixedOrder.Consistency, 1e-12);
        Assert.Equal(2, fixedOrder.ByVotes.Count);
    }

    [Fact]
    public void PairwiseVotes_NoisyJudge_GainsByVotesAndGroupsCountEqually()
    {
        // Group a (a tenth of the items) is always right, b right in 70 % of votes.
        VoteItem[] items = [.. Enumerable.Range(0, 1000).Select(i => new VoteItem(i % 10 == 0 ? "a" : "b", i % 2 == 0))];
        bool Ask(int i, bool shownFirst, RandomStream r) => (items[i].FirstIsBetter == shownFirst) ^ (items[i].Group == "b" && r.NextBool(0.3));

        var result = PairwiseVotes.Run(items, Ask, 5, true, new RandomStream(2));

        Assert.Equal(1, result.Groups["a"]);
        Assert.InRange(result.Groups["b"], 0.79, 0.88);   // 0.837 for a majority of five
        Assert.Equal((result.Groups["a"] + result.Groups["b"]) / 2, result.Macro, 1e-12);
        Assert.True(result.ByVotes[0] < result.ByVotes[1] && result.ByVotes[1] < result.ByVotes[2]);
        Assert.Throws<ArgumentException>(() => PairwiseVotes.Run(items, Ask, 2, true, new RandomStream(2)));
    }

    [Fact]
    public void SurpriseMemory_ThreeRooms_CutsThemApart()
    {
        var random = new RandomStream(3);
        var memory = new SurpriseMemory(4, 8, threshold: 5);
        for (int t = 0; t < 90; t++)
        {
            memory.Watch([(t / 30) + (float)(0.05 * random.NextNormal()), 1, 0, (float)(0.05 * random.NextNormal())]);
        }

        Assert.Equal([0L, 30L, 60L], memory.Events.Select(e => e.First));
        Assert.Equal([30, 30, 30], memory.Events.Select(e => e.Count));
        Assert.Equal([0, 1, 2], memory.Events.Select(e => (int)Math.Round(e.Mean[0])));
        Assert.True(memory.Events[1].Surprise > 5);
    }

    [Fact]
    public void SurpriseMemory_FullBudget_JoinsTheLeastSurprising()
    {
        var random = new RandomStream(4);
        var memory = new SurpriseMemory(2, 3, threshold: 8);
        for (int room = 0; room < 10; room++)
        {
            for (int t = 0; t < 20; t++)
            {
                memory.Watch([room % 2 == 0 ? 0 : 1 + room, (float)(0.01 * random.NextNormal())]);
            }
        }

        Assert.Equal(4, memory.Events.Count);   // three closed and the open one
        Assert.Equal(200, memory.Events.Sum(e => e.Count));
        Assert.Throws<ArgumentException>(() => memory.Watch([1f]));
    }

    [Fact]
    public void SkillTree_OfScores_AveragesCorrelationsByLevel()
    {
        // Skills a and b rise together, c runs against a: level 1 holds a and c, level 2 only b.
        var report = SkillTree.Report([new("a", 1), new("c", 1), new("b", 2)], [[0.1, 0.9, 0.2], [0.2, 0.5, 0.3], [0.3, 0.4, 0.9]]);

        Assert.Equal(-1, report.ByLevel[1], 1e-12);
        Assert.True(double.IsNaN(report.ByLevel[2]));
        Assert.Equal(1, report.Correlation[0][2], 1e-12);
        Assert.Equal([0.5, 0.35, 0.35], report.LevelScores[1].Select(v => Math.Round(v, 12)));
        Assert.Equal(0.2, SkillTree.Transfer([0.5, 0.5], [[0.7, 0.5], [0.4, 0.9]])[0][0], 1e-12);
    }

    [Theory]
    [InlineData(AnswerMetric.Choice, new[] { 2.0 }, new[] { 2.0 }, 1)]
    [InlineData(AnswerMetric.Choice, new[] { 2.0 }, new[] { 1.0 }, 0)]
    [InlineData(AnswerMetric.Number, new[] { 10.0 }, new[] { 7.9 }, 0.6)]   // an error of 0.21 stays below 0.25 … 0.5
    [InlineData(AnswerMetric.Number, new[] { 10.0 }, new[] { 10.0 }, 1)]
    [InlineData(AnswerMetric.Number, new[] { 0.0 }, new[] { 1.0 }, 0)]
    [InlineData(AnswerMetric.Order, new[] { 0.0, 1, 2 }, new[] { 1.0, 0, 2 }, 2.0 / 3)]
    [InlineData(AnswerMetric.Order, new[] { 0.0, 1, 2 }, new[] { 0.0, 1 }, 0)]
    public void CapabilityIndex_ScoreOfAnswers_IsTheTypesOwn(AnswerMetric metric, double[] truth, double[] answer, double expected) => Assert.Equal(expected, CapabilityIndex.Score(metric, truth, answer), 1e-12);

    [Fact]
    public void CapabilityIndex_TwoLevels_WeighsTheHigherTwice() =>
        Assert.Equal(100 * (0.75 + (2 * 0.3)) / 3, CapabilityIndex.Of([new("a", 1, AnswerMetric.Choice), new("b", 1, AnswerMetric.Choice), new("c", 2, AnswerMetric.Choice)], [0.5, 1, 0.3]), 1e-12);

    [Fact]
    public void CriterionPairs_MarginsWithTies_SaysTiesWhereMarginsAreSmall()
    {
        CriterionItem[] items = [.. Enumerable.Range(0, 60).Select(i => new CriterionItem("brief", i % 2 == 0 ? "text" : "image", (i % 3) - 1))];
        double[] margins = [.. items.Select((item, i) => item.Label == 0 ? 0.01 * (i % 5) : item.Label * (1 + (0.1 * (i % 7))))];
        margins[2] = -1;   // one of the winners turned

        var result = CriterionPairs.Of(items, margins);

        Assert.Equal(59.0 / 60, result.WithTies, 1e-12);
        Assert.Equal(39.0 / 40, result.WithoutTies, 1e-12);
        Assert.Equal(29.0 / 30, result.ByModality["text"], 1e-12);
        Assert.InRange(result.Threshold, 0.02, 0.9);
    }

    [Fact]
    public void CriterionPairs_RowsOfTheOwnLayout_GiveLabels()
    {
        using var file = new Bench.BenchFile("rows.jsonl",
            """{"prompt":"p","responses":[{"text":"a"},{"text":"b"}],"preferences":[{"first":1,"second":0}],"context":"brief","subset":"image"}""",
            """{"prompt":"q","responses":[{"text":"a"},{"text":"b"}],"preferences":[{"first":0,"second":1,"p":0.5}],"context":"warm"}""");

        Assert.Equal([new("brief", "image", -1), new("warm", "text", 0)], CriterionPairs.Items(RewardModels.Data.PreferenceFile.Open(file.Path).Rows()));
    }

    [Fact]
    public void StepSelection_ByStepsAndOutcome_ChooseDifferently()
    {
        SteppedAnswer[] answers = [new(false, 0.9, [0.9, 0.1, 0.9]), new(true, 0.5, [0.6, 0.6, 0.6])];

        Assert.Equal(0, StepSelection.Choose(answers, null));
        Assert.Equal(1, StepSelection.Choose(answers, StepReduction.Min));
        Assert.Equal(0, StepSelection.Choose(answers, StepReduction.Mean));
        Assert.True(StepSelection.Matters(answers, StepReduction.Min));
        Assert.False(StepSelection.Matters(answers, StepReduction.Mean));
        Assert.False(StepSelection.Matters([answers[1], answers[1]], StepReduction.Min));
    }

    [Fact]
    public void StepTreeSearch_OneWrongStep_HasValueZero()
    {
        // Answers of three bits, right when the first is 1: a first step of 0 is worth nothing, later steps what their first is worth.
        var labels = StepTreeSearch.Run<int>((p, r) => p.Count < 3 ? (true, r.NextInt(2)) : (false, 0), steps => steps[0] == 1, 60, 3, new RandomStream(5));

        Assert.InRange(labels.Count, 10, 60);
        Assert.All(labels, l => Assert.Equal(l.Prefix[0] == 1 ? 1 : 0, l.Value));
        Assert.Equal(60, labels.Where(l => l.Prefix.Count == 1).Sum(l => l.Visits));
    }
}
