using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Thinking with bounding boxes: when and where something happens in a clip.</summary>
/// <remarks>
/// r = format + consistency + tIoU + vIoU + draft, each 0..1. tIoU: of the span. vIoU: mean over the reference's frames of the IoU of the final boxes, 0 for missing ones. Draft: the same for the boxes written while thinking.
/// Consistency: share of final boxes whose frame lies inside the answered span (rule and weights to confirm in the paper), 0 without final boxes; more final boxes than twice the reference's frames make the answer unreadable.
/// <para>Reference: <c>{"span":[s,e],"boxes":{frame:[x1,y1,x2,y2],..}}</c>; answer: <c>{"start":s,"end":e,"boxes":{..}}</c>, drafts: such a map in a <c>draft</c> tag.
/// "Thinking With Bounding Boxes: Enhancing Spatio-Temporal Video Grounding via Reinforcement Fine-Tuning", 2025 (row 156).</para>
/// </remarks>
public static class TubeGrounding
{
    /// <summary>The reward <c>tube-grounding</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("tube-grounding", 0, 5, ["format", "consistency", "tiou", "viou", "draft"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var span = Gold.Spans(Gold.Field(reference, "span"), "span") is [var only] ? only : throw new GoldException("'span' is not one span");
        var gold = Tube(Gold.Field(reference, "boxes")) is { Count: > 0 } tube ? tube : throw new GoldException("'boxes' is no map of frames to boxes");
        double format = Answers.Format(sample.Response, "think", "draft", "answer");
        if (Answers.Data(sample.Response, ref work) is not { } data || GeometryReader.Spans(data) is not [var own])
        {
            return new MethodScore(format, format) { Reason = "unparsed" };
        }

        var boxes = data.Field("boxes") is { } map ? Tube(map) : null;
        boxes = boxes is not null && boxes.Count <= 2 * gold.Count ? boxes : null;
        var draft = Answers.Data(sample.Response, ref work, "draft") is { } drafted ? Tube(drafted) : null;
        double consistency = boxes is null || boxes.Count == 0 ? 0 : (double)boxes.Keys.Count(f => f >= own.Start && f <= own.End) / boxes.Count;
        double time = Interval.Iou(own, span), space = Mean(boxes, gold), first = draft is not null && draft.Count <= 2 * gold.Count ? Mean(draft, gold) : 0;
        return new MethodScore(format + consistency + time + space + first, format, consistency, time, space, first);
    }

    private static double Mean(Dictionary<double, Box>? boxes, Dictionary<double, Box> gold)
        => boxes is null ? 0 : gold.Average(g => boxes.TryGetValue(g.Key, out var box) ? Box.Iou(box, g.Value) : 0);

    private static Dictionary<double, Box>? Tube(DataValue map)
    {
        var tube = new Dictionary<double, Box>();
        foreach (var (frame, value) in map.Fields)
        {
            if (!double.TryParse(frame, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double at) || GeometryReader.Boxes(value) is not [var one])
            {
                return null;
            }

            tube[at] = one.Box;
        }

        return map.Kind == DataKind.Map && tube.Count <= Assignment.Most ? tube : null;
    }
}
