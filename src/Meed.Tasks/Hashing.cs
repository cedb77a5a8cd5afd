namespace Meed.Tasks;

/// <summary>The 64-bit hash behind held-out rules and item seeds: FNV-1a over UTF-16 code units, then the SplitMix64 finaliser.</summary>
/// <remarks>Fixed for ever: changing it would change which items are held out.</remarks>
public static class Hashing
{
    /// <summary>Hash of a key.</summary>
    public static ulong Key(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ulong hash = 14695981039346656037UL;
        foreach (char c in key)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Finish(hash);
    }

    /// <summary>A seed derived from a seed and an index.</summary>
    public static ulong Mix(ulong seed, ulong index) => Finish(seed + ((index + 1) * 0x9E3779B97F4A7C15UL));

    private static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, bound) from a hash, by multiplication: the bias is below bound / 2⁶⁴.</summary>
    public static int Below(ulong hash, int bound) => (int)Math.BigMul(hash, (ulong)bound, out _);
}
