namespace Meed.Recipes.Report;

/// <summary>Horizontal bars with their values; an interval is drawn as a whisker.</summary>
public sealed record BarChart
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Name, value and, where there is one, the interval of each bar.</summary>
    public required IReadOnlyList<(string Name, double Value, (double Low, double High)? Interval)> Bars { get; init; }

    /// <summary>How values are written.</summary>
    public NumberFormat Format { get; init; }

    /// <summary>Position in the palette; null gives each bar its own.</summary>
    public int? Color { get; init; } = 0;

    /// <summary>Width of the drawing.</summary>
    public double Width { get; init; } = 400;

    /// <summary>The drawing; its height follows the number of bars.</summary>
    public string Draw()
    {
        const double Row = 30;
        var shown = Bars.Where(b => double.IsFinite(b.Value)).ToList();
        if (shown.Count == 0)
        {
            return LineChart.Empty(Width, 90, Title);
        }

        double names = Math.Min(Width * 0.42, 12 + (shown.Max(b => b.Name.Length) * 6.6));
        double right = Width - 64;
        var values = shown.SelectMany(b => b.Interval is { } i ? [b.Value, i.Low, i.High] : new[] { b.Value }).Append(0).ToList();
        var scale = Scale.Of(values.Min(), values.Max(), 4, Format);
        double height = (shown.Count * Row) + 8;
        double Px(double v) => names + (scale.At(v) * (right - names));
        var svg = new Svg(Width, height, Title, "class=\"chart\"");
        int fit = (int)(names / 6.6);
        for (int i = 0; i < shown.Count; i++)
        {
            var (name, value, interval) = shown[i];
            double top = 4 + (i * Row), middle = top + (Row / 2);
            string label = name.Length > fit ? name[..Math.Max(1, fit - 1)] + "…" : name;
            svg.Text(names - 8, middle + 4, label, "name", "end");
            svg.Rect(Math.Min(Px(0), Px(value)), top + 6, Math.Abs(Px(value) - Px(0)), Row - 12, $"bar c{Color ?? i % 8}", $"{name}: {Scale.Figure(value, Format)}", radius: 2.5);
            double end = Math.Max(Px(0), Px(value));
            if (interval is { } range)
            {
                svg.Line(Px(range.Low), middle, Px(range.High), middle, "whisker").Line(Px(range.Low), middle - 4, Px(range.Low), middle + 4, "whisker").Line(Px(range.High), middle - 4, Px(range.High), middle + 4, "whisker");
                end = Math.Max(end, Px(range.High));
            }

            svg.Text(end + 7, middle + 4, Scale.Figure(value, Format), "value");
        }

        return svg.Line(Px(0), 2, Px(0), height - 2, "axis").ToString();
    }
}
