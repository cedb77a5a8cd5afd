using Meed.Rewards.Methods;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Geometry;

/// <summary>Options of all geometry rewards: what the coordinates count.</summary>
public record GeometryOptions
{
    /// <summary>Frame of the answer.</summary>
    public CoordinateFrame Frame { get; init; } = CoordinateFrame.Pixels;

    /// <summary>Frame of the reference. When it differs from the answer's and one of them is pixels, the item gives <c>width</c> and <c>height</c>.</summary>
    public CoordinateFrame ReferenceFrame { get; init; } = CoordinateFrame.Pixels;
}

/// <summary>Options of <c>detection-map</c>.</summary>
public sealed record DetectionOptions : GeometryOptions
{
    /// <summary>How precision is averaged over recall.</summary>
    public PrecisionAverage Average { get; init; } = PrecisionAverage.Coco101;

    /// <summary>IoU thresholds; empty for COCO's ten from 0.5 to 0.95.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [];

    /// <summary>Multiply by min(1, targets / predictions).</summary>
    public bool CountPenalty { get; init; } = true;

    /// <summary>Every problem of these options.</summary>
    public IEnumerable<string> Problems()
    {
        if (Thresholds.Any(t => !(t > 0 && t <= 1)))
        {
            yield return $"thresholds has {Thresholds.First(t => !(t > 0 && t <= 1))}: each is above 0 and at most 1.";
        }
    }
}

/// <summary>Options of <c>point</c>.</summary>
public sealed record PointOptions : GeometryOptions
{
    /// <summary>Graded credit by <see cref="GaussianGrounding.Point"/> instead of hit or miss.</summary>
    public bool Gaussian { get; init; }
}

/// <summary>Which distance of two paths counts.</summary>
public enum PathDistance : byte
{
    /// <summary>Mean of the similarities of all four.</summary>
    All,

    /// <summary>Root mean square after resampling.</summary>
    Rmse,

    /// <summary>Hausdorff.</summary>
    Hausdorff,

    /// <summary>Discrete Fréchet.</summary>
    Frechet,

    /// <summary>Last points.</summary>
    Endpoint,
}

/// <summary>Options of <c>trajectory</c>.</summary>
public sealed record TrajectoryOptions : GeometryOptions
{
    /// <summary>The distance.</summary>
    public PathDistance Distance { get; init; } = PathDistance.All;
}

/// <summary>Options of <c>mask-overlap</c>.</summary>
public sealed record MaskOptions
{
    /// <summary>Dice instead of IoU.</summary>
    public bool Dice { get; init; }
}

