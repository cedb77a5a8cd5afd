namespace Meed.Rewards.Text;

/// <summary>Overlap of two sets.</summary>
public static class SetOverlap
{
    /// <summary>|A ∩ B| / |A ∪ B|; two empty sets are equal (1). Jaccard 1912.</summary>
    public static double Jaccard(IEnumerable<string> a, IEnumerable<string> b)
    {
        var x = new HashSet<string>(a, StringComparer.Ordinal);
        var y = new HashSet<string>(b, StringComparer.Ordinal);
        int both = x.Count(y.Contains), any = x.Count + y.Count - both;
        return any == 0 ? 1 : (double)both / any;
    }
}
