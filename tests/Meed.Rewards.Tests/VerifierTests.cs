namespace Meed.Rewards.Tests;

public class VerifierTests
{
    private sealed class Probe(Func<int, double> check, Action<int>? before = null, bool endless = false) : Verifier<int>
    {
        public override RewardSchema Schema { get; } = new("probe", "1", [], 0, 1000, RewardScope.Sample, true);

        protected override int LengthOf(int sample) => sample;

        protected override void Check(int sample, ref Work work, ref ScoreRow row)
        {
            before?.Invoke(sample);
            while (endless)
            {
                work.Charge(1);
            }

            work.Charge(sample);
            row.Set(check(sample));
        }
    }

    private static async Task<Scores> Score(IReward<int> reward, int[] samples, RewardContext? context = null, CancellationToken cancellationToken = default)
        => await reward.ScoreAsync(samples, context ?? RewardContext.Default, cancellationToken);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(0)]
    public async Task ScoreAsync_AnyNumberOfThreads_EveryRowOnceAndInPlace(int threads)
    {
        int calls = 0;
        var reward = new Probe(s => s, _ => Interlocked.Increment(ref calls));

        var scores = await Score(reward, [.. Enumerable.Range(0, 1000)], new RewardContext { Threads = threads });

        Assert.Equal(1000, calls);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i), scores.Values.ToArray());
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), scores.Work.ToArray());
    }

    [Fact]
    public void Work_Left_IsNeverBelowZero()
    {
        var work = new Work(10);
        Assert.Equal((10, 10L), (work.Limit, work.Left));
        work.Charge(4);
        Assert.Equal((4L, 6L), (work.Used, work.Left));
        Assert.Throws<WorkExceededException>(() =>
        {
            var small = new Work(10);
            small.Charge(11);
        });
        try
        {
            work.Charge(100);
        }
        catch (WorkExceededException)
        {
            Assert.Equal((104L, 0L), (work.Used, work.Left));
        }
    }

    [Fact]
    public async Task ScoreAsync_WorkOverTheLimit_MinimumWithReason()
    {
        var scores = await Score(new Probe(s => s), [50, 101, 100], new RewardContext { WorkLimit = 100 });

        Assert.Equal([50, 0, 100], scores.Values.ToArray());
        Assert.Equal([null, "over_budget", null], scores.Reasons.ToArray().AsEnumerable());
        Assert.All(scores.Status.ToArray(), s => Assert.Equal(ScoreStatus.Ok, s));
    }

    [Fact]
    public async Task ScoreAsync_ResponseOverTheLengthLimit_MinimumWithReason()
    {
        var scores = await Score(new Probe(s => s), [10, 11], new RewardContext { LengthLimit = 10 });

        Assert.Equal([null, "too_long"], scores.Reasons.ToArray().AsEnumerable());
        Assert.Equal(0, scores[1]);
    }

    [Fact]
    public async Task ScoreAsync_VerifierThrows_VerifierErrorWithItsMessage()
    {
        var scores = await Score(new Probe(s => s == 1 ? throw new FormatException("digit expected\nsecond line") : s), [0, 1, 2]);

        Assert.Equal([ScoreStatus.Ok, ScoreStatus.VerifierError, ScoreStatus.Ok], scores.Status.ToArray());
        Assert.Equal("digit expected", scores.Reasons[1]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.5)]
    [InlineData(1000.5)]
    public async Task ScoreAsync_ValueThatIsNoScore_VerifierErrorNamesIt(double value)
    {
        var scores = await Score(new Probe(_ => value), [0]);

        Assert.Equal(ScoreStatus.VerifierError, scores.Status[0]);
        Assert.Contains(value.ToString("R"), scores.Reasons[0]);
    }

    [Fact]
    public async Task ScoreAsync_CancelledInsideACheck_StopsThere()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var context = new RewardContext { WorkLimit = long.MaxValue, WallLimit = TimeSpan.FromMinutes(5) };

        await Assert.ThrowsAsync<OperationCanceledException>(() => Score(new Probe(s => s, endless: true), [.. Enumerable.Range(0, 100)], context, source.Token));
    }

    [Fact]
    public async Task ScoreAsync_WallClockFires_TimeoutThatIsNotReproducible()
    {
        var context = new RewardContext { WorkLimit = long.MaxValue, WallLimit = TimeSpan.FromMilliseconds(5) };

        var scores = await Score(new Probe(s => s, endless: true), [1], context);

        Assert.Equal(ScoreStatus.Timeout, scores.Status[0]);
        Assert.False(scores.Reproducible);
    }

    [Fact]
    public async Task ScoreAsync_EndlessCheck_EndsAtTheDefaultWorkLimit()
    {
        var scores = await Score(new Probe(s => s, endless: true), [1]);

        Assert.Equal("over_budget", scores.Reasons[0]);
        Assert.True(scores.Reproducible);
    }

    [Fact]
    public void Charge_NegativeUnits_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new Work(10).Charge(-1));

    [Fact]
    public void Charge_HugeUnits_CountAsOverTheLimit() => Assert.Throws<WorkExceededException>(() =>
    {
        var work = new Work(long.MaxValue - 2);
        work.Charge(long.MaxValue - 10);
        work.Charge(long.MaxValue - 10);
    });

    [Fact]
    public void Select_SomeRows_GroupsAndTraceRowsFollow()
    {
        var context = new RewardContext { GroupOffsets = new[] { 0, 2, 2, 5 } }.Select([1, 2, 4], 5);

        Assert.Equal([0, 1, 1, 3], context.GroupOffsets.ToArray());
        Assert.Equal([1, 2, 4], context.Rows.ToArray());
        Assert.Equal(4, context.Select([0, 2], 3).RowOf(1));
    }

    [Fact]
    public void Groups_OffsetsThatDoNotCoverTheBatch_ThrowWithTheOffsets()
    {
        var error = Assert.Throws<ArgumentException>(() => new RewardContext { GroupOffsets = new[] { 0, 3 } }.Groups(4));

        Assert.Contains("[0, 3] for 4 samples", error.Message);
    }
}
