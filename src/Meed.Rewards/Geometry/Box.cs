namespace Meed.Rewards.Geometry;

/// <summary>An axis-parallel box by its corners, x to the right, y downwards.</summary>
/// <param name="X1">Left.</param>
/// <param name="Y1">Top.</param>
/// <param name="X2">Right, above <paramref name="X1"/>.</param>
/// <param name="Y2">Bottom, above <paramref name="Y1"/>.</param>
/// <remarks>A box whose corners are equal or the wrong way round, or not finite, is not valid: it overlaps nothing. Corners are never swapped, because that would pay for answers that are wrong.</remarks>
public readonly record struct Box(double X1, double Y1, double X2, double Y2)
{
    /// <summary>True when all corners are finite and the box has an area.</summary>
    public bool IsValid => double.IsFinite(X1) && double.IsFinite(Y1) && double.IsFinite(X2) && double.IsFinite(Y2) && X2 > X1 && Y2 > Y1 && double.IsFinite(Width * Height);

    /// <summary>X2 − X1.</summary>
    public double Width => X2 - X1;

    /// <summary>Y2 − Y1.</summary>
    public double Height => Y2 - Y1;

    /// <summary>Width times height; 0 when the box is not valid.</summary>
    public double Area => IsValid ? Width * Height : 0;

    /// <summary>The middle.</summary>
    public Point Center => new((X1 + X2) / 2, (Y1 + Y2) / 2);

    /// <summary>True when the point is inside or on the edge of a valid box.</summary>
    public bool Contains(Point p) => IsValid && p.X >= X1 && p.X <= X2 && p.Y >= Y1 && p.Y <= Y2;

    /// <summary>Area of the common part.</summary>
    public static double Intersection(Box a, Box b) => !a.IsValid || !b.IsValid ? 0
        : Math.Max(0, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1)) * Math.Max(0, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));

    /// <summary>Intersection over union, 0..1; 0 when either box is not valid. Jaccard 1912; Everingham et al. 2010.</summary>
    public static double Iou(Box a, Box b)
    {
        double both = Intersection(a, b);
        return both <= 0 ? 0 : Math.Min(1, both / (a.Area + b.Area - both));
    }

    /// <summary>Generalised IoU, −1..1: IoU − (hull − union) / hull; −1 when either box is not valid. Rezatofighi et al. 2019, arXiv:1902.09630.</summary>
    public static double Giou(Box a, Box b)
    {
        if (!a.IsValid || !b.IsValid)
        {
            return -1;
        }

        double both = Intersection(a, b), union = a.Area + b.Area - both;
        double hull = (Math.Max(a.X2, b.X2) - Math.Min(a.X1, b.X1)) * (Math.Max(a.Y2, b.Y2) - Math.Min(a.Y1, b.Y1));
        return double.IsFinite(hull) ? Math.Clamp((both / union) - ((hull - union) / hull), -1, 1) : -1;
    }
}

/// <summary>A point, x to the right, y downwards.</summary>
/// <param name="X">From the left.</param>
/// <param name="Y">From the top.</param>
public readonly record struct Point(double X, double Y)
{
    /// <summary>True when both coordinates are finite.</summary>
    public bool IsValid => double.IsFinite(X) && double.IsFinite(Y);

    /// <summary>Euclidean distance.</summary>
    public static double Distance(Point a, Point b) => double.Hypot(a.X - b.X, a.Y - b.Y);
}

/// <summary>What coordinates count. Always stated: the same numbers mean different places in different frames.</summary>
public enum CoordinateFrame : byte
{
    /// <summary>Pixels of the image.</summary>
    Pixels,

    /// <summary>0 to 1 of each side.</summary>
    Unit,

    /// <summary>0 to 1000 of each side.</summary>
    Thousand,
}

/// <summary>Moves boxes and points between frames.</summary>
public static class Frames
{
    /// <summary>Length of a side of the image in a frame; the size in pixels is needed for <see cref="CoordinateFrame.Pixels"/> only.</summary>
    public static double Side(CoordinateFrame frame, double pixels) => frame switch { CoordinateFrame.Unit => 1, CoordinateFrame.Thousand => 1000, _ => pixels };

    /// <summary>A box from one frame to another for an image of a size in pixels.</summary>
    public static Box Convert(Box box, CoordinateFrame from, CoordinateFrame to, double width, double height)
    {
        var first = Convert(new Point(box.X1, box.Y1), from, to, width, height);
        var second = Convert(new Point(box.X2, box.Y2), from, to, width, height);
        return new Box(first.X, first.Y, second.X, second.Y);
    }

    /// <summary>A point from one frame to another for an image of a size in pixels.</summary>
    public static Point Convert(Point point, CoordinateFrame from, CoordinateFrame to, double width, double height)
        => new(point.X * Side(to, width) / Side(from, width), point.Y * Side(to, height) / Side(from, height));
}
