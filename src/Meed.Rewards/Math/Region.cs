namespace Meed.Rewards.MathAnswers;

/// <summary>An end of a segment of the real line.</summary>
/// <param name="At">The exact expression.</param>
/// <param name="Value">Its value; infinities at the ends of the line.</param>
/// <param name="Closed">Whether the end belongs to the segment.</param>
internal readonly record struct Bound(Node At, double Value, bool Closed);

/// <summary>A set of real numbers as ordered, disjoint segments; what intervals, unions and inequalities in one variable all become.</summary>
internal sealed class Region(List<(Bound Low, Bound High)> segments)
{
    private static readonly Node s_infinity = Node.Of(NodeKind.Infinity);

    public List<(Bound Low, Bound High)> Segments { get; } = segments;

    public static Region Line => new([(MinusInfinity, PlusInfinity)]);

    public static Region None => new([]);

    private static Bound MinusInfinity => new(s_infinity, double.NegativeInfinity, false);

    private static Bound PlusInfinity => new(s_infinity, double.PositiveInfinity, false);

    public static Region Segment(Bound low, Bound high) => new(low.Value > high.Value || (Near(low.Value, high.Value) && !(low.Closed && high.Closed)) ? [] : [(low, high)]);

    public static Region Below(Bound high) => Segment(MinusInfinity, high);

    public static Region Above(Bound low) => Segment(low, PlusInfinity);

    public static Region Point(Node at, double value) => Segment(new Bound(at, value, true), new Bound(at, value, true));

    private static bool Near(double a, double b) => a == b || (double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)));

    /// <summary>Both together; touching segments grow into one.</summary>
    public Region Union(Region other)
    {
        var all = new List<(Bound Low, Bound High)>(Segments);
        all.AddRange(other.Segments);
        all.Sort(static (a, b) => a.Low.Value != b.Low.Value ? a.Low.Value.CompareTo(b.Low.Value) : b.Low.Closed.CompareTo(a.Low.Closed));
        var merged = new List<(Bound Low, Bound High)>();
        foreach (var s in all)
        {
            if (merged.Count > 0)
            {
                var last = merged[^1];
                bool touch = Near(s.Low.Value, last.High.Value) ? s.Low.Closed || last.High.Closed : s.Low.Value < last.High.Value;
                if (touch)
                {
                    bool farther = Near(s.High.Value, last.High.Value) ? s.High.Closed : s.High.Value > last.High.Value;
                    merged[^1] = (last.Low, farther ? s.High : last.High);
                    continue;
                }
            }

            merged.Add(s);
        }

        return new Region(merged);
    }

    public Region Intersect(Region other)
    {
        var result = new List<(Bound, Bound)>();
        foreach (var a in Segments)
        {
            foreach (var b in other.Segments)
            {
                var low = Near(a.Low.Value, b.Low.Value) ? (a.Low.Closed ? b.Low : a.Low) : a.Low.Value > b.Low.Value ? a.Low : b.Low;
                var high = Near(a.High.Value, b.High.Value) ? (a.High.Closed ? b.High : a.High) : a.High.Value < b.High.Value ? a.High : b.High;
                result.AddRange(Segment(low, high).Segments);
            }
        }

        return new Region(result);
    }

    public Region Complement()
    {
        var result = Line;
        foreach (var (low, high) in Segments)
        {
            var outside = (double.IsInfinity(low.Value) ? None : Below(low with { Closed = !low.Closed })).Union(double.IsInfinity(high.Value) ? None : Above(high with { Closed = !high.Closed }));
            result = result.Intersect(outside);
        }

        return result;
    }
}
