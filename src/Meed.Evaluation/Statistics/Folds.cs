namespace Meed.Evaluation.Statistics;

/// <summary>Five folds by prompt, for what is learned and measured on one file.</summary>
/// <remarks>Mixed anew, so that the folds cut through every part of the split by prompt, which takes the same key modulo five.</remarks>
public static class Folds
{
    /// <summary>Number of folds.</summary>
    public const int Count = 5;

    /// <summary>The fold of a prompt's key.</summary>
    public static int Of(ulong key) => (int)((key * 0x9E3779B97F4A7C15 >> 33) % Count);
}
