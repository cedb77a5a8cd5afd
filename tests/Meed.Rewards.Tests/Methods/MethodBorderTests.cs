using Meed.Rewards.Geometry;
using Meed.Rewards.Methods;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Methods;

/// <summary>Parts of methods by hand from their remarks, where a term begins, ends or has nothing to look at.</summary>
public class MethodBorderTests
{
    private static readonly Detection s_left = new(new Box(0, 0, 10, 10), "a"), s_right = new(new Box(20, 0, 30, 10), "a");

    private static Work Plenty => new(10_000_000);

    private static ToolCall Call(string name, params (string Key, double Value)[] arguments) => new(name, DataValue.Of(arguments.ToDictionary(static a => a.Key, static a => DataValue.Of(a.Value))));

    [Fact]
    public void BoxTerms_NothingToFindOrNothingFound_AreOneOrZero()
    {
        var work = Plenty;

        Assert.Equal((1, 0), (SalientGrounding.Weighted([], [], ref work), SalientGrounding.Weighted([s_left], [], ref work)));
        Assert.Equal((1, 0), (SalientGrounding.Weighted([], [s_left with { Score = 0 }], ref work), SalientGrounding.Weighted([], [s_left], ref work)));
        Assert.Equal((1, 0), (DipR1.Look([], [], ref work), DipR1.Look([s_left], [], ref work)));
        Assert.Equal((0.25, 0.125), (DipR1.Look([s_left], [s_left, s_right with { Score = 3 }], ref work), DipR1.Look([s_left, s_left, s_left, s_left], [s_left, s_right with { Score = 3 }], ref work)));
        Assert.Equal(0.25 * 0.5, SalientGrounding.Weighted([s_left, s_left with { Box = new Box(50, 50, 60, 60) }, s_left with { Box = new Box(70, 50, 80, 60) }, s_left with { Box = new Box(90, 50, 95, 60) }], [s_left, s_right with { Score = 3 }], ref work), 1e-12);
        Assert.Equal(((1.0, 1.0), (0.0, 0.0), (0.0, 0.0)), (VisionR1.Terms([], [], 100, 100, 0.5, 0.75, ref work), VisionR1.Terms([s_left], [], 100, 100, 0.5, 0.75, ref work), VisionR1.Terms([], [s_left], 100, 100, 0.5, 0.75, ref work)));
        Assert.Equal((1, 1), (BoxSet.AtThreshold([], [], 0.5, ref work).Precision, BoxSet.AtThreshold([], [], 0.5, ref work).Recall));
        Assert.Equal((0, 0), (BoxSet.AtThreshold([s_left], [], 0.5, ref work).Precision, BoxSet.AtThreshold([], [s_left], 0.5, ref work).Recall));
        Assert.Equal((1, 0.5), (BoxSet.AtThreshold([s_left], [s_left, s_right], 1, ref work).Precision, BoxSet.AtThreshold([s_left], [s_left, s_right], 1, ref work).Recall));
    }

    // IoU of boxes 10 wide shifted by s: (10 − s)/(10 + s). At 10/3 it is 0.5, at 10/7 it is 0.75.
    [Fact]
    public void VisionR1_Terms_AreStagedByTheOverlap()
    {
        var work = Plenty;
        (double Recall, double Precision) Shifted(double dx, double dy) =>
            VisionR1.Terms([s_left with { Box = new Box(dx, dy, 10 + dx, 10 + dy) }], [s_left], 100, 50, 0.5, 0.75, ref work);

        Assert.Equal((0.0, 0.0), Shifted(3.4, 0));
        Assert.Equal((1.0, 7.0 / 13), Shifted(3, 0));
        Assert.Equal((1.0, 1.0), Shifted(1, 0));
        Assert.Equal((1.0, 7.0 / 13), Shifted(0, 3));
        // Of two boxes that overlap alike, the one nearer in shares of the image is matched: across a width of 100 a shift weighs half of one down a height of 50.
        Detection across = new(new Box(2, 0, 12, 10), "a"), down = new(new Box(0, 2, 10, 12), "a");
        Assert.Equal(VisionR1.Terms([across], [s_left], 100, 50, 0.5, 0.9, ref work).Precision / 2, VisionR1.Terms([down, across], [s_left], 100, 50, 0.5, 0.9, ref work).Precision, 1e-12);
    }

