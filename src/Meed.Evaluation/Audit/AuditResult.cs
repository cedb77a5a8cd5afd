using Meed.Rewards;

namespace Meed.Evaluation.Audit;

/// <summary>How much a finding matters.</summary>
public enum FindingLevel : byte
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Probably wrong.</summary>
    Warning,

    /// <summary>The reward rose while answers of a new kind earned it: look now.</summary>
    Alarm,
}

/// <summary>One thing an audit found.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">A sentence with the numbers.</param>
public sealed record Finding(FindingLevel Level, string Text);

/// <summary>One component of the reward.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Rows that have it.</param>
/// <param name="Mean">Its mean over them.</param>
/// <param name="Weight">Its weight in the fitted sum; see <see cref="AuditResult.Explained"/>.</param>
/// <param name="Share">Share of the reward's variance within groups that it carries; the shares add up to <see cref="AuditResult.Explained"/>.</param>
/// <param name="Correlation">Correlation with the reward within groups.</param>
/// <param name="Without">The reward without it (fitted weight times value taken off) against the reward, over a sample of groups.</param>
public sealed record ComponentAudit(string Name, long Rows, double Mean, double Weight, double Share, double Correlation, Rollouts.ChangeCount Without);

/// <summary>How the reward relates to a property of the text that should not decide it.</summary>
/// <param name="Name">The property.</param>
/// <param name="Mean">Its mean.</param>
/// <param name="Overall">Correlation over all rows; NaN when one of both never varies.</param>
/// <param name="WithinGroups">Correlation of the differences within groups: what training sees.</param>
public sealed record PropertyAudit(string Name, double Mean, double Overall, double WithinGroups);

/// <summary>A row on which two rewards disagree: above its group's mean by one, below by the other.</summary>
/// <param name="Place">File and line.</param>
/// <param name="First">Its advantage by the first reward.</param>
/// <param name="Second">Its advantage by the second.</param>
public sealed record DisagreeingRow(string Place, double First, double Second);

/// <summary>How far two rewards disagree.</summary>
/// <param name="Name">The second reward.</param>
/// <param name="Rows">Rows with both numbers.</param>
/// <param name="Pairs">Pairs within groups that both rewards order.</param>
/// <param name="Opposite">Of these, pairs ordered the other way round.</param>
/// <param name="Correlation">Correlation within groups.</param>
/// <param name="Changes">Groups and rows that would flip.</param>
/// <param name="Examples">The rows with the largest opposite advantages.</param>
public sealed record DisagreementAudit(string Name, long Rows, long Pairs, long Opposite, double Correlation, Rollouts.ChangeCount Changes, IReadOnlyList<DisagreeingRow> Examples);

/// <summary>Answers that resemble one another, earn much, and were rare in the baseline.</summary>
/// <param name="Rows">Rows above the threshold in it.</param>
/// <param name="ShareOfHigh">Share of the rows above the threshold.</param>
/// <param name="ShareOfAll">Share of all rows.</param>
/// <param name="BaselineShare">Share of the baseline's rows, whatever their reward, that resemble it.</param>
/// <param name="Mean">Mean reward of its rows.</param>
/// <param name="Example">Its first text, shortened.</param>
/// <param name="Place">Where that stands: file and line.</param>
public sealed record NewCluster(long Rows, double ShareOfHigh, double ShareOfAll, double BaselineShare, double Mean, string Example, string Place);

/// <summary>The comparison with a baseline.</summary>
/// <param name="Rows">Rows of the baseline with a reward.</param>
/// <param name="Mean">Their mean reward.</param>
/// <param name="Threshold">Their 75th percentile.</param>
/// <param name="High">Rows of the audited file above it.</param>
/// <param name="Clusters">New clusters among these, the largest first.</param>
/// <param name="Alarm">True when there are new clusters and the mean reward rose.</param>
public sealed record BaselineAudit(long Rows, double Mean, double Threshold, long High, IReadOnlyList<NewCluster> Clusters, bool Alarm);

