using Meed.Rewards.Documents;

namespace Meed.Rewards.Tests.Algebra;

public class PreferenceAdapterTests
{
    /// <summary>Prefers the larger number, with a bias for the first place and failures for pairs with 13.</summary>
    private sealed class Larger(double bias = 0) : IPreference<int>
    {
        public int Pairs { get; private set; }

        public PreferenceSchema Schema { get; } = new("larger", "1", true);

        public ValueTask<Preferences> CompareAsync(IReadOnlyList<int> first, IReadOnlyList<int> second, RewardContext context, CancellationToken cancellationToken = default)
        {
            var result = new Preferences(Schema, first.Count);
            for (int p = 0; p < first.Count; p++)
            {
                Pairs++;
                if (first[p] == 13 || second[p] == 13)
                {
                    result.Fail(p, ScoreStatus.JudgeError, "superstitious");
                }
                else
                {
                    result.Set(p, Math.Clamp((first[p] > second[p] ? 1 : first[p] < second[p] ? 0 : 0.5) + bias, 0, 1));
                }
            }

            return new(result);
        }
    }

    private static Scores Score(IReward<int> reward, int[] samples, params int[] offsets)
        => reward.ScoreAsync(samples, new RewardContext { GroupOffsets = offsets }).AsTask().GetAwaiter().GetResult();

    [Fact]
    public void AsReward_Schema_IsAShareOrAStrengthOfTen()
    {
        var share = new Larger().AsReward().Schema;
        var strength = new Larger().AsReward(aggregate: PairAggregate.BradleyTerry).Schema;

        Assert.Equal((0, 1, -10, 10), (share.Minimum, share.Maximum, strength.Minimum, strength.Maximum));
    }

    [Fact]
    public void AsReward_RoundRobin_WinRateWithinTheGroup()
    {
        var larger = new Larger();
        var scores = Score(larger.AsReward(bothOrders: false), [1, 2, 3, 9, 9, 5], 0, 3, 5, 6);

        Assert.Equal([0, 0.5, 1, 0.5, 0.5], scores.Values.ToArray().Take(5));
        Assert.Equal(ScoreStatus.NotApplicable, scores.Status[5]);
        Assert.Equal("no_rival", scores.Reasons[5]);
        Assert.Equal(4, larger.Pairs);
    }

    [Fact]
    public void AsReward_BothOrders_CancelABiasForTheFirstPlace()
    {
        Assert.NotEqual(0.5, Score(new Larger(0.2).AsReward(bothOrders: false), [7, 7], 0, 2)[0]);
        Assert.Equal(0.5, Score(new Larger(0.2).AsReward(), [7, 7], 0, 2)[0]);
    }

    [Theory]
    [InlineData(PairSchedule.RoundRobin, 10)]
    [InlineData(PairSchedule.Ring, 5)]
    [InlineData(PairSchedule.RandomReference, 4)]
    public void AsReward_Schedule_ComparesSoManyPairs(PairSchedule schedule, int pairs)
    {
        var larger = new Larger();
        var scores = Score(larger.AsReward(schedule, bothOrders: false), [1, 2, 3, 4, 5], 0, 5);

        Assert.Equal(pairs, larger.Pairs);
        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
    }

    [Fact]
    public void AsReward_FailedPairs_AreLeftOutAndARowWithoutVerdictFails()
    {
        var scores = Score(new Larger().AsReward(), [1, 13, 3], 0, 3);

        Assert.Equal((0, 1), (scores[0], scores[2]));
        Assert.Equal((ScoreStatus.JudgeError, "superstitious"), (scores.Status[1], scores.Reasons[1]));
    }

    [Fact]
    public void BradleyTerry_KnownOdds_AreRecovered()
    {
        // Many games at the odds 1 : 2 : 4 outweigh the imaginary tie; log-strengths differ by log 2.
        double[] s = [1, 2, 4];
        var wins = new double[3, 3];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                wins[i, j] = i == j ? 0 : 1e6 * s[i] / (s[i] + s[j]);
            }
        }

        var strength = PreferenceAdapters.BradleyTerry(wins);

        Assert.Equal(Math.Log(2), strength[1] - strength[0], 1e-4);
        Assert.Equal(Math.Log(2), strength[2] - strength[1], 1e-4);
        Assert.Equal(0, strength.Sum(), 1e-9);
    }

    [Fact]
    public void AsReward_BradleyTerry_OrdersAndStaysFinite()
    {
        var scores = Score(new Larger().AsReward(PairSchedule.RoundRobin, PairAggregate.BradleyTerry), [5, 1, 3], 0, 3);

        Assert.True(scores[0] > scores[2] && scores[2] > scores[1]);
        Assert.Equal(0, scores[2], 1e-9);
        Assert.Equal(scores[0], -scores[1], 1e-9);
    }

    [Fact]
    public void AsPreference_Scale_SigmoidOfTheDifference()
    {
        var numeric = RewardDocuments.Parse("\"numeric-answer\"", Catalog.TextRewards()).Reward;
        TextSample right = TextSample.Of("5", "5"), wrong = TextSample.Of("4", "5"), broken = TextSample.Of("4");

        Preferences Compare(double scale) => numeric.AsPreference(scale).CompareAsync([right, wrong, right, right], [wrong, right, right, broken], RewardContext.Default).AsTask().GetAwaiter().GetResult();

        Assert.Equal([1, 0, 0.5], Compare(0).Probabilities[..3].ToArray());
        Assert.Equal(0.8807970779778823, Compare(0.5)[0], 1e-12);   // 1 / (1 + e^-2)
        Assert.Equal(ScoreStatus.InvalidReference, Compare(1).Status[3]);
        Assert.Throws<InvalidOperationException>(() => Compare(1)[3]);
        Assert.Throws<ArgumentException>(() => numeric.AsPreference(-1));
        Assert.Throws<ArgumentException>(() => new Larger().AsReward().AsPreference());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1.1)]
    [InlineData(-0.1)]
    public void Set_NoProbability_IsAVerifierError(double value)
    {
        var preferences = new Preferences(new("p", "1", true), 1);
        preferences.Set(0, value);

        Assert.Equal(ScoreStatus.VerifierError, preferences.Status[0]);
    }
}
