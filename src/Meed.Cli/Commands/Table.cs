namespace Meed.Cli.Commands;

/// <summary>Plain columns, as wide as their content.</summary>
internal static class Table
{
    /// <summary>Writes rows under a heading; columns named with a leading '>' are right-aligned.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var names = columns.Select(c => c.TrimStart('>')).ToList();
        var widths = names.Select((n, i) => Math.Max(n.Length, rows.Count == 0 ? 0 : rows.Max(r => r[i].Length))).ToList();
        void Line(IReadOnlyList<string> cells)
        {
            var padded = cells.Select((c, i) => columns[i].StartsWith('>') ? c.PadLeft(widths[i]) : c.PadRight(widths[i]));
            output.WriteLine(string.Join("  ", padded).TrimEnd());
        }

        Line(names);
        foreach (var row in rows)
        {
            Line(row);
        }
    }

    /// <summary>A text cut to a width, with an ellipsis.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
