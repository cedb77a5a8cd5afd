namespace Meed.Evaluation.Audit;

/// <summary>Signatures of 128 minima from which the Jaccard similarity of two sets is estimated.</summary>
/// <remarks>
/// Broder 1997. Each of 128 hash functions keeps its smallest value over the set; the share of equal minima estimates |A ∩ B| / |A ∪ B| with a standard error of at most 0.044.
/// The functions are a·x + b over 64 bits, upper half kept, with fixed odd a.
/// </remarks>
public static class MinHash
{
    /// <summary>Hash functions.</summary>
    public const int Hashes = 128;

    private static readonly ulong[] s_factors = [.. Enumerable.Range(0, Hashes).Select(i => Shingles.Mix(0x9e3779b97f4a7c15 * (ulong)(i + 1)) | 1)];
    private static readonly ulong[] s_offsets = [.. Enumerable.Range(0, Hashes).Select(i => Shingles.Mix(0xd1b54a32d192ed03 * (ulong)(i + 1)))];

    /// <summary>The signature of a set of grams, [128]; all ones for an empty set.</summary>
    public static uint[] Signature(ReadOnlySpan<ulong> grams)
    {
        var signature = new uint[Hashes];
        Array.Fill(signature, uint.MaxValue);
        foreach (ulong gram in grams)
        {
            for (int h = 0; h < Hashes; h++)
            {
                uint value = (uint)(((s_factors[h] * gram) + s_offsets[h]) >> 32);
                signature[h] = Math.Min(signature[h], value);
            }
        }

        return signature;
    }

    /// <summary>The estimated Jaccard similarity, 0 to 1.</summary>
    public static double Similarity(ReadOnlySpan<uint> first, ReadOnlySpan<uint> second)
    {
        int same = 0;
        for (int h = 0; h < Hashes; h++)
        {
            same += first[h] == second[h] ? 1 : 0;
        }

        return (double)same / Hashes;
    }
}
