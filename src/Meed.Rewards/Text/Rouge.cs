using System.Text;

namespace Meed.Rewards.Text;

/// <summary>Precision, recall and their harmonic mean.</summary>
/// <param name="Precision">Share of the candidate that is in the reference.</param>
/// <param name="Recall">Share of the reference that is in the candidate.</param>
public readonly record struct PrecisionRecall(double Precision, double Recall)
{
    /// <summary>2·P·R / (P + R); 0 when both are 0.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    internal static PrecisionRecall Of(int matches, int candidate, int reference) => candidate == 0 || reference == 0 ? default : new((double)matches / candidate, (double)matches / reference);
}

/// <summary>ROUGE-N and ROUGE-L.</summary>
/// <remarks>
/// ROUGE-N compares n-gram counts, ROUGE-L the longest common subsequence of words. Tokens are runs of a–z and 0–9 in small letters; with stemming, tokens of more than three letters go through
/// <see cref="PorterStemmer"/>. Lin 2004; values as the rouge-score package.
/// </remarks>
public static class Rouge
{
    /// <summary>The tokens.</summary>
    public static List<string> Tokenize(string text, bool stem = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<string>();
        var token = new StringBuilder();
        foreach (char raw in text.ToLowerInvariant() + " ")
        {
            if (raw is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                token.Append(raw);
            }
            else if (token.Length > 0)
            {
                tokens.Add(stem && token.Length > 3 ? PorterStemmer.Stem(token.ToString()) : token.ToString());
                token.Clear();
            }
        }

        return tokens;
    }

    /// <summary>ROUGE-N for n from 1 up.</summary>
    public static PrecisionRecall N(IReadOnlyList<string> candidate, IReadOnlyList<string> reference, int n, ref Work work)
    {
        var grams = new NGrams();
        int[] own = grams.Tokens(candidate), other = grams.Tokens(reference);
        int[] a = grams.Of(own, n, ref work), b = grams.Of(other, n, ref work);
        return PrecisionRecall.Of(NGrams.Overlap(NGrams.Count(a), NGrams.Count(b)), a.Length, b.Length);
    }

    /// <summary>ROUGE-L over the whole texts. Charges one unit per pair of tokens.</summary>
    public static PrecisionRecall L(IReadOnlyList<string> candidate, IReadOnlyList<string> reference, ref Work work)
    {
        var grams = new NGrams();
        int[] a = grams.Tokens(candidate), b = grams.Tokens(reference);
        work.Charge(((long)a.Length * b.Length) + 1);
        var row = new int[b.Length + 1];
        foreach (int x in a)
        {
            int diagonal = 0;
            for (int j = 1; j < row.Length; j++)
            {
                int above = row[j];
                row[j] = x == b[j - 1] ? diagonal + 1 : Math.Max(above, row[j - 1]);
                diagonal = above;
            }
        }

        return PrecisionRecall.Of(row[^1], a.Length, b.Length);
    }
}
