using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>SSL: nested zones around an ideal solution with rising payoffs.</summary>
/// <remarks>
/// K = 4 zones pay 0.25, 0.5, 0.75, 1 (level values to confirm in the paper). Clicks: by the Gaussian closeness g of <see cref="GaussianGrounding.Point"/>, zones at g ≥ exp(−2), exp(−9/8), exp(−1/2), exp(−1/8), i.e. within 2, 1.5, 1 and 0.5 σ.
/// Puzzles and plans: by the share of matched cells or steps in their place, zones at ¼, ½, ¾ and 1; cells beyond the reference's count make the answer unreadable. As a wrapper over any reward: the combinator <c>tiers</c>.
/// <para>Reference: a box (the answer is a point) or a list of cells (the answer is such a list). "SSL: Sweet Spot Learning for Differentiated Guidance in Agentic Optimization", 2025 (row 136).</para>
/// </remarks>
public static class SweetSpot
{
    private static readonly double[] s_click = [Math.Exp(-2), Math.Exp(-9.0 / 8), Math.Exp(-0.5), Math.Exp(-1.0 / 8)];
    private static readonly double[] s_share = [0.25, 0.5, 0.75, 1];

    /// <summary>The reward <c>sweet-spot</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("sweet-spot", 0, 1, ["progress"], Check);

    /// <summary>The payoff of a closeness: (zones reached) / (zones).</summary>
    public static double Zone(double closeness, ReadOnlySpan<double> thresholds)
    {
        int reached = 0;
        while (reached < thresholds.Length && closeness >= thresholds[reached] - 1e-12) { reached++; }
        return (double)reached / thresholds.Length;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var data = DataAnswer.Find(sample.Response, whole: false, ref work);
        if (GeometryReader.Boxes(reference) is [var target])
        {
            if (!target.Box.IsValid)
            {
                throw new GoldException("the reference box has no area");
            }

            double near = data is not null && GeometryReader.Points(data) is [var point] ? GaussianGrounding.Point(point, target.Box) : 0;
            return new MethodScore(Zone(near, s_click), near) { Reason = data is null ? "unparsed" : null };
        }

        if (reference.Kind != DataKind.List || reference.Items.Count == 0)
        {
            throw new GoldException("the reference is neither a box nor a list of cells");
        }

        if (data is not { Kind: DataKind.List } || data.Items.Count != reference.Items.Count)
        {
            return MethodScore.Unparsed;
        }

        int matched = 0;
        for (int i = 0; i < data.Items.Count; i++) { matched += DataEquality.AreEqual(data.Items[i], reference.Items[i], new DataComparison(), ref work) ? 1 : 0; }
        double share = (double)matched / reference.Items.Count;
        return new MethodScore(Zone(share, s_share), share);
    }
}
