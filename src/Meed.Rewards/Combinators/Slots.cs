namespace Meed.Rewards.Combinators;

/// <summary>Small helpers of combinators.</summary>
internal static class Slots
{
    public static IReadOnlyList<(string, IReward<TSample>)> List<TSample>(IReadOnlyList<IReward<TSample>> children)
        => [.. children.Select((c, i) => ($"[{i}]", c))];

    public static IReadOnlyList<ScoreColumn> Columns(Scores[] children) => Array.ConvertAll(children, c => c.Column);

    public static (double Low, double High) Range<TSample>(IReadOnlyList<IReward<TSample>> children, Func<IEnumerable<double>, double> low, Func<IEnumerable<double>, double> high)
    {
        ArgumentNullException.ThrowIfNull(children);
        return children.Count > 0
            ? (low(children.Select(c => c.Schema.Minimum)), high(children.Select(c => c.Schema.Maximum)))
            : throw new ArgumentException("A combinator has no children; give at least one.");
    }
}
