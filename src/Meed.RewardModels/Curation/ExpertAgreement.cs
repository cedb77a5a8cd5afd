namespace Meed.RewardModels.Curation;

/// <summary>Splits pairs by whether all experts agree, and picks training pairs from repeated answers for the rest.</summary>
/// <remarks>
/// Pairs on which every expert (a text reward model that reads captions) prefers the same side train the judge. The others are answered by that judge several times; outputs are scored, and the best and the worst
/// become a chosen and a rejected output for preference optimisation.
/// <para>CAREVL, "From Captions to Rewards" (atlas row 259).</para>
/// </remarks>
public static class ExpertAgreement
{
    /// <summary>1 where all experts prefer the first side, −1 where all prefer the second, 0 where they differ or one sees no difference.</summary>
    /// <param name="margins">Margin of each expert, first minus second.</param>
    public static int Of(ReadOnlySpan<double> margins)
    {
        bool first = true, second = true;
        foreach (double margin in margins)
        {
            first &= margin > 0;
            second &= margin < 0;
        }

        return margins.Length == 0 ? 0 : first ? 1 : second ? -1 : 0;
    }

    /// <summary>Best and worst of several outputs; null where their scores do not differ by the gap.</summary>
    /// <param name="scores">Score of each output.</param>
    /// <param name="gap">Smallest difference that makes a pair.</param>
    public static (int Chosen, int Rejected)? Select(IReadOnlyList<double> scores, double gap = 0)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count < 2)
        {
            return null;
        }

        int best = 0, worst = 0;
        for (int i = 1; i < scores.Count; i++)
        {
            best = scores[i] > scores[best] ? i : best;
            worst = scores[i] < scores[worst] ? i : worst;
        }

        return scores[best] - scores[worst] > gap ? (best, worst) : null;
    }
}
