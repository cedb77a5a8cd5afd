using Meed.Rewards.Geometry;

namespace Meed.Rewards.Tests.Geometry;

public class GeometryTests
{
    private const double Close = 1e-12;
    private static readonly Box s_unit = new(0, 0, 2, 2);

    private static Detection At(double x1, double y1, double x2, double y2, string label = "", double score = 1) => new(new Box(x1, y1, x2, y2), label, score);

    [Fact]
    public void Iou_ByHand_HasItsValues()
    {
        Assert.Equal(1.0 / 7, Box.Iou(s_unit, new Box(1, 1, 3, 3)), Close);
        Assert.Equal(1, Box.Iou(s_unit, s_unit));
        Assert.Equal(0, Box.Iou(s_unit, new Box(2, 0, 4, 2)));
        Assert.Equal(0.25, Box.Iou(s_unit, new Box(0, 0, 1, 1)), Close);
    }

    [Theory]
    [InlineData(2, 2, 0, 0)]            // inverted
    [InlineData(0, 2, 2, 0)]            // one side inverted
    [InlineData(1, 1, 1, 1)]            // a point
    [InlineData(0, 0, 0, 2)]            // a line
    [InlineData(double.NaN, 0, 2, 2)]
    [InlineData(double.NegativeInfinity, 0, 2, 2)]
    [InlineData(-1e308, -1e308, 1e308, 1e308)]
    public void Iou_DegenerateOrInvertedBox_OverlapsNothing(double x1, double y1, double x2, double y2)
    {
        var box = new Box(x1, y1, x2, y2);

        Assert.False(box.IsValid);
        Assert.Equal(0, Box.Iou(box, s_unit));
        Assert.Equal(0, Box.Iou(box, box));
        Assert.Equal(-1, Box.Giou(box, s_unit));
        Assert.Equal(0, GaussianGrounding.Coverage(box, s_unit));
        Assert.False(box.Contains(new Point(1, 1)));
    }

    [Fact]
    public void Giou_ByHand_HasItsValues()
    {
        // Union 7, hull 9: 1/7 - 2/9. Apart: hull 4·2 = 8, union 8 - 0; hull of [0,2]x[0,2] and [4,6]x[0,2] is 12: 0 - 4/12.
        Assert.Equal((1.0 / 7) - (2.0 / 9), Box.Giou(s_unit, new Box(1, 1, 3, 3)), Close);
        Assert.Equal(-1.0 / 3, Box.Giou(s_unit, new Box(4, 0, 6, 2)), Close);
    }

