namespace Meed.RewardModels.Segments;

/// <summary>A segment's end and the rewards that end there.</summary>
/// <param name="LastToken">Index of its last token.</param>
/// <param name="Model">Which reward model speaks, 0 to K − 1.</param>
/// <param name="Value">Its reward.</param>
public readonly record struct SegmentReward(int LastToken, int Model, double Value);

/// <summary>Rewards of several models at their own granularity, placed on tokens.</summary>
/// <remarks>
/// r_t = Σ_k Σ_{segments j of model k that end at t} w_k·R_{k,j} − β·(log π(a_t) − log π_ref(a_t))
/// <para>
/// "Fine-Grained Human Feedback Gives Better Rewards for Language Model Training" (atlas row 58): sub-sentence relevance, sentence factuality, whole-answer completeness. FGAIF (row 26) uses the same
/// placement for object, attribute and relation hallucination. Changing w changes what the policy becomes.
/// </para>
/// </remarks>
public static class SegmentRewards
{
    /// <summary>Reward of each token.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="segments">Segments of all models.</param>
    /// <param name="weights">w, one a model.</param>
    /// <param name="logRatios">log π − log π_ref of each token in nats, [T]; empty for no KL term.</param>
    /// <param name="beta">β, 0 or more.</param>
    /// <returns>[T].</returns>
    public static double[] Place(int tokens, IReadOnlyList<SegmentReward> segments, IReadOnlyList<double> weights, ReadOnlySpan<double> logRatios = default, double beta = 0)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(weights);
        if (!logRatios.IsEmpty && logRatios.Length != tokens)
        {
            throw new ArgumentException($"SegmentRewards: {logRatios.Length} log-ratios for {tokens} tokens.", nameof(logRatios));
        }

        var rewards = new double[tokens];
        for (int t = 0; t < logRatios.Length; t++)
        {
            rewards[t] = -beta * logRatios[t];
        }

        foreach (var segment in segments)
        {
            if ((uint)segment.LastToken >= (uint)tokens || (uint)segment.Model >= (uint)weights.Count)
            {
                throw new ArgumentException($"SegmentRewards: a segment of model {segment.Model} ends at token {segment.LastToken}; there are {tokens} tokens and {weights.Count} models.", nameof(segments));
            }

            rewards[segment.LastToken] += weights[segment.Model] * segment.Value;
        }

        return rewards;
    }

    /// <summary>Score of an answer from the error probability of each of its spans: 1 minus their mean, so that best-of-n keeps the lowest.</summary>
    /// <remarks>"Detecting and Preventing Hallucinations in Large Vision Language Models" (atlas row 20). An answer without spans scores 1.</remarks>
    public static double MeanSpan(ReadOnlySpan<double> errorProbabilities)
    {
        double sum = 0;
        foreach (double p in errorProbabilities)
        {
            sum += p;
        }

        return errorProbabilities.Length == 0 ? 1 : 1 - (sum / errorProbabilities.Length);
    }

    /// <summary>Last token of every sentence or sub-sentence: ends at a mark of the given set, and at the last token.</summary>
    /// <param name="tokens">Text of each token.</param>
    /// <param name="marks">Characters that end a segment.</param>
    public static IReadOnlyList<int> Ends(IReadOnlyList<string> tokens, string marks = ".!?")
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(marks);
        return [.. Enumerable.Range(0, tokens.Count).Where(i => i == tokens.Count - 1 || (tokens[i].TrimEnd() is { Length: > 0 } t && marks.Contains(t[^1], StringComparison.Ordinal)))];
    }
}
