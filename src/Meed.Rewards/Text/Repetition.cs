namespace Meed.Rewards.Text;

/// <summary>How much of a text repeats itself.</summary>
public static class Repetition
{
    /// <summary>Share of n-grams of words that occurred before: 1 − distinct / all; 0 for texts with fewer than n words.</summary>
    /// <remarks>1 − distinct-n of Li et al. 2016 (arXiv:1510.03055); as a penalty in Yeo et al. 2025 (arXiv:2502.03373).</remarks>
    public static double Share(IReadOnlyList<string> words, int n, ref Work work)
    {
        var grams = new NGrams();
        var all = grams.Of(grams.Tokens(words), n, ref work);
        return all.Length == 0 ? 0 : 1 - ((double)new HashSet<int>(all).Count / all.Length);
    }

    /// <summary>How often the last line, trimmed, is repeated in a row at the end of the text: 1 for no repetition, 0 for an empty text.</summary>
    public static int TrailingLines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        int count = 0;
        while (count < lines.Count && lines[^(count + 1)] == lines[^1]) { count++; }
        return count;
    }
}