    [Fact]
    public void Iou_RandomBoxes_AgreesWithCountedCellsAndIsSymmetric()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 300; trial++)
        {
            int[] n = [.. Enumerable.Range(0, 8).Select(_ => random.Next(12))];
            if (n[0] == n[2] || n[1] == n[3] || n[4] == n[6] || n[5] == n[7])
            {
                continue;
            }

            var a = new Box(Math.Min(n[0], n[2]), Math.Min(n[1], n[3]), Math.Max(n[0], n[2]), Math.Max(n[1], n[3]));
            var b = new Box(Math.Min(n[4], n[6]), Math.Min(n[5], n[7]), Math.Max(n[4], n[6]), Math.Max(n[5], n[7]));
            bool[] x = Cells(a), y = Cells(b);

            Assert.Equal(MaskOverlap.Iou(x, y), Box.Iou(a, b), Close);
            Assert.Equal(Box.Iou(a, b), Box.Iou(b, a), Close);
            Assert.True(Box.Giou(a, b) <= Box.Iou(a, b) && Box.Giou(a, b) >= -1);
        }
    }

    [Fact]
    public void Intervals_ByHand_HaveTheirValues()
    {
        var work = new Work(10_000);

        Assert.Equal(1.0 / 3, Interval.Iou(new Interval(0, 2), new Interval(1, 3)), Close);
        Assert.Equal(0, Interval.Iou(new Interval(2, 0), new Interval(0, 2)));
        Assert.Equal(1, Interval.Iou([], [], ref work));
        Assert.Equal(0, Interval.Iou([new(0, 1)], [], ref work));
        Assert.Equal(2.0 / 5, Interval.Iou([new(0, 2), new(1, 3)], [new(1, 2), new(2, 3), new(4, 6)], ref work), Close);   // [0,3] and [1,3] ∪ [4,6]: 2 of 5
    }

    [Fact]
    public void Masks_ByHand_HaveTheirValues()
    {
        Assert.Equal(1.0 / 3, MaskOverlap.Iou([true, true, false], [false, true, true]), Close);
        Assert.Equal(0.5, MaskOverlap.Dice([true, true, false], [false, true, true]), Close);
        Assert.Equal(1, MaskOverlap.Iou([false], [false]));
        Assert.Equal(1, MaskOverlap.Dice([false], [false]));
        Assert.Throws<ArgumentException>(() => MaskOverlap.Iou([true], [true, false]));
        Assert.Equal([false, true, true, false], MaskOverlap.FromRuns([1, 2, 1], 4)!);
        Assert.Null(MaskOverlap.FromRuns([1, 2], 4));
        Assert.Null(MaskOverlap.FromRuns([5], 4));
        Assert.Null(MaskOverlap.FromRuns([-1, 5], 4));
    }

    [Fact]
    public void BoxSets_EmptyMissingAndSpam_AreCharged()
    {
        var work = new Work(1_000_000);
        Detection[] gold = [At(0, 0, 2, 2, "cat"), At(10, 10, 12, 12, "dog")];

        Assert.Equal(1, BoxSet.MeanIou([], [], ref work));
        Assert.Equal(0, BoxSet.MeanIou([], gold, ref work));
        Assert.Equal(0, BoxSet.MeanIou(gold, [], ref work));
        Assert.Equal(1, BoxSet.MeanIou([gold[1], gold[0]], gold, ref work));
        Assert.Equal(0.5, BoxSet.MeanIou([gold[0]], gold, ref work));
        Assert.Equal(0.5, BoxSet.MeanIou([gold[0], gold[1], gold[0], gold[1]], gold, ref work));
        Assert.Equal(0, BoxSet.MeanIou([gold[0] with { Label = "dog" }, gold[1] with { Label = "cat" }], gold, ref work));
        Assert.Equal(new(1, 0.5), BoxSet.AtThreshold([gold[0]], gold, 0.5, ref work));
    }

    [Fact]
    public void MeanAveragePrecision_ByHand_HasItsValues()
    {
        var work = new Work(1_000_000);
        Detection[] gold = [At(0, 0, 10, 10), At(20, 20, 30, 30)];
        Detection[] found = [At(0, 0, 10, 10, score: 0.9), At(50, 50, 60, 60, score: 0.8), At(20, 20, 30, 30, score: 0.7)];
        double Map(Detection[] p, Detection[] t, PrecisionAverage average) => AveragePrecision.Mean(p, t, [0.5], average, ref work);

        // Hits: yes, no, yes. Envelope 1 up to recall 0.5, then 2/3. 101 points: 51 at 1 (0 to 0.50), 50 at 2/3; area ½ + ⅓; 11 points: 6 at 1, 5 at 2/3.
        Assert.Equal((51 + (50 * 2.0 / 3)) / 101, Map(found, gold, PrecisionAverage.Coco101), Close);
        Assert.Equal(5.0 / 6, Map(found, gold, PrecisionAverage.PascalArea), Close);
        Assert.Equal((6 + (5 * 2.0 / 3)) / 11, Map(found, gold, PrecisionAverage.Pascal11), Close);
        Assert.Equal(1, Map([], [], PrecisionAverage.Coco101));
        Assert.Equal(0, Map([], gold, PrecisionAverage.Coco101));
        Assert.Equal(0, Map(found, [], PrecisionAverage.Coco101));
        Assert.Equal(0.5, Map([At(0, 0, 10, 10, "cat"), At(0, 0, 10, 10, "dog")], [At(0, 0, 10, 10, "cat")], PrecisionAverage.Coco101));
        Assert.Equal(0.25, AveragePrecision.WithCountPenalty(0.5, 4, 2));
        Assert.Equal(0.5, AveragePrecision.WithCountPenalty(0.5, 1, 2));
        Assert.Equal([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95], AveragePrecision.CocoThresholds.Select(t => Math.Round(t, 10)));
    }

    [Fact]
    public void Gaussian_ByHand_HasItsValues()
    {
        // A corner is one side / 2 = σ away in each direction: exp(-½·(1 + 1)).
        Assert.Equal(Math.Exp(-1), GaussianGrounding.Point(new Point(2, 2), s_unit), Close);
        Assert.Equal(1, GaussianGrounding.Point(new Point(1, 1), s_unit));
        Assert.Equal(1, GaussianGrounding.Coverage(s_unit, s_unit), Close);

        // Same size, moved by 2 in x, σ = 1: D = ⅛·4/1. Twice as wide, same middle: s = (4 + 1)/2, ½·ln(2.5/2).
        Assert.Equal(Math.Exp(-0.5), GaussianGrounding.Coverage(new Box(2, 0, 4, 2), s_unit), Close);
        Assert.Equal(Math.Exp(-0.5 * Math.Log(1.25)), GaussianGrounding.Coverage(new Box(-1, 0, 3, 2), s_unit), Close);
        Assert.Equal(0, GaussianGrounding.Point(new Point(double.NaN, 1), s_unit));
    }

    [Fact]
    public void Trajectories_ByHand_HaveTheirValues()
    {
        var work = new Work(1_000_000);
        Point[] straight = [new(0, 0), new(10, 0)], above = [new(0, 3), new(10, 3)], back = [new(10, 0), new(0, 0)];

        Assert.Equal(3, Trajectory.Rmse(straight, above, ref work), Close);
        Assert.Equal(3, Trajectory.Hausdorff(straight, above, ref work), Close);
        Assert.Equal(3, Trajectory.Frechet(straight, above, ref work), Close);
        Assert.Equal(0, Trajectory.Hausdorff(straight, back, ref work));
        Assert.Equal(10, Trajectory.Frechet(straight, back, ref work));
        Assert.Equal(10, Trajectory.Endpoint(straight, back));
        Assert.Equal(5, Trajectory.Frechet([new(0, 0), new(5, 5), new(10, 0)], straight, ref work) / Math.Sqrt(2), Close);   // the middle point is √50 from either end
        Assert.Equal(1, Trajectory.Similarity(0, 5));
        Assert.Equal(Math.Exp(-3), Trajectory.Similarity(5, 5), Close);
        Assert.Equal(0, Trajectory.Similarity(double.NaN, 5));
        Assert.Equal([new(0, 0), new(5, 0), new(10, 0)], Trajectory.Resample([new(0, 0), new(1, 0), new(10, 0)], 3, ref work));
        Assert.Equal([new(4, 4), new(4, 4)], Trajectory.Resample([new(4, 4)], 2, ref work));
    }

    [Fact]
    public void Frames_BackAndForth_IsTheSameBox()
    {
        var box = new Box(64, 48, 320, 240);

        Assert.Equal(new Box(0.1, 0.1, 0.5, 0.5), Frames.Convert(box, CoordinateFrame.Pixels, CoordinateFrame.Unit, 640, 480));
        Assert.Equal(new Box(100, 100, 500, 500), Frames.Convert(box, CoordinateFrame.Pixels, CoordinateFrame.Thousand, 640, 480));
        Assert.Equal(new Point(64, 48), Frames.Convert(new Point(100, 100), CoordinateFrame.Thousand, CoordinateFrame.Pixels, 640, 480));
    }

    [Fact]
    public void Reader_Shapes_AreReadWholeOrNotAtAll()
    {
        var work = new Work(1_000_000);

        Assert.Equal([At(1, 2, 3, 4, "cat", 0.5)], GeometryReader.Boxes("Here: ```json\n[{\"bbox_2d\":[1,2,3,4],\"label\":\"cat\",\"score\":0.5}]\n```", ref work)!);
        Assert.Equal([At(1, 2, 3, 4), At(5, 6, 7, 8)], GeometryReader.Boxes("<answer>[[1,2,3,4],[5,6,7,8]]</answer>", ref work)!);
        Assert.Equal([At(4, 3, 2, 1)], GeometryReader.Boxes("[4,3,2,1]", ref work)!);
        Assert.Equal([new Point(12, 30)], GeometryReader.Points("<answer>(12, 30)</answer>", ref work)!);
        Assert.Equal([new Point(1, 2), new Point(3, 4)], GeometryReader.Points("[{\"point_2d\":[1,2]},[3,4]]", ref work)!);
        Assert.Equal([new Interval(1.5, 9)], GeometryReader.Spans("<answer>1.5, 9</answer>", ref work)!);
        Assert.Empty(GeometryReader.Boxes("[]", ref work)!);
        Assert.Null(GeometryReader.Boxes("[[1,2,3,4],[5,6,7]]", ref work));
        Assert.Null(GeometryReader.Boxes("[1,2,3,1e999]", ref work));
        Assert.Null(GeometryReader.Boxes("[1,2,\"3\",4]", ref work));
        Assert.Null(GeometryReader.Boxes("no box", ref work));
        Assert.Null(GeometryReader.Boxes("[" + string.Join(",", Enumerable.Repeat("[1,2,3,4]", 600)) + "]", ref work));
    }

    private static bool[] Cells(Box b) => [.. Enumerable.Range(0, 144).Select(i => b.Contains(new Point((i % 12) + 0.5, (i / 12) + 0.5)))];
}
