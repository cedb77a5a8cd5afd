namespace Meed.Rewards.Text;

/// <summary>Distances by edits between two texts, over UTF-16 code units.</summary>
public static class EditDistance
{
    /// <summary>Levenshtein distance: insertions, deletions, replacements. Levenshtein 1966. Charges the product of the lengths after equal ends are cut off.</summary>
    public static int Levenshtein(string a, string b, ref Work work) => Distance(a, b, replacement: 1, ref work);

    /// <summary>Distance with insertions and deletions only: |a| + |b| − 2·LCS.</summary>
    public static int InsertDelete(string a, string b, ref Work work) => Distance(a, b, replacement: 2, ref work);

    /// <summary>1 − Levenshtein / longer length; 1 for two empty texts.</summary>
    public static double Similarity(string a, string b, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int longer = Math.Max(a.Length, b.Length);
        return longer == 0 ? 1 : 1 - ((double)Levenshtein(a, b, ref work) / longer);
    }

    /// <summary>1 − insert-delete distance / (|a| + |b|), the usual ratio of fuzzy matching; 1 for two empty texts.</summary>
    public static double Ratio(string a, string b, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int sum = a.Length + b.Length;
        return sum == 0 ? 1 : 1 - ((double)InsertDelete(a, b, ref work) / sum);
    }

    private static int Distance(string a, string b, int replacement, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int start = a.AsSpan().CommonPrefixLength(b);
        int end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) { end++; }
        var x = a.AsSpan(start, a.Length - start - end);
        var y = b.AsSpan(start, b.Length - start - end);
        work.Charge(((long)x.Length * y.Length) + start + end + 1);
        var row = new int[y.Length + 1];
        for (int j = 0; j < row.Length; j++) { row[j] = j; }
        for (int i = 0; i < x.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 1; j < row.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (x[i] == y[j - 1] ? 0 : replacement));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
