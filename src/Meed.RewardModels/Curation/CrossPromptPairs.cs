using Meed.RewardModels.Data;

namespace Meed.RewardModels.Curation;

/// <summary>Adds comparisons with responses to other prompts, so that length and style alone stop telling which side wins.</summary>
/// <remarks>
/// For a comparison i and other prompts j, k, under the prompt of i: both responses of i beat each of the four responses of j and k (they do not answer the prompt), and any two of those four tie. That makes eight decided rows and six ties.
/// Of them, those stay on which a model trained on the labelled rows is wrong by 0.2 or more (<see cref="Keeps"/>).
/// <para>RRM, "Robust Reward Model Training Mitigates Reward Hacking", Liu et al. 2024, arXiv:2409.13156, section 3.2 (atlas row 252).</para>
/// </remarks>
public static class CrossPromptPairs
{
    /// <summary>The added rows for a comparison.</summary>
    /// <param name="row">A row with one decided pair.</param>
    /// <param name="other">A row of another prompt.</param>
    /// <param name="third">A row of a third prompt.</param>
    /// <returns>14 rows with the prompt of <paramref name="row"/>: chosen, then rejected, each before the four responses of the other rows; then the six ties between those four.</returns>
    public static IEnumerable<PreferenceRow> Augment(PreferenceRow row, PreferenceRow other, PreferenceRow third)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(third);
        var (chosen, rejected) = Sides(row);
        var (otherChosen, otherRejected) = Sides(other);
        var (thirdChosen, thirdRejected) = Sides(third);
        RatedResponse[] off = [otherChosen, otherRejected, thirdChosen, thirdRejected];
        foreach (var own in (RatedResponse[])[chosen, rejected])
        {
            foreach (var response in off)
            {
                yield return Row(row, own, response, 1);
            }
        }

        for (int a = 0; a < off.Length; a++)
        {
            for (int b = a + 1; b < off.Length; b++)
            {
                yield return Row(row, off[a], off[b], 0.5);
            }
        }
    }

    /// <summary>True where a model trained on the labelled rows is far enough from the label for an added row to be worth training on.</summary>
    /// <param name="predicted">That model's probability that the first response is preferred.</param>
    /// <param name="label">The row's label: 1, or 0.5 for a tie.</param>
    /// <param name="gap">Smallest distance; the paper's is 0.2.</param>
    public static bool Keeps(double predicted, double label, double gap = 0.2) => Math.Abs(predicted - label) >= gap;

    private static PreferenceRow Row(PreferenceRow of, RatedResponse first, RatedResponse second, double probability) =>
        of with { Responses = [first, second], Pairs = [new PreferencePair(0, 1, probability)] };

    private static (RatedResponse Chosen, RatedResponse Rejected) Sides(PreferenceRow row)
    {
        var pair = row.Pairs.FirstOrDefault(p => !p.IsTie) ?? throw new ArgumentException($"CrossPromptPairs: line {row.Line} has no decided pair.", nameof(row));
        var (first, second) = (row.Responses[pair.First], row.Responses[pair.Second]);
        return pair.Probability > 0.5 ? (first, second) : (second, first);
    }
}
