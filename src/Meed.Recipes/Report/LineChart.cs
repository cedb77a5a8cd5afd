using System.Globalization;
using System.Text;

namespace Meed.Recipes.Report;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend and in hover texts.</param>
/// <param name="Points">Its points by X.</param>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A band around the line, such as a 95 % interval: (x, low, high); null for none.</summary>
    public IReadOnlyList<(double X, double Low, double High)>? Band { get; init; }

    /// <summary>Draws a dot at every point: for curves of few measured points.</summary>
    public bool Dots { get; init; }

    /// <summary>Draws a running mean in front of the faint raw line: for noisy curves.</summary>
    public bool Smooth { get; init; }

    /// <summary>Dashed: for references and targets.</summary>
    public bool Dashed { get; init; }

    /// <summary>Position in the palette, 0 to 7; null for the position in the chart.</summary>
    public int? Color { get; init; }
}

/// <summary>A chart of lines over steps, with bands, a running mean and values on hover.</summary>
public sealed record LineChart
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<Series> Lines { get; init; }

    /// <summary>Name of the horizontal axis.</summary>
    public string XLabel { get; init; } = "step";

    /// <summary>How values are written.</summary>
    public NumberFormat Format { get; init; }

    /// <summary>Vertical lines with a word, such as the end of the warm start.</summary>
    public IReadOnlyList<(double X, string Text)> Marks { get; init; } = [];

    /// <summary>Width of the drawing.</summary>
    public double Width { get; init; } = 400;

    /// <summary>Height of the drawing.</summary>
    public double Height { get; init; } = 220;

    /// <summary>Most points drawn of a line; more are averaged in equal bins.</summary>
    public const int MaxPoints = 300;

    /// <summary>The drawing; an empty chart says that there is nothing to show.</summary>
    public string Draw()
    {
        var lines = Lines.Select(l => l with { Points = Thin([.. l.Points.Where(p => double.IsFinite(p.X))]) }).ToList();
        if (!lines.Any(l => l.Points.Any(p => double.IsFinite(p.Y))))
        {
            return Empty(Width, Height, Title);
        }

        var xs = lines.SelectMany(l => l.Points).Select(p => p.X).ToList();
        var ys = lines.SelectMany(l => l.Points.Select(p => p.Y).Concat((l.Band ?? []).SelectMany(b => new[] { b.Low, b.High })));
        double from = xs.Min() > 0 && xs.Min() < 0.04 * xs.Max() ? 0 : xs.Min();   // steps count from 1; an axis reads better from 0
        var frame = new Frame(Width, Height, Scale.Of(from, xs.Max(), (int)(Width / 75), tight: true, whole: xs.All(double.IsInteger)), Scale.For(ys, Format, Height > 260 ? 6 : 4), XLabel);
        var svg = new Svg(Width, Height, Title, $"class=\"chart\" data-chart='{Svg.Escape(Data(lines, frame))}'");
        frame.Draw(svg);
        foreach (var (x, text) in Marks.Where(m => m.X >= xs.Min() && m.X <= xs.Max()))
        {
            svg.Line(frame.Px(x), frame.Top, frame.Px(x), frame.Bottom, "mark").Text(frame.Px(x) + 5, frame.Top + 10, text, "label");
        }

        for (int i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            string color = $"c{line.Color ?? i % 8}";
            var places = line.Points.Select(p => (X: frame.Px(p.X), Y: frame.Py(p.Y))).ToList();
            if (line.Band is { Count: > 0 } band)
            {
                var outline = band.Select(b => (frame.Px(b.X), frame.Py(b.High))).Concat(band.Reverse().Select(b => (frame.Px(b.X), frame.Py(b.Low))));
                svg.Path(Svg.Through(outline) + "Z", $"band {color}");
            }

            bool smooth = line.Smooth && line.Points.Count >= 30;
            svg.Path(Svg.Through(places), $"line {color}{(smooth ? " faint" : "")}{(line.Dashed ? " dashed" : "")}");
            if (smooth)
            {
                svg.Path(Svg.Through(Smoothed(line.Points).Select(p => (frame.Px(p.X), frame.Py(p.Y)))), $"line {color}");
            }

            if (line.Dots || line.Points.Count == 1)
            {
                foreach (var (x, y) in places.Where(p => double.IsFinite(p.Y)))
                {
                    svg.Circle(x, y, 3.2, $"dot {color}");
                }
            }
        }

        svg.Raw($"<g class=\"hover\" visibility=\"hidden\"><line class=\"cross\" y1=\"{Svg.N(frame.Top)}\" y2=\"{Svg.N(frame.Bottom)}\"/></g>");
        return svg.ToString();
    }

    /// <summary>A drawing that says that there are no values.</summary>
    public static string Empty(double width, double height, string title) =>
        new Svg(width, height, $"{title}: no values", "class=\"chart\"").Rect(1, 1, width - 2, height - 2, "blank", radius: 6).Text(width / 2, (height / 2) + 4, "no values yet", "label", "middle").ToString();

    /// <summary>A straight line fitted to about a tenth of the points around each one, so that slopes and ends are not pulled towards the mean.</summary>
    internal static IReadOnlyList<(double X, double Y)> Smoothed(IReadOnlyList<(double X, double Y)> points)
    {
        int half = Math.Max(2, points.Count / 20);
        var result = new List<(double, double)>(points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int j = Math.Max(0, i - half); j <= Math.Min(points.Count - 1, i + half); j++)
            {
                double x = points[j].X - points[i].X, y = points[j].Y;
                if (double.IsFinite(y))
                {
                    (n, sx, sy, sxx, sxy) = (n + 1, sx + x, sy + y, sxx + (x * x), sxy + (x * y));
                    (low, high) = (Math.Min(low, y), Math.Max(high, y));
                }
            }

            double spread = (n * sxx) - (sx * sx);
            double at = n == 0 ? double.NaN : spread > 1e-12 * n * sxx ? ((sy * sxx) - (sx * sxy)) / spread : sy / n;   // the fit at x = points[i].X
            result.Add((points[i].X, n == 0 ? at : Math.Clamp(at, low, high)));   // a share stays a share
        }

        return result;
    }

    private static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MaxPoints)
        {
            return points;
        }

        var result = new List<(double, double)>(MaxPoints);
        for (int bin = 0; bin < MaxPoints; bin++)
        {
            int from = (int)((long)bin * points.Count / MaxPoints), to = (int)((long)(bin + 1) * points.Count / MaxPoints);
            var ys = points.Skip(from).Take(to - from).Select(p => p.Y).Where(double.IsFinite).ToList();
            result.Add((points[(from + to) / 2].X, ys.Count == 0 ? double.NaN : ys.Average()));
        }

        return result;
    }

    // For the page's script: plot edges, then for every line its colour, name and points with a ready text.
    private string Data(List<Series> lines, Frame frame)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $"{{\"x\":{Text(XLabel)},\"lines\":[");
        for (int i = 0; i < lines.Count; i++)
        {
            json.Append(i > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"n\":{Text(lines[i].Name)},\"c\":{lines[i].Color ?? i % 8},\"p\":[");
            bool first = true;
            foreach (var (x, y) in lines[i].Points.Where(p => double.IsFinite(p.Y)))
            {
                json.Append(first ? "" : ",").Append(CultureInfo.InvariantCulture, $"[{Svg.N(frame.Px(x))},{Svg.N(frame.Py(y))},{Text(Scale.Figure(x))},{Text(Scale.Figure(y, Format))}]");
                first = false;
            }

            json.Append("]}");
        }

        return json.Append("]}").ToString();
    }

    private static string Text(string value) => System.Text.Json.JsonSerializer.Serialize(value, s_text);

    private static readonly System.Text.Json.JsonSerializerOptions s_text = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
