namespace Meed.Rewards.Geometry;

/// <summary>A span of time or frames.</summary>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end, above the start.</param>
/// <remarks>A span that is empty, the wrong way round or not finite overlaps nothing; its ends are never swapped.</remarks>
public readonly record struct Interval(double Start, double End)
{
    /// <summary>True when the ends are finite and in order.</summary>
    public bool IsValid => double.IsFinite(Start) && double.IsFinite(End) && End > Start;

    /// <summary>Temporal intersection over union, 0..1.</summary>
    public static double Iou(Interval a, Interval b)
    {
        if (!a.IsValid || !b.IsValid)
        {
            return 0;
        }

        double both = Math.Max(0, Math.Min(a.End, b.End) - Math.Max(a.Start, b.Start));
        return Math.Min(1, both / (a.End - a.Start + b.End - b.Start - both));
    }

    /// <summary>IoU of two sets of spans: length of the common part of their unions over the length of both together. Two empty sets are 1.</summary>
    public static double Iou(IReadOnlyList<Interval> a, IReadOnlyList<Interval> b, ref Work work)
    {
        work.Charge(16L * (a.Count + b.Count + 1));
        if (a.Count == 0 && b.Count == 0)
        {
            return 1;
        }

        double x = Length(a), y = Length(b), any = Length([.. a, .. b]);
        return any == 0 ? 0 : Math.Clamp((x + y - any) / any, 0, 1);
    }

    /// <summary>Length of the union of the valid spans.</summary>
    public static double Length(IReadOnlyList<Interval> spans)
    {
        double length = 0, end = double.NegativeInfinity;
        foreach (var span in spans.Where(s => s.IsValid).OrderBy(s => s.Start).ThenBy(s => s.End))
        {
            length += Math.Max(0, span.End - Math.Max(span.Start, end));
            end = Math.Max(end, span.End);
        }

        return length;
    }
}