    [Fact]
    public void MagicGui_Place_FallsFromTheCentreAndOutside()
    {
        var target = new Box(0, 0, 6, 8);

        Assert.Equal(1, MagicGui.Place(new Point(3, 4), target), 1e-12);
        Assert.Equal(0.5, MagicGui.Place(new Point(0, 0), target), 1e-12);
        Assert.Equal(1 - (0.5 * 3 / 5), MagicGui.Place(new Point(0, 4), target), 1e-12);
        Assert.Equal(0.25 * Math.Exp(-1), MagicGui.Place(new Point(9, 12), target), 1e-12);
        Assert.Equal(0.25 * Math.Exp(-0.4), MagicGui.Place(new Point(-2, 4), target), 1e-12);
        Assert.Equal(0.25 * Math.Exp(-0.4), MagicGui.Place(new Point(3, 10), target), 1e-12);
        Assert.Equal(0, MagicGui.Place(new Point(double.NaN, 0), target));
    }

    [Theory]
    [InlineData(100, 100, 1)]
    [InlineData(105, 100, 1)]
    [InlineData(106, 100, 0.9)]
    [InlineData(150, 100, 0.1)]
    [InlineData(151, 100, 0)]
    [InlineData(-100, 100, 0)]
    [InlineData(-95, -100, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0.1, 0, 0)]
    [InlineData(double.NaN, 1, 0)]
    public void Video2Layout_Graded_IsTheShareOfThresholdsMet(double answer, double gold, double expected) => Assert.Equal(expected, Video2Layout.Graded(answer, gold), 1e-12);

    [Fact]
    public void VideoRft_Semantic_IsTwiceTheCosineAtMostOne()
    {
        float[] east = [1, 0], north = [0, 1], west = [-1, 0];

        Assert.Equal(0, VideoRft.Semantic([], east));
        Assert.Equal(1, VideoRft.Semantic([east], east), 1e-6);
        Assert.Equal(0, VideoRft.Semantic([west], east), 1e-6);
        Assert.Equal(0.5, VideoRft.Semantic([east, north], east), 1e-6);
        Assert.Equal(2 * 0.28, VideoRft.Semantic([[0.28f, 0.96f]], east), 1e-6);
    }

    // 6·(names + Σ pairs)/(1 + calls + arguments) − 3, the most being one for the names, one for each call's keys and one for each argument.
    [Fact]
    public void ToolRl_Correctness_RunsFromMinusThreeToThree()
    {
        var work = Plenty;

        Assert.Equal((3, -3), (ToolRl.Correctness([], [], ref work), ToolRl.Correctness([Call("f")], [], ref work)));
        Assert.Equal(3, ToolRl.Correctness([Call("f", ("a", 1), ("b", 2))], [Call("f", ("a", 1), ("b", 2))], ref work), 1e-12);
        Assert.Equal(-3, ToolRl.Correctness([Call("g", ("a", 1))], [Call("f", ("a", 1))], ref work), 1e-12);
        Assert.Equal((6 * 2.5 / 4) - 3, ToolRl.Correctness([Call("f", ("a", 1))], [Call("f", ("a", 1), ("b", 2))], ref work), 1e-12);
        Assert.Equal((6 * (0.5 + 2) / 5) - 3, ToolRl.Correctness([Call("f", ("a", 1))], [Call("f", ("a", 1)), Call("g", ("b", 2))], ref work), 1e-12);
    }

    [Fact]
    public void RewardMap_Detail_CountsEndsLinesAndChanges()
    {
        RewardMap.Leg one = new("1", "A", "B"), two = new("2", "B", "C"), three = new("3", "C", "D");

        // Ends 2 + 2, first line 3; a second leg adds its line 4 and the change 1.
        Assert.Equal(7, RewardMap.Detail([one], [one]));
        Assert.Equal(10, RewardMap.Detail([one, two], [one, two]));
        Assert.Equal(9, RewardMap.Detail([one with { Line = "9" }, two], [one, two]));
        Assert.Equal(8, RewardMap.Detail([one, two with { Line = "9" }], [one, two]));
        Assert.Equal(10, RewardMap.Detail([one, two, three], [one, two, three]));
        Assert.Equal(5, RewardMap.Detail([one], [one, two]));
        Assert.Equal(3, RewardMap.Detail([one with { From = "X" }], [one, two]));
        // A surplus leg costs 5: begin 2, line 3, the end is another.
        Assert.Equal(0, RewardMap.Detail([one, two], [one]));
        Assert.Equal(0, RewardMap.Detail([], [one]));
    }

