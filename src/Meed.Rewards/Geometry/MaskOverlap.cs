namespace Meed.Rewards.Geometry;

/// <summary>Overlap of two masks of the same size.</summary>
/// <remarks>Two empty masks are equal (1). Masks of different sizes are misuse. Dice 1945; Jaccard 1912.</remarks>
public static class MaskOverlap
{
    /// <summary>|A ∩ B| / |A ∪ B|.</summary>
    public static double Iou(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b)
    {
        var (both, any) = Count(a, b);
        return any == 0 ? 1 : (double)both / any;
    }

    /// <summary>2·|A ∩ B| / (|A| + |B|).</summary>
    public static double Dice(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b)
    {
        var (both, any) = Count(a, b);
        return any == 0 ? 1 : 2.0 * both / (both + any);
    }

    /// <summary>A mask from run lengths, row by row, starting with a run of false; null when they do not sum to the size or one is negative.</summary>
    public static bool[]? FromRuns(IReadOnlyList<int> runs, int size)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var mask = new bool[size];
        int at = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i] < 0 || runs[i] > size - at)
            {
                return null;
            }

            mask.AsSpan(at, runs[i]).Fill(i % 2 == 1);
            at += runs[i];
        }

        return at == size ? mask : null;
    }

    private static (int Both, int Any) Count(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"MaskOverlap: the masks have {a.Length} and {b.Length} cells; give masks of one image.");
        }

        int both = 0, any = 0;
        for (int i = 0; i < a.Length; i++)
        {
            both += a[i] && b[i] ? 1 : 0;
            any += a[i] || b[i] ? 1 : 0;
        }

        return (both, any);
    }
}
