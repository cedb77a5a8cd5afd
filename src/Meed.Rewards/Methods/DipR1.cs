using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>DIP-R1: reason, look again where detections disagree, answer.</summary>
/// <remarks>
/// r = format + look + answer, each 0..1. Format: tags <c>think</c>, <c>look</c>, <c>answer</c> in order. Look: Σ of the variances of the ambiguous regions that an inspected box covers (IoU ≥ 0.5, one to one) over Σ of all
/// variances, times min(1, regions / inspected boxes), so that inspecting everything does not pay. Answer: ½·precision + ½·recall of boxes at IoU ≥ 0.5, matched one to one (weights to confirm in the paper; equal here).
/// <para>Reference: <c>{"boxes":[..],"regions":[{"box":[..],"score":variance},..]}</c>. "DIP-R1: Deep Inspection and Perception with RL", 2025 (row 50).</para>
/// </remarks>
public static class DipR1
{
    private const double Threshold = 0.5;

    /// <summary>The reward <c>dip-r1</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("dip-r1", 0, 3, ["format", "look", "answer"], Check);

    /// <summary>The look term.</summary>
    public static double Look(IReadOnlyList<Detection> inspected, IReadOnlyList<Detection> regions, ref Work work)
    {
        double all = regions.Sum(r => r.Score);
        if (all <= 0)
        {
            return inspected.Count == 0 ? 1 : 0;
        }

        var iou = BoxSet.MatchedIou(inspected, regions, ref work);
        double found = regions.Select((r, i) => iou[i] >= Threshold ? r.Score : 0).Sum();
        return found / all * Math.Min(1, (double)regions.Count / Math.Max(1, inspected.Count));
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Boxes(Gold.Field(reference, "boxes"), "boxes");
        var regions = Gold.Boxes(Gold.Field(reference, "regions"), "regions");
        double format = Answers.Format(sample.Response, "think", "look", "answer");
        var inspected = Answers.Data(sample.Response, ref work, "look") is { } looked ? GeometryReader.Boxes(looked) : null;
        var boxes = Answers.Data(sample.Response, ref work) is { } data ? GeometryReader.Boxes(data) : null;
        double look = inspected is null ? 0 : Look(inspected, regions, ref work), answer = 0;
        if (boxes is not null)
        {
            var pr = BoxSet.AtThreshold(boxes, gold, Threshold, ref work);
            answer = (pr.Precision + pr.Recall) / 2;
        }

        return new MethodScore(format + look + answer, format, look, answer) { Reason = boxes is null ? "unparsed" : null };
    }
}
