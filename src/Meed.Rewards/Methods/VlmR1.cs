using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>VLM-R1: IoU for one named object, count-penalised mAP for detection.</summary>
/// <remarks>
/// r = accuracy + format. A reference of one box without a label: accuracy = IoU of the only box answered. Otherwise accuracy = min(1, n_gt / n_pred)·mAP with COCO's 101 points and ten thresholds
/// (<see cref="AveragePrecision"/>); the factor stops the box spamming that plain AP rewards.
/// <para>Reference: a box, or a list of <c>{"bbox_2d":[..],"label":".."}</c>. "VLM-R1: A Stable and Generalizable R1-style Large Vision-Language Model", arXiv:2504.07615 (row 34).</para>
/// </remarks>
public static class VlmR1
{
    /// <summary>The reward <c>vlm-r1</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("vlm-r1", 0, 2, ["format", "accuracy"], Check);

    /// <summary>min(1, n_gt / n_pred)·mAP.</summary>
    public static double Detection(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, ref Work work)
        => AveragePrecision.WithCountPenalty(AveragePrecision.Mean(predictions, targets, AveragePrecision.CocoThresholds, PrecisionAverage.Coco101, ref work), predictions.Count, targets.Count);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Boxes(reference);
        double format = Answers.ThinkAnswer(sample.Response);
        var boxes = Answers.Data(sample.Response, ref work) is { } data ? GeometryReader.Boxes(data) : null;
        double accuracy = boxes is null ? 0
            : gold is [{ Label: "" }] ? (boxes.Count == 1 ? Box.Iou(boxes[0].Box, gold[0].Box) : 0)
            : Detection(boxes, gold, ref work);
        return new MethodScore(accuracy + format, format, accuracy) { Reason = boxes is null ? "unparsed" : null };
    }
}
