using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Hierarchical visual grounding: boxes weighted by how much the answer depends on them, and the best of several reasoning patterns.</summary>
/// <remarks>
/// r = answer + format + Σ w_i·IoU_i / Σ w_i · min(1, targets / boxes) + max over patterns of ROUGE-L F1 between the thinking and the pattern (pattern term to confirm in the paper). The count factor keeps enumerating boxes from paying.
/// <para>Reference: <c>{"answer":..,"boxes":[{"box":[..],"score":w}],"patterns":[texts]}</c>; answer tag: <c>{"answer":..,"boxes":[..]}</c>. "Guiding the Inner Eye: A Framework for Hierarchical and Flexible Visual Grounded Reasoning", 2025 (row 100).</para>
/// </remarks>
public static class SalientGrounding
{
    /// <summary>The reward <c>salient-grounding</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("salient-grounding", 0, 4, ["format", "answer", "boxes", "pattern"], Check);

    /// <summary>Salience-weighted IoU of matched boxes.</summary>
    public static double Weighted(IReadOnlyList<Detection> boxes, IReadOnlyList<Detection> targets, ref Work work)
    {
        double all = targets.Sum(t => t.Score);
        if (all <= 0)
        {
            return boxes.Count == 0 ? 1 : 0;
        }

        var iou = BoxSet.MatchedIou(boxes, targets, ref work);
        return targets.Select((t, i) => t.Score * iou[i]).Sum() / all * Math.Min(1, (double)targets.Count / Math.Max(1, boxes.Count));
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Boxes(Gold.Field(reference, "boxes"), "boxes");
        double format = Answers.ThinkAnswer(sample.Response);
        var data = Answers.Data(sample.Response, ref work);
        double answer = Answers.Choice(data?.Field("answer") is { } own ? (own.Kind == DataKind.Text ? own.Text : own.ToString()) : null, Gold.Text(Gold.Field(reference, "answer"), "answer"));
        double boxes = data?.Field("boxes") is { } list && GeometryReader.Boxes(list) is { } read ? Weighted(read, gold, ref work) : 0;
        var thinking = Rouge.Tokenize(Answers.Only(sample.Response, "think") ?? "");
        double pattern = 0;
        foreach (var text in reference.Field("patterns") is { } patterns ? Gold.Texts(patterns, "patterns") : [])
        {
            pattern = Math.Max(pattern, Rouge.L(thinking, Rouge.Tokenize(text), ref work).F1);
        }

        return new MethodScore(format + answer + boxes + pattern, format, answer, boxes, pattern) { Reason = data is null ? "unparsed" : null };
    }
}
