using Meed.Numerics;

namespace Meed.Evaluation.Protocols;

/// <summary>A question to a judge: which of two answers is better.</summary>
/// <param name="Group">Part of the benchmark.</param>
/// <param name="FirstIsBetter">True when the answer that stands first in the file is the better one.</param>
public sealed record VoteItem(string Group, bool FirstIsBetter);

/// <summary>How a judge did.</summary>
/// <param name="Overall">Share of items whose majority is right.</param>
/// <param name="Macro">Mean of the groups' shares.</param>
/// <param name="Groups">Share of each group.</param>
/// <param name="ByVotes">Overall share with 1, 3, 5 … votes.</param>
/// <param name="Consistency">Mean share of the votes of an item that agree with its majority.</param>
public sealed record VoteResult(double Overall, double Macro, IReadOnlyDictionary<string, double> Groups, IReadOnlyList<double> ByVotes, double Consistency);

/// <summary>Pairwise judging with repeats in random order: overall and macro accuracy, and what more votes bring.</summary>
/// <remarks>
/// After VLRewardBench (Li et al. 2024, arXiv:2411.17451): each item is asked several times, the order of both answers drawn anew each time, and the majority decides; macro accuracy averages the groups.
/// With the order of the file instead, a judge that likes one place is credited or blamed for where the file puts its answers.
/// </remarks>
public static class PairwiseVotes
{
    /// <summary>Asks a judge.</summary>
    /// <param name="items">The items.</param>
    /// <param name="ask">Given the item's number, whether its first answer is shown first, and a stream: true when the judge picks the answer shown first.</param>
    /// <param name="votes">Votes an item, odd.</param>
    /// <param name="randomOrder">True to draw the order for each vote; false to keep the file's.</param>
    /// <param name="random">Draws orders and serves the judge.</param>
    public static VoteResult Run(IReadOnlyList<VoteItem> items, Func<int, bool, RandomStream, bool> ask, int votes, bool randomOrder, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(random);
        if (votes < 1 || votes % 2 == 0 || items.Count == 0)
        {
            throw new ArgumentException($"PairwiseVotes.Run: {votes} votes on {items.Count} items; votes are odd, so that there is a majority, and there is an item.");
        }

        var right = new double[(votes + 1) / 2];
        var groups = new SortedDictionary<string, (double Right, int Count)>(StringComparer.Ordinal);
        double consistency = 0;
        for (int i = 0; i < items.Count; i++)
        {
            int forFirst = 0;
            for (int v = 0; v < votes; v++)
            {
                bool shownFirst = !randomOrder || random.NextBool();
                forFirst += ask(i, shownFirst, random) == shownFirst ? 1 : 0;
                if (v % 2 == 0)
                {
                    right[v / 2] += forFirst > (v + 1) / 2 == items[i].FirstIsBetter ? 1.0 / items.Count : 0;
                }
            }

            bool correct = forFirst > votes / 2 == items[i].FirstIsBetter;
            var (sum, count) = groups.GetValueOrDefault(items[i].Group);
            groups[items[i].Group] = (sum + (correct ? 1 : 0), count + 1);
            consistency += Math.Max(forFirst, votes - forFirst) / (double)votes / items.Count;
        }

        var shares = groups.ToDictionary(g => g.Key, g => g.Value.Right / g.Value.Count);
        return new VoteResult(right[^1], shares.Values.Average(), shares, right, consistency);
    }
}
