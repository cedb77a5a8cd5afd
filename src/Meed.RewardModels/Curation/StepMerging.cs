namespace Meed.RewardModels.Curation;

/// <summary>A step, or several neighbouring ones as one, with a label.</summary>
/// <param name="First">Index of its first step.</param>
/// <param name="Count">Steps it covers.</param>
/// <param name="Label">1 right, 0 wrong, between where it is soft.</param>
public readonly record struct MergedStep(int First, int Count, double Label);

/// <summary>Training units of a process reward model at two sizes: single steps and merged neighbours.</summary>
/// <remarks>
/// A merged unit has the label of its last step, so that a mistake which the next step mends earns credit, and one that stands does not.
/// <para>"Towards Hierarchical Multi-Step Reward Models for Enhanced Reasoning in Large Language Models" (atlas row 27), with its compression of search trees: adjacent nodes are fused at random, and a node's label is the share of right leaves below it.</para>
/// </remarks>
public static class StepMerging
{
    /// <summary>Every step and every run of neighbours up to a length.</summary>
    /// <param name="labels">Label of each step; NaN where it was not judged.</param>
    /// <param name="longest">Steps of the longest merged unit, 1 or more.</param>
    public static IEnumerable<MergedStep> Units(IReadOnlyList<double> labels, int longest = 2)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longest);
        for (int count = 1; count <= longest; count++)
        {
            for (int first = 0; first + count <= labels.Count; first++)
            {
                double label = labels[first + count - 1];
                if (!double.IsNaN(label))
                {
                    yield return new MergedStep(first, count, label);
                }
            }
        }
    }

    /// <summary>Label of every node of a search tree: the share of right leaves below it.</summary>
    /// <param name="parents">Parent of each node, −1 for the root; a parent comes before its children.</param>
    /// <param name="right">For leaves, whether the answer is right; nothing is read of other nodes.</param>
    public static double[] LeafShares(IReadOnlyList<int> parents, IReadOnlyList<bool> right)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(right);
        int n = parents.Count;
        var leaf = new bool[n];
        Array.Fill(leaf, true);
        for (int i = 0; i < n; i++)
        {
            if (parents[i] >= i)
            {
                throw new ArgumentException($"StepMerging.LeafShares: node {i} has parent {parents[i]}; a parent comes before its children.", nameof(parents));
            }

            if (parents[i] >= 0)
            {
                leaf[parents[i]] = false;
            }
        }

        var good = new double[n];
        var all = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            if (leaf[i])
            {
                (good[i], all[i]) = (right[i] ? 1 : 0, 1);
            }

            if (parents[i] >= 0)
            {
                good[parents[i]] += good[i];
                all[parents[i]] += all[i];
            }
        }

        return [.. good.Select((g, i) => g / all[i])];
    }

    /// <summary>Fuses each inner node that has a single child with it by chance; returns for every node the node it now belongs to.</summary>
    /// <param name="parents">Parent of each node, −1 for the root.</param>
    /// <param name="probability">Chance of a fusion.</param>
    /// <param name="random">Draws.</param>
    public static int[] Fuse(IReadOnlyList<int> parents, double probability, Numerics.RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(random);
        var children = new int[parents.Count];
        foreach (int parent in parents.Where(p => p >= 0))
        {
            children[parent]++;
        }

        var belongs = new int[parents.Count];
        for (int i = 0; i < belongs.Length; i++)
        {
            belongs[i] = parents[i] >= 0 && children[parents[i]] == 1 && random.NextBool(probability) ? belongs[parents[i]] : i;
        }

        return belongs;
    }
}
