namespace Meed.Models;

/// <summary>Token rows of different lengths, filled up on the right to one length: B rows of T tokens.</summary>
/// <remarks>
/// Every row starts at position 0; there is never padding on the left. Values that belong to tokens (log-probabilities, losses, masks) are
/// [B, T] with the value of token t at index t; the first token of a row has no predecessor, so its log-probability is 0.
/// </remarks>
public sealed class TokenBatch
{
    /// <summary>A batch over ready arrays.</summary>
    /// <param name="tokens">[B, T] row-major; what stands behind a row's length is padding and never looked at.</param>
    /// <param name="lengths">[B] tokens of each row, 1..T.</param>
    /// <param name="promptLengths">[B] tokens of each row that were given rather than written by the policy, 0..length.</param>
    /// <param name="mask">[B, T] true where a token was written by the policy and counts in losses; from the lengths when null.</param>
    public TokenBatch(int[] tokens, int[] lengths, int[] promptLengths, bool[]? mask = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(promptLengths);
        Rows = lengths.Length;
        Length = Rows == 0 ? 0 : tokens.Length / Rows;
        if (Rows * Length != tokens.Length || promptLengths.Length != Rows || (mask is not null && mask.Length != tokens.Length))
        {
            throw new ArgumentException($"TokenBatch: {tokens.Length} tokens, {lengths.Length} lengths, {promptLengths.Length} prompt lengths and {mask?.Length ?? tokens.Length} mask values do not form [B, T] with one length and one prompt length a row.", nameof(tokens));
        }

        for (int b = 0; b < Rows; b++)
        {
            if (lengths[b] < 1 || lengths[b] > Length || promptLengths[b] < 0 || promptLengths[b] > lengths[b])
            {
                throw new ArgumentException($"TokenBatch: row {b} has {lengths[b]} tokens, {promptLengths[b]} of them prompt; lengths are 1..{Length} and a prompt is no longer than its row.", nameof(lengths));
            }
        }

        Tokens = tokens;
        Lengths = lengths;
        PromptLengths = promptLengths;
        Mask = mask ?? FromLengths();
    }

    /// <summary>Rows, B.</summary>
    public int Rows { get; }

    /// <summary>Tokens a row has room for, T.</summary>
    public int Length { get; }

    /// <summary>[B, T] row-major.</summary>
    public int[] Tokens { get; }

    /// <summary>[B] tokens of each row.</summary>
    public int[] Lengths { get; }

    /// <summary>[B] tokens of each row that were given.</summary>
    public int[] PromptLengths { get; }

    /// <summary>[B, T] true where a token counts in losses: written by the policy, neither prompt nor padding.</summary>
    public bool[] Mask { get; }

    /// <summary>Number of tokens that count in losses.</summary>
    public int MaskedTokens => Mask.AsSpan().Count(true);

    /// <summary>A batch of prompts with their completions.</summary>
    /// <param name="prompts">Given tokens of each row.</param>
    /// <param name="completions">Written tokens of each row, an end token included.</param>
    /// <param name="pad">What fills the rows; any id, it is never looked at.</param>
    public static TokenBatch From(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> completions, int pad = 0)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(completions);
        if (prompts.Count != completions.Count)
        {
            throw new ArgumentException($"TokenBatch.From: {prompts.Count} prompts and {completions.Count} completions; each row needs one of both.", nameof(completions));
        }

        int rows = prompts.Count, length = 0;
        for (int b = 0; b < rows; b++)
        {
            length = Math.Max(length, prompts[b].Length + completions[b].Length);
        }

        var tokens = new int[rows * length];
        var lengths = new int[rows];
        var promptLengths = new int[rows];
        for (int b = 0; b < rows; b++)
        {
            var row = tokens.AsSpan(b * length, length);
            row.Fill(pad);
            prompts[b].CopyTo(row);
            completions[b].CopyTo(row[prompts[b].Length..]);
            promptLengths[b] = prompts[b].Length;
            lengths[b] = prompts[b].Length + completions[b].Length;
        }

        return new TokenBatch(tokens, lengths, promptLengths);
    }

    /// <summary>The tokens of one row without padding.</summary>
    public ReadOnlySpan<int> Row(int row) => Tokens.AsSpan(row * Length, Lengths[row]);

    /// <summary>The written tokens of one row.</summary>
    public ReadOnlySpan<int> Completion(int row) => Row(row)[PromptLengths[row]..];

    /// <summary>Some rows in the given order, T cut to the longest of them.</summary>
    public TokenBatch Select(ReadOnlySpan<int> rows)
    {
        int length = LongestOf(rows);
        var lengths = new int[rows.Length];
        var promptLengths = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            lengths[i] = Lengths[rows[i]];
            promptLengths[i] = PromptLengths[rows[i]];
        }

        return new TokenBatch(Cut<int>(Tokens, rows, length), lengths, promptLengths, Cut<bool>(Mask, rows, length));
    }

    /// <summary>The part of a [B, T] array that belongs to <see cref="Select"/> of the same rows.</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    public T[] Select<T>(T[] values, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Length == Tokens.Length
            ? Cut<T>(values, rows, LongestOf(rows))
            : throw new ArgumentException($"TokenBatch.Select: {values.Length} values, the batch is [{Rows}, {Length}].", nameof(values));
    }

    private int LongestOf(ReadOnlySpan<int> rows)
    {
        int length = 0;
        foreach (int row in rows)
        {
            length = Math.Max(length, Lengths[row]);
        }

        return length;
    }

    private T[] Cut<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows, int length)
    {
        var part = new T[rows.Length * length];
        for (int i = 0; i < rows.Length; i++)
        {
            values.Slice(rows[i] * Length, length).CopyTo(part.AsSpan(i * length, length));
        }

        return part;
    }

    private bool[] FromLengths()
    {
        var mask = new bool[Rows * Length];
        for (int b = 0; b < Rows; b++)
        {
            mask.AsSpan(b * Length + PromptLengths[b], Lengths[b] - PromptLengths[b]).Fill(true);
        }

        return mask;
    }
}
