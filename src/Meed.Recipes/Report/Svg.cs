using System.Globalization;
using System.Net;
using System.Text;

namespace Meed.Recipes.Report;

/// <summary>Builds the text of one SVG drawing. Colours come from the classes of <see cref="Page"/>, so that light and dark are the page's matter.</summary>
public sealed class Svg
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a drawing.</summary>
    /// <param name="width">Width of its coordinate system.</param>
    /// <param name="height">Height of its coordinate system.</param>
    /// <param name="label">What it shows, for readers that cannot see it.</param>
    /// <param name="extra">Further attributes.</param>
    public Svg(double width, double height, string label, string extra = "")
    {
        _text.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\" aria-label=\"{Escape(label)}\"{(extra.Length > 0 ? " " + extra : "")}>");
    }

    /// <summary>Text safe inside HTML and attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A coordinate in at most two decimals.</summary>
    public static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A straight line.</summary>
    public Svg Line(double x1, double y1, double x2, double y2, string css) => Raw($"<line class=\"{css}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    /// <summary>A rectangle; a title becomes its hover text.</summary>
    public Svg Rect(double x, double y, double width, double height, string css, string? title = null, string style = "", double radius = 0) =>
        Raw($"<rect class=\"{css}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(0, width))}\" height=\"{N(Math.Max(0, height))}\"{(radius > 0 ? $" rx=\"{N(radius)}\"" : "")}{(style.Length > 0 ? $" style=\"{style}\"" : "")}{Titled("rect", title)}");

    /// <summary>A circle; a title becomes its hover text.</summary>
    public Svg Circle(double x, double y, double radius, string css, string? title = null) =>
        Raw($"<circle class=\"{css}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\"{Titled("circle", title)}");

    /// <summary>A path.</summary>
    public Svg Path(string data, string css) => data.Length == 0 ? this : Raw($"<path class=\"{css}\" d=\"{data}\"/>");

    /// <summary>Text at a point; anchor is start, middle or end.</summary>
    public Svg Text(double x, double y, string text, string css, string anchor = "start", string extra = "") =>
        Raw($"<text class=\"{css}\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\"{(extra.Length > 0 ? " " + extra : "")}>{Escape(text)}</text>");

    /// <summary>Markup as it is.</summary>
    public Svg Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>The finished drawing.</summary>
    public override string ToString() => _text + "</svg>";

    /// <summary>The data of a line through points; a point that is not finite breaks it.</summary>
    public static string Through(IEnumerable<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var data = new StringBuilder();
        bool drawing = false;
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(y))
            {
                drawing = false;
                continue;
            }

            data.Append(drawing ? 'L' : 'M').Append(N(x)).Append(' ').Append(N(y));
            drawing = true;
        }

        return data.ToString();
    }

    private static string Titled(string tag, string? title) => title is null ? "/>" : $"><title>{Escape(title)}</title></{tag}>";
}
