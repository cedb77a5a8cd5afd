namespace Meed.Rewards.Text;

/// <summary>chrF: F-score of character n-grams, with word n-grams as chrF++.</summary>
/// <remarks>
/// Over the orders 1..6 of characters (white space removed) and 1..words of words for which both sides have n-grams: P and R are the mean precision and recall, F = (1 + β²)·P·R / (β²·P + R), β = 2.
/// Words have one leading or trailing ASCII punctuation mark cut off, as in chrF++. From 0 to 1, the best reference counts. Popović 2015 and 2017; values as sacreBLEU.
/// </remarks>
public static class ChrF
{
    private const double BetaSquared = 4;

    /// <summary>Score of one text against one or more references. <paramref name="wordOrder"/> 0 is chrF, 2 is chrF++.</summary>
    public static double Sentence(string candidate, IReadOnlyList<string> references, ref Work work, int characterOrder = 6, int wordOrder = 0)
    {
        ArgumentNullException.ThrowIfNull(references);
        double best = 0;
        foreach (var reference in references)
        {
            best = Math.Max(best, Pair(candidate, reference, characterOrder, wordOrder, ref work));
        }

        return best;
    }

    private static double Pair(string candidate, string reference, int characterOrder, int wordOrder, ref Work work)
    {
        double precision = 0, recall = 0;
        int orders = 0;
        Orders(Characters(candidate), Characters(reference), characterOrder, ref work, ref precision, ref recall, ref orders);
        if (wordOrder > 0)
        {
            Orders(WordsOf(candidate), WordsOf(reference), wordOrder, ref work, ref precision, ref recall, ref orders);
        }

        if (orders == 0)
        {
            return 0;
        }

        precision /= orders;
        recall /= orders;
        return precision + recall == 0 ? 0 : (1 + BetaSquared) * precision * recall / ((BetaSquared * precision) + recall);
    }

    private static void Orders(List<string> candidate, List<string> reference, int most, ref Work work, ref double precision, ref double recall, ref int orders)
    {
        var grams = new NGrams();
        int[] own = grams.Tokens(candidate), other = grams.Tokens(reference);
        for (int n = 1; n <= most; n++)
        {
            int[] a = grams.Of(own, n, ref work), b = grams.Of(other, n, ref work);
            if (a.Length == 0 || b.Length == 0)
            {
                continue;
            }

            int matches = NGrams.Overlap(NGrams.Count(a), NGrams.Count(b));
            precision += (double)matches / a.Length;
            recall += (double)matches / b.Length;
            orders++;
        }
    }

    private static List<string> Characters(string text)
    {
        var characters = new List<string>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!(rune.IsBmp && Words.IsSpace((char)rune.Value)))
            {
                characters.Add(rune.ToString());
            }
        }

        return characters;
    }

    private static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        foreach (var word in Words.Split(text))
        {
            if (word.Length > 1 && Words.IsAsciiPunctuation(word[^1]))
            {
                words.Add(word[..^1]);
                words.Add(word[^1..]);
            }
            else if (word.Length > 1 && Words.IsAsciiPunctuation(word[0]))
            {
                words.Add(word[..1]);
                words.Add(word[1..]);
            }
            else
            {
                words.Add(word);
            }
        }

        return words;
    }
}
