using System.Text;

namespace Meed.Recipes.Report;

/// <summary>The tables of a Markdown report on a page, so that both say the same.</summary>
internal static class MarkdownTables
{
    /// <summary>Adds each table with its heading and the sentence before it.</summary>
    public static void Add(Page page, string markdown)
    {
        string heading = "Figures", lead = "";
        StringBuilder? table = null;
        foreach (string line in markdown.Split('\n'))
        {
            if (line.StartsWith("| ", StringComparison.Ordinal))
            {
                bool header = table is null;
                if (line.StartsWith("| ---", StringComparison.Ordinal))
                {
                    continue;
                }

                table ??= new StringBuilder("<div class=\"card table\"><table>");
                table.Append("<tr>").Append(string.Concat(line[2..^2].Split(" | ").Select((cell, i) =>
                    $"<{(header ? "th" : "td")}{(i > 0 ? " class=\"n\"" : "")}>{Svg.Escape(cell.Trim('*').Replace("\\|", "|", StringComparison.Ordinal))}</{(header ? "th" : "td")}>"))).Append("</tr>");
                continue;
            }

            if (table is not null)
            {
                page.Section(heading, lead);
                page.Add(table.Append("</table></div>").ToString());
                (table, lead) = (null, "");
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
