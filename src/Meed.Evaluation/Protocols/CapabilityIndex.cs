namespace Meed.Evaluation.Protocols;

/// <summary>How an answer of a task type is scored.</summary>
public enum AnswerMetric : byte
{
    /// <summary>Exact match of a choice.</summary>
    Choice,

    /// <summary>Mean relative accuracy of a number: the share of tolerances 50 %, 45 % … 5 % that the relative error stays below.</summary>
    Number,

    /// <summary>Share of the pairs of an ordering that stand in the right order.</summary>
    Order,
}

/// <summary>A task type of a benchmark in cognitive levels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">Its level, from 1.</param>
/// <param name="Metric">How its answers are scored.</param>
public sealed record TaskType(string Name, int Level, AnswerMetric Metric);

/// <summary>Scores of all task types merged into one figure by level.</summary>
/// <remarks>
/// After SpatialBench (atlas row 147). Index = 100·Σ w(l)·s(l) / Σ w(l), s(l) the mean score of the level's task types. The weights are settled here as w(l) = l, so that planning weighs five times what observation does; others can be given.
/// Mean relative accuracy is that of VSI-Bench (arXiv:2412.14171).
/// </remarks>
public static class CapabilityIndex
{
    /// <summary>Score of one answer, 0 to 1. Choices and numbers are lists of one.</summary>
    public static double Score(AnswerMetric metric, IReadOnlyList<double> truth, IReadOnlyList<double> answer)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(answer);
        if (truth.Count == 0 || answer.Count != truth.Count)
        {
            return 0;   // the answer cannot be read as one of this type
        }

        switch (metric)
        {
            case AnswerMetric.Choice:
                return truth[0] == answer[0] ? 1 : 0;
            case AnswerMetric.Number:
                double error = truth[0] == 0 ? answer[0] == 0 ? 0 : 1 : Math.Abs(answer[0] - truth[0]) / Math.Abs(truth[0]);
                return Enumerable.Range(1, 10).Count(k => error < 0.05 * k) / 10.0;
            default:
                // Truth and answer give each element's place.
                int right = 0, all = 0;
                for (int i = 0; i < truth.Count; i++)
                {
                    for (int j = i + 1; j < truth.Count; j++)
                    {
                        all++;
                        right += Math.Sign(truth[i] - truth[j]) == Math.Sign(answer[i] - answer[j]) ? 1 : 0;
                    }
                }

                return all == 0 ? 1 : (double)right / all;
        }
    }

    /// <summary>The index of mean scores by task type, 0 to 100.</summary>
    /// <param name="types">T task types.</param>
    /// <param name="scores">Mean score of each.</param>
    /// <param name="weight">Weight of a level; l where null.</param>
    public static double Of(IReadOnlyList<TaskType> types, IReadOnlyList<double> scores, Func<int, double>? weight = null)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(scores);
        if (types.Count == 0 || types.Count != scores.Count)
        {
            throw new ArgumentException($"CapabilityIndex.Of: {scores.Count} scores for {types.Count} task types; one each.");
        }

        var levels = Levels(types, scores);
        return 100 * levels.Sum(l => (weight?.Invoke(l.Key) ?? l.Key) * l.Value) / levels.Sum(l => weight?.Invoke(l.Key) ?? l.Key);
    }

    /// <summary>Mean score of each level.</summary>
    public static IReadOnlyDictionary<int, double> Levels(IReadOnlyList<TaskType> types, IReadOnlyList<double> scores) =>
        new SortedDictionary<int, double>(types.Select((t, i) => (t.Level, Score: scores[i])).GroupBy(t => t.Level).ToDictionary(g => g.Key, g => g.Average(t => t.Score)));
}
