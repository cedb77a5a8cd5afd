using Meed.Rewards.Combinators;

namespace Meed.Rewards.Tests.Combinators;

/// <summary>What every combinator over one child does with a good row beside a failed one, and where its options end.</summary>
public class FailedChildTests
{
    private static Fake Child => new("judge", [0.25, 0.75, 1], [ScoreStatus.Ok, ScoreStatus.JudgeError, ScoreStatus.Ok]);

    private static readonly Dictionary<string, Func<IReward<int>>> s_combinators = new()
    {
        ["anneal"] = () => new Anneal<int>(Child, 1, 0.5, 0, 10),
        ["clip"] = () => new Clip<int>(Child, 0, 1),
        ["length-penalty"] = () => new LengthPenalty<int>(Child, new IntTraits(), new LengthPenaltyOptions { Max = 10, Soft = 2, Unit = LengthUnit.Characters }),
        ["noise"] = () => new Noise<int>(Child, new IntTraits()),
        ["normalise"] = () => new Normalise<int>(Child, StatisticOver.Batch),
        ["normalise "] = () => new Normalise<int>(Child, StatisticOver.Running),
        ["power"] = () => new Power<int>(Child, 2),
        ["quantile"] = () => new Quantile<int>(Child, StatisticOver.Batch),
        ["quantile "] = () => new Quantile<int>(Child, StatisticOver.Batch, [0, 0.5]),
        ["scale"] = () => new Scale<int>(Child, 2),
        ["sigmoid"] = () => new Sigmoid<int>(Child),
        ["tiers"] = () => new Tiers<int>(Child, [0.5], [0, 1]),
    };

