namespace Meed.Recipes.Report;

/// <summary>The tables of a Markdown report on a page, so that both say the same.</summary>
internal static class MarkdownTables
{
    /// <summary>Adds each table with its heading and the sentence before it.</summary>
    public static void Add(Page page, string markdown)
    {
        string heading = "Figures", lead = "";
        var table = new List<IReadOnlyList<string>>();
        foreach (string line in markdown.Split('\n'))
        {
            if (line.StartsWith("| ", StringComparison.Ordinal))
            {
                if (!line.StartsWith("| ---", StringComparison.Ordinal))
                {
                    table.Add([.. line[2..^2].Split(" | ").Select(cell => cell.Trim('*').Replace("\\|", "|", StringComparison.Ordinal))]);
                }

                continue;
            }

            if (table.Count > 0)
            {
                page.Section(heading, lead);
                page.Add(Page.Table([.. table[0].Select((name, i) => i > 0 ? ">" + name : name)], table.Skip(1).Select(r => (IReadOnlyList<string>)[.. r.Select(Svg.Escape)]), stacked: false));
                table.Clear();
                lead = "";
            }

            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                (heading, lead) = (line[3..], "");
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                lead = line;
            }
        }
    }
}
