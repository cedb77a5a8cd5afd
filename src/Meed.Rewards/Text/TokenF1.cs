namespace Meed.Rewards.Text;

/// <summary>F1 of the words two answers share, as multisets.</summary>
/// <remarks>Words are <see cref="Words.Answer"/>: small letters, no punctuation, no articles. Two empty answers are equal (1). Rajpurkar et al. 2016 (SQuAD), arXiv:1606.05250.</remarks>
public static class TokenF1
{
    /// <summary>Precision and recall of the words.</summary>
    public static PrecisionRecall Score(string candidate, string reference, ref Work work)
    {
        List<string> a = Words.Answer(candidate), b = Words.Answer(reference);
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == b.Count ? new PrecisionRecall(1, 1) : default;
        }

        return Rouge.N(a, b, 1, ref work);
    }
}
