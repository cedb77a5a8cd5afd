namespace Meed.Rewards.Text;

/// <summary>What to do with n-gram orders that have no match.</summary>
public enum BleuSmoothing : byte
{
    /// <summary>Nothing: one such order makes the score 0.</summary>
    None,

    /// <summary>A count of 0.1 in place of 0 (Chen and Cherry 2014, method 1).</summary>
    Floor,

    /// <summary>One match and one n-gram more at orders above 1 (Lin and Och 2004; method 2).</summary>
    AddOne,

    /// <summary>The k-th order without a match counts 1/2^k (NIST mteval; method 3).</summary>
    Exponential,
}

/// <summary>BLEU: geometric mean of clipped n-gram precisions times a brevity penalty.</summary>
/// <remarks>
/// BLEU = BP·exp((1/N)·Σ_n log p_n), p_n = Σ min(count, largest count in a reference) / Σ count, BP = 1 when c > r else exp(1 − r/c); c the length of the candidate, r that of the closest
/// reference (the shorter of two equally close). N = 4. From 0 to 1. With <c>effectiveOrder</c> orders longer than the candidate are left out (then N is smaller); without it they count as having no match.
/// <para>Papineni et al. 2002; smoothings of Chen and Cherry 2014; values as sacreBLEU (Post 2018, arXiv:1804.08771) on the same tokens.</para>
/// </remarks>
public static class Bleu
{
    private const double FloorCount = 0.1;

    /// <summary>Score of one text against one or more references, tokens given.</summary>
    public static double Sentence(IReadOnlyList<string> candidate, IReadOnlyList<IReadOnlyList<string>> references, BleuSmoothing smoothing, ref Work work, int order = 4, bool effectiveOrder = false)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(references);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        if (candidate.Count == 0 || references.Count == 0)
        {
            return 0;
        }

        var (matches, totals) = Matches(candidate, references, order, ref work);
        double logSum = 0, halved = 1;
        int orders = 0;
        for (int n = 1; n <= order; n++)
        {
            double match = matches[n - 1], total = totals[n - 1];
            if (total == 0 && effectiveOrder)
            {
                break;
            }

            orders++;
            if (smoothing == BleuSmoothing.AddOne && n > 1)
            {
                match++;
                total++;
            }

            if (match == 0 && total > 0)
            {
                halved *= 2;
                match = smoothing switch { BleuSmoothing.Floor => FloorCount, BleuSmoothing.Exponential => 1 / halved, _ => 0 };
            }

            if (match == 0 || total == 0)
            {
                return 0;
            }

            logSum += Math.Log(match / total);
        }

        return BrevityPenalty(candidate.Count, references) * Math.Exp(logSum / orders);
    }

    private static (int[] Matches, int[] Totals) Matches(IReadOnlyList<string> candidate, IReadOnlyList<IReadOnlyList<string>> references, int order, ref Work work)
    {
        var grams = new NGrams();
        var own = grams.Tokens(candidate);
        var others = new int[references.Count][];
        for (int r = 0; r < others.Length; r++) { others[r] = grams.Tokens(references[r]); }
        var matches = new int[order];
        var totals = new int[order];
        for (int n = 1; n <= order; n++)
        {
            var counts = NGrams.Count(grams.Of(own, n, ref work));
            var largest = new Dictionary<int, int>();
            foreach (var other in others)
            {
                foreach (var (gram, count) in NGrams.Count(grams.Of(other, n, ref work)))
                {
                    largest[gram] = Math.Max(count, largest.GetValueOrDefault(gram));
                }
            }

            matches[n - 1] = NGrams.Overlap(counts, largest);
            totals[n - 1] = Math.Max(0, own.Length - n + 1);
        }

        return (matches, totals);
    }

    private static double BrevityPenalty(int length, IReadOnlyList<IReadOnlyList<string>> references)
    {
        int closest = references[0].Count;
        foreach (var reference in references)
        {
            int d = Math.Abs(reference.Count - length), best = Math.Abs(closest - length);
            closest = d < best || (d == best && reference.Count < closest) ? reference.Count : closest;
        }

        return length > closest ? 1 : Math.Exp(1 - ((double)closest / length));
    }
}
