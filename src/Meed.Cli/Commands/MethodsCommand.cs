using System.CommandLine;
using Meed.Recipes.Atlas;
using Meed.Recipes.Reproductions;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed methods</c>: lists and searches the rows of the atlas with their states.</summary>
internal static class MethodsCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal)
    {
        var words = new Argument<string[]>("words") { Description = "Only rows that hold all these words, or the row of this number.", Arity = ArgumentArity.ZeroOrMore };
        var state = new Option<string?>("--state") { Description = "missing, mechanism, held, not-held, uninformative or listed.", HelpName = "state" };
        var family = new Option<string?>("--family") { Description = "VR, RM, GJ, EV, PO, IT, DF, RL, SY or NS.", HelpName = "family" };
        var command = new Command("methods", "Search the 262 rows of the atlas and their state.") { words, state, family };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(words) ?? [], parsed.GetValue(state), parsed.GetValue(family)));
        return (command, ["meed methods --state missing --family VR", "meed methods advantage", "meed methods 155"]);
    }

    private static int Run(Terminal terminal, string[] words, string? state, string? family)
    {
        var states = Enum.GetValues<RowState>().ToDictionary(s => Names.Kebab(s.ToString()));
        if (state is not null && !states.ContainsKey(state))
        {
            throw new UsageException($"Unknown state '{state}'. {Nearest.Hint(state, states.Keys)}");
        }

        if (family is not null && !AtlasTable.Families.Any(f => string.Equals(f.Key, family, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException($"Unknown family '{family}'. Known: {string.Join(", ", AtlasTable.Families.Select(f => f.Key))}.");
        }

        var entries = AtlasEntry.All(MethodCatalog.All, AtlasEntry.Results(ResultsFolder(terminal)));
        if (words.Length == 1 && int.TryParse(words[0], out int row))
        {
            return row >= 0 && row < entries.Count ? One(terminal, entries[row]) : throw new UsageException($"Row {row} is not in the atlas; rows are 0 to {entries.Count - 1}.");
        }

        var found = entries.Where(e => (state is null || e.State == states[state])
            && (family is null || string.Equals(e.Row.Family, family, StringComparison.OrdinalIgnoreCase))
            && words.All(w => Text(e).Contains(w, StringComparison.OrdinalIgnoreCase))).ToList();
        Table.Write(terminal.Out, [">row", "family", "state", "methods", "work"], [.. found.Select(e => (IReadOnlyList<string>)
            [e.Row.Index.ToString(), e.Row.Family, Names.Kebab(e.State.ToString()), Table.Cut(string.Join(", ", e.Methods.Select(m => m.Entry.Name)), 36), Table.Cut(e.Row.Title, 80)])]);
        terminal.Out.WriteLine($"{found.Count} of {entries.Count} rows: {string.Join(", ", found.GroupBy(e => e.State).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Names.Kebab(g.Key.ToString())}"))}");
        return ExitCode.Ok;
    }

    /// <summary>The results of the checkout that we stand in; null for those built into the program.</summary>
    public static string? ResultsFolder(Terminal terminal) => CodeHash.Checkout(terminal.Folder) is { } checkout ? Path.Combine(checkout, "reproductions", "results") : null;

    private static int One(Terminal terminal, AtlasEntry entry)
    {
        var o = terminal.Out;
        o.WriteLine($"{entry.Row.Index}  {entry.Row.Title}");
        o.WriteLine($"family     {entry.Row.Family}: {AtlasTable.Families.First(f => f.Key == entry.Row.Family).Name}");
        o.WriteLine($"state      {Names.Kebab(entry.State.ToString())}");
        if (entry.Row.Scope != "none")
        {
            o.WriteLine($"mechanism  {entry.Row.Mechanism}");
            o.WriteLine($"to build   {entry.Row.Build}");
            o.WriteLine($"shown by   {entry.Row.Shows}");
        }

        foreach (var method in entry.Methods)
        {
            o.WriteLine($"method     {method.Entry.Name} ({method.Entry.Kind}, {method.Package}): {method.Entry.Summary}");
        }

        if (entry.Result is { } r)
        {
            o.WriteLine($"measured   {r.Measure}: {r.Difference:0.####} ({r.Low:0.####} to {r.High:0.####}) over {r.Seeds.Count} seeds, asked {r.Direction} by {r.Margin}: {Names.Kebab(r.Outcome.ToString())}");
        }

        return ExitCode.Ok;
    }

    private static string Text(AtlasEntry e) => string.Join(' ', e.Row.Title, e.Row.Mechanism, e.Row.Build, string.Join(' ', e.Methods.Select(m => m.Entry.Name + " " + m.Entry.Summary)));
}
