using System.Globalization;
using System.Text;
using Meed.Recipes.Report;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Atlas;

/// <summary>Writes <c>docs/atlas.md</c>.</summary>
public static class AtlasDocument
{
    /// <summary>The page for these rows.</summary>
    public static string Write(IReadOnlyList<AtlasEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder();
        text.Append("<!-- Written by `meed docs` from the catalogs and result files. Do not edit. -->\n# Atlas\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{entries.Count} published pieces of work on learning from rewards, and how far each has come here. `meed methods` lists and searches the same rows.\n\n");
        text.Append("| state | rows | meaning |\n| --- | ---: | --- |\n");
        foreach (var (state, meaning) in s_meanings)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Names.Kebab(state.ToString())} | {entries.Count(e => e.State == state)} | {meaning} |\n");
        }

        var measured = entries.Where(e => e.Result is not null).ToList();
        if (measured.Count > 0)
        {
            text.Append("\n## Measured\n\nThe difference is mechanism − control with its 95 % interval over paired seeds; `meed reproduce <row>` measures it again.\n\n");
            text.Append("| row | claim | measure | difference | asked | outcome |\n| ---: | --- | --- | --- | --- | --- |\n");
            foreach (var result in measured.Select(e => e.Result!))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {result.Row} | {Cell(result.Claim)} | {Cell(result.Measure)} | {Scale.Figure(result.Difference)} ({Scale.Figure(result.Low)} to {Scale.Figure(result.High)}, {result.Seeds.Count} seeds) | {result.Direction} by {Scale.Figure(result.Margin)} | {Names.Kebab(result.Outcome.ToString())} |\n");
            }
        }

        foreach (var (key, name) in AtlasTable.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {key}: {name}\n\n| row | work | state | mechanism | methods |\n| ---: | --- | --- | --- | --- |\n");
            foreach (var entry in entries.Where(e => e.Row.Family == key))
            {
                string methods = string.Join(", ", entry.Methods.Select(m => $"`{m.Entry.Name}`"));
                text.Append(CultureInfo.InvariantCulture, $"| {entry.Row.Index} | {Cell(entry.Row.Title)} | {Names.Kebab(entry.State.ToString())} | {Cell(entry.Row.Mechanism)} | {methods} |\n");
            }
        }

        return text.ToString();
    }

    private static readonly (RowState, string)[] s_meanings =
    [
        (RowState.Held, "measured, and the claim held"),
        (RowState.NotHeld, "measured, and the claim did not hold"),
        (RowState.Uninformative, "measured, and the experiment cannot tell"),
        (RowState.Mechanism, "code and tests; the effect is not measured"),
        (RowState.Missing, "to do"),
        (RowState.Listed, "has no mechanism to build"),
    ];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
