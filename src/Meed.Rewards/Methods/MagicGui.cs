using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>MagicGUI: action type, then arguments, with graded credit for places.</summary>
/// <remarks>
/// r = 0.2·format + 0.3·type + 0.5·arguments; arguments only with the right type. A click inside the target box earns 1 − ½·d/d_max (d the distance from the middle, d_max that of a corner), outside it exp(−2·gap/diagonal)·¼ with the gap to the box
/// (curve to confirm in the paper); a box argument earns IoU; other arguments are compared as answers. Mean over the reference's arguments; unwanted arguments count as wrong ones.
/// <para>Reference: <c>{"action":..,"box":[..]}</c> for clicks, otherwise further fields; the answer is <c>{"action":..,"point":[x,y]}</c> or with those fields. "MagicGUI: A Foundational Mobile GUI Agent with Scalable Data Pipeline and Reinforcement Fine-tuning", 2025 (row 131).</para>
/// </remarks>
public static class MagicGui
{
    /// <summary>The reward <c>magic-gui</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("magic-gui", 0, 1, ["format", "type", "arguments"], Check);

    /// <summary>Graded credit of a click, 0..1.</summary>
    public static double Place(Point point, Box target)
    {
        if (!point.IsValid || !target.IsValid)
        {
            return 0;
        }

        double half = double.Hypot(target.Width, target.Height) / 2;
        if (target.Contains(point))
        {
            return 1 - (0.5 * Point.Distance(point, target.Center) / half);
        }

        double x = Math.Max(0, Math.Max(target.X1 - point.X, point.X - target.X2)), y = Math.Max(0, Math.Max(target.Y1 - point.Y, point.Y - target.Y2));
        return 0.25 * Math.Exp(-double.Hypot(x, y) / half);
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Text(Gold.Field(reference, "action"), "action");
        double format = Answers.ThinkAnswer(sample.Response);
        var answer = Answers.Data(sample.Response, ref work);
        double type = answer?.Field("action") is { Kind: DataKind.Text } own && own.Text.Equals(gold, StringComparison.OrdinalIgnoreCase) ? 1 : 0, arguments = 0;
        if (type == 1)
        {
            var wanted = reference.Fields.Where(f => f.Key != "action").ToList();
            int extra = answer!.Fields.Keys.Count(k => k is not ("action" or "point") && reference.Field(k) is null);
            foreach (var (name, value) in wanted)
            {
                if (name == "box")
                {
                    var box = Gold.Box(value, name);
                    arguments += answer.Field("point") is { } p && GeometryReader.Points(p) is [var point] ? Place(point, box) : answer.Field("box") is { } b && GeometryReader.Boxes(b) is [var one] ? Box.Iou(one.Box, box) : 0;
                }
                else
                {
                    arguments += Answers.Same(answer.Field(name)?.Text, Gold.Text(value, name));
                }
            }

            arguments = wanted.Count == 0 && extra == 0 ? 1 : arguments / Math.Max(1, wanted.Count + extra);
        }

        return new MethodScore((0.2 * format) + (0.3 * type) + (0.5 * arguments), format, type, arguments) { Reason = answer is null ? "unparsed" : null };
    }
}
