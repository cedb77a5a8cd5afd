using System.Text;

namespace Meed.Recipes.Report;

/// <summary>One self-contained HTML page: styles and script inside, nothing loaded from elsewhere.</summary>
public sealed class Page
{
    private readonly StringBuilder _body = new();

    /// <summary>Begins a page.</summary>
    /// <param name="title">Title of the window.</param>
    public Page(string title) => Title = title;

    /// <summary>Title of the window.</summary>
    public string Title { get; }

    /// <summary>Adds markup.</summary>
    public Page Add(string markup)
    {
        _body.Append(markup).Append('\n');
        return this;
    }

    /// <summary>Adds a heading with an optional sentence.</summary>
    public Page Section(string heading, string lead = "") =>
        Add($"<h2>{Svg.Escape(heading)}</h2>{(lead.Length > 0 ? $"<p class=\"lead\">{Svg.Escape(lead)}</p>" : "")}");

    /// <summary>The card of a chart: caption, legend where there are several lines, drawing.</summary>
    public static string Card(string title, string drawing, string aside = "", IReadOnlyList<(string Name, int Color)>? legend = null)
    {
        string keys = legend is { Count: > 1 } ? $"<div class=\"legend\">{string.Concat(legend.Select(l => $"<span class=\"c{l.Color}\"><i></i>{Svg.Escape(l.Name)}</span>"))}</div>" : "";
        return $"<figure class=\"card\"><figcaption><span>{Svg.Escape(title)}</span>{(aside.Length > 0 ? $"<span class=\"last\">{Svg.Escape(aside)}</span>" : "")}</figcaption>{keys}{drawing}</figure>";
    }

    /// <summary>A line chart over the whole width, drawn once for screens and once for phones.</summary>
    public static string Hero(LineChart chart, string aside = "")
    {
        ArgumentNullException.ThrowIfNull(chart);
        string wide = (chart with { Width = 1100, Height = 320 }).Draw(), narrow = (chart with { Width = 360, Height = 230 }).Draw();
        var legend = chart.Lines.Select((l, i) => (l.Name, l.Color ?? i % 8)).ToList();
        return Card(chart.Title, $"<div class=\"wide\">{wide}</div><div class=\"narrow\">{narrow}</div>", aside, legend).Replace("class=\"card\"", "class=\"card hero\"", StringComparison.Ordinal);
    }

    /// <summary>The card of a line chart; the aside is the last value of its first line, with its unit.</summary>
    public static string Of(LineChart chart, string unit = "")
    {
        ArgumentNullException.ThrowIfNull(chart);
        var last = chart.Lines.Count == 1 ? chart.Lines[0].Points.LastOrDefault(p => double.IsFinite(p.Y), (0, double.NaN)) : (0, double.NaN);
        return Card(chart.Title, chart.Draw(), double.IsFinite(last.Item2) ? $"{Scale.Figure(last.Item2, chart.Format)} {unit}".TrimEnd() : unit, [.. chart.Lines.Select((l, i) => (l.Name, l.Color ?? i % 8))]);
    }

    /// <summary>A table; columns named with a leading '>' are right-aligned.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Cells as markup.</param>
    /// <param name="stacked">True to show each row as a list of its cells on a phone; false to keep the columns and fix the first of them while the others scroll.</param>
    public static string Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, bool stacked = true)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var names = columns.Select(c => Svg.Escape(c.TrimStart('>'))).ToList();
        var kinds = columns.Select(c => c.StartsWith('>') ? " class=\"n\"" : "").ToList();
        string head = string.Concat(names.Select((n, i) => $"<th{kinds[i]}>{n}</th>"));
        string body = string.Concat(rows.Select(r => $"<tr>{string.Concat(r.Select((cell, i) => $"<td{kinds[i]} data-k=\"{names[i]}\">{cell}</td>"))}</tr>"));
        return $"<div class=\"card table\"><table class=\"{(stacked ? "stack" : "pinned")}\"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>";
    }

    /// <summary>A figure worth a tile: a name, a value and a remark.</summary>
    public static string Tile(string name, string value, string remark = "", string tone = "") =>
        $"<div class=\"tile\"><div class=\"k\">{Svg.Escape(name)}</div><div class=\"v\">{value}</div>{(remark.Length > 0 ? $"<div class=\"d {tone}\">{Svg.Escape(remark)}</div>" : "")}</div>";

    /// <summary>The whole page.</summary>
    public override string ToString() => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Svg.Escape(Title)}</title>
        <style>
        {Asset("page.css")}</style>
        </head>
        <body>
        <main>
        {_body}</main>
        <div id="tip" role="status"></div>
        <script>
        {Asset("page.js")}</script>
        </body>
        </html>

        """;

    private static string Asset(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream($"Meed.Recipes.Report.Assets.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from Meed.Recipes.");
        return new StreamReader(stream).ReadToEnd();
    }
}
