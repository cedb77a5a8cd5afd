using Meed.Numerics;

namespace Meed.RewardModels.Curation;

/// <summary>Answers to one prompt that share beginnings: a tree of prefixes, whose leaves are compared.</summary>
/// <remarks>
/// Each node branches B ways to depth D; a leaf is a whole answer. Leaves with a long common beginning are compared as well as distant ones, which puts many short paths between answers.
/// <para>"Reward Generalization in RLHF: A Topological Perspective" (atlas row 2).</para>
/// </remarks>
public static class PreferenceTree
{
    /// <summary>The leaves of a tree, each the list of its steps.</summary>
    /// <param name="branching">B, 2 or more.</param>
    /// <param name="depth">D, 1 or more.</param>
    /// <param name="extend">Draws the next step after a beginning.</param>
    /// <param name="random">Draws.</param>
    /// <typeparam name="T">What a step of an answer is.</typeparam>
    public static IReadOnlyList<IReadOnlyList<T>> Leaves<T>(int branching, int depth, Func<IReadOnlyList<T>, RandomStream, T> extend, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(branching, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentNullException.ThrowIfNull(extend);
        ArgumentNullException.ThrowIfNull(random);
        List<List<T>> level = [[]];
        for (int d = 0; d < depth; d++)
        {
            level = [.. level.SelectMany(prefix => Enumerable.Range(0, branching).Select(_ => (List<T>)[.. prefix, extend(prefix, random)]))];
        }

        return level;
    }

    /// <summary>Pairs of different leaves, drawn without repetition.</summary>
    /// <param name="leaves">Number of leaves.</param>
    /// <param name="count">Pairs wanted; all where there are fewer.</param>
    /// <param name="random">Draws.</param>
    public static IReadOnlyList<(int First, int Second)> Pairs(int leaves, int count, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var all = (from i in Enumerable.Range(0, leaves) from j in Enumerable.Range(i + 1, leaves - i - 1) select (i, j)).ToArray();
        random.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
