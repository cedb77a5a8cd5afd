using Meed.Rewards.Combinators;
using static Meed.Rewards.ScoreStatus;

namespace Meed.Rewards.Tests.Combinators;

public class CombinatorTests
{
    private static Scores Score(IReward<int> reward, int count, RewardContext? context = null)
        => reward.ScoreAsync(Fake.Samples(count), context ?? RewardContext.Default).AsTask().GetAwaiter().GetResult();

    private static Scores Rows(Cache<int> reward, int[] samples) => reward.ScoreAsync(samples, RewardContext.Default).AsTask().GetAwaiter().GetResult();

    private static void AssertRows(Scores scores, params object[] expected)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            if (expected[row] is ScoreStatus status)
            {
                Assert.Equal(status, scores.Status[row]);
            }
            else
            {
                Assert.Equal(Ok, scores.Status[row]);
                Assert.Equal(Convert.ToDouble(expected[row]), scores[row], 1e-12);
            }
        }
    }

    // Child a always has a number; child b has one, does not apply, fails at the judge, times out.
    private static Fake A => new("a", [0.5, 0.5, 0.5, 0.5]);

    private static Fake B => new("b", [0.25, 0, 0, 0], [Ok, NotApplicable, JudgeError, ScoreStatus.Timeout], mayNotApply: true);

    [Fact]
    public void Sum_ChildThatDoesNotApply_LeavesItsWeightToTheOthers()
        // 2·0.5 + 1·0.25;  2·0.5·3/2;  the child's own statuses
        => AssertRows(Score(new Sum<int>([A, B], [2, 1]), 4), 1.25, 1.5, JudgeError, ScoreStatus.Timeout);

    [Fact]
    public void Sum_NegativeWeight_IsAPenaltyWithItsAbsoluteWeightInTheRescaling()
        => AssertRows(Score(new Sum<int>([A, B], [2, -1]), 2), 0.75, 1.5);

    [Fact]
    public void Product_Statuses_AsSum() => AssertRows(Score(new Product<int>([A, B]), 4), 0.125, 0.5, JudgeError, ScoreStatus.Timeout);

    [Fact]
    public void Minimum_Statuses_AsSum() => AssertRows(Score(new Minimum<int>([A, B]), 4), 0.25, 0.5, JudgeError, ScoreStatus.Timeout);

    [Fact]
    public void Maximum_Statuses_AsSum() => AssertRows(Score(new Maximum<int>([A, B]), 4), 0.5, 0.5, JudgeError, ScoreStatus.Timeout);

    [Fact]
    public void Sum_NoChildApplies_NotApplicable()
        => AssertRows(Score(new Sum<int>([new Fake("a", [1], [NotApplicable]), new Fake("b", [1], [NotApplicable])], [1, 1]), 1), NotApplicable);

    [Fact]
    public void Sum_FailedChild_ReasonNamesThePath()
    {
        var nested = new Sum<int>([A, new Minimum<int>([A, B])], [1, 1]);

        Assert.Equal("sum[1].min[1].b: down", Score(nested, 4).Reasons[2]);
        Assert.Equal("sum[1].b: down", Score(new Sum<int>([A, B], [1, 1]), 4).Reasons[2]);
    }

    [Fact]
    public void Sum_Components_AreTheChildrenAndTheirs()
    {
        var scores = Score(new Sum<int>([new Product<int>([A, B]), A, A], [1, 1, 1]), 4);

        Assert.Equal(["product", "product.a", "product.b", "a", "a-2"], scores.Schema.Components);
        Assert.Equal([0.125, 0.5, double.NaN, double.NaN], scores.Component("product").ToArray());
        Assert.Equal([0.25, double.NaN, double.NaN, double.NaN], scores.Component("product.b").ToArray());
    }

    [Fact]
    public void Sum_Work_IsTheChildrens() => Assert.Equal([20, 22, 24, 26], Score(new Sum<int>([A, B], [1, 1]), 4).Work.ToArray());

    [Fact]
    public void Sum_Range_AllowsForRescaledWeights()
    {
        var always = new Sum<int>([A, new Scale<int>(A, 10)], [1, 1]).Schema;
        var sometimes = new Sum<int>([B, new Scale<int>(A, 10)], [1, 1]).Schema;

        Assert.Equal((0, 11), (always.Minimum, always.Maximum));
        Assert.Equal((0, 20), (sometimes.Minimum, sometimes.Maximum));
        Assert.False(always.MayNotApply);
    }

    [Fact]
    public void Gate_BelowTheThreshold_ClosedAndTheChildIsNotAsked()
    {
        var condition = new Fake("c", [0, 1, 0.5, 0, 1], [Ok, Ok, Ok, JudgeError, Ok]);
        var child = new Fake("t", [0.1, 0.2, 0.3, 0.4, 0.5], [Ok, Ok, Ok, Ok, ScoreStatus.Timeout]);

        var scores = Score(new Gate<int>(condition, child, 0.5, -1), 5);

        AssertRows(scores, -1, 0.2, 0.3, JudgeError, ScoreStatus.Timeout);
        Assert.Equal([1, 2, 4], child.Asked);
        Assert.Equal(["gate: closed", null, null, "gate.if.c: down", "gate.then.t: down"], scores.Reasons.ToArray().AsEnumerable());
        Assert.Equal((-1, 1), (scores.Schema.Minimum, scores.Schema.Maximum));
        Assert.Equal([10, 22, 24, 13, 28], scores.Work.ToArray());
    }

    [Fact]
    public void Clip_ValueAndSegments_StayWithinBounds()
    {
        var scores = Score(new Clip<int>(new Fake("a", [0, 0.5, 1], segmentsPerRow: [4, 0, 1]), 0.3, 0.6), 3);

        AssertRows(scores, 0.3, 0.5, 0.6);
        Assert.Equal([0.3, 0.5, 0.6, 0.6], scores.Segments[0]!.Select(s => s.Value));
        Assert.Equal((0.3, 0.6), (scores.Schema.Minimum, scores.Schema.Maximum));
    }

    [Fact]
    public void Delta_Segments_AddUpToTheFirst()
    {
        // Steps 0.25, 0.5, 0.75: differences −0.25, −0.25, 0.75.
        var scores = Score(new Delta<int>(new Fake("a", [0.9, 0.8], segmentsPerRow: [3, 0])), 2);

        Assert.Equal([-0.25, -0.25, 0.75], scores.Segments[0]!.Select(s => s.Value));
        AssertRows(scores, 0.25, 0.8);
    }

    [Fact]
    public void Shapes_Values_AsTheirFormulas()
    {
        var x = new Fake("a", [0, 0.5, 1]);

        AssertRows(Score(new Scale<int>(x, -2, 1), 3), 1, 0, -1);
        AssertRows(Score(new Power<int>(new Scale<int>(x, -2, 1), 3), 3), 1, 0, -1);
        AssertRows(Score(new Power<int>(x, 2), 3), 0, 0.25, 1);
        // 1 / (1 + e^2), 1/2, 1 / (1 + e^-2)
        AssertRows(Score(new Sigmoid<int>(x, 0.5, 0.25), 3), 0.11920292202211755, 0.5, 0.8807970779778825);
        AssertRows(Score(new Tiers<int>(x, [0.5, 1], [-1, 0.2, 2]), 3), -1, 0.2, 2);
    }

    [Fact]
    public void Shapes_RowsWithoutANumber_KeepStatusAndReason()
    {
        var scores = Score(new Scale<int>(B, 2), 4);

        AssertRows(scores, 0.5, NotApplicable, JudgeError, ScoreStatus.Timeout);
        Assert.Equal("scale.of.b: down", scores.Reasons[3]);
    }

    [Fact]
    public void Normalise_Group_MeanOffAndDividedByTheDeviationOfItsOwnRows()
    {
        var x = new Fake("a", [0, 1, 0, 0.5, 0.25], [Ok, Ok, JudgeError, Ok, Ok]);
        var context = new RewardContext { GroupOffsets = new[] { 0, 3, 5 } };

        var scores = Score(new Normalise<int>(x, StatisticOver.Group, epsilon: 1e-12), 5, context);

        // Group 1: mean 0.5, deviation 0.5 over its two rows with a number. Group 2: mean 0.375, deviation 0.125.
        Assert.Equal(-1, scores[0], 1e-9);
        Assert.Equal(1, scores[1], 1e-9);
        Assert.Equal(JudgeError, scores.Status[2]);
        Assert.Equal(1, scores[3], 1e-9);
        Assert.Equal(-1, scores[4], 1e-9);
        Assert.Equal(RewardScope.Group, scores.Schema.Scope);
    }

    [Fact]
    public void Normalise_BatchWithoutDeviation_OnlyTheMeanGoes()
        => AssertRows(Score(new Normalise<int>(new Fake("a", [0, 1, 0.5]), StatisticOver.Batch, deviate: false), 3), -0.5, 0.5, 0);

    [Fact]
    public void Normalise_GroupWithoutSpread_Zero()
        => AssertRows(Score(new Normalise<int>(new Fake("a", [0.3, 0.3]), StatisticOver.Batch), 2), 0, 0);

    [Fact]
    public void Normalise_Limit_BoundsOutliers()
        => Assert.Equal(1.5, Score(new Normalise<int>(new Fake("a", [1, 0, 0, 0, 0, 0, 0, 0]), StatisticOver.Batch, limit: 1.5), 8)[0]);

    [Fact]
    public void Normalise_Running_ChangesOnlyThroughUpdateAndSurvivesSaving()
    {
        var running = new Normalise<int>(new Fake("a", [0.2, 0.4, 0.9], [Ok, Ok, Ok]), StatisticOver.Running, epsilon: 1e-15);
        var root = new Sum<int>([new Scale<int>(running, 2)], [1]);

        var before = Score(root, 3);
        AssertRows(before, 0.4, 0.8, 1.8);   // mean 0, deviation 1
        AssertRows(Score(root, 3), 0.4, 0.8, 1.8);
        root.Update(before);
        var after = Score(root, 3);

        // numpy: x = [.2, .4, .9]; 2 * (x - x.mean()) / x.std()
        Assert.Equal(-2.0380986614602725, after[0], 1e-9);
        Assert.Equal(2.7174648819470297, after[2], 1e-9);

        using var stream = new MemoryStream();
        root.Save(stream);
        stream.Position = 0;
        var copy = new Sum<int>([new Scale<int>(new Normalise<int>(new Fake("a", [0.2, 0.4, 0.9]), StatisticOver.Running, epsilon: 1e-15), 2)], [1]);
        copy.Load(stream);
        Assert.Equal(after.Values.ToArray(), Score(copy, 3).Values.ToArray());
    }

    [Fact]
    public void Quantile_Ties_CountHalf()
    {
        AssertRows(Score(new Quantile<int>(new Fake("a", [0.1, 0.5, 0.5, 0.9]), StatisticOver.Batch), 4), 0.125, 0.5, 0.5, 0.875);
        AssertRows(Score(new Quantile<int>(new Fake("a", [0.1, 0.5]), StatisticOver.Group), 2), 0.5, 0.5);
        AssertRows(Score(new Quantile<int>(new Fake("a", [0.0, 0.2, 1]), StatisticOver.Batch, [0.4, 0.2]), 3), 0, 0.25, 1);
    }

    [Theory]
    [InlineData(EnsembleRule.Mean, 0.5)]
    [InlineData(EnsembleRule.Median, 0.4)]
    [InlineData(EnsembleRule.Minimum, 0.1)]
    // numpy: np.mean([.1, .4, 1]) - 2 * np.std([.1, .4, 1])
    [InlineData(EnsembleRule.MeanMinusDeviation, -0.24833147735478822)]
    public void Ensemble_Rule_Value(EnsembleRule by, double expected)
    {
        var scores = Score(new Ensemble<int>([new Fake("a", [0.1]), new Fake("b", [1]), new Fake("c", [0.4])], by, 2), 1);

        Assert.Equal(expected, scores[0], 1e-12);
        Assert.InRange(scores[0], scores.Schema.Minimum, scores.Schema.Maximum);
    }

    [Fact]
    public void Ensemble_MedianOfTwo_IsTheirMiddle()
        => Assert.Equal(0.55, Score(new Ensemble<int>([new Fake("a", [0.1]), new Fake("b", [1])], EnsembleRule.Median), 1)[0], 1e-12);

    [Fact]
    public void Ensemble_UnderQuorum_FailsAndSaysHowMany()
    {
        var scores = Score(new Ensemble<int>([A, B, B], quorum: 2), 4);

        AssertRows(scores, 1.0 / 3, NotApplicable, JudgeError, ScoreStatus.Timeout);
        Assert.Equal("ensemble: 1 of 3 members scored, 2 must; ensemble[1].b: down", scores.Reasons[2]);
        AssertRows(Score(new Ensemble<int>([A, B], quorum: 1), 4), 0.375, 0.5, 0.5, 0.5);
    }

    [Fact]
    public void Otherwise_Failure_BecomesTheValueButNotApplicableStays()
    {
        var scores = Score(new Otherwise<int>(B, 0.75), 4);

        AssertRows(scores, 0.25, NotApplicable, 0.75, 0.75);
        Assert.Equal("otherwise.of.b: down", scores.Reasons[2]);
    }

    [Fact]
    public void Anneal_Step_MovesTheWeight()
    {
        var reward = new Anneal<int>(new Fake("a", [0.5]), 1, 0, 10, 20);
        double At(long step) => Score(reward, 1, new RewardContext { Step = step })[0];

        Assert.Equal([0.5, 0.5, 0.25, 0, 0], new long[] { 0, 10, 15, 20, 99 }.Select(At));
        Assert.True(reward.Schema.DependsOnStep);
        Assert.Equal(0.25, ScoreMath.Anneal(5, 1, 0.0625, 0, 10, AnnealShape.Exponential), 1e-12);
        Assert.Equal(0.14644660940672627, ScoreMath.Anneal(25, 0, 1, 0, 100, AnnealShape.Cosine), 1e-12);   // (1 − cos(π/4)) / 2
        Assert.Equal(3, ScoreMath.Anneal(5, 1, 3, 5, 5, AnnealShape.Linear));
    }

    [Fact]
    public void Route_Cases_EachSeesItsSamplesOnly()
    {
        var one = new Fake("one", [.. Enumerable.Repeat(0.1, 9)]);
        var three = new Fake("three", [.. Enumerable.Repeat(0.3, 9)]);
        var route = new Route<int>(s => new IntTraits().FieldOf(s, "item.kind"), [new("one", one), new("three", three)]);

        var scores = Score(route, 6);

        AssertRows(scores, 0.3, 0.1, NotApplicable, 0.3, 0.1, NotApplicable);
        Assert.Equal([1, 4], one.Asked);
        Assert.Equal("route: no case", scores.Reasons[2]);
        Assert.True(route.Schema.MayNotApply);
        AssertRows(Score(new Route<int>(_ => "other", [new("one", one)], three), 1), 0.3);
    }

    [Fact]
    public void LengthPenalty_Lengths_FallFromSoftToMax()
    {
        var reward = new LengthPenalty<int>(new Fake("a", [.. Enumerable.Repeat(1.0, 9)]), new IntTraits(), new LengthPenaltyOptions { Max = 6, Soft = 4, Penalty = 0.8, Unit = LengthUnit.Characters });

        AssertRows(Score(reward, 9), 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2);
        Assert.Equal(-0.8, reward.Schema.Minimum);
        var uncounted = Score(new LengthPenalty<int>(new Fake("a", [1]), new IntTraits(), new LengthPenaltyOptions()), 1);
        Assert.Equal(VerifierError, uncounted.Status[0]);
    }

    [Fact]
    public void Noise_Flip_MirrorsAboutThatShareAndOnlyBySeed()
    {
        const int n = 4000;
        var child = new Fake("a", [.. Enumerable.Repeat(1.0, n)]);
        var noise = new Noise<int>(child, new IntTraits(), flip: 0.3);

        var scores = Score(noise, n, new RewardContext { Seed = 7 });

        // Binomial: 0.3 ± 4·sqrt(0.3·0.7/4000) = ± 0.029
        Assert.InRange(scores.Values.ToArray().Count(v => v == 0) / (double)n, 0.271, 0.329);
        Assert.Equal(scores.Values.ToArray(), Score(noise, n, new RewardContext { Seed = 7 }).Values.ToArray());
        Assert.NotEqual(scores.Values.ToArray(), Score(noise, n, new RewardContext { Seed = 8 }).Values.ToArray());
        Assert.False(noise.Schema.Deterministic);
    }

    [Fact]
    public void Noise_Deviation_HasThatDeviationAndStaysInRange()
    {
        const int n = 4000;
        var noise = new Noise<int>(new Fake("a", [.. Enumerable.Repeat(0.5, n)]), new IntTraits(), deviation: 0.1);

        var values = Score(noise, n).Values.ToArray();

        double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.InRange(mean, 0.493, 0.507);         // 4 standard errors
        Assert.InRange(deviation, 0.095, 0.105);
        Assert.All(values, v => Assert.InRange(v, noise.Schema.Minimum, noise.Schema.Maximum));
    }

    [Fact]
    public void Cache_SamplesThatComeAgain_AreNotAskedTwice()
    {
        var child = new Fake("a", [0.1, 0.2, 0.3], [Ok, JudgeError, Ok]);
        var cache = new Cache<int>(child, new IntTraits());
        var samples = new[] { 0, 1, 0, 2, 1 };

        var first = Rows(cache, samples);
        var second = Rows(cache, samples);

        Assert.Equal([0, 1, 2, 1], child.Asked);   // the failed sample is asked again, once
        Assert.Equal(first.Values.ToArray(), second.Values.ToArray());
        Assert.Equal(first.Status.ToArray(), second.Status.ToArray());
        Assert.Equal(6, cache.Hits);
    }

    [Fact]
    public void Cache_Seed_IsPartOfTheKeyOnlyWhereScoresDependOnIt()
    {
        var child = new Fake("a", [0.1], deterministic: false);
        var cache = new Cache<int>(child, new IntTraits());

        _ = Score(cache, 1, new RewardContext { Seed = 1 });
        _ = Score(cache, 1, new RewardContext { Seed = 2 });
        _ = Score(cache, 1, new RewardContext { Seed = 1, Step = 5 });

        Assert.Equal(2, child.Asked.Count);
    }

    [Fact]
    public void Cache_Capacity_BoundsWhatIsKept()
    {
        var child = new Fake("a", [.. Enumerable.Repeat(0.5, 1000)]);
        var cache = new Cache<int>(child, new IntTraits(), 10);

        _ = Score(cache, 1000);
        child.Asked.Clear();
        _ = Score(cache, 1000);

        Assert.InRange(child.Asked.Count, 990, 1000);
    }

    [Theory]
    [InlineData(RewardScope.Group)]
    [InlineData(RewardScope.Batch)]
    public void Cache_RewardOfAnotherScope_IsRefused(RewardScope scope)
    {
        var error = Assert.Throws<ArgumentException>(() => new Cache<int>(new Fake("wide", [1], scope: scope), new IntTraits()));

        Assert.Contains("'wide' depends on its", error.Message);
    }

    [Fact]
    public void Cache_RunningState_IsRefused()
        => Assert.Contains("running state", Assert.Throws<ArgumentException>(() => new Cache<int>(new Sum<int>([new Normalise<int>(A, StatisticOver.Running)], [1]), new IntTraits())).Message);

    [Fact]
    public void Budget_WholeSubtreeOverIt_MinimumWithReason()
    {
        var sum = new Sum<int>([A, A], [1, 1]);

        var scores = Score(new Budget<int>(sum, new BudgetOptions { Work = 23 }), 4);

        AssertRows(scores, 1, 1, 0, 0);   // work 20, 22, 24, 26
        Assert.Equal("sum: over_budget", scores.Reasons[2]);
    }

    [Fact]
    public void Trace_Tree_NamesEveryNodeWithValueAndWork()
    {
        var trace = new List<string>();
        var condition = new Fake("c", [0, 1]);
        var tree = new Sum<int>([A, new Gate<int>(condition, new Probe(), 1, 0)], [1, 1]);

        _ = Score(tree, 2, new RewardContext { Trace = new Recorder(trace) });

        Assert.Equal(["1 sum[1].gate.then.probe=0.75 work 3", "0 sum[1].gate=0 work 10", "1 sum[1].gate=0.75 work 14", "0 sum=0.5 work 20", "1 sum=1.25 work 25"], trace);
    }

    [Fact]
    public void Scores_NaNFromAProduct_IsAVerifierError()
    {
        var huge = new Scale<int>(new Fake("a", [1]), 1e308);
        var scores = Score(new Power<int>(new Scale<int>(huge, 1), 1.1), 1);

        Assert.Equal(VerifierError, scores.Status[0]);
        Assert.Contains("power", scores.Reasons[0]);
    }

    private sealed class Probe : Verifier<int>
    {
        public override RewardSchema Schema { get; } = new("probe", "1", [], 0, 1, RewardScope.Sample, true);

        protected override void Check(int sample, ref Work work, ref ScoreRow row)
        {
            work.Charge(3);
            row.Set(0.75);
        }
    }

    private sealed class Recorder(List<string> lines) : IScoreTrace
    {
        public void Node(int row, string path, double value, ScoreStatus status, long work, string? reason) => lines.Add($"{row} {path}={value} work {work}");
    }
}
