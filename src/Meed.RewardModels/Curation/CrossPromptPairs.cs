using Meed.RewardModels.Data;

namespace Meed.RewardModels.Curation;

/// <summary>Adds comparisons with responses to other prompts, so that length and style alone stop telling which side wins.</summary>
/// <remarks>
/// For a comparison i and other prompts j, k: both responses of i beat a response of j (it does not answer the prompt), and a response of j ties with one of k.
/// <para>RRM, "Robust Reward Model Training Mitigates Reward Hacking" (atlas row 252), Figure 2. The row's eight kinds of triples come down to these: on-topic before off-topic, off-topic equal to off-topic.</para>
/// </remarks>
public static class CrossPromptPairs
{
    /// <summary>The added rows for a comparison.</summary>
    /// <param name="row">A row with one decided pair.</param>
    /// <param name="other">A row of another prompt.</param>
    /// <param name="third">A row of a third prompt.</param>
    /// <returns>Rows with the prompt of <paramref name="row"/>: chosen and rejected each before both responses of the other row, and ties between the other rows' responses.</returns>
    public static IEnumerable<PreferenceRow> Augment(PreferenceRow row, PreferenceRow other, PreferenceRow third)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(third);
        var (chosen, rejected) = Sides(row);
        var (otherChosen, otherRejected) = Sides(other);
        var (thirdChosen, thirdRejected) = Sides(third);
        foreach (var own in (RatedResponse[])[chosen, rejected])
        {
            foreach (var off in (RatedResponse[])[otherChosen, otherRejected])
            {
                yield return Row(row, own, off, 1);
            }
        }

        yield return Row(row, otherChosen, thirdChosen, 0.5);
        yield return Row(row, otherChosen, thirdRejected, 0.5);
        yield return Row(row, otherRejected, thirdChosen, 0.5);
        yield return Row(row, otherRejected, thirdRejected, 0.5);
    }

    private static PreferenceRow Row(PreferenceRow of, RatedResponse first, RatedResponse second, double probability) =>
        of with { Responses = [first, second], Pairs = [new PreferencePair(0, 1, probability)] };

    private static (RatedResponse Chosen, RatedResponse Rejected) Sides(PreferenceRow row)
    {
        var pair = row.Pairs.FirstOrDefault(p => !p.IsTie) ?? throw new ArgumentException($"CrossPromptPairs: line {row.Line} has no decided pair.", nameof(row));
        var (first, second) = (row.Responses[pair.First], row.Responses[pair.Second]);
        return pair.Probability > 0.5 ? (first, second) : (second, first);
    }
}