    [Fact]
    public void Box_Giou_RunsFromMinusOneToOne()
    {
        Assert.Equal(1, Box.Giou(s_left.Box, s_left.Box), 1e-12);
        // Union 200 in a hull of 300.
        Assert.Equal(-1.0 / 3, Box.Giou(s_left.Box, s_right.Box), 1e-12);
        Assert.Equal(-1, Box.Giou(new Box(0, 0, 0, 0), s_left.Box));
        Assert.Equal(-1, Box.Giou(new Box(-1e200, -1e200, -1e199, -1e199), new Box(1e199, 1e199, 1e200, 1e200)));
    }

    [Fact]
    public void InfiGui_AnyCollinear_FindsThreeOnALine()
    {
        var work = Plenty;

        Assert.True(InfiGui.AnyCollinear([new(0, 0), new(5, 1), new(2, 2), new(4, 4)], ref work));
        Assert.True(InfiGui.AnyCollinear([new(0, 0), new(7, 1), new(0, 0)], ref work));
        Assert.False(InfiGui.AnyCollinear([new(0, 0), new(5, 1), new(2, 2), new(4, 5)], ref work));
        Assert.False(InfiGui.AnyCollinear([new(0, 0), new(1, 1), new(1000, 1000.1)], ref work));
        Assert.False(InfiGui.AnyCollinear([new(0, 0), new(3, 3)], ref work));
        // The bound is a share of the squared length: 1e-9 of it is on the line, 1e-8 is not.
        Assert.True(InfiGui.AnyCollinear([new(0, 0), new(1, 1), new(1, 1 + 1e-10)], ref work));
        Assert.False(InfiGui.AnyCollinear([new(0, 0), new(1, 1), new(1, 1 + 1e-7)], ref work));
    }

    [Fact]
    public void InformationGain_Gain_IsTheEntropyWithoutTheNoise()
    {
        Assert.Equal(Math.Log(2), InformationGain.Gain([0.5, 0.5], 0), 1e-12);
        Assert.Equal(Math.Log(4), InformationGain.Gain([0.25, 0.25, 0.25, 0.25], 0), 1e-12);
        // Two values heard wrong one time in four: ln 2 − H(1/4).
        Assert.Equal(Math.Log(2) + (0.25 * Math.Log(0.25)) + (0.75 * Math.Log(0.75)), InformationGain.Gain([0.5, 0.5], 0.25), 1e-12);
        Assert.Equal(0, InformationGain.Gain([0.5, 0.5], 0.5), 1e-12);
        Assert.Equal((0, 0), (InformationGain.Gain([1], 0), InformationGain.Gain([1, 0], 0)));
        foreach (int n in (int[])[255, 256, 257, 300])
        {
            Assert.Equal(Math.Log(n), InformationGain.Gain([.. Enumerable.Repeat(1.0 / n, n)], 0), 1e-9);
        }
    }

    [Fact]
    public void Trajectory_Resample_IsEvenAlongThePath()
    {
        var work = Plenty;

        Assert.Equal([new(0, 0), new(2, 0), new(4, 0), new(4, 2), new(4, 4)], Trajectory.Resample([new(0, 0), new(4, 0), new(4, 4)], 5, ref work));
        Assert.Equal([new(1, 2), new(1, 2), new(1, 2)], Trajectory.Resample([new(1, 2)], 3, ref work));
        Assert.Equal([new(1, 2), new(1, 2)], Trajectory.Resample([new(1, 2), new(1, 2)], 2, ref work));
        Assert.Equal([new(0, 0), new(1, 0), new(2, 0)], Trajectory.Resample([new(0, 0), new(0, 0), new(2, 0), new(2, 0)], 3, ref work));
        Assert.Equal((1, Math.Exp(-3), 0, 0), (Trajectory.Similarity(0, 1), Trajectory.Similarity(2, 2), Trajectory.Similarity(1, 0), Trajectory.Similarity(double.NaN, 1)));
    }
}
