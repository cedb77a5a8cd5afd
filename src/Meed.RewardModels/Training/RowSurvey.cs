using Meed.Numerics;
using Meed.RewardModels.Data;

namespace Meed.RewardModels.Training;

/// <summary>One look at rows that are too many to hold: how many each part has, and an even sample of each.</summary>
/// <param name="Rows">Rows of training, validation and test part.</param>
/// <param name="Sample">At most so many rows of each part, in the order of the files.</param>
public sealed record RowSurvey(IReadOnlyDictionary<SplitPart, long> Rows, IReadOnlyList<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Sample)
{
    /// <summary>Reads all rows once; memory holds the sample.</summary>
    /// <remarks>Reservoir sampling (Vitter 1985, algorithm R): every row of a part is kept with the same probability.</remarks>
    /// <param name="rows">The rows.</param>
    /// <param name="most">Rows kept of each part.</param>
    /// <param name="random">Decides which.</param>
    /// <param name="stop">Stops the reading.</param>
    public static RowSurvey Take(IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> rows, int most, RandomStream random, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var parts = Enum.GetValues<SplitPart>();
        var counts = parts.ToDictionary(p => p, _ => 0L);
        var kept = parts.ToDictionary(p => p, _ => new List<(long At, (PreferenceRow, bool, SplitPart) Row)>());
        long at = 0;
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            var own = kept[row.Part];
            long seen = ++counts[row.Part];
            if (own.Count < most)
            {
                own.Add((at, row));
            }
            else if ((long)(random.NextDouble() * seen) is var place && place < most)
            {
                own[(int)place] = (at, row);
            }

            at++;
        }

        return new RowSurvey(counts, [.. kept.Values.SelectMany(k => k).OrderBy(k => k.At).Select(k => k.Row)]);
    }
}