/// <summary>Makes the geometry rewards. All give 0 to 1; an answer that cannot be read scores 0 with <c>unparsed</c>.</summary>
public static class GeometryRewards
{
    /// <summary><c>box-iou</c>: IoU of the only box answered with the reference box.</summary>
    public static IReward<TextSample> ForBox(GeometryOptions o) => new MethodReward("box-iou", 0, 1, [], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Box(r);
        return Boxes(s, o, ref w) is [var one] ? new MethodScore(Box.Iou(one.Box, gold)) : MethodScore.Unparsed;
    });

    /// <summary><c>box-set</c>: Σ IoU of one-to-one matched boxes / max(predictions, targets).</summary>
    public static IReward<TextSample> ForBoxSet(GeometryOptions o) => new MethodReward("box-set", 0, 1, ["predictions"], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Boxes(r);
        return Boxes(s, o, ref w) is { } boxes ? new MethodScore(BoxSet.MeanIou(boxes, gold, ref w), boxes.Count) : MethodScore.Unparsed;
    });

    /// <summary><c>detection-map</c>: mean average precision of one image (<see cref="AveragePrecision"/>).</summary>
    public static IReward<TextSample> ForDetection(DetectionOptions o) => new MethodReward("detection-map", 0, 1, ["map", "predictions"], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Boxes(r);
        if (Boxes(s, o, ref w) is not { } boxes)
        {
            return MethodScore.Unparsed;
        }

        double map = AveragePrecision.Mean(boxes, gold, o.Thresholds.Count > 0 ? o.Thresholds : AveragePrecision.CocoThresholds, o.Average, ref w);
        return new MethodScore(o.CountPenalty ? AveragePrecision.WithCountPenalty(map, boxes.Count, gold.Count) : map, map, boxes.Count);
    });

    /// <summary><c>temporal-iou</c>: IoU of the unions of the answered and the reference spans.</summary>
    public static IReward<TextSample> ForSpans(NoOptions _) => new MethodReward("temporal-iou", 0, 1, [], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Spans(r);
        return GeometryReader.Spans(s.Response, ref w) is { } spans ? new MethodScore(Interval.Iou(spans, gold, ref w)) : MethodScore.Unparsed;
    });

    /// <summary><c>point</c>: the only point answered is in the reference box, or its Gaussian closeness to the middle.</summary>
    public static IReward<TextSample> ForPoint(PointOptions o) => new MethodReward("point", 0, 1, [], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Box(r);
        return Points(s, o, ref w) is [var one] ? new MethodScore(o.Gaussian ? GaussianGrounding.Point(one, gold) : gold.Contains(one) ? 1 : 0) : MethodScore.Unparsed;
    });

    /// <summary><c>trajectory</c>: exp(−3·distance / length of the reference path).</summary>
    public static IReward<TextSample> ForTrajectory(TrajectoryOptions o) => new MethodReward("trajectory", 0, 1, [], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Points(r);
        if (Points(s, o, ref w) is not { Count: > 0 } path)
        {
            return MethodScore.Unparsed;
        }

        double scale = 0;
        for (int i = 1; i < gold.Count; i++) { scale += Point.Distance(gold[i - 1], gold[i]); }
        scale = scale > 0 ? scale : 1;
        return new MethodScore(o.Distance switch
        {
            PathDistance.Rmse => Trajectory.Similarity(Trajectory.Rmse(path, gold, ref w), scale),
            PathDistance.Hausdorff => Trajectory.Similarity(Trajectory.Hausdorff(path, gold, ref w), scale),
            PathDistance.Frechet => Trajectory.Similarity(Trajectory.Frechet(path, gold, ref w), scale),
            PathDistance.Endpoint => Trajectory.Similarity(Trajectory.Endpoint(path, gold), scale),
            _ => ManipLvm.Path(path, gold, ref w),
        });
    });

    /// <summary><c>mask-overlap</c>: IoU or Dice of masks given as run lengths. Reference: <c>{"size":cells,"runs":[..]}</c>, at most a million cells; the answer is a list of runs.</summary>
    public static IReward<TextSample> ForMask(MaskOptions o) => new MethodReward("mask-overlap", 0, 1, [], (TextSample s, DataValue r, ref Work w) =>
    {
        double size = Gold.Number(Gold.Field(r, "size"), "size");
        var gold = size is >= 1 and <= 1_000_000 && size == Math.Floor(size) && Runs(Gold.Field(r, "runs")) is { } runs ? MaskOverlap.FromRuns(runs, (int)size) : null;
        if (gold is null)
        {
            throw new GoldException("the runs do not sum to the size (1 to 1,000,000 cells)");
        }

        w.Charge(3L * gold.Length);
        var own = DataAnswer.Find(s.Response, whole: false, ref w) is { } data && Runs(data) is { } given ? MaskOverlap.FromRuns(given, gold.Length) : null;
        return own is null ? MethodScore.Unparsed : new MethodScore(o.Dice ? MaskOverlap.Dice(own, gold) : MaskOverlap.Iou(own, gold));
    });

    private static List<int>? Runs(DataValue data)
        => data.Kind == DataKind.List && data.Items.All(i => i is { Kind: DataKind.Number, IsInteger: true, Number: >= 0 and <= 1_000_000 }) ? [.. data.Items.Select(i => (int)i.Number)] : null;

    private static List<Detection>? Boxes(TextSample sample, GeometryOptions o, ref Work work)
    {
        var (width, height) = Size(sample, o);
        return GeometryReader.Boxes(sample.Response, ref work) is { } boxes ? [.. boxes.Select(b => o.Frame == o.ReferenceFrame ? b : b with { Box = Frames.Convert(b.Box, o.Frame, o.ReferenceFrame, width, height) })] : null;
    }

    private static List<Point>? Points(TextSample sample, GeometryOptions o, ref Work work)
    {
        var (width, height) = Size(sample, o);
        return GeometryReader.Points(sample.Response, ref work) is { } points ? [.. points.Select(p => o.Frame == o.ReferenceFrame ? p : Frames.Convert(p, o.Frame, o.ReferenceFrame, width, height))] : null;
    }

    private static (double Width, double Height) Size(TextSample sample, GeometryOptions o)
    {
        if (o.Frame == o.ReferenceFrame || (o.Frame != CoordinateFrame.Pixels && o.ReferenceFrame != CoordinateFrame.Pixels))
        {
            return (1, 1);
        }

        var item = DataValue.From(sample.Item);
        return item?.Field("width") is { } w && item.Field("height") is { } h && Gold.Number(w, "width") > 0 && Gold.Number(h, "height") > 0
            ? (w.Number, h.Number)
            : throw new GoldException("the frames differ and the item has no 'width' and 'height' of the image");
    }
}
