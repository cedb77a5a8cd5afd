using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Visual-RFT: rewards for detection, classification and grounding.</summary>
/// <remarks>
/// Detection: r = mean IoU + confidence + format; mean IoU: Σ IoU of matched boxes over the larger of predictions and targets; confidence: the mean over predictions of c when the box is matched with
/// IoU ≥ 0.5, else 1 − c. Classification: r = [label right] + format. Grounding: r = IoU + format. Each term 0..1.
/// <para>In the paper both means are over predictions; here both are also charged for the difference in number, min(n, m)/max(n, m), since one easy box, or many boxes of confidence 0, would otherwise earn what finding everything earns. Reference: list of labelled boxes, one box without a label, or a text label.
/// "Visual-RFT: Visual Reinforcement Fine-Tuning", arXiv:2503.01785 (row 108).</para>
/// </remarks>
public static class VisualRft
{
    private const double Hit = 0.5;

    /// <summary>The reward <c>visual-rft</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("visual-rft", 0, 3, ["format", "accuracy", "confidence"], Check);

    /// <summary>Mean IoU and confidence terms of a set of detections.</summary>
    public static (double Iou, double Confidence) Detections(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, ref Work work)
    {
        if (predictions.Count == 0)
        {
            return targets.Count == 0 ? (1, 1) : (0, 0);
        }

        var match = BoxSet.Match(predictions, targets, ref work);
        var iou = new double[predictions.Count];
        for (int t = 0; t < match.Length; t++)
        {
            if (match[t] >= 0) { iou[match[t]] = Box.Iou(predictions[match[t]].Box, targets[t].Box); }
        }

        double confidence = predictions.Select((p, i) => iou[i] >= Hit ? Math.Clamp(p.Score, 0, 1) : 1 - Math.Clamp(p.Score, 0, 1)).Average();
        return (iou.Sum() / Math.Max(predictions.Count, targets.Count), confidence * Math.Min(predictions.Count, targets.Count) / Math.Max(predictions.Count, targets.Count));
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        double format = Answers.ThinkAnswer(sample.Response);
        if (reference.Kind == DataKind.Text)
        {
            double right = Answers.Same(Answers.Only(sample.Response), reference.Text);
            return new MethodScore(format + right, format, right, 0);
        }

        var gold = Gold.Boxes(reference);
        if (Answers.Data(sample.Response, ref work) is not { } data || GeometryReader.Boxes(data) is not { } boxes)
        {
            return new MethodScore(format, format) { Reason = "unparsed" };
        }

        if (gold is [{ Label: "" }])
        {
            double iou = boxes.Count == 1 ? Box.Iou(boxes[0].Box, gold[0].Box) : 0;
            return new MethodScore(format + iou, format, iou, 0);
        }

        var (mean, confidence) = Detections(boxes, gold, ref work);
        return new MethodScore(format + mean + confidence, format, mean, confidence);
    }
}
