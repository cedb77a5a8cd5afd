using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>gate</c>.</summary>
public sealed record GateOptions
{
    /// <summary>The condition, a reward.</summary>
    public DocumentNode? If { get; init; }

    /// <summary>The condition's value from which the gate is open.</summary>
    public double AtLeast { get; init; } = 1;

    /// <summary>The reward of rows that pass.</summary>
    public DocumentNode? Then { get; init; }

    /// <summary>The value of rows that do not pass.</summary>
    public double Closed { get; init; }
}

/// <summary>A reward behind a condition; see <see cref="ScoreMath.Gate"/>. The gated reward is evaluated only on rows that pass.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Gate<TSample> : Combinator<TSample>
{
    private readonly double _threshold;
    private readonly double _closed;

    /// <summary>A gate.</summary>
    /// <param name="condition">Decides which rows pass.</param>
    /// <param name="child">The reward of rows that pass.</param>
    /// <param name="threshold">The condition's value from which a row passes.</param>
    /// <param name="closed">The value of rows that do not.</param>
    public Gate(IReward<TSample> condition, IReward<TSample> child, double threshold = 1, double closed = 0)
        : base("gate", [(".if", condition), (".then", child)], Math.Min(closed, child.Schema.Minimum), Math.Max(closed, child.Schema.Maximum))
    {
        if (child.Schema.Scope == RewardScope.Batch)
        {
            throw new ArgumentException($"gate: '{child.Schema.Name}' depends on the whole batch, but only sees the rows that pass. Put the gate inside it.");
        }

        _threshold = threshold;
        _closed = closed;
    }

    /// <inheritdoc/>
    protected override async ValueTask<Scores[]> ScoreChildrenAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken)
    {
        var condition = await Children[0].Reward.ScoreAsync(samples, ChildContext(context, 0), cancellationToken).ConfigureAwait(false);
        var open = new List<int>();
        for (int row = 0; row < condition.Count; row++)
        {
            if (condition.Status[row] == ScoreStatus.Ok && condition.Values[row] >= _threshold)
            {
                open.Add(row);
            }
        }

        return [condition, await ScoreRowsAsync(1, [.. open], samples, context, cancellationToken).ConfigureAwait(false)];
    }

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        ScoreMath.Gate(children[0].Column, children[1].Column, _threshold, _closed, result.Column, cause);
        for (int row = 0; row < result.Count; row++)
        {
            result.Segments[row] = children[1].Segments[row];
            if (result.Status[row] == ScoreStatus.Ok && children[1].Status[row] == ScoreStatus.Unset)
            {
                result.Reasons[row] = "closed";
            }
        }
    }
}
