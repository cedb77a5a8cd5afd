namespace Meed.Rewards.Combinators;

/// <summary>The product of its children.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Product<TSample>(IReadOnlyList<IReward<TSample>> children)
    : Combinator<TSample>("product", Slots.List(children), Range(children).Low, Range(children).High)
{
    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
        => ScoreMath.Product(Slots.Columns(children), result.Column, cause);

    private static (double Low, double High) Range(IReadOnlyList<IReward<TSample>> children)
    {
        double low = 1, high = 1;
        foreach (var child in children)
        {
            var (a, b) = (child.Schema.Minimum, child.Schema.Maximum);
            double[] ends = [low * a, low * b, high * a, high * b];
            (low, high) = child.Schema.MayNotApply ? (Math.Min(low, ends.Min()), Math.Max(high, ends.Max())) : (ends.Min(), ends.Max());
        }

        return (low, high);
    }
}
