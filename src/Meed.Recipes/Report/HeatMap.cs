using System.Globalization;

namespace Meed.Recipes.Report;

/// <summary>A table of values as shades; values of both signs shade in two colours from zero.</summary>
public sealed record HeatMap
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Names of the rows.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Values, [rows][columns]; NaN leaves the cell empty.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Values { get; init; }

    /// <summary>How values are written.</summary>
    public NumberFormat Format { get; init; }

    /// <summary>Width of the drawing.</summary>
    public double Width { get; init; } = 400;

    /// <summary>The drawing; its height follows the number of rows.</summary>
    public string Draw()
    {
        var finite = Values.SelectMany(r => r).Where(double.IsFinite).ToList();
        if (finite.Count == 0)
        {
            return LineChart.Empty(Width, 90, Title);
        }

        double left = Math.Min(Width * 0.4, 14 + (Rows.Max(r => r.Length) * 6.6));
        double cell = (Width - left - 4) / Columns.Count;
        double row = Math.Clamp(cell, 24, 34), top = 24;
        double size = Math.Max(finite.Max(Math.Abs), 1e-12);
        bool signed = finite.Min() < 0;
        double low = signed ? 0 : Math.Min(0, finite.Min());
        var svg = new Svg(Width, top + (Rows.Count * row) + 4, Title, "class=\"chart\"");
        for (int c = 0; c < Columns.Count; c++)
        {
            svg.Text(left + ((c + 0.5) * cell), 15, Columns[c], "tick", "middle");
        }

        for (int r = 0; r < Rows.Count; r++)
        {
            svg.Text(left - 8, top + ((r + 0.5) * row) + 4, Rows[r], "name", "end");
            for (int c = 0; c < Columns.Count; c++)
            {
                double value = Values[r][c];
                double share = double.IsFinite(value) ? Math.Clamp((Math.Abs(value) - low) / (size - low), 0, 1) : 0;
                string shade = (0.06 + (0.94 * share)).ToString("0.###", CultureInfo.InvariantCulture);
                svg.Rect(left + (c * cell) + 1, top + (r * row) + 1, cell - 2, row - 2, double.IsFinite(value) ? $"cell c{(value < 0 ? 3 : 0)}" : "blank", $"{Rows[r]}, {Columns[c]}: {Scale.Figure(value, Format)}", double.IsFinite(value) ? $"fill-opacity:{shade}" : "", 3);
                if (double.IsFinite(value) && cell > 34)
                {
                    svg.Text(left + ((c + 0.5) * cell), top + ((r + 0.5) * row) + 4, Scale.Figure(value, Format), share > 0.55 ? "on" : "value", "middle");
                }
            }
        }

        return svg.ToString();
    }
}
