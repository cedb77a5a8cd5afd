using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Reads the fields of a reference; what is missing or of another kind is the task's fault.</summary>
internal static class Gold
{
    public static DataValue Field(DataValue reference, string name) => reference.Field(name) ?? throw new GoldException($"the reference has no '{name}'");

    public static string Text(DataValue value, string what = "reference") => value.Kind switch
    {
        DataKind.Text => value.Text,
        DataKind.Number => value.Text,
        _ => throw new GoldException($"'{what}' is no text"),
    };

    public static double Number(DataValue value, string what = "reference") => value.Kind == DataKind.Number && double.IsFinite(value.Number) ? value.Number : throw new GoldException($"'{what}' is no number");

    public static double Number(DataValue reference, string name, double otherwise) => reference.Field(name) is { } field ? Number(field, name) : otherwise;

    public static IReadOnlyList<string> Texts(DataValue value, string what = "reference") => value.Kind == DataKind.List ? [.. value.Items.Select(i => Text(i, what))] : throw new GoldException($"'{what}' is no list of texts");

    public static IReadOnlyList<Detection> Boxes(DataValue value, string what = "reference")
        => GeometryReader.Boxes(value) is { } boxes && boxes.All(b => b.Box.IsValid) ? boxes : throw new GoldException($"'{what}' holds no boxes with an area");

    public static Box Box(DataValue value, string what = "reference") => Boxes(value, what) is { Count: 1 } one ? one[0].Box : throw new GoldException($"'{what}' is not one box");

    public static IReadOnlyList<Point> Points(DataValue value, string what = "reference") => GeometryReader.Points(value) is { Count: > 0 } points ? points : throw new GoldException($"'{what}' holds no points");

    public static IReadOnlyList<Interval> Spans(DataValue value, string what = "reference") => GeometryReader.Spans(value) is { } spans && spans.All(s => s.IsValid) ? spans : throw new GoldException($"'{what}' holds no spans");
}
