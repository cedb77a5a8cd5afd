using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>InfiGUI-G1: several candidate points, paid by the rank of the first hit.</summary>
/// <remarks>
/// N candidates, first hit at rank k (from 1): accuracy = 1/√(N·k); no hit: −1/N. r = format + accuracy, format 1 when the points can be read. Unreadable, no point, or three collinear points among the candidates (twice the triangle's area
/// at most 10⁻⁹ of the squared span): −1. Range −1..2. Naming everything earns little, because the reward of a hit falls with N.
/// <para>Reference: the target box; the answer is a list of points. "InfiGUI-G1: Advancing GUI Grounding with Adaptive Exploration Policy Optimization", arXiv:2508.05731 (row 142).</para>
/// </remarks>
public static class InfiGui
{
    private const int MostPoints = 64;

    /// <summary>The reward <c>infigui</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("infigui", -1, 2, ["accuracy", "candidates"], Check);

    /// <summary>1/√(N·k) for the first hit at rank k, −1/N without one.</summary>
    public static double Accuracy(IReadOnlyList<Point> candidates, Box target)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        for (int k = 0; k < candidates.Count; k++)
        {
            if (target.Contains(candidates[k]))
            {
                return 1 / Math.Sqrt((double)candidates.Count * (k + 1));
            }
        }

        return -1.0 / candidates.Count;
    }

    /// <summary>True when any three points lie on one line; equal points do.</summary>
    public static bool AnyCollinear(IReadOnlyList<Point> points, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(points);
        work.Charge((long)points.Count * points.Count * points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = i + 1; j < points.Count; j++)
            {
                for (int k = j + 1; k < points.Count; k++)
                {
                    double ax = points[j].X - points[i].X, ay = points[j].Y - points[i].Y, bx = points[k].X - points[i].X, by = points[k].Y - points[i].Y;
                    double span = Math.Max((ax * ax) + (ay * ay), (bx * bx) + (by * by));
                    if (!(Math.Abs((ax * by) - (ay * bx)) > 1e-9 * span))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var target = Gold.Box(reference);
        var points = DataAnswer.Find(sample.Response, whole: false, ref work) is { } data ? GeometryReader.Points(data) : null;
        if (points is null || points.Count is 0 or > MostPoints)
        {
            return MethodScore.Unparsed;
        }

        if (AnyCollinear(points, ref work))
        {
            return new MethodScore(-1, 0, points.Count) { Reason = "collinear", Fault = true };
        }

        double accuracy = Accuracy(points, target);
        return new MethodScore(1 + accuracy, accuracy, points.Count);
    }
}
