using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>GoT-R1: a layout plan judged for itself and against the picture drawn from it.</summary>
/// <remarks>
/// r = R_PI·(R_sem + R_spa)·R_RI, 0..2. R_sem: objects of the prompt that the plan names, one to one, over max(objects, planned). R_spa: share of the prompt's relations (left-of, right-of, above, below) that hold between the middles
/// of the planned boxes; 1 without relations. R_RI: mean IoU of planned with detected boxes, one to one by label, over the larger number. R_PI: how well the picture fits the prompt, 0..1, from whoever looked at it.
/// <para>Reference: <c>{"objects":[names],"relations":[[a,"left-of",b],..]}</c>. The item's <c>image</c>: <c>{"score":R_PI,"boxes":[detected]}</c>. The response: JSON list of <c>{"label","box"}</c>.
/// "GoT-R1: Unleashing Reasoning Capability of MLLM for Visual Generation with Reinforcement Learning", 2025 (row 64).</para>
/// </remarks>
public static class GotR1
{
    /// <summary>The reward <c>got-r1</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("got-r1", 0, 2, ["prompt-image", "semantic", "spatial", "plan-image"], Check);

    /// <summary>Share of objects named, one to one; surplus objects count against it.</summary>
    public static double Semantic(IReadOnlyList<Detection> plan, IReadOnlyList<string> objects)
    {
        var left = plan.Where(d => d.Box.IsValid).Select(d => d.Label).ToList();
        int found = objects.Count(o => left.FindIndex(l => l.Equals(o, StringComparison.OrdinalIgnoreCase)) is var at && at >= 0 && Remove(left, at));
        int most = Math.Max(objects.Count, plan.Count);
        return most == 0 ? 1 : (double)found / most;
    }

    /// <summary>Share of relations that hold; an object that is planned several times or not at all fails its relations.</summary>
    public static double Spatial(IReadOnlyList<Detection> plan, IReadOnlyList<(string A, string Relation, string B)> relations)
        => relations.Count == 0 ? 1 : (double)relations.Count(r => One(plan, r.A) is { } a && One(plan, r.B) is { } b && Holds(a.Center, r.Relation, b.Center)) / relations.Count;

    private static bool Remove(List<string> list, int at)
    {
        list.RemoveAt(at);
        return true;
    }

    private static Box? One(IReadOnlyList<Detection> plan, string label)
    {
        var found = plan.Where(d => d.Label.Equals(label, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 && found[0].Box.IsValid ? found[0].Box : null;
    }

    private static bool Holds(Point a, string relation, Point b) => relation switch
    {
        "left-of" => a.X < b.X,
        "right-of" => a.X > b.X,
        "above" => a.Y < b.Y,
        "below" => a.Y > b.Y,
        _ => throw new GoldException($"relation '{relation}' is unknown; known: left-of, right-of, above, below"),
    };

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var objects = Gold.Texts(Gold.Field(reference, "objects"), "objects");
        var relations = (reference.Field("relations")?.Items ?? []).Select(r => r.Items.Count == 3 ? (Gold.Text(r.Items[0]), Gold.Text(r.Items[1]), Gold.Text(r.Items[2])) : throw new GoldException("a relation is [a, relation, b]")).ToList();
        var image = DataValue.From(sample.Item)?.Field("image") ?? throw new GoldException("the item has no 'image'");
        double fit = Math.Clamp(Gold.Number(Gold.Field(image, "score"), "score"), 0, 1);
        var drawn = GeometryReader.Boxes(Gold.Field(image, "boxes")) ?? throw new GoldException("'image.boxes' holds no boxes");
        if (GeometryReader.Boxes(sample.Response, ref work) is not { } plan)
        {
            return MethodScore.Unparsed;
        }

        work.Charge((long)plan.Count * (objects.Count + (2 * relations.Count) + 1));
        double semantic = Semantic(plan, objects), spatial = Spatial(plan, relations), match = BoxSet.MeanIou(plan, drawn, ref work);
        return new MethodScore(fit * (semantic + spatial) * match, fit, semantic, spatial, match);
    }
}
