using System.CommandLine;
using Meed.Recipes.Atlas;
using Meed.Recipes.Report;
using Meed.Recipes.Reproductions;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Cli.Commands;

/// <summary><c>meed reproduce</c>: measures pre-stated claims.</summary>
internal static class ReproduceCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var row = new Argument<int?>("row") { Description = "Row of the atlas.", Arity = ArgumentArity.ZeroOrOne };
        var family = new Option<string?>("--family") { Description = "Every reproduction of a family, such as VR.", HelpName = "family" };
        var stale = new Option<bool>("--stale") { Description = "Those whose result is missing or of other recipes or code." };
        var since = new Option<string?>("--changed-since") { Description = "Those whose file or code changed since a commit.", HelpName = "commit" };
        var list = new Option<bool>("--list") { Description = "Only list what would run." };
        var seeds = new Option<string?>("--tune") { Description = "Run on these seeds from 100 on, such as 100,101; writes no result.", HelpName = "seeds" };
        var runs = new Option<string>("--runs") { Description = "Where run folders go.", DefaultValueFactory = _ => "runs", HelpName = "folder" };
        var command = new Command("reproduce", "Measure an atlas row's claim: two arms, paired seeds.") { row, family, stale, since, list, seeds, runs };
        command.SetAction(async (parsed, _) =>
        {
            string checkout = CodeHash.Checkout(terminal.Folder) ?? throw new UsageException("meed reproduce works inside a checkout of Meed: no Meed.slnx here or above.");
            string folder = Path.Combine(checkout, "reproductions");
            var chosen = Choose(checkout, folder, parsed.GetValue(row), parsed.GetValue(family), parsed.GetValue(stale), parsed.GetValue(since));
            if (parsed.GetValue(list))
            {
                Table.Write(terminal.Out, [">row", "name", "claim"], [.. chosen.Select(r => (IReadOnlyList<string>)[r.Row.ToString(), r.Name, Table.Cut(r.Claim, 100)])]);
                return ExitCode.Ok;
            }

            foreach (var reproduction in chosen)
            {
                var asked = parsed.GetValue(seeds) is { } text ? reproduction with { Seeds = Tuning(text) } : reproduction;
                await RunAsync(terminal, asked, checkout, terminal.Full(parsed.GetValue(runs)!), parsed.GetValue(seeds) is null, stop).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        });
        return (command, ["meed reproduce 155", "meed reproduce --stale --list"]);
    }

    private static List<Reproduction> Choose(string checkout, string folder, int? row, string? family, bool stale, string? since)
    {
        var all = ReproductionReader.Files(folder).Select(ReproductionReader.ReadFile).ToList();
        var changed = since is null ? null : Git.ChangedSince(checkout, since) ?? throw new UsageException($"--changed-since {since}: git does not know this commit here.");
        string code = stale ? CodeHash.Of(checkout) : "";
        bool Stale(Reproduction r)
        {
            string path = Path.Combine(folder, "results", $"{r.Row}.json");
            return !File.Exists(path) || ReproductionResult.Read(path) is var result && (result.RecipeHash != r.Hash || result.CodeHash != code);
        }

        bool Changed(Reproduction r) => changed!.Any(f => f == Path.GetRelativePath(checkout, r.File).Replace('\\', '/') || CodeHash.Projects.Any(p => f.StartsWith($"src/{p}/", StringComparison.Ordinal)));
        var chosen = all.Where(r => (row is null || r.Row == row)
            && (family is null || string.Equals(AtlasTable.Rows[r.Row].Family, family, StringComparison.OrdinalIgnoreCase))
            && (!stale || Stale(r)) && (changed is null || Changed(r))).ToList();
        if (row is null && family is null && !stale && since is null)
        {
            throw new UsageException($"Name a row, --family, --stale or --changed-since. Rows with a reproduction: {string.Join(", ", all.Select(r => r.Row))}.");
        }

        return chosen.Count > 0 || row is null ? chosen : throw new UsageException($"Row {row} has no reproduction. Rows that have one: {string.Join(", ", all.Select(r => r.Row))}.");
    }

    private static List<ulong> Tuning(string text)
    {
        var seeds = text.Split(',').Select(s => ulong.TryParse(s, out ulong seed) ? seed : 0).ToList();
        return seeds.Count >= 2 && seeds.All(s => s >= 100) ? seeds : throw new UsageException($"--tune is '{text}'; name two or more seeds from 100 on, such as 100,101.");
    }

    private static async Task RunAsync(Terminal terminal, Reproduction reproduction, string checkout, string runs, bool store, CancellationToken stop)
    {
        var o = terminal.Out;
        o.WriteLine($"Row {reproduction.Row}: {reproduction.Claim}");
        foreach (var difference in reproduction.Differences)
        {
            o.WriteLine($"  {difference.Path}: {difference.First ?? "absent"} → {difference.Second ?? "absent"}");
        }

        // Both arms are checked before the first of them runs.
        foreach (var arm in new[] { reproduction.Control, reproduction.Mechanism })
        {
            RecipeKinds.Read(arm.Recipe, reproduction.File);
        }

        var format = reproduction.Measure.Unit == MeasureUnit.Share ? NumberFormat.Percent : NumberFormat.Plain;
        var reproduced = await ReproductionRunner.RunAsync(reproduction, Arm, r =>
            o.WriteLine($"  seed {r.Seed}  {reproduction.Control.Name} {Scale.Figure(r.Control, format)}  {reproduction.Mechanism.Name} {Scale.Figure(r.Mechanism, format)}  ({Durations.Words(TimeSpan.FromSeconds(r.ControlSeconds + r.MechanismSeconds))})"),
            checkout, stop).ConfigureAwait(false);
        var result = reproduced.Result;
        o.WriteLine($"  {result.Measure}: difference {Scale.Difference(result.Difference, format)}, 95 % interval {Scale.Difference(result.Low, format)} to {Scale.Difference(result.High, format)}, asked {result.Direction} by {Scale.Difference(result.Margin, format)}: {(store ? Names.Kebab(result.Outcome.ToString()) : "tuning, not stored")}");
        if (result.Seconds > result.BudgetSeconds)
        {
            o.WriteLine($"  took {Durations.Words(TimeSpan.FromSeconds(result.Seconds))}, above the budget of {Durations.Words(TimeSpan.FromSeconds(result.BudgetSeconds))}");
        }

        string page = Path.Combine(runs, $"{result.Row}-{result.Name}.html");
        Disk.ReplaceText(page, ReproductionReport.Render(reproduction, reproduced));
        o.WriteLine($"  report  {terminal.Short(page)}");
        if (store)
        {
            o.WriteLine($"  result  {terminal.Short(result.Write(Path.Combine(checkout, "reproductions", "results")))}");
        }

        async Task<RunEnd> Arm(DocumentNode recipe, string name, ulong seed, CancellationToken cancel)
        {
            var end = await (RecipeKinds.Read(recipe, reproduction.File) with { Name = name, Seed = seed }).StartAsync(runs, new SilentProgress(), cancel).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            return end;
        }
    }
}