    public static TheoryData<string> Names() => [.. s_combinators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Score_GoodRowsBesideAFailedOne_OnlyTheFailedOneHasItsChildsReason(string name)
    {
        var scores = await s_combinators[name]().ScoreAsync(Fake.Samples(3), RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal([ScoreStatus.Ok, ScoreStatus.JudgeError, ScoreStatus.Ok], scores.Status.ToArray());
        Assert.Equal<IEnumerable<string?>>([null, $"{name.Trim()}.judge: down", null], [scores.Reasons[0], scores.Reasons[1]?.Replace(".of.", ".", StringComparison.Ordinal), scores.Reasons[2]]);
    }

    private sealed class Silent(string name, ScoreStatus status) : IReward<int>
    {
        public RewardSchema Schema { get; } = new(name, "1", [], 0, 1, RewardScope.Sample, true) { MayNotApply = true };

        public ValueTask<Scores> ScoreAsync(IReadOnlyList<int> samples, RewardContext context, CancellationToken cancellationToken = default)
        {
            var scores = new Scores(Schema, samples.Count);
            scores.Status.Fill(status);
            return new(scores);
        }
    }

    [Fact]
    public async Task Score_OtherwiseRouteAndEnsemble_SayWhoseReasonItWas()
    {
        var token = TestContext.Current.CancellationToken;
        var child = new Fake("judge", [0.5, 0, 0], [ScoreStatus.Ok, ScoreStatus.NotApplicable, ScoreStatus.JudgeError], mayNotApply: true);

        var otherwise = await new Otherwise<int>(child, 0.25).ScoreAsync(Fake.Samples(3), RewardContext.Default, token);
        Assert.Equal([ScoreStatus.Ok, ScoreStatus.NotApplicable, ScoreStatus.Ok], otherwise.Status.ToArray());
        Assert.Equal((0.5, 0.25), (otherwise.Values[0], otherwise.Values[2]));
        Assert.Contains("judge: down", otherwise.Reasons[1]);

        // Samples 0 are "three", 1 "one", 2 neither.
        var one = new Fake("one", [0, 1, 0], [ScoreStatus.Ok, ScoreStatus.Timeout, ScoreStatus.Ok]);
        var three = new Fake("three", [1, 0, 0], [ScoreStatus.JudgeError, ScoreStatus.Ok, ScoreStatus.Ok]);
        var route = await new Route<int>(static s => new IntTraits().FieldOf(s, "item.kind"), [new("one", one), new("three", three)]).ScoreAsync(Fake.Samples(3), RewardContext.Default, token);
        Assert.Equal([ScoreStatus.JudgeError, ScoreStatus.Timeout, ScoreStatus.NotApplicable], route.Status.ToArray());
        Assert.Contains("three: down", route.Reasons[0]);
        Assert.Contains("one: down", route.Reasons[1]);
        Assert.Contains("no case", route.Reasons[2]);

        var good = new Fake("good", [1, 1, 1]);
        foreach (var members in (IReward<int>[][])[[Child, good], [good, Child]])
        {
            var ensemble = await new Ensemble<int>(members, quorum: 2).ScoreAsync(Fake.Samples(3), RewardContext.Default, token);
            Assert.Equal([ScoreStatus.Ok, ScoreStatus.JudgeError, ScoreStatus.Ok], ensemble.Status.ToArray());
            Assert.Null(ensemble.Reasons[0]);
            Assert.Contains("1 of 2 members scored, 2 must", ensemble.Reasons[1]);
        }
    }

    [Fact]
    public async Task Score_ChildThatFailsWithoutAReason_IsNamedWithItsStatus()
    {
        var good = new Fake("good", [1]);
        async Task<string?> Reason(IReward<int> reward) => (await reward.ScoreAsync([0], RewardContext.Default, TestContext.Current.CancellationToken)).Reasons[0];

        Assert.Equal("sum[0].quiet: JudgeError", await Reason(new Sum<int>([new Silent("quiet", ScoreStatus.JudgeError), good], [1, 1])));
        Assert.Equal("sum[1].quiet: Timeout", await Reason(new Sum<int>([good, new Silent("quiet", ScoreStatus.Timeout)], [1, 1])));
    }

    // A value just outside and one on the border that is allowed.
    [Fact]
    public void Problems_BordersOfTheOptions_AreNamedOnlyOutside()
    {
        OneAndNone(new NormaliseOptions { Limit = 0 }.Problems(), new NormaliseOptions { Limit = 1e-9 }.Problems(), "Limit is 0");
        OneAndNone(new NormaliseOptions { Epsilon = 0 }.Problems(), new NormaliseOptions { Epsilon = 1e-12 }.Problems(), "Epsilon is 0");
        OneAndNone(new NoiseOptions { Deviation = -0.1 }.Problems(), new NoiseOptions { Deviation = 0, Flip = 0 }.Problems(), "Deviation is -0.1");
        OneAndNone(new NoiseOptions { Flip = 1.5 }.Problems(), new NoiseOptions { Flip = 1 }.Problems(), "Flip is 1.5");
        OneAndNone(new NoiseOptions { Flip = -0.5 }.Problems(), new NoiseOptions { Flip = 0 }.Problems(), "Flip is -0.5");
        OneAndNone(new LengthPenaltyOptions { Max = 0, Soft = 0 }.Problems(), new LengthPenaltyOptions { Max = 1, Soft = 0 }.Problems(), "Max is 0");
        OneAndNone(new LengthPenaltyOptions { Max = 5, Soft = 6 }.Problems(), new LengthPenaltyOptions { Max = 5, Soft = 5 }.Problems(), "Soft is 6");
        OneAndNone(new LengthPenaltyOptions { Max = 5, Soft = -1 }.Problems(), new LengthPenaltyOptions { Max = 5, Soft = 0, Penalty = 0 }.Problems(), "Soft is -1");
        OneAndNone(new LengthPenaltyOptions { Penalty = -1 }.Problems(), new LengthPenaltyOptions().Problems(), "Penalty is -1");
        OneAndNone(new AnnealOptions { Start = 5, End = 4 }.Problems(), new AnnealOptions { Start = 5, End = 5 }.Problems(), "End is step 4");
        OneAndNone(new AnnealOptions { Shape = AnnealShape.Exponential, From = 1, To = 0 }.Problems(), new AnnealOptions { Shape = AnnealShape.Linear, From = 1, To = 0 }.Problems(), "exponential from 1 to 0");
        OneAndNone(new AnnealOptions { Shape = AnnealShape.Exponential, From = 0, To = 1 }.Problems(), new AnnealOptions { Shape = AnnealShape.Exponential, From = 1, To = 0.1 }.Problems(), "exponential from 0 to 1");
        OneAndNone(new EnsembleOptions { K = -1 }.Problems(), new EnsembleOptions { K = 0 }.Problems(), "K is -1");
        OneAndNone(new EnsembleOptions { Quorum = -1 }.Problems(), new EnsembleOptions { Quorum = 0 }.Problems(), "Quorum is -1");
        OneAndNone(new ClipOptions().Problems(), new ClipOptions { Min = 0 }.Problems(), "both missing");
        OneAndNone(new ClipOptions { Min = 1, Max = 0 }.Problems(), new ClipOptions { Max = 0 }.Problems(), "Min is 1, above max");
        OneAndNone(new SigmoidOptions { Width = 0 }.Problems(), new SigmoidOptions { Width = 0.1 }.Problems(), "Width is 0");
        OneAndNone(new PowerOptions { Exponent = 0 }.Problems(), new PowerOptions { Exponent = 0.1 }.Problems(), "Exponent is 0");
        OneAndNone(new TiersOptions { At = [1, 1], Values = [0, 1, 2] }.Problems(), new TiersOptions { At = [1, 2], Values = [0, 1, 1] }.Problems(), "rising thresholds");
        OneAndNone(new TiersOptions { At = [1], Values = [1, 0] }.Problems(), new TiersOptions { At = [1], Values = [0, 1] }.Problems(), "2 values that never fall");
        OneAndNone(new TiersOptions { At = [1], Values = [0] }.Problems(), new TiersOptions { At = [1], Values = [0, 0] }.Problems(), "2 values that never fall");

        static void OneAndNone(IEnumerable<string> wrong, IEnumerable<string> right, string text)
        {
            Assert.Contains(text, Assert.Single(wrong));
            Assert.Empty(right);
        }
    }

    [Fact]
    public void Sum_BoundsWithAChildThatMayNotApply_ReachFromZeroOrTheRescaledEnds()
    {
        var maybe = new Fake("b", [0], mayNotApply: true);

        // Children run from 0 to 1. Weights 2 and 1: alone, either may carry the whole weight of 3; a penalty reaches -3.
        Assert.Equal((0, 3), Bounds(new Sum<int>([Child, maybe], [2, 1])));
        Assert.Equal((-3, 3), Bounds(new Sum<int>([Child, maybe], [2, -1])));
        Assert.Equal((-1, 2), Bounds(new Sum<int>([Child, Child], [2, -1])));
        Assert.Equal((0, 2), Bounds(new Sum<int>([maybe, Child], [2, 0])));
        Assert.Equal((-3, 0), Bounds(new Sum<int>([maybe, Child], [-2, -1])));
        Assert.Throws<ArgumentException>(() => new Sum<int>([], []));
        Assert.Throws<ArgumentException>(() => new Sum<int>([Child], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Sum<int>([Child], [double.NaN]));

        static (double, double) Bounds(IReward<int> reward) => (reward.Schema.Minimum, reward.Schema.Maximum);
    }

    [Fact]
    public async Task Normalise_RunningBeforeAnyUpdate_HasMeanZeroAndDeviationOnePlusEpsilon()
    {
        var scores = await new Normalise<int>(Child, StatisticOver.Running, epsilon: 1).ScoreAsync([0], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(0.125, scores[0], 1e-12);
    }

    [Fact]
    public async Task Budget_WithoutAWorkLimitOfItsOwn_LeavesTheRowsAlone()
    {
        var token = TestContext.Current.CancellationToken;
        var free = await new Budget<int>(Child, new BudgetOptions { Wall = TimeSpan.FromSeconds(10) }).ScoreAsync([0, 2], RewardContext.Default, token);
        // Sample 0 costs 10 units of work and sample 2 costs 12: the limit itself is within the budget.
        var tight = await new Budget<int>(Child, new BudgetOptions { Work = 10 }).ScoreAsync([0, 2], RewardContext.Default, token);

        Assert.Equal([0.25, 1], free.Values.ToArray().AsEnumerable());
        Assert.Equal([0.25, 0], tight.Values.ToArray().AsEnumerable());
        Assert.Contains("over_budget", tight.Reasons[1]);

        // A verifier that counts its work gets the context's limit, not one of 0.
        var point = new TextSample { Response = "[50,45]", Reference = System.Text.Json.JsonDocument.Parse("[40,40,60,50]").RootElement };
        var verified = await new Budget<TextSample>(Meed.Rewards.Methods.SweetSpot.Reward(), new BudgetOptions { Wall = TimeSpan.FromSeconds(10) }).ScoreAsync([point], RewardContext.Default, token);
        Assert.Equal(1, verified[0]);
    }
}
