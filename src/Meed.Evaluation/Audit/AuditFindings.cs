using System.Globalization;

namespace Meed.Evaluation.Audit;

/// <summary>Turns an audit's numbers into sentences, where they pass a threshold.</summary>
internal static class AuditFindings
{
    public static IEnumerable<Finding> Of(AuditResult r)
    {
        if (r.Scored == 0)
        {
            yield return Warn("No row has a reward.");
            yield break;
        }

        if (r.Baseline is { Clusters.Count: > 0 } baseline)
        {
            string rows = $"{baseline.Clusters.Count} new {(baseline.Clusters.Count == 1 ? "kind" : "kinds")} of answer earn{(baseline.Clusters.Count == 1 ? "s" : "")} more than the baseline's 75th percentile ({Figure(baseline.Threshold)}), the largest {Percent(baseline.Clusters[0].ShareOfHigh)} of such rows";
            yield return baseline.Alarm
                ? new Finding(FindingLevel.Alarm, $"{rows}, and the mean reward rose from {Figure(baseline.Mean)} to {Figure(r.Mean)}. Read the examples: is this what the reward is for?")
                : new Finding(FindingLevel.Note, $"{rows}; the mean reward did not rise ({Figure(baseline.Mean)} to {Figure(r.Mean)}).");
        }

        if (r.Groups == 0)
        {
            yield return Warn("No group has two scored rows. Name the group with --map group=path, or keep the prompt: meed score --keep prompt --keep response.");
        }
        else if (r.NoSignal > 0.5 * r.Groups)
        {
            yield return Warn($"{Percent(r.NoSignal, r.Groups)} of the groups carry no signal: all their rewards are equal ({Percent(r.AllAtMaximum, r.Groups)} all at the largest, {Percent(r.AllAtMinimum, r.Groups)} all at the smallest).");
        }

        if (r.Failed > 0.05 * r.Rows)
        {
            yield return Warn($"{Percent(r.Failed, r.Rows)} of the rows failed; a trainer should stop at 5 %.");
        }

        if (r.DuplicatesScoredApart > 0)
        {
            yield return Warn($"{r.DuplicatesScoredApart:#,0} rows repeat a response of their group and got another reward: the reward is noisy, or looks at more than the response.");
        }

        if (r.Duplicates > 0.2 * r.Scored)
        {
            yield return Note($"{Percent(r.Duplicates, r.Scored)} of the rows repeat a response of their group: the policy has little left to explore.");
        }

        if (r.Maximum > r.Minimum && r.AtMaximum > 0.9 * r.Scored)
        {
            yield return Note($"{Percent(r.AtMaximum, r.Scored)} of the rows have the largest reward, {Figure(r.Maximum)}: the reward is nearly used up.");
        }

        if (r.Components.Count > 1 && r.Components.MaxBy(c => double.IsNaN(c.Share) ? 0 : c.Share) is { Share: >= 0.9 } dominant)
        {
            yield return Note($"'{dominant.Name}' carries {Percent(dominant.Share)} of the reward's variance within groups; the other components hardly count. That is no exploit by itself.");
        }

        foreach (var component in r.Components.Where(c => r.Components.Count > 1 && c.Without.Groups > 0 && c.Without.SignFlips == 0 && c.Without.RankingFlips == 0 && !(Math.Abs(c.Share) > 0.001)))
        {
            yield return Note($"'{component.Name}' changes no group: without it the same rows are above and below their group's mean.");
        }

        foreach (var property in r.Properties.Where(p => Math.Abs(p.WithinGroups) >= 0.5))
        {
            yield return Warn($"Within groups the reward goes with {property.Name} (correlation {property.WithinGroups.ToString("0.00", CultureInfo.InvariantCulture)}): check that it is not {(property.Name == "length" ? property.WithinGroups > 0 ? "length that is paid for" : "brevity that is paid for" : "repetition that is paid for")}.");
        }

        if (r.Disagreement is { Pairs: > 0 } other && other.Opposite > 0.1 * other.Pairs)
        {
            yield return Warn($"'{other.Name}' orders {Percent(other.Opposite, other.Pairs)} of the pairs within groups the other way round.");
        }

        if (r.Torn > 0)
        {
            yield return Note($"{r.Torn:#,0} groups were torn: their rows stand too far apart in the file. Sort it by group.");
        }
    }

    private static Finding Warn(string text) => new(FindingLevel.Warning, text);

    private static Finding Note(string text) => new(FindingLevel.Note, text);

    private static string Percent(long part, long of) => Percent((double)part / of);

    private static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string Figure(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
