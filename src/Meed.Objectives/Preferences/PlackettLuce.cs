using Meed.Numerics;

namespace Meed.Objectives.Preferences;

/// <summary>The likelihood of a whole ranking: the best is drawn first, then the best of the rest, and so on.</summary>
/// <remarks>
/// ℓ = −Σ_{k=1..K} [ s_(k) − log Σ_{j≥k} e^{s_(j)} ], scores in the order of the ranking, best first
/// <para>Plackett 1975; Luce 1959. For two responses it is Bradley-Terry. A top-k ranking stops after k draws; what follows is only in the sums.</para>
/// </remarks>
public static class PlackettLuce
{
    private const float Nothing = -1e30f;

    /// <summary>Loss of each ranking.</summary>
    /// <param name="scores">[B, G], each row in the order of its ranking, padded at the end.</param>
    /// <param name="lengths">[B] responses of each row, 1..G; G when null.</param>
    /// <param name="top">Draws that count; all when null.</param>
    /// <returns>[B], summed over draws.</returns>
    public static Tensor Loss(Tensor scores, int[]? lengths = null, int? top = null)
    {
        Shapes.Require(scores, [-1, -1]);
        int rows = scores.Shape[0], width = scores.Shape[1];
        lengths ??= [.. Enumerable.Repeat(width, rows)];
        if (lengths.Length != rows || lengths.Any(l => l < 1 || l > width))
        {
            throw new ArgumentException($"PlackettLuce: scores are {Shapes.Text(scores.Shape)}, lengths are [{string.Join(", ", lengths)}]; one length a row, each 1 to {width}.", nameof(lengths));
        }

        var real = new bool[rows * width];
        for (int b = 0; b < rows; b++)
        {
            real.AsSpan(b * width, lengths[b]).Fill(true);
        }

        var known = scores.Where(real, Nothing);                                                       // [B, G]
        var loss = scores.Where(new bool[rows * width], 0f).Sum(1);                                      // [B], zeros
        for (int k = 0; k < Math.Min(width - 1, top ?? width); k++)
        {
            var rest = known.Slice(1, k, width - k);                                                   // [B, G − k]
            var draws = Array.ConvertAll(lengths, l => k < l - 1);                                     // the last one left is drawn with certainty
            loss += (rest.LogSumExp() - known.Select(1, k)).Where(draws, 0f);                          // [B]
        }

        return loss;
    }
}
