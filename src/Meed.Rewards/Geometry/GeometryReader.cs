using Meed.Rewards.Structure;

namespace Meed.Rewards.Geometry;

/// <summary>Reads boxes, points, paths and spans out of answers and references. Bounded: at most 512 of each.</summary>
/// <remarks>
/// Accepted for boxes: <c>[x1,y1,x2,y2]</c>, lists of these, objects with <c>bbox_2d</c>, <c>bbox</c> or <c>box</c> and optionally <c>label</c> (or <c>name</c>) and <c>score</c> (or <c>confidence</c>), lists of these.
/// For points: <c>[x,y]</c>, objects with <c>point_2d</c>, <c>point</c> or <c>coordinate</c>, lists of these; for spans: <c>[start,end]</c>, objects with <c>start</c> and <c>end</c>, lists.
/// Anything with another number of coordinates is not read: the whole answer counts as unreadable, never a part of it. Numbers keep their order.
/// </remarks>
public static class GeometryReader
{
    private static readonly string[] s_boxKeys = ["bbox_2d", "bbox", "box"];
    private static readonly string[] s_pointKeys = ["point_2d", "point", "coordinate"];

    /// <summary>Boxes of an answer; null when it holds none that can be read. An empty list is a list of no boxes.</summary>
    public static IReadOnlyList<Detection>? Boxes(string answer, ref Work work) => Data(answer, ref work) is { } data ? Boxes(data) : null;

    /// <summary>Boxes of data.</summary>
    public static IReadOnlyList<Detection>? Boxes(DataValue data) => Each(data, OneBox);

    /// <summary>Points of an answer, in order.</summary>
    public static IReadOnlyList<Point>? Points(string answer, ref Work work) => Data(answer, ref work) is { } data ? Points(data) : null;

    /// <summary>Points of data, in order.</summary>
    public static IReadOnlyList<Point>? Points(DataValue data) => Each(data, OnePoint);

    /// <summary>Spans of an answer.</summary>
    public static IReadOnlyList<Interval>? Spans(string answer, ref Work work) => Data(answer, ref work) is { } data ? Spans(data) : null;

    /// <summary>Spans of data.</summary>
    public static IReadOnlyList<Interval>? Spans(DataValue data) => Each(data, OneSpan);

    /// <summary>The data in an answer: JSON as in <see cref="DataAnswer"/>, or numbers in round brackets or bare, such as <c>(12, 30)</c> or <c>12.5, 30</c>.</summary>
    public static DataValue? Data(string answer, ref Work work)
    {
        if (DataAnswer.Find(answer, whole: false, ref work) is { Kind: DataKind.List or DataKind.Map } data)
        {
            return data;
        }

        var inside = Text.TextMetricReward.Inside(answer, "answer") ?? answer;
        return inside.Length <= 200 && DataReader.ReadPython($"[{inside.Trim().Trim('(', ')')}]", ref work) is { Items.Count: > 0 } bare ? bare : null;
    }

    internal static string Label(DataValue item) => (item.Field("label") ?? item.Field("name")) is { Kind: DataKind.Text } label ? label.Text.Trim() : "";

    private static List<T>? Each<T>(DataValue data, Func<DataValue, T?> one)
        where T : struct
    {
        if (one(data) is { } single)
        {
            return [single];
        }

        if (data.Kind != DataKind.List || data.Items.Count > Assignment.Most)
        {
            return null;
        }

        var items = new List<T>(data.Items.Count);
        foreach (var item in data.Items)
        {
            if (one(item) is not { } read)
            {
                return null;
            }

            items.Add(read);
        }

        return items;
    }

    private static double[]? Numbers(DataValue? list, int count)
        => list is { Kind: DataKind.List } && list.Items.Count == count && list.Items.All(i => i.Kind == DataKind.Number && double.IsFinite(i.Number)) ? [.. list.Items.Select(i => i.Number)] : null;

    private static Detection? OneBox(DataValue item)
    {
        var box = item.Kind == DataKind.List ? item : s_boxKeys.Select(item.Field).FirstOrDefault(f => f is not null);
        if (Numbers(box, 4) is not { } n)
        {
            return null;
        }

        double score = (item.Field("score") ?? item.Field("confidence")) is { Kind: DataKind.Number } s ? s.Number : 1;
        return double.IsNaN(score) ? null : new Detection(new Box(n[0], n[1], n[2], n[3]), Label(item), score);
    }

    private static Point? OnePoint(DataValue item)
        => Numbers(item.Kind == DataKind.List ? item : s_pointKeys.Select(item.Field).FirstOrDefault(f => f is not null), 2) is { } n ? new Point(n[0], n[1]) : null;

    private static Interval? OneSpan(DataValue item)
    {
        if (item.Kind == DataKind.Map)
        {
            return item.Field("start") is { Kind: DataKind.Number } start && item.Field("end") is { Kind: DataKind.Number } end ? new Interval(start.Number, end.Number) : null;
        }

        return Numbers(item, 2) is { } n ? new Interval(n[0], n[1]) : null;
    }
}
