using System.Globalization;
using Meed.Evaluation.Audit;
using Meed.Recipes.Report;
using Meed.Rewards.Documents;
using Meed.Rewards.Files.Rollouts;

namespace Meed.Cli.Commands;

/// <summary>An audit as plain text.</summary>
internal static class AuditView
{
    private const int ExampleWidth = 100;

    public static void Write(TextWriter o, AuditResult r, string name, RolloutReader reader)
    {
        o.WriteLine($"audit       {name}: {r.Rows:#,0} rows in {r.Groups:#,0} groups{(r.Alone > 0 ? $" and {r.Alone:#,0} alone" : "")}{RolloutInput.Layouts(reader)}");
        if (reader.BadLines > 0)
        {
            o.WriteLine($"bad lines   {reader.BadLines:#,0}");
        }

        foreach (var finding in r.Findings)
        {
            o.WriteLine($"{finding.Level.ToString().ToLowerInvariant(),-11} {finding.Text}");
        }

        if (r.Findings.Count == 0)
        {
            o.WriteLine("findings    nothing stands out");
        }

        if (r.Scored == 0)
        {
            return;
        }

        o.WriteLine();
        o.WriteLine($"reward      mean {Figure(r.Mean)}, deviation {Figure(r.Deviation)}, {Figure(r.Minimum)} to {Figure(r.Maximum)}");
        o.WriteLine($"saturation  {Percent(r.AtMaximum, r.Scored)} at the largest, {Percent(r.AtMinimum, r.Scored)} at the smallest");
        o.WriteLine($"signal      {Percent(r.NoSignal, r.Groups)} of groups have none: {Percent(r.AllAtMaximum, r.Groups)} all at the largest, {Percent(r.AllAtMinimum, r.Groups)} all at the smallest");
        o.WriteLine($"duplicates  {Percent(r.Duplicates, r.Scored)} of rows repeat a response of their group, {r.DuplicatesScoredApart:#,0} with another reward");
        o.WriteLine($"failures    {Percent(r.Failed, r.Rows)} of rows{string.Concat(r.Statuses.Select(s => $", {Names.Kebab(s.Key.ToString())} {s.Value:#,0}"))}{(r.Truncated > 0 ? $"; {Percent(r.Truncated, r.Rows)} truncated" : "")}");
        foreach (var property in r.Properties)
        {
            o.WriteLine($"{property.Name,-11} mean {Figure(property.Mean)}, correlation with the reward {Two(property.Overall)}, within groups {Two(property.WithinGroups)}");
        }

        if (r.Components.Count > 0)
        {
            o.WriteLine();
            Table.Write(o, ["component", ">rows", ">mean", ">weight", ">share", ">correlation", ">without: ranking", ">sign flips"],
                [.. r.Components.Select(c => (IReadOnlyList<string>)[Table.Cut(c.Name, 32), $"{c.Rows:#,0}", Figure(c.Mean), Figure(c.Weight), Percent(c.Share), Two(c.Correlation), Percent(c.Without.RankingShare), Percent(c.Without.SignShare)])]);
            o.WriteLine($"As a weighted sum they explain {Percent(r.Explained)} of the reward's variance within groups.");
        }

        if (r.Disagreement is { } other)
        {
            o.WriteLine();
            o.WriteLine($"against {other.Name}: {Percent(other.Opposite, other.Pairs)} of {other.Pairs:#,0} pairs the other way round, correlation within groups {Two(other.Correlation)};");
            o.WriteLine($"  {Percent(other.Changes.RankingShare)} of groups with a ranking flip, {Percent(other.Changes.SignShare)} with a sign flip, {Percent(other.Changes.RowSignShare)} of rows with another sign");
            foreach (var example in other.Examples)
            {
                o.WriteLine($"  {example.Place}: advantage {Figure(example.First)}, by {other.Name} {Figure(example.Second)}");
            }
        }

        if (r.Reasons.Count > 0)
        {
            o.WriteLine();
            Table.Write(o, ["reason", ">rows", ">share", ">mean reward"], [.. r.Reasons.Take(12).Select(c => (IReadOnlyList<string>)[Plain(c.Name, 60), $"{c.Count:#,0}", Percent(c.Count, r.Rows), Figure(c.Mean)])]);
        }

        if (r.Repeated.Count > 0)
        {
            o.WriteLine();
            Table.Write(o, [">rows", ">mean reward", "the same answer again and again"], [.. r.Repeated.Select(c => (IReadOnlyList<string>)[$"{c.Count:#,0}", Figure(c.Mean), Plain(c.Name, ExampleWidth)])]);
        }

        if (r.Baseline is { } baseline)
        {
            o.WriteLine();
            o.WriteLine($"baseline    {baseline.Rows:#,0} rows, mean {Figure(baseline.Mean)}, 75th percentile {Figure(baseline.Threshold)}; {baseline.High:#,0} rows lie above it here");
            if (baseline.Clusters.Count == 0)
            {
                o.WriteLine("no new kind of answer among them");
            }
            else
            {
                Table.Write(o, [">rows above", ">share", ">in baseline", ">mean reward", "first at", "new kind of answer"],
                    [.. baseline.Clusters.Select(c => (IReadOnlyList<string>)[$"{c.Rows:#,0}", Percent(c.ShareOfHigh), Percent(c.BaselineShare), Figure(c.Mean), c.Place, Plain(c.Example, ExampleWidth)])]);
            }
        }
    }

    private static string Plain(string text, int width) => Table.Cut(string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim(), width);

    private static string Figure(double value) => Scale.Figure(value).Replace('−', '-').Replace('\u202f', ',');

    private static string Two(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(long part, long of) => of == 0 ? "–" : Percent((double)part / of);

    private static string Percent(double share) => double.IsNaN(share) ? "–" : $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
