namespace Meed.Recipes.Report;

/// <summary>Points in a plane; with a diagonal it is a calibration chart.</summary>
public sealed record ScatterChart
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Groups of points, each in its own colour.</summary>
    public required IReadOnlyList<Series> Groups { get; init; }

    /// <summary>Name of the horizontal axis.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>How values are written, on both axes.</summary>
    public NumberFormat Format { get; init; }

    /// <summary>Draws the line y = x and gives both axes the same domain.</summary>
    public bool Diagonal { get; init; }

    /// <summary>Width of the drawing.</summary>
    public double Width { get; init; } = 400;

    /// <summary>Height of the drawing.</summary>
    public double Height { get; init; } = 260;

    /// <summary>The drawing.</summary>
    public string Draw()
    {
        var points = Groups.SelectMany(g => g.Points).Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
        if (points.Count == 0)
        {
            return LineChart.Empty(Width, Height, Title);
        }

        var xs = Diagonal ? points.SelectMany(p => new[] { p.X, p.Y }) : points.Select(p => p.X);
        var ys = Diagonal ? xs : points.Select(p => p.Y);
        var frame = new Frame(Width, Height, Scale.For(xs, Format), Scale.For(ys, Format, 4), XLabel);
        var svg = new Svg(Width, Height, Title, "class=\"chart\"");
        frame.Draw(svg);
        if (Diagonal)
        {
            svg.Line(frame.Px(frame.X.Low), frame.Py(frame.X.Low), frame.Px(frame.X.High), frame.Py(frame.X.High), "mark");
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            foreach (var (x, y) in Groups[i].Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)))
            {
                svg.Circle(frame.Px(x), frame.Py(y), points.Count > 300 ? 2 : 3.6, $"dot c{Groups[i].Color ?? i % 8}", $"{Groups[i].Name}: {Scale.Figure(x, Format)}, {Scale.Figure(y, Format)}");
            }
        }

        return svg.ToString();
    }
}
