namespace Meed.Rewards.Text;

/// <summary>METEOR with exact and stem matching (no synonyms).</summary>
/// <remarks>
/// Words in small letters are aligned one to one, exact ones first, then those with the same Porter stem; in each stage the candidate is walked from its end and each word takes the last free equal word of the reference.
/// F = P·R / (α·P + (1 − α)·R), penalty = γ·(chunks / matches)^β, score = F·(1 − penalty); α 0.9, β 3, γ 0.5; a chunk is a run of matches that is contiguous on both sides. With several references the best counts.
/// <para>Banerjee and Lavie 2005; parameters and alignment order of NLTK's implementation.</para>
/// </remarks>
public static class Meteor
{
    private const double Alpha = 0.9, Beta = 3, Gamma = 0.5;

    /// <summary>Score of one text, tokens given; charges the product of the lengths at most.</summary>
    public static double Sentence(IReadOnlyList<string> candidate, IReadOnlyList<IReadOnlyList<string>> references, bool stem, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(references);
        double best = 0;
        foreach (var reference in references)
        {
            best = Math.Max(best, Pair(candidate, reference, stem, ref work));
        }

        return best;
    }

    private static double Pair(IReadOnlyList<string> candidate, IReadOnlyList<string> reference, bool stem, ref Work work)
    {
        var partner = new int[candidate.Count];
        Array.Fill(partner, -1);
        var taken = new bool[reference.Count];
        work.Charge(8L * (candidate.Count + reference.Count) + 1);
        Align([.. candidate.Select(w => w.ToLowerInvariant())], [.. reference.Select(w => w.ToLowerInvariant())], partner, taken);
        if (stem)
        {
            work.Charge(candidate.Sum(w => (long)w.Length) + reference.Sum(w => (long)w.Length));
            Align([.. candidate.Select(w => PorterStemmer.Stem(w.ToLowerInvariant()))], [.. reference.Select(w => PorterStemmer.Stem(w.ToLowerInvariant()))], partner, taken);
        }

        int matches = 0, chunks = 0, previous = -2;
        for (int i = 0; i < partner.Length; i++)
        {
            matches += partner[i] >= 0 ? 1 : 0;
            chunks += partner[i] >= 0 && (i == 0 || previous < 0 || partner[i] != previous + 1) ? 1 : 0;
            previous = partner[i];
        }

        if (matches == 0)
        {
            return 0;
        }

        double p = (double)matches / candidate.Count, r = (double)matches / reference.Count;
        double f = p * r / ((Alpha * p) + ((1 - Alpha) * r));
        return f * (1 - (Gamma * Math.Pow((double)chunks / matches, Beta)));
    }

    private static void Align(string[] candidate, string[] reference, int[] partner, bool[] taken)
    {
        var free = new Dictionary<string, Stack<int>>(StringComparer.Ordinal);
        for (int j = 0; j < reference.Length; j++)
        {
            if (!taken[j])
            {
                (free.TryGetValue(reference[j], out var places) ? places : free[reference[j]] = new Stack<int>()).Push(j);
            }
        }

        for (int i = candidate.Length - 1; i >= 0; i--)
        {
            if (partner[i] < 0 && free.TryGetValue(candidate[i], out var places) && places.TryPop(out int j))
            {
                partner[i] = j;
                taken[j] = true;
            }
        }
    }
}
