namespace Meed.Rewards;

/// <summary>What one node of a reward's tree did with one sample.</summary>
/// <param name="Node">The node.</param>
/// <param name="Evaluated">False when it was not reached: a closed gate, another case of a route, an answer from a cache.</param>
/// <param name="Value">Its value; NaN unless it was evaluated with status Ok.</param>
/// <param name="Status">Its status; Unset when it was not evaluated.</param>
/// <param name="Work">Work units it used, its children included.</param>
/// <param name="Rule">What decided: the rule or reason it noted itself; null when it noted none.</param>
public sealed record ExplainedNode(RewardTreeNode Node, bool Evaluated, double Value, ScoreStatus Status, long Work, string? Rule);

/// <summary>A score taken apart: every node of the reward with its value, weight, status, work and the rule that decided.</summary>
public sealed record Explanation
{
    /// <summary>The reward's name.</summary>
    public required string Reward { get; init; }

    /// <summary>The score; NaN unless the status is Ok.</summary>
    public required double Value { get; init; }

    /// <summary>The status.</summary>
    public required ScoreStatus Status { get; init; }

    /// <summary>The reason as the score carries it, with paths.</summary>
    public required string? Reason { get; init; }

    /// <summary>Work units of the whole tree.</summary>
    public required long Work { get; init; }

    /// <summary>Every node, parents before their children.</summary>
    public required IReadOnlyList<ExplainedNode> Nodes { get; init; }

    /// <summary>Scores one sample and says how the score came about. The score is the one that the sample gets without an explanation, bit for bit.</summary>
    public static async Task<Explanation> OfAsync<TSample>(IReward<TSample> reward, TSample sample, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        ArgumentNullException.ThrowIfNull(context);
        var trace = new ScoreTrace();
        var scores = await reward.ScoreAsync([sample], context with { Trace = trace, GroupOffsets = default, Rows = default, Path = "" }, cancellationToken).ConfigureAwait(false);
        var seen = new Dictionary<string, TraceNode>();
        foreach (var node in trace[0])
        {
            // A budget that fires reports its node again, after the nodes inside.
            seen.TryAdd(node.Path, node);
        }

        var nodes = new List<ExplainedNode>();
        foreach (var node in RewardTree.Of(reward))
        {
            nodes.Add(seen.TryGetValue(node.Path, out var found) && found.Status != ScoreStatus.Unset
                ? new ExplainedNode(node, true, found.Value, found.Status, found.Work, Own(found.Reason, node.Path))
                : new ExplainedNode(node, false, double.NaN, ScoreStatus.Unset, 0, null));
        }

        var status = scores.Status[0];
        return new Explanation
        {
            Reward = scores.Schema.Name, Value = status == ScoreStatus.Ok ? scores.Values[0] : double.NaN, Status = status, Reason = scores.Reasons[0], Work = scores.Work[0], Nodes = nodes,
        };
    }

    // A combinator's reason strings together those of its children; each of them stands at its own node, so only its own part is left here.
    private static string? Own(string? reason, string path)
    {
        string name = path[(path.LastIndexOf('.') + 1)..];
        if (reason is null || !reason.Contains(':', StringComparison.Ordinal))
        {
            return reason;
        }

        var own = reason.Split("; ").Where(part => part.StartsWith(name + ": ", StringComparison.Ordinal)).Select(part => part[(name.Length + 2)..]).ToList();
        bool composed = reason.StartsWith(name, StringComparison.Ordinal) && reason.Length > name.Length && reason[name.Length] is '[' or '.' or ':';
        return own.Count > 0 ? string.Join("; ", own) : composed ? null : reason;
    }
}
