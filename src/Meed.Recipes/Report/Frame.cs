namespace Meed.Recipes.Report;

/// <summary>The plot area of a chart with its axes: grid, ticks and labels.</summary>
/// <param name="Width">Width of the drawing.</param>
/// <param name="Height">Height of the drawing.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="XLabel">Name of the horizontal axis; may be empty.</param>
public sealed record Frame(double Width, double Height, Scale X, Scale Y, string XLabel)
{
    private const double CharWidth = 6.4;

    /// <summary>Left edge of the plot.</summary>
    public double Left { get; } = 10 + (Y.Ticks.Count == 0 ? 0 : Y.Ticks.Max(t => Y.Label(t).Length) * CharWidth);

    /// <summary>Right edge.</summary>
    public double Right => Width - 14;

    /// <summary>Top edge.</summary>
    public double Top { get; } = 8;

    /// <summary>Bottom edge.</summary>
    public double Bottom => Height - (XLabel.Length > 0 ? 36 : 22);

    /// <summary>Horizontal place of a value.</summary>
    public double Px(double x) => Left + (X.At(x) * (Right - Left));

    /// <summary>Vertical place of a value.</summary>
    public double Py(double y) => Bottom - (Y.At(y) * (Bottom - Top));

    /// <summary>Draws grid and labels.</summary>
    /// <param name="svg">The drawing.</param>
    /// <param name="xTicks">False to leave the horizontal ticks to the chart (bars name their own).</param>
    public void Draw(Svg svg, bool xTicks = true)
    {
        ArgumentNullException.ThrowIfNull(svg);
        foreach (double tick in Y.Ticks)
        {
            svg.Line(Left, Py(tick), Right, Py(tick), tick == Y.Low ? "axis" : tick == 0 ? "zero" : "grid");
            svg.Text(Left - 7, Py(tick) + 3.8, Y.Label(tick), "tick", "end");
        }

        if (xTicks)
        {
            double free = double.NegativeInfinity;
            foreach (double tick in X.Ticks)
            {
                string label = X.Label(tick);
                double half = label.Length * CharWidth / 2;
                double at = Math.Min(Px(tick), Width - half - 1);
                if (at - half < free + 8)
                {
                    continue;
                }

                free = at + half;
                svg.Line(Px(tick), Bottom, Px(tick), Bottom + 4, "axis");
                svg.Text(at, Bottom + 16, label, "tick", "middle");
            }
        }

        if (XLabel.Length > 0)
        {
            svg.Text((Left + Right) / 2, Height - 5, XLabel, "label", "middle");
        }
    }
}
