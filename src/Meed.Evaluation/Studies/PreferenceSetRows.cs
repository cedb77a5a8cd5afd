using Meed.RewardModels.Data;
using Meed.Rewards;
using Meed.Tasks.PreferenceSet;

namespace Meed.Evaluation.Studies;

/// <summary>A generated preference set as the rows that reward models read.</summary>
public static class PreferenceSetRows
{
    /// <summary>Every row of a seed with its part: training and validation as they were judged, the test part by the gold reward.</summary>
    /// <param name="task">The world.</param>
    /// <param name="seed">Seed of the comparisons.</param>
    /// <returns>Rows; their order does not tell which side is better.</returns>
    public static IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> All(PreferenceSetTask task, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Training(seed).Select(p => (Of(p), false, PreferenceSetTask.Validation(p.Prompt) ? SplitPart.Validation : SplitPart.Train))
            .Concat(task.Test(seed).Select(p => (Of(p), false, SplitPart.Test)));
    }

    /// <summary>One comparison as a row, with ratings, labels and criteria for objectives that read them.</summary>
    public static PreferenceRow Of(DescribedPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new PreferenceRow
        {
            Source = "preference-set",
            Prompt = [new Message("user", pair.Prompt)],
            Responses = [Response(pair.First, pair.Ratings.First), Response(pair.Second, pair.Ratings.Second)],
            Pairs = [new PreferencePair(0, 1, pair.Probability, Math.Abs(pair.Ratings.First - pair.Ratings.Second), pair.Annotator)],
            Annotator = pair.Annotator,
            Context = pair.Context,
            Subset = pair.Verified ? "verified" : null,
        };
    }

    private static RatedResponse Response(DescribedResponse response, double rating) => new()
    {
        Text = response.Text,
        Rating = rating,
        Label = rating > 0,
        Attributes = Enumerable.Range(0, PreferenceSetTask.Criteria.Count).ToDictionary(c => PreferenceSetTask.Criteria[c], response.By),
    };
}
