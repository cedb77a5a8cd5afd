using System.Text.Json;
using Meed.Rewards.Text;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Structure;

/// <summary>Citations such as [2] or [1, 3] in a text.</summary>
public static class Citations
{
    private const int LongestMark = 200;

    /// <summary>The numbers cited, in order, with repetitions.</summary>
    public static IReadOnlyList<int> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cited = new List<int>();
        for (int i = text.IndexOf('['); i >= 0; i = text.IndexOf('[', i + 1))
        {
            int end = text.AsSpan(i, Math.Min(LongestMark, text.Length - i)).IndexOf(']');
            if (end < 0)
            {
                continue;
            }

            var parts = text[(i + 1)..(i + end)].Split(',', StringSplitOptions.TrimEntries);
            if (parts.All(p => p.Length is > 0 and <= 6 && p.All(char.IsAsciiDigit)))
            {
                cited.AddRange(parts.Select(int.Parse));
                i += end;
            }
        }

        return cited;
    }

    /// <summary>Share of sentences that carry a citation; 0 for a text without a sentence.</summary>
    public static double CitedSentences(string text)
    {
        var sentences = Sentences.Spaced(text);
        return sentences.Count == 0 ? 0 : (double)sentences.Count(s => Read(s).Count > 0) / sentences.Count;
    }

    /// <summary>Precision, recall and F1 of the set of cited numbers against the supporting ones. Nothing cited and nothing to cite is 1 throughout.</summary>
    public static (double Precision, double Recall, double F1) Score(IEnumerable<int> cited, IReadOnlySet<int> support)
    {
        ArgumentNullException.ThrowIfNull(support);
        var set = new HashSet<int>(cited);
        if (set.Count == 0 && support.Count == 0)
        {
            return (1, 1, 1);
        }

        int right = set.Count(support.Contains);
        double precision = set.Count == 0 ? 0 : (double)right / set.Count, recall = support.Count == 0 ? 0 : (double)right / support.Count;
        return (precision, recall, right == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }
}

/// <summary>F1 of the sources a response cites against the sources that support its answer.</summary>
/// <remarks>
/// The reference is the list of supporting numbers. Citing every source costs precision, citing none costs recall. Components: <c>precision</c>, <c>recall</c>, <c>cited</c> (share of sentences with a citation).
/// </remarks>
public sealed class CitationReward : TextVerifier
{
    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new("citations", "1", ["precision", "recall", "cited"], 0, 1, RewardScope.Sample, true);

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        if (sample.Reference.ValueKind != JsonValueKind.Array || sample.Reference.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Number || !e.TryGetInt32(out _)))
        {
            row.Fail(ScoreStatus.InvalidReference, "the reference is no list of source numbers");
            return;
        }

        work.Charge(4L * (sample.Response.Length + 1));
        var support = new HashSet<int>(sample.Reference.EnumerateArray().Select(e => e.GetInt32()));
        var (precision, recall, f1) = Citations.Score(Citations.Read(sample.Response), support);
        row.Component(0, precision);
        row.Component(1, recall);
        row.Component(2, Citations.CitedSentences(sample.Response));
        row.Set(f1);
    }
}
