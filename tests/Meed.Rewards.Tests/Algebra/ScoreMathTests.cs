using static Meed.Rewards.ScoreStatus;

namespace Meed.Rewards.Tests.Algebra;

public class ScoreMathTests
{
    private static (double[] Values, ScoreStatus[] Status, int[] Cause) Sum(double[] weights, params ScoreColumn[] children)
    {
        int n = children[0].Count;
        var result = new ScoreColumn(new double[n], new ScoreStatus[n]);
        var cause = new int[n];
        ScoreMath.Sum(children, weights, result, cause);
        return (result.Values.ToArray(), result.Status.ToArray(), cause);
    }

    [Fact]
    public void Sum_FailureBehindNotApplicable_IsTheCause()
    {
        var (_, status, cause) = Sum([1, 1, 1], new(new double[1], new[] { NotApplicable }), new(new double[1], new[] { JudgeError }), new(new double[1], new[] { ScoreStatus.Timeout }));

        Assert.Equal((JudgeError, 1), (status[0], cause[0]));
    }

    [Fact]
    public void Sum_ColumnsOfOtherLengths_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Sum([1, 1], ScoreColumn.Of(1, 2), ScoreColumn.Of(1)));
        Assert.Throws<ArgumentException>(() => Sum([1], ScoreColumn.Of(1), ScoreColumn.Of(1)));
    }

    [Fact]
    public void Sum_OnlyZeroWeightsApply_IsZero() => Assert.Equal(0, Sum([0, 1], ScoreColumn.Of(5), new(new double[1], new[] { NotApplicable })).Values[0]);

    [Fact]
    public void Gate_OpenClosedAndFailed_HasValueStatusAndCauseOfEach()
    {
        ScoreColumn condition = new(new double[] { 0.5, 0.49, 1, 1 }, new[] { Ok, Ok, JudgeError, Ok }), child = new(new double[] { 3, 4, 5, 6 }, new[] { Ok, Ok, Ok, NotApplicable });
        var result = new ScoreColumn(new double[4], new ScoreStatus[4]);
        var cause = new int[4];

        ScoreMath.Gate(condition, child, 0.5, -2, result, cause);

        Assert.Equal([3, -2, 0, 0], result.Values.ToArray());
        Assert.Equal([Ok, Ok, JudgeError, NotApplicable], result.Status.ToArray());
        Assert.Equal([-1, -1, 0, 1], cause);
    }

    // By hand: mean 2, deviation sqrt(2/3); the failed row has no part in them and no number.
    [Fact]
    public void Standardise_FailedRow_HasNoPartAndNoNumber()
    {
        var child = new ScoreColumn(new double[] { 1, 9, 2, 3 }, new[] { Ok, JudgeError, Ok, Ok });
        var result = new ScoreColumn(new double[4], new ScoreStatus[4]);

        ScoreMath.Standardise(child, [0, 4], 0, 100, true, result);
        Assert.Equal([-Math.Sqrt(1.5), 0, 0, Math.Sqrt(1.5)], result.Values.ToArray(), static (a, b) => Math.Abs(a - b) < 1e-12);
        ScoreMath.Standardise(child, [0, 4], 0, 0.5, false, result);
        Assert.Equal([-0.5, 0, 0, 0.5], result.Values.ToArray());
        ScoreMath.Standardise(child, [0, 2, 4], 1e-6, 100, true, result);
        Assert.Equal([0, 0, -1, 1], result.Values.ToArray(), static (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(-1, 0)]
    [InlineData(2, 1)]
    public void Clip_Value(double x, double y) => Assert.Equal(y, ScoreMath.Clip(x, 0, 1));

    [Fact]
    public void Sigmoid_Extremes_DoNotOverflow()
    {
        Assert.Equal(1, ScoreMath.Sigmoid(1e6, 0, 1));
        Assert.Equal(0, ScoreMath.Sigmoid(-1e6, 0, 1), 1e-300);
        Assert.Equal(1, ScoreMath.Sigmoid(1.7, 0.2, 3) + ScoreMath.Sigmoid(-1.3, 0.2, 3), 1e-15);
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(80, 0)]
    [InlineData(90, -0.25)]
    [InlineData(100, -0.5)]
    [InlineData(101, -0.5)]
    public void LengthPenalty_MaxAHundredSoftTwenty(double length, double penalty) => Assert.Equal(penalty, ScoreMath.LengthPenalty(length, 100, 20, 0.5), 1e-12);

    [Fact]
    public void LengthPenalty_NoSoftStretch_FallsAtMax()
    {
        Assert.Equal(0, ScoreMath.LengthPenalty(100, 100, 0, 1));
        Assert.Equal(-1, ScoreMath.LengthPenalty(101, 100, 0, 1));
    }

    [Fact]
    public void Tier_Thresholds_BelongToTheUpperTier()
    {
        double[] at = [1, 2], values = [10, 20, 30];

        Assert.Equal([10, 20, 20, 30], new[] { 0.99, 1, 1.5, 2 }.Select(x => ScoreMath.Tier(x, at, values)));
    }

    [Fact]
    public void QuantileIn_Sorted_CountsSmallerAndHalfOfEqual()
    {
        double[] sorted = [1, 2, 2, 4];

        Assert.Equal([0, 0.125, 0.5, 0.75, 0.875, 1], new double[] { 0, 1, 2, 3, 4, 5 }.Select(x => ScoreMath.QuantileIn(sorted, x)));
    }

    /// <summary>Order of rows does not matter, and a shift of all values changes nothing.</summary>
    [Fact]
    public void Standardise_ShiftAndOrder_ChangeNothing()
    {
        var random = new Random(4);
        for (int round = 0; round < 100; round++)
        {
            int n = random.Next(1, 20);
            double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
            int[] order = [.. Enumerable.Range(0, n).OrderBy(_ => random.Next())];
            var a = Run(x);
            var b = Run([.. order.Select(i => x[i] + 3)]);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(a[order[i]], b[i], 1e-6);
            }
        }

        static double[] Run(double[] x)
        {
            var result = new ScoreColumn(new double[x.Length], new ScoreStatus[x.Length]);
            ScoreMath.Standardise(ScoreColumn.Of(x), [0, x.Length], 1e-9, 100, true, result);
            return result.Values.ToArray();
        }
    }

    [Fact]
    public void ScoreTrace_Rows_ParentsBeforeChildrenInOrder()
    {
        var trace = new ScoreTrace();
        foreach (string path in new[] { "sum[10].a", "sum[2].min[0].b", "sum[2].min", "sum" })
        {
            trace.Node(3, path, 1, Ok, 5, path == "sum" ? "why" : null);
        }

        Assert.Equal(["sum", "sum[2].min", "sum[2].min[0].b", "sum[10].a"], trace[3].Select(n => n.Path));
        Assert.Equal("sum = 1 (why), 5 work", trace[3][0].ToString());

        // Numbers in paths count as numbers, also at the end and side by side.
        string[] ordered = ["a", "a1", "a2", "a02b", "a2c", "a10", "a12", "a100", "b"];
        for (int turn = 0; turn < ordered.Length; turn++)
        {
            var names = new ScoreTrace();
            foreach (string path in turn % 2 == 0 ? ordered[turn..].Concat(ordered[..turn]).Reverse() : ordered[turn..].Concat(ordered[..turn]))
            {
                names.Node(turn, path, 1, Ok, 1, null);
            }

            Assert.Equal(ordered, names[turn].Select(static n => n.Path));
        }
        Assert.Empty(trace[0]);
    }
}
