using Meed.Rewards.Structure;

namespace Meed.Rewards.Geometry;

/// <summary>A box that stands for an object.</summary>
/// <param name="Box">Where.</param>
/// <param name="Label">What; empty when there is only one class.</param>
/// <param name="Score">Confidence from 0 to 1; 1 when none was given.</param>
public readonly record struct Detection(Box Box, string Label = "", double Score = 1);

/// <summary>One-to-one matching of predicted with true boxes.</summary>
public static class BoxSet
{
    /// <summary>For each target the prediction it is matched with, -1 for none, so that Σ IoU is largest; pairs of different labels (compared without case) or without overlap stay unmatched.</summary>
    public static int[] Match(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, ref Work work)
        => Match(predictions, targets, static (p, t) => Box.Iou(p.Box, t.Box), ref work);

    /// <summary>Matching by any gain; pairs whose gain is 0 or less stay unmatched.</summary>
    public static int[] Match(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, Func<Detection, Detection, double> gain, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(gain);
        Assignment.Charge(targets.Count, predictions.Count, ref work);
        var gains = new double[targets.Count, predictions.Count];
        for (int i = 0; i < targets.Count; i++)
        {
            for (int j = 0; j < predictions.Count; j++)
            {
                gains[i, j] = SameLabel(predictions[j], targets[i]) ? Math.Max(0, gain(predictions[j], targets[i])) : 0;
            }
        }

        var match = Assignment.Maximum(gains, ref work);
        for (int i = 0; i < match.Length; i++) { match[i] = match[i] >= 0 && gains[i, match[i]] > 0 ? match[i] : -1; }
        return match;
    }

    /// <summary>IoU of each target with its matched prediction, 0 where there is none.</summary>
    public static double[] MatchedIou(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, ref Work work)
        => [.. Match(predictions, targets, ref work).Select((j, i) => j < 0 ? 0 : Box.Iou(predictions[j].Box, targets[i].Box))];

    /// <summary>Σ IoU of matched pairs / max(predictions, targets), so that neither missing nor adding boxes pays; two empty sets are 1.</summary>
    public static double MeanIou(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, ref Work work)
    {
        int most = Math.Max(predictions.Count, targets.Count);
        return most == 0 ? 1 : Math.Min(1, MatchedIou(predictions, targets, ref work).Sum() / most);
    }

    /// <summary>Precision and recall of pairs whose IoU reaches a threshold; two empty sets are (1, 1), one empty set is (0, 0).</summary>
    public static Text.PrecisionRecall AtThreshold(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, double threshold, ref Work work)
    {
        if (predictions.Count == 0 && targets.Count == 0)
        {
            return new Text.PrecisionRecall(1, 1);
        }

        int hits = MatchedIou(predictions, targets, ref work).Count(v => v > 0 && v >= threshold);
        return predictions.Count == 0 || targets.Count == 0 ? default : new Text.PrecisionRecall((double)hits / predictions.Count, (double)hits / targets.Count);
    }

    internal static bool SameLabel(Detection a, Detection b) => a.Label.Equals(b.Label, StringComparison.OrdinalIgnoreCase);
}
