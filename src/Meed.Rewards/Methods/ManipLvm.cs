using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>ManipLVM-R1: regions to grasp and paths to move along.</summary>
/// <remarks>
/// r = accuracy + format, 0..2. A region: IoU of the boxes. A path: ¼·Σ exp(−3·d/s) over discrete Fréchet, Hausdorff, RMSE and endpoint distance, s the length of the reference path (distances and their bounded form to confirm in the paper).
/// <para>Reference: <c>{"box":[..]}</c> or <c>{"path":[[x,y],..]}</c>. "ManipLVM-R1: Reinforcement Learning for Reasoning in Embodied Manipulation with Large Vision-Language Models", 2025 (row 254).</para>
/// </remarks>
public static class ManipLvm
{
    /// <summary>The reward <c>manip-lvm</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("manip-lvm", 0, 2, ["format", "accuracy"], Check);

    /// <summary>Closeness of a path, 0..1.</summary>
    public static double Path(IReadOnlyList<Point> path, IReadOnlyList<Point> gold, ref Work work)
    {
        double scale = 0;
        for (int i = 1; i < gold.Count; i++) { scale += Point.Distance(gold[i - 1], gold[i]); }
        scale = scale > 0 ? scale : 1;
        return (Trajectory.Similarity(Trajectory.Frechet(path, gold, ref work), scale) + Trajectory.Similarity(Trajectory.Hausdorff(path, gold, ref work), scale)
            + Trajectory.Similarity(Trajectory.Rmse(path, gold, ref work), scale) + Trajectory.Similarity(Trajectory.Endpoint(path, gold), scale)) / 4;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        double format = Answers.ThinkAnswer(sample.Response), accuracy = 0;
        var data = Answers.Data(sample.Response, ref work);
        if (reference.Field("box") is { } box)
        {
            var gold = Gold.Box(box, "box");
            accuracy = data is not null && GeometryReader.Boxes(data) is [var one] ? Box.Iou(one.Box, gold) : 0;
        }
        else
        {
            var gold = Gold.Points(Gold.Field(reference, "path"), "path");
            accuracy = data is not null && GeometryReader.Points(data) is { Count: > 0 } path ? Path(path, gold, ref work) : 0;
        }

        return new MethodScore(format + accuracy, format, accuracy) { Reason = data is null ? "unparsed" : null };
    }
}
