using Meed.Rewards.Combinators;

namespace Meed.Rewards;

/// <summary>One node of a reward's tree.</summary>
/// <param name="Path">Its path, as a trace names it: <c>sum[1].length</c>.</param>
/// <param name="Slot">Its place in its parent: <c>[1]</c>, <c>.then</c>; empty at the root.</param>
/// <param name="Label">Its own name or the one the document gives it.</param>
/// <param name="Weight">Its weight in its parent; null where it has none.</param>
/// <param name="Depth">0 at the root.</param>
/// <param name="Schema">What the node states about itself.</param>
public sealed record RewardTreeNode(string Path, string Slot, string Label, double? Weight, int Depth, RewardSchema Schema);

/// <summary>Walks the tree of a composed reward.</summary>
public static class RewardTree
{
    /// <summary>Every node, parents before their children, children in their order. A reward that is not composed is one node.</summary>
    /// <remarks>Wrappers (a label, a budget, a cache) are part of the node they wrap.</remarks>
    public static IReadOnlyList<RewardTreeNode> Of<TSample>(IReward<TSample> reward)
    {
        ArgumentNullException.ThrowIfNull(reward);
        var nodes = new List<RewardTreeNode>();
        Walk(reward, "", "", reward.Schema.Name, null, 0, nodes);
        return nodes;
    }

    private static void Walk<TSample>(IReward<TSample> reward, string prefix, string slot, string label, double? weight, int depth, List<RewardTreeNode> nodes)
    {
        var held = reward is IRewardParent<TSample> parent ? parent.Held.ToList() : [];
        if (held.Count == 1 && held[0].Slot is null)
        {
            Walk(held[0].Reward, prefix, slot, label, weight, depth, nodes);
            return;
        }

        string path = prefix + reward.Schema.Name;
        nodes.Add(new RewardTreeNode(path, slot, label, weight, depth, reward.Schema));
        foreach (var (childSlot, childWeight, child) in held)
        {
            Walk(child, $"{path}{childSlot}.", childSlot ?? "", child.Schema.Name, childWeight, depth + 1, nodes);
        }
    }
}
