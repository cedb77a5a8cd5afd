using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Vision-R1: format, recall and precision of matched boxes with staged thresholds.</summary>
/// <remarks>
/// r = (format + recall + precision)/3. Boxes are matched one to one by smallest cost 5·L1 + 2·(1 − GIoU) among equal labels, L1 in shares of the image (DETR's weights; to confirm). Each matched pair is worth f(IoU): 0 below the lower
/// threshold, 1 above the upper, IoU between. Recall = share of targets whose pair reaches the lower threshold; precision = Σ f / predictions. Thresholds 0.5 and 0.75, with <see cref="VisionR1Options.Strict"/> (the second half of training) 0.75 and 0.9.
/// <para>Reference: <c>{"boxes":[..],"width":w,"height":h}</c>. "Vision-R1: Evolving Human-Free Alignment in Large Vision-Language Models via Vision-Guided Reinforcement Learning", arXiv:2503.18013 (row 119).</para>
/// </remarks>
public static class VisionR1
{
    private const double L1Weight = 5, GiouWeight = 2, Offset = 100;

    /// <summary>The reward <c>vision-r1</c>.</summary>
    public static IReward<TextSample> Reward(VisionR1Options options) => new MethodReward("vision-r1", 0, 1, ["format", "recall", "precision"], (TextSample s, DataValue r, ref Work w) => Check(s, r, options.Strict, ref w));

    /// <summary>Recall and precision terms for a pair of thresholds.</summary>
    public static (double Recall, double Precision) Terms(IReadOnlyList<Detection> predictions, IReadOnlyList<Detection> targets, double width, double height, double lower, double upper, ref Work work)
    {
        if (predictions.Count == 0 || targets.Count == 0)
        {
            return predictions.Count == targets.Count ? (1, 1) : (0, 0);
        }

        var match = BoxSet.Match(predictions, targets, (p, t) => p.Box.IsValid ? Offset - (L1Weight * L1(p.Box, t.Box, width, height)) - (GiouWeight * (1 - Box.Giou(p.Box, t.Box))) : 0, ref work);
        double recall = 0, precision = 0;
        for (int t = 0; t < match.Length; t++)
        {
            double iou = match[t] < 0 ? 0 : Box.Iou(predictions[match[t]].Box, targets[t].Box);
            recall += iou >= lower ? 1 : 0;
            precision += iou < lower ? 0 : iou > upper ? 1 : iou;
        }

        return (recall / targets.Count, precision / predictions.Count);
    }

    private static double L1(Box a, Box b, double width, double height)
        => Math.Min(4, ((Math.Abs(a.X1 - b.X1) + Math.Abs(a.X2 - b.X2)) / width) + ((Math.Abs(a.Y1 - b.Y1) + Math.Abs(a.Y2 - b.Y2)) / height));

    private static MethodScore Check(TextSample sample, DataValue reference, bool strict, ref Work work)
    {
        var gold = Gold.Boxes(Gold.Field(reference, "boxes"), "boxes");
        double width = Gold.Number(Gold.Field(reference, "width"), "width"), height = Gold.Number(Gold.Field(reference, "height"), "height");
        if (!(width > 0 && height > 0))
        {
            throw new GoldException("width and height are not above 0");
        }

        if (GeometryReader.Boxes(sample.Response, ref work) is not { } boxes)
        {
            return MethodScore.Unparsed;
        }

        double format = boxes.All(b => b.Box.IsValid) ? 1 : 0;
        var (recall, precision) = Terms(boxes, gold, width, height, strict ? 0.75 : 0.5, strict ? 0.9 : 0.75, ref work);
        return new MethodScore((format + recall + precision) / 3, format, recall, precision);
    }
}

/// <summary>Options of <c>vision-r1</c>.</summary>
public sealed record VisionR1Options
{
    /// <summary>The thresholds of the second half of training, 0.75 and 0.9. A recipe switches by <c>anneal</c> between two of these rewards.</summary>
    public bool Strict { get; init; }
}
