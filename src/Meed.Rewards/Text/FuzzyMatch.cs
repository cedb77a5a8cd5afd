namespace Meed.Rewards.Text;

/// <summary>Similarity of short answers that forgives case, punctuation and the order of words.</summary>
/// <remarks>
/// max of <see cref="EditDistance.Ratio"/> on the normalised texts and on their words in alphabetical order. Normalised: <see cref="Words.Answer"/> joined by spaces. From 0 to 1.
/// A text that contains the reference among much else stays low, because the ratio counts what has to be deleted.
/// </remarks>
public static class FuzzyMatch
{
    /// <summary>Similarity of two texts.</summary>
    public static double Ratio(string candidate, string reference, ref Work work)
    {
        List<string> a = Words.Answer(candidate), b = Words.Answer(reference);
        double plain = EditDistance.Ratio(string.Join(' ', a), string.Join(' ', b), ref work);
        double sorted = EditDistance.Ratio(string.Join(' ', a.Order(StringComparer.Ordinal)), string.Join(' ', b.Order(StringComparer.Ordinal)), ref work);
        return Math.Max(plain, sorted);
    }
}
