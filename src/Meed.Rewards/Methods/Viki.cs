using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>VIKI-R: which robots, which plan, which path.</summary>
/// <remarks>
/// r = 0.1·format + 0.9·accuracy, accuracy by the reference's level. 1: the set of robots is exactly right. 2: the plan is accepted by the simulator and is no longer than the reference's. 3: closeness of the path,
/// ⅓·Σ exp(−d/s) over RMSE, Hausdorff and discrete Fréchet distance, s the diagonal of the reference path's bounding box (to confirm in the paper; chosen here because it is bounded and free of units).
/// <para>Reference: <c>{"level":1,"robots":[..]}</c>; <c>{"level":2,"initial":[facts],"goal":[facts],"actions":{name:{"needs":[],"adds":[],"removes":[]}},"steps":n}</c>; <c>{"level":3,"path":[[x,y],..]}</c>.
/// The answer is JSON: names of robots, names of actions, points.</para>
/// <para>"VIKI-R: Coordinating Embodied Multi-Agent Cooperation via Reinforcement Learning", 2025 (row 0 of the atlas).</para>
/// </remarks>
public static class Viki
{
    /// <summary>The reward <c>viki</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("viki", 0, 1, ["format", "accuracy"], Check);

    /// <summary>Whether a plan can be carried out step by step from the initial facts and ends with every fact of the goal.</summary>
    public static bool Accepted(IReadOnlyList<string> plan, DataValue world, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(world);
        var facts = new HashSet<string>(Gold.Texts(Gold.Field(world, "initial"), "initial"), StringComparer.Ordinal);
        var actions = Gold.Field(world, "actions");
        foreach (var step in plan)
        {
            work.Charge(16);
            if (actions.Field(step) is not { } action || !List(action, "needs").All(facts.Contains))
            {
                return false;
            }

            facts.ExceptWith(List(action, "removes"));
            facts.UnionWith(List(action, "adds"));
        }

        return Gold.Texts(Gold.Field(world, "goal"), "goal").All(facts.Contains);
    }

    /// <summary>Closeness of a path to the reference path, 0..1.</summary>
    public static double PathCloseness(IReadOnlyList<Point> path, IReadOnlyList<Point> reference, ref Work work)
    {
        double scale = double.Hypot(reference.Max(p => p.X) - reference.Min(p => p.X), reference.Max(p => p.Y) - reference.Min(p => p.Y));
        scale = scale > 0 ? scale : 1;
        return (Trajectory.Similarity(Trajectory.Rmse(path, reference, ref work), scale, 1) + Trajectory.Similarity(Trajectory.Hausdorff(path, reference, ref work), scale, 1)
            + Trajectory.Similarity(Trajectory.Frechet(path, reference, ref work), scale, 1)) / 3;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        int level = (int)Gold.Number(Gold.Field(reference, "level"), "level");
        double format = Answers.ThinkAnswer(sample.Response), accuracy = 0;
        var answer = Answers.Data(sample.Response, ref work);
        switch (level)
        {
            case 1:
                var robots = new HashSet<string>(Gold.Texts(Gold.Field(reference, "robots"), "robots"), StringComparer.OrdinalIgnoreCase);
                accuracy = Names(answer) is { } named && named.Count == robots.Count && robots.SetEquals(named) ? 1 : 0;
                break;
            case 2:
                double longest = Gold.Number(Gold.Field(reference, "steps"), "steps");
                bool never = !Accepted([], reference, ref work);
                accuracy = Names(answer) is { } plan && plan.Count <= longest && (plan.Count > 0 || !never) && Accepted(plan, reference, ref work) ? 1 : 0;
                break;
            case 3:
                var path = Gold.Points(Gold.Field(reference, "path"), "path");
                accuracy = answer is not null && GeometryReader.Points(answer) is { Count: > 0 } own ? PathCloseness(own, path, ref work) : 0;
                break;
            default:
                throw new GoldException($"level is {level}; known: 1, 2, 3");
        }

        return new MethodScore((0.1 * format) + (0.9 * accuracy), format, accuracy) { Reason = answer is null ? "unparsed" : null };
    }

    private static List<string>? Names(DataValue? answer) => answer is { Kind: DataKind.List } && answer.Items.All(i => i.Kind == DataKind.Text) ? [.. answer.Items.Select(i => i.Text)] : null;

    private static IReadOnlyList<string> List(DataValue action, string name) => action.Field(name) is { } list ? Gold.Texts(list, name) : [];
}
