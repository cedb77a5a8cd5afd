using Meed.Evaluation.Statistics;
using Meed.RewardModels.Data;
using Meed.Rewards.Text;

namespace Meed.Evaluation.Bench;

/// <summary>Whether a reward tells which answer belongs to which prompt.</summary>
/// <param name="Near">Share of near-identical prompts whose own answer scores above the other prompt's answer; NaN where the file has none.</param>
/// <param name="NearCount">Comparisons behind it.</param>
/// <param name="Far">The same against the answer of some other prompt of the file.</param>
/// <param name="FarCount">Comparisons behind it.</param>
public sealed record ContrastResult(Interval Near, int NearCount, Interval Far, int FarCount);

/// <summary>Contrast pairs: two prompts that differ in little and have different best answers. A consistent reward scores each answer higher under its own prompt.</summary>
/// <remarks>
/// Shen et al. 2023, "The Trickle-down Impact of Reward (In-)consistency on RLHF", arXiv:2309.16155. Mined here from the file itself: pairs of prompts whose sets of words overlap by at least 0.6 (Jaccard)
/// without being equal, each prompt used at most three times. Both directions are asked; a tie counts ½. A reward that does not read the prompt is at ½.
/// </remarks>
public static class ContrastPairs
{
    /// <summary>Overlap of words from which two prompts count as near-identical.</summary>
    public const double Overlap = 0.6;

    private const int Prompts = 1500, Uses = 3;

    /// <summary>Pairs of items whose prompts are near-identical and whose best answers differ.</summary>
    public static IReadOnlyList<(int First, int Second)> Mine(IReadOnlyList<BenchItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        int[] unique = [.. Enumerable.Range(0, items.Count).GroupBy(i => items[i].Cluster).Select(g => g.First()).Take(Prompts)];
        HashSet<string>[] words = [.. unique.Select(i => Words.Runs(Prompt(items[i]).ToLowerInvariant()).ToHashSet(StringComparer.Ordinal))];
        var found = new List<(int, int)>();
        var used = new int[unique.Length];
        for (int a = 0; a < unique.Length; a++)
        {
            for (int b = a + 1; b < unique.Length && used[a] < Uses; b++)
            {
                int small = Math.Min(words[a].Count, words[b].Count), large = Math.Max(words[a].Count, words[b].Count);
                if (used[b] >= Uses || small < Overlap * large || small == 0)
                {
                    continue;
                }

                int shared = words[a].Count(words[b].Contains);
                double overlap = (double)shared / (small + large - shared);
                if (overlap >= Overlap && overlap < 1 && Best(items[unique[a]]) != Best(items[unique[b]]))
                {
                    found.Add((unique[a], unique[b]));
                    used[a]++;
                    used[b]++;
                }
            }
        }

        return found;
    }

    /// <summary>Asks a scorer about near-identical and about unrelated prompts.</summary>
    public static async ValueTask<ContrastResult> RunAsync(BenchScorer scorer, IReadOnlyList<BenchItem> items, int limit = 500, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var near = Mine(items).Take(limit).ToList();
        int[] unique = [.. Enumerable.Range(0, items.Count).GroupBy(i => items[i].Cluster).Select(g => g.First()).Take(limit)];
        int shift = Math.Max(1, unique.Length / 2);
        var far = unique.Length < 2 ? [] : unique.Select((item, i) => (item, unique[(i + shift) % unique.Length])).Where(p => Best(items[p.item]) != Best(items[p.Item2])).ToList();
        return new ContrastResult(await Ask(near).ConfigureAwait(false), 2 * near.Count, await Ask(far).ConfigureAwait(false), 2 * far.Count);

        async ValueTask<Interval> Ask(List<(int First, int Second)> pairs)
        {
            if (pairs.Count == 0)
            {
                return Interval.None;
            }

            var asked = new List<BenchItem>();
            foreach (var (first, second) in pairs)
            {
                foreach (var (own, other) in ((int, int)[])[(first, second), (second, first)])
                {
                    var row = items[own].Row with { Responses = [new RatedResponse { Text = Best(items[own]) }, new RatedResponse { Text = Best(items[other]) }], Pairs = [new PreferencePair(0, 1)] };
                    asked.Add(items[own] with { Row = row, Pairs = [new BenchPair(0, 1)], Shown = [0, 1] });
                }
            }

            var scores = await scorer.ScoreAsync(asked, cancellationToken).ConfigureAwait(false);
            return ClusteredBootstrap.Mean([.. scores.Select(s => s[0] > s[1] ? 1 : s[0] == s[1] ? 0.5 : 0.0)], [.. asked.Select(a => a.Cluster)]);
        }
    }

    private static string Best(BenchItem item) => item.Text(item.Pairs[0].Better);

    private static string Prompt(BenchItem item) => string.Join('\n', item.Row.Prompt.Where(m => m.Role == "user").Select(m => m.Content));
}
