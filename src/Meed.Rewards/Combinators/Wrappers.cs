namespace Meed.Rewards.Combinators;

/// <summary>A reward under another name, for columns and reasons.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Named<TSample>(IReward<TSample> child, string name) : IReward<TSample>, IStatefulReward, IRewardNode, IRewardParent<TSample>
{
    /// <inheritdoc/>
    public RewardSchema Schema { get; } = child.Schema with { Name = name };

    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> IRewardParent<TSample>.Held => [(null, null, child)];

    bool IRewardNode.NamesPaths => child is IRewardNode { NamesPaths: true };

    bool IRewardNode.HasState => child is IRewardNode { HasState: true } or (IStatefulReward and not IRewardNode);

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
        => (await child.ScoreAsync(samples, context, cancellationToken).ConfigureAwait(false)).As(Schema);

    /// <inheritdoc/>
    public void Update(Scores scores) => (child as IStatefulReward)?.Update(scores.As(child.Schema));

    /// <inheritdoc/>
    public void Save(Stream to) => (child as IStatefulReward)?.Save(to);

    /// <inheritdoc/>
    public void Load(Stream from) => (child as IStatefulReward)?.Load(from);
}

/// <summary>A reward with a budget of its own: a row that costs more work scores the minimum with reason <c>over_budget</c>.</summary>
/// <remarks>The work of a row is that of the whole subtree. No verifier in it gets more than the budget, so the cost is bounded before the sum is.</remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Budget<TSample>(IReward<TSample> child, BudgetOptions options) : IReward<TSample>, IStatefulReward, IRewardNode, IRewardParent<TSample>
{
    /// <inheritdoc/>
    public RewardSchema Schema => child.Schema;

    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> IRewardParent<TSample>.Held => [(null, null, child)];

    bool IRewardNode.NamesPaths => child is IRewardNode { NamesPaths: true };

    bool IRewardNode.HasState => child is IRewardNode { HasState: true } or (IStatefulReward and not IRewardNode);

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        long work = options.Work > 0 ? Math.Min(options.Work, context.WorkLimit) : context.WorkLimit;
        var inner = context with { WorkLimit = work, WallLimit = options.Wall > TimeSpan.Zero ? options.Wall : context.WallLimit };
        var scores = await child.ScoreAsync(samples, inner, cancellationToken).ConfigureAwait(false);
        for (int row = 0; row < scores.Count && options.Work > 0; row++)
        {
            if (scores.Work[row] > work)
            {
                scores.Values[row] = Schema.Minimum;
                scores.Status[row] = ScoreStatus.Ok;
                scores.Reasons[row] = ((IRewardNode)this).NamesPaths ? $"{Schema.Name}: over_budget" : "over_budget";
                scores.Segments[row] = null;
                context.Trace?.Node(context.RowOf(row), context.Path + Schema.Name, Schema.Minimum, ScoreStatus.Ok, scores.Work[row], scores.Reasons[row]);
            }
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Update(Scores scores) => (child as IStatefulReward)?.Update(scores);

    /// <inheritdoc/>
    public void Save(Stream to) => (child as IStatefulReward)?.Save(to);

    /// <inheritdoc/>
    public void Load(Stream from) => (child as IStatefulReward)?.Load(from);
}
