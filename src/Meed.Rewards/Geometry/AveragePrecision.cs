namespace Meed.Rewards.Geometry;

/// <summary>How precision is averaged over recall.</summary>
public enum PrecisionAverage : byte
{
    /// <summary>The precision envelope at recall 0, 0.01, …, 1 (COCO).</summary>
    Coco101,

    /// <summary>The area under the precision envelope (Pascal VOC from 2010 on).</summary>
    PascalArea,

    /// <summary>The precision envelope at recall 0, 0.1, …, 1 (Pascal VOC 2007).</summary>
    Pascal11,
}

/// <summary>Mean average precision of detections in one image.</summary>
/// <remarks>
/// Predictions are taken in falling order of score (ties in the order given); each takes the free target of its label with the largest IoU when that reaches the threshold, otherwise it is false. AP averages the
/// precision envelope over recall; mAP is the mean over labels that occur among the targets or the predictions (a label that is only predicted has AP 0), and over thresholds.
/// No targets and no predictions is 1. Everingham et al. 2010; Lin et al. 2014, arXiv:1405.0312. COCO leaves labels without a target out of the mean; here they count, because an answer that names
/// objects which are not there must not be free.
/// </remarks>
public static class AveragePrecision
{
    /// <summary>COCO's ten thresholds 0.5, 0.55, …, 0.95.</summary>
    public static IReadOnlyList<double> CocoThresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => 0.5 + (0.05 * i))];

    /// <summary>mAP of one image.</summary>
    public static double Mean(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, IReadOnlyList<double> thresholds, PrecisionAverage average, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(thresholds);
        if (predictions.Count == 0 && targets.Count == 0)
        {
            return 1;
        }

        work.Charge(((long)predictions.Count * targets.Count * thresholds.Count) + (40L * (predictions.Count + targets.Count) * thresholds.Count));
        var labels = predictions.Concat(targets).Select(d => d.Label).Distinct(StringComparer.OrdinalIgnoreCase);
        double sum = 0;
        int count = 0;
        foreach (var label in labels)
        {
            var own = predictions.Where(p => p.Label.Equals(label, StringComparison.OrdinalIgnoreCase)).OrderByDescending(p => p.Score).ToList();
            var gold = targets.Where(t => t.Label.Equals(label, StringComparison.OrdinalIgnoreCase)).ToList();
            foreach (double threshold in thresholds)
            {
                sum += gold.Count == 0 ? 0 : One(own, gold, threshold, average);
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>min(1, targets / predictions)·mAP: more boxes than objects cost their share.</summary>
    public static double WithCountPenalty(double map, int predictions, int targets) => predictions <= targets ? map : map * targets / predictions;

    private static double One(List<Detection> predictions, List<Detection> targets, double threshold, PrecisionAverage average)
    {
        var taken = new bool[targets.Count];
        var precision = new double[predictions.Count];
        var recall = new double[predictions.Count];
        int hits = 0;
        for (int i = 0; i < predictions.Count; i++)
        {
            int best = -1;
            double most = threshold;
            for (int t = 0; t < targets.Count; t++)
            {
                double iou = taken[t] ? -1 : Box.Iou(predictions[i].Box, targets[t].Box);
                if (iou > 0 && (iou > most || (iou >= most && best < 0)))
                {
                    (best, most) = (t, iou);
                }
            }

            if (best >= 0)
            {
                taken[best] = true;
                hits++;
            }

            precision[i] = (double)hits / (i + 1);
            recall[i] = (double)hits / targets.Count;
        }

        for (int i = precision.Length - 2; i >= 0; i--) { precision[i] = Math.Max(precision[i], precision[i + 1]); }
        return average switch
        {
            PrecisionAverage.Coco101 => Sampled(precision, recall, 100),
            PrecisionAverage.Pascal11 => Sampled(precision, recall, 10),
            _ => Area(precision, recall),
        };
    }

    private static double Sampled(double[] precision, double[] recall, int steps)
    {
        double sum = 0;
        int at = 0;
        for (int s = 0; s <= steps; s++)
        {
            while (at < recall.Length && recall[at] < ((double)s / steps) - 1e-12) { at++; }
            sum += at < precision.Length ? precision[at] : 0;
        }

        return sum / (steps + 1);
    }

    private static double Area(double[] precision, double[] recall)
    {
        double sum = 0, before = 0;
        for (int i = 0; i < recall.Length; i++)
        {
            sum += (recall[i] - before) * precision[i];
            before = recall[i];
        }

        return sum;
    }
}
