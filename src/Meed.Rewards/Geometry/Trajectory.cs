namespace Meed.Rewards.Geometry;

/// <summary>Distances between two paths given by their points.</summary>
/// <remarks>All are in the unit of the points. A path needs at least one point; <see cref="Similarity"/> turns a distance into a value from 0 to 1.</remarks>
public static class Trajectory
{
    /// <summary>Root mean square distance of corresponding points after both paths were resampled to the same number of points, equally spaced by length.</summary>
    public static double Rmse(IReadOnlyList<Point> a, IReadOnlyList<Point> b, ref Work work, int samples = 32)
    {
        Point[] x = Resample(a, samples, ref work), y = Resample(b, samples, ref work);
        double sum = 0;
        for (int i = 0; i < samples; i++) { sum += Math.Pow(Point.Distance(x[i], y[i]), 2); }
        return Math.Sqrt(sum / samples);
    }

    /// <summary>Hausdorff distance: the largest distance of a point of one path to the nearest point of the other.</summary>
    public static double Hausdorff(IReadOnlyList<Point> a, IReadOnlyList<Point> b, ref Work work)
    {
        Require(a);
        Require(b);
        work.Charge((2L * a.Count * b.Count) + 1);
        return Math.Max(Directed(a, b), Directed(b, a));
    }

    /// <summary>Discrete Fréchet distance: the shortest leash with which two walkers can go both paths point by point without turning back. Eiter and Mannila 1994.</summary>
    public static double Frechet(IReadOnlyList<Point> a, IReadOnlyList<Point> b, ref Work work)
    {
        Require(a);
        Require(b);
        work.Charge((2L * a.Count * b.Count) + 1);
        var row = new double[b.Count];
        for (int i = 0; i < a.Count; i++)
        {
            double diagonal = double.PositiveInfinity;
            for (int j = 0; j < b.Count; j++)
            {
                double before = i == 0 && j == 0 ? 0 : Math.Min(Math.Min(i > 0 ? row[j] : double.PositiveInfinity, j > 0 ? row[j - 1] : double.PositiveInfinity), diagonal);
                diagonal = i > 0 ? row[j] : double.PositiveInfinity;
                row[j] = Math.Max(before, Point.Distance(a[i], b[j]));
            }
        }

        return row[^1];
    }

    /// <summary>Distance of the last points.</summary>
    public static double Endpoint(IReadOnlyList<Point> a, IReadOnlyList<Point> b)
    {
        Require(a);
        Require(b);
        return Point.Distance(a[^1], b[^1]);
    }

    /// <summary>exp(−k·distance / scale), 1 for no distance; k = 3 makes a distance as long as the scale nearly worthless (0.05).</summary>
    public static double Similarity(double distance, double scale, double k = 3) => double.IsFinite(distance) && scale > 0 ? Math.Exp(-k * distance / scale) : 0;

    /// <summary>Points at equal distances along a path, the first and the last included; a path without length is its point repeated.</summary>
    public static Point[] Resample(IReadOnlyList<Point> path, int count, ref Work work)
    {
        Require(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        work.Charge(path.Count + (long)count);
        var length = new double[path.Count];
        for (int i = 1; i < path.Count; i++) { length[i] = length[i - 1] + Point.Distance(path[i - 1], path[i]); }
        var result = new Point[count];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            double target = length[^1] * i / (count - 1);
            while (at < path.Count - 2 && length[at + 1] < target) { at++; }
            double step = path.Count == 1 ? 0 : length[at + 1] - length[at];
            double share = step > 0 ? Math.Clamp((target - length[at]) / step, 0, 1) : 0;
            var to = path.Count == 1 ? path[at] : path[at + 1];
            result[i] = new Point(path[at].X + (share * (to.X - path[at].X)), path[at].Y + (share * (to.Y - path[at].Y)));
        }

        return result;
    }

    private static double Directed(IReadOnlyList<Point> from, IReadOnlyList<Point> to)
    {
        double most = 0;
        foreach (var p in from)
        {
            double least = double.PositiveInfinity;
            foreach (var q in to) { least = Math.Min(least, Point.Distance(p, q)); }
            most = Math.Max(most, least);
        }

        return most;
    }

    private static void Require(IReadOnlyList<Point> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Count == 0)
        {
            throw new ArgumentException("Trajectory: a path has no points; a path needs at least one.");
        }
    }
}
