namespace Meed.Recipes.Report;

/// <summary>How often values fall into equal bins.</summary>
public sealed record Histogram
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The values.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Name of the horizontal axis.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>Number of bins; 0 takes the square root of the count, 5 to 40.</summary>
    public int Bins { get; init; }

    /// <summary>Width of the drawing.</summary>
    public double Width { get; init; } = 400;

    /// <summary>Height of the drawing.</summary>
    public double Height { get; init; } = 220;

    /// <summary>Edges and counts of the bins; edges are one more than counts.</summary>
    public (IReadOnlyList<double> Edges, IReadOnlyList<int> Counts) Count()
    {
        var values = Values.Where(double.IsFinite).ToList();
        if (values.Count == 0)
        {
            return ([], []);
        }

        int bins = Bins > 0 ? Bins : Math.Clamp((int)Math.Sqrt(values.Count), 5, 40);
        double low = values.Min(), high = values.Max();
        if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var counts = new int[bins];
        foreach (double value in values)
        {
            counts[Math.Min(bins - 1, (int)((value - low) / (high - low) * bins))]++;
        }

        return ([.. Enumerable.Range(0, bins + 1).Select(i => low + ((high - low) * i / bins))], counts);
    }

    /// <summary>The drawing.</summary>
    public string Draw()
    {
        var (edges, counts) = Count();
        if (counts.Count == 0)
        {
            return LineChart.Empty(Width, Height, Title);
        }

        var frame = new Frame(Width, Height, Scale.Of(edges[0], edges[^1], (int)(Width / 75), tight: true), Scale.Of(0, counts.Max(), 4), XLabel);
        var svg = new Svg(Width, Height, Title, "class=\"chart\"");
        frame.Draw(svg);
        for (int i = 0; i < counts.Count; i++)
        {
            double left = frame.Px(edges[i]), right = frame.Px(edges[i + 1]);
            svg.Rect(left + 0.75, frame.Py(counts[i]), right - left - 1.5, frame.Bottom - frame.Py(counts[i]), "bar c0", $"{Scale.Figure(edges[i])} to {Scale.Figure(edges[i + 1])}: {counts[i]}", radius: 1.5);
        }

        return svg.ToString();
    }
}
