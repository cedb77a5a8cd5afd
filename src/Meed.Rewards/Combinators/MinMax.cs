namespace Meed.Rewards.Combinators;

/// <summary>The smallest of its children: all of them have to be good.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Minimum<TSample>(IReadOnlyList<IReward<TSample>> children)
    : Combinator<TSample>("min", Slots.List(children), Slots.Range(children, x => x.Min(), x => x.Min()).Low, Bound(children))
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
        => ScoreMath.Minimum(Slots.Columns(children), result.Column, cause);

    // A child that is left out bounds nothing.
    private static double Bound(IReadOnlyList<IReward<TSample>> children)
        => children.Where(c => !c.Schema.MayNotApply).Select(c => c.Schema.Maximum).DefaultIfEmpty(children.Max(c => c.Schema.Maximum)).Min();
}

/// <summary>The largest of its children: one good one is enough.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Maximum<TSample>(IReadOnlyList<IReward<TSample>> children)
    : Combinator<TSample>("max", Slots.List(children), Bound(children), Slots.Range(children, x => x.Max(), x => x.Max()).High)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
        => ScoreMath.Maximum(Slots.Columns(children), result.Column, cause);

    private static double Bound(IReadOnlyList<IReward<TSample>> children)
        => children.Where(c => !c.Schema.MayNotApply).Select(c => c.Schema.Minimum).DefaultIfEmpty(children.Min(c => c.Schema.Minimum)).Max();
}
