namespace Meed.RewardModels.Clips;

/// <summary>Drops patches that say nothing: large uniform areas of a frame, and patches that did not change since they were last kept.</summary>
/// <remarks>
/// Spatial: neighbouring patches nearer than a distance in L2 are joined by union-find; components above a size are dropped but for one patch. Temporal: a patch whose cosine to its last kept version
/// is above a threshold is dropped.
/// <para>"Video-Based Reward Modeling for Computer-Use Agents" (atlas row 167).</para>
/// </remarks>
public static class PatchPruning
{
    /// <summary>Which patches of a frame are kept.</summary>
    /// <param name="patches">[rows · columns][features], row after row.</param>
    /// <param name="columns">Patches in a row.</param>
    /// <param name="distance">L2 distance below which neighbours are alike.</param>
    /// <param name="largest">Patches of a component from which it is dropped but for its first.</param>
    public static bool[] Spatial(IReadOnlyList<float[]> patches, int columns, double distance, int largest)
    {
        ArgumentNullException.ThrowIfNull(patches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        int[] parent = [.. Enumerable.Range(0, patches.Count)];
        int Find(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }

        for (int i = 0; i < patches.Count; i++)
        {
            foreach (int next in (int[])[(i + 1) % columns == 0 ? -1 : i + 1, i + columns])
            {
                if (next >= 0 && next < patches.Count && Distance(patches[i], patches[next]) < distance)
                {
                    int a = Find(i), b = Find(next);
                    parent[Math.Max(a, b)] = Math.Min(a, b);
                }
            }
        }

        var size = new int[patches.Count];
        for (int i = 0; i < patches.Count; i++)
        {
            size[Find(i)]++;
        }

        return [.. Enumerable.Range(0, patches.Count).Select(i => size[Find(i)] < largest || Find(i) == i)];
    }

    /// <summary>Which patches of each frame are kept; the first frame is kept whole.</summary>
    /// <param name="frames">[frames][patches][features].</param>
    /// <param name="similarity">Cosine above which a patch counts as unchanged.</param>
    public static bool[][] Temporal(IReadOnlyList<IReadOnlyList<float[]>> frames, double similarity)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var last = new Dictionary<int, float[]>();
        var keep = new bool[frames.Count][];
        for (int t = 0; t < frames.Count; t++)
        {
            keep[t] = new bool[frames[t].Count];
            for (int p = 0; p < frames[t].Count; p++)
            {
                if (!last.TryGetValue(p, out var before) || Rewards.Text.EmbeddingSimilarity.Cosine(before, frames[t][p]) <= similarity)
                {
                    keep[t][p] = true;
                    last[p] = frames[t][p];
                }
            }
        }

        return keep;
    }

    private static double Distance(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (double)(a[i] - b[i]);
        }

        return Math.Sqrt(sum);
    }
}