/// <summary>A count with a mean reward.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Count">How often.</param>
/// <param name="Mean">Mean reward of these rows; NaN when none has a number.</param>
public sealed record CountedReward(string Name, long Count, double Mean);

/// <summary>One step of a run.</summary>
/// <param name="Step">The step.</param>
/// <param name="Rows">Rows with a reward.</param>
/// <param name="Mean">Their mean reward.</param>
/// <param name="Length">Their mean length in characters.</param>
public sealed record StepAudit(long Step, long Rows, double Mean, double Length);

/// <summary>What an audit found in scored groups.</summary>
public sealed record AuditResult
{
    /// <summary>Rows read.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows with a reward.</summary>
    public required long Scored { get; init; }

    /// <summary>Groups of at least two scored rows.</summary>
    public required long Groups { get; init; }

    /// <summary>Groups of a single scored row, which carry no comparison.</summary>
    public required long Alone { get; init; }

    /// <summary>Groups begun again after they had been closed: their rows stand too far apart.</summary>
    public required long Torn { get; init; }

    /// <summary>Mean reward; NaN without rows.</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation of the reward.</summary>
    public required double Deviation { get; init; }

    /// <summary>Smallest reward.</summary>
    public required double Minimum { get; init; }

    /// <summary>Largest reward.</summary>
    public required double Maximum { get; init; }

    /// <summary>Rows at the smallest reward.</summary>
    public required long AtMinimum { get; init; }

    /// <summary>Rows at the largest reward.</summary>
    public required long AtMaximum { get; init; }

    /// <summary>A sample of the rewards, all of them while they are at most 65,536; sorted.</summary>
    public required IReadOnlyList<double> Rewards { get; init; }

    /// <summary>A sample of rows as length in characters and reward, at most 1,500.</summary>
    public required IReadOnlyList<(double Length, double Reward)> Points { get; init; }

    /// <summary>Groups whose rewards are all equal: they teach nothing.</summary>
    public required long NoSignal { get; init; }

    /// <summary>Of these, groups whose rows are all at the largest reward.</summary>
    public required long AllAtMaximum { get; init; }

    /// <summary>Of these, groups whose rows are all at the smallest reward.</summary>
    public required long AllAtMinimum { get; init; }

    /// <summary>Rows whose response stands in their group already.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Of these, rows whose reward differs from the first one's.</summary>
    public required long DuplicatesScoredApart { get; init; }

    /// <summary>Responses that came again and again over all groups.</summary>
    public required IReadOnlyList<CountedReward> Repeated { get; init; }

    /// <summary>The components, without those inside others.</summary>
    public required IReadOnlyList<ComponentAudit> Components { get; init; }

    /// <summary>R² of the reward as a weighted sum of its components, within groups; NaN without any.</summary>
    public required double Explained { get; init; }

    /// <summary>Length and repetition.</summary>
    public required IReadOnlyList<PropertyAudit> Properties { get; init; }

    /// <summary>Rows without a reward by status.</summary>
    public required IReadOnlyList<KeyValuePair<ScoreStatus, long>> Statuses { get; init; }

    /// <summary>Reasons with their counts, the most frequent first.</summary>
    public required IReadOnlyList<CountedReward> Reasons { get; init; }

    /// <summary>Rows cut off at their length limit.</summary>
    public required long Truncated { get; init; }

    /// <summary>Steps in order; empty when rows name fewer than two.</summary>
    public required IReadOnlyList<StepAudit> Steps { get; init; }

    /// <summary>The second reward; null without one.</summary>
    public required DisagreementAudit? Disagreement { get; init; }

    /// <summary>The comparison with a baseline; null without one.</summary>
    public required BaselineAudit? Baseline { get; init; }

    /// <summary>Rows that failed: neither a reward nor NotApplicable.</summary>
    public long Failed => Statuses.Where(s => s.Key != ScoreStatus.NotApplicable).Sum(s => s.Value);

    /// <summary>What stands out, the worst first.</summary>
    public IReadOnlyList<Finding> Findings => [.. AuditFindings.Of(this).OrderByDescending(f => f.Level)];
}
