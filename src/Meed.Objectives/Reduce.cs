using Meed.Numerics;

namespace Meed.Objectives;

/// <summary>What "the mean over tokens" means.</summary>
/// <remarks>With B rows of which row b has n_b counted tokens with losses ℓ.</remarks>
public enum TokenReduction : byte
{
    /// <summary>Σ ℓ / Σ n: every token weighs the same, long rows more. DAPO, arXiv:2503.14476.</summary>
    TokenMean,

    /// <summary>Mean over rows of the row's mean: every row weighs the same, tokens of long rows less. GRPO, arXiv:2402.03300.</summary>
    SequenceMean,

    /// <summary>Mean over rows of the row's sum: the plain policy gradient of a whole response.</summary>
    SequenceSum,

    /// <summary>Mean over rows of the row's sum divided by one constant length: no length bias, tame size. Dr. GRPO, arXiv:2503.20783.</summary>
    ConstantLength,
}

/// <summary>Reduces token losses to one number.</summary>
/// <remarks>Rows without a counted token are no rows. Masked values are selected away, so NaN there changes nothing.</remarks>
public static class Reduce
{
    /// <summary>The reduced loss.</summary>
    /// <param name="tokenLoss">[B, T].</param>
    /// <param name="mask">[B·T] row-major, true where a token counts.</param>
    /// <param name="reduction">What the mean means.</param>
    /// <param name="length">The constant of <see cref="TokenReduction.ConstantLength"/>, such as the longest response allowed; unused otherwise.</param>
    /// <returns>[]; 0 when no token counts.</returns>
    public static Tensor Tokens(Tensor tokenLoss, bool[] mask, TokenReduction reduction, int length = 0) =>
        Tokens(tokenLoss, mask, reduction, Count(mask, tokenLoss), length);

    /// <summary>The part of a larger batch's loss that comes from some of its rows; the parts add up to the whole batch's loss.</summary>
    /// <param name="tokenLoss">[B, T], the part.</param>
    /// <param name="mask">[B·T].</param>
    /// <param name="reduction">What the mean means.</param>
    /// <param name="whole">Rows and tokens of the whole batch.</param>
    /// <param name="length">As above.</param>
    public static Tensor Tokens(Tensor tokenLoss, bool[] mask, TokenReduction reduction, TokenCount whole, int length = 0)
    {
        var part = Count(mask, tokenLoss);
        if (reduction == TokenReduction.ConstantLength && length < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "Reduce.Tokens: ConstantLength divides by a length of at least 1.");
        }

        int rows = tokenLoss.Shape[0], tokens = tokenLoss.Shape[1];
        var weights = new float[mask.Length];
        for (int b = 0; b < rows; b++)
        {
            int counted = mask.AsSpan(b * tokens, tokens).Count(true);
            double weight = reduction switch
            {
                TokenReduction.TokenMean => 1.0 / Math.Max(1, whole.Tokens),
                TokenReduction.SequenceMean => 1.0 / (Math.Max(1, (double)whole.Rows) * Math.Max(1, counted)),
                TokenReduction.SequenceSum => 1.0 / Math.Max(1, whole.Rows),
                TokenReduction.ConstantLength => 1.0 / (Math.Max(1, (double)whole.Rows) * length),
                _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "Known: TokenMean, SequenceMean, SequenceSum, ConstantLength."),
            };
            for (int t = b * tokens; t < (b + 1) * tokens; t++)
            {
                weights[t] = mask[t] ? (float)weight : 0;
            }
        }

        var kept = tokenLoss.Where(mask, 0f);   // [B, T]
        return part.Tokens == 0 ? kept.Sum() : (kept * Tensor.From(weights, rows, tokens)).Sum();   // []
    }

    /// <summary>Rows with a counted token, and counted tokens.</summary>
    /// <param name="mask">[B·T].</param>
    /// <param name="like">A tensor of shape [B, T].</param>
    public static TokenCount Count(bool[] mask, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Shapes.Require(like, [-1, -1]);
        if (mask.Length != like.Length)
        {
            throw new ArgumentException($"Reduce: the mask has {mask.Length} values, the tensor is {Shapes.Text(like.Shape)}.", nameof(mask));
        }

        return Count(mask, like.Shape[0]);
    }

    /// <summary>Rows with a counted token, and counted tokens.</summary>
    /// <param name="mask">[B·T] row-major.</param>
    /// <param name="rows">B.</param>
    public static TokenCount Count(ReadOnlySpan<bool> mask, int rows)
    {
        int tokens = rows == 0 ? 0 : mask.Length / rows, counted = 0, all = 0;
        for (int b = 0; b < rows; b++)
        {
            int n = mask.Slice(b * tokens, tokens).Count(true);
            counted += n > 0 ? 1 : 0;
            all += n;
        }

        return new TokenCount(counted, all);
    }
}

/// <summary>Size of a batch for reducing.</summary>
/// <param name="Rows">Rows with at least one counted token.</param>
/// <param name="Tokens">Counted tokens.</param>
public readonly record struct TokenCount(int Rows, int Tokens);
