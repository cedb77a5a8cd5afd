using System.Runtime.InteropServices;

namespace Meed.Rewards.Text;

/// <summary>Counts n-grams of any kind of token exactly: an n-gram is the number of its first n − 1 tokens and its last one.</summary>
public sealed class NGrams
{
    private readonly Dictionary<string, int> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Head, int Last), int> _grams = [];

    /// <summary>Numbers of the tokens; the same text always has the same number here.</summary>
    public int[] Tokens(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var ids = new int[words.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_tokens, words[i], out bool known);
            id = known ? id : _tokens.Count;
            ids[i] = id;
        }

        return ids;
    }

    /// <summary>The n-grams of a sequence in order, each as a number; n at least 1. Charges one unit per token and order.</summary>
    public int[] Of(int[] tokens, int n, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        work.Charge(((long)tokens.Length * n) + 1);
        if (tokens.Length < n)
        {
            return [];
        }

        var grams = (int[])tokens.Clone();
        for (int order = 2; order <= n; order++)
        {
            for (int i = 0; i + order <= tokens.Length; i++)
            {
                // Heads of order 2 are token numbers; longer ones are made negative so that the two never meet.
                ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_grams, (order == 2 ? grams[i] : -grams[i] - 1, tokens[i + order - 1]), out bool known);
                id = known ? id : _grams.Count;
                grams[i] = id;
            }
        }

        return grams[..(tokens.Length - n + 1)];
    }

    /// <summary>How often each number occurs.</summary>
    public static Dictionary<int, int> Count(int[] grams)
    {
        ArgumentNullException.ThrowIfNull(grams);
        var counts = new Dictionary<int, int>(grams.Length);
        foreach (int gram in grams) { CollectionsMarshal.GetValueRefOrAddDefault(counts, gram, out _)++; }
        return counts;
    }

    /// <summary>Σ min(count in one, count in the other).</summary>
    public static int Overlap(Dictionary<int, int> one, Dictionary<int, int> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        int overlap = 0;
        foreach (var (gram, count) in one) { overlap += Math.Min(count, other.GetValueOrDefault(gram)); }
        return overlap;
    }
}
