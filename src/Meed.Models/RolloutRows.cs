using Meed.Numerics;

namespace Meed.Models;

/// <summary>Some rows of a rollout for one update, T cut to the longest of them.</summary>
public sealed class RolloutRows
{
    internal RolloutRows(Rollout rollout, int[] rows)
    {
        Rows = rows;
        Tokens = rollout.Tokens.Select(rows);
        LogProbs = Tensor.From(rollout.Tokens.Select(rollout.LogProbs, rows), Tokens.Rows, Tokens.Length).Keep();
    }

    /// <summary>[b] places of these rows in the rollout.</summary>
    public int[] Rows { get; }

    /// <summary>Their tokens, [b, T].</summary>
    public TokenBatch Tokens { get; }

    /// <summary>[b, T] log-probabilities recorded while sampling; 0 outside the completions.</summary>
    public Tensor LogProbs { get; }

    /// <summary>[b, T] true where a token counts in losses.</summary>
    public bool[] Mask => Tokens.Mask;

    /// <summary>The part of a value per row of the rollout, [B], that belongs to these rows, [b].</summary>
    public Tensor Take(ReadOnlySpan<float> perRow)
    {
        var values = new float[Rows.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = perRow[Rows[i]];
        }

        return Tensor.From(values, values.Length);
    }

    /// <summary>As <see cref="Take(ReadOnlySpan{float})"/> for a tensor [B] outside every scope.</summary>
    public Tensor Take(Tensor perRow)
    {
        ArgumentNullException.ThrowIfNull(perRow);
        return Take(perRow.ToArray());
    }
}
