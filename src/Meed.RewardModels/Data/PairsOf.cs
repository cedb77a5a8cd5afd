namespace Meed.RewardModels.Data;

/// <summary>Comparisons that follow from ranks, ratings or labels of single responses.</summary>
public static class PairsOf
{
    /// <summary>All pairs of different rank, else of different rating, else of different label; better first.</summary>
    /// <param name="responses">The responses of one prompt.</param>
    /// <param name="margin">The margin where ratings give none.</param>
    public static IReadOnlyList<PreferencePair> Responses(IReadOnlyList<RatedResponse> responses, double margin = 0)
    {
        ArgumentNullException.ThrowIfNull(responses);
        Func<RatedResponse, double?> value = responses.Any(r => r.Rank is not null) ? r => -r.Rank : responses.Any(r => r.Rating is not null) ? r => r.Rating : r => r.Label is { } l ? l ? 1 : 0 : null;
        bool rated = responses.All(r => r.Rank is null) && responses.Any(r => r.Rating is not null);
        var pairs = new List<PreferencePair>();
        for (int i = 0; i < responses.Count; i++)
        {
            for (int j = i + 1; j < responses.Count; j++)
            {
                if (value(responses[i]) is { } a && value(responses[j]) is { } b && a != b)
                {
                    pairs.Add(a > b ? new PreferencePair(i, j, 1, rated ? a - b : margin) : new PreferencePair(j, i, 1, rated ? b - a : margin));
                }
            }
        }

        return pairs;
    }

    /// <summary>Every response with a true label before every one with a false label.</summary>
    public static IReadOnlyList<PreferencePair> Labels(IReadOnlyList<RatedResponse> responses) =>
        [.. from i in Enumerable.Range(0, responses.Count) where responses[i].Label == true from j in Enumerable.Range(0, responses.Count) where responses[j].Label == false select new PreferencePair(i, j)];
}
