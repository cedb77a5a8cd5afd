namespace Meed.Rewards.Text;

/// <summary>GLEU: the smaller of n-gram precision and recall over all n-grams of 1 to 4 tokens.</summary>
/// <remarks>GLEU = Σ_n matches / max(Σ_n candidate n-grams, Σ_n reference n-grams); with several references the best one. From 0 to 1. Wu et al. 2016, arXiv:1609.08144, section 5.2.</remarks>
public static class Gleu
{
    /// <summary>Score of one text, tokens given.</summary>
    public static double Sentence(IReadOnlyList<string> candidate, IReadOnlyList<IReadOnlyList<string>> references, ref Work work, int order = 4)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(references);
        double best = 0;
        foreach (var reference in references)
        {
            var grams = new NGrams();
            int[] own = grams.Tokens(candidate), other = grams.Tokens(reference);
            int matches = 0, mine = 0, theirs = 0;
            for (int n = 1; n <= order; n++)
            {
                int[] a = grams.Of(own, n, ref work), b = grams.Of(other, n, ref work);
                matches += NGrams.Overlap(NGrams.Count(a), NGrams.Count(b));
                mine += a.Length;
                theirs += b.Length;
            }

            best = Math.Max(best, mine == 0 || theirs == 0 ? 0 : (double)matches / Math.Max(mine, theirs));
        }

        return best;
    }
}
