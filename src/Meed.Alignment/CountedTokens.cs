using Meed.Models;
using Meed.Numerics;

namespace Meed.Alignment;

/// <summary>Between [N] values of the counted tokens and [B, T].</summary>
internal static class CountedTokens
{
    /// <summary>The counted tokens themselves, [N], row after row.</summary>
    public static int[] Targets(this TokenBatch tokens) => [.. tokens.Tokens.Where((_, i) => tokens.Mask[i])];

    /// <summary>Values of the counted tokens at their places, [N] to [B, T]; 0 elsewhere.</summary>
    public static Tensor Spread(this TokenBatch tokens, Tensor values)
    {
        int[] places = [.. Enumerable.Range(0, tokens.Mask.Length).Where(i => tokens.Mask[i])];
        return values.ScatterAdd(places, tokens.Mask.Length).Reshape(tokens.Rows, tokens.Length);
    }
}
