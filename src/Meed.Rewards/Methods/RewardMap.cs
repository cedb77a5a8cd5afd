using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>RewardMap: route plans with credit for details and a weight for hard maps.</summary>
/// <remarks>
/// r = w·(10·correct + 0.5·detail) + format. Detail of a route plan, from the first leg to the last: +2 for each right endpoint of the journey, and for each leg of the reference in its place +3 for the line on which the journey begins, +4 on later
/// legs, +1 for the stop where one changes; −5 for each surplus leg; kept within 0..10. Correct: all legs equal. w = {1, 1.2, 1.5}[difficulty], + 0.5 when the reference changes lines. (Which line credit is 3 and which 4: to confirm; the row says 3/4.)
/// <para>Reference: <c>{"legs":[{"line","from","to"},..],"difficulty":0|1|2}</c>; the answer is the list of legs. Range 0..31. "RewardMap: Tackling Sparse Rewards in Fine-grained Visual Reasoning via Multi-Stage Reinforcement Learning", 2025 (row 127).</para>
/// </remarks>
public static class RewardMap
{
    private static readonly double[] s_weights = [1, 1.2, 1.5];

    /// <summary>One leg of a journey.</summary>
    /// <param name="Line">Line.</param>
    /// <param name="From">Stop where one gets on.</param>
    /// <param name="To">Stop where one gets off.</param>
    public readonly record struct Leg(string Line, string From, string To);

    /// <summary>The reward <c>reward-map</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("reward-map", 0, 31, ["format", "correct", "detail"], Check);

    /// <summary>Detail credit, 0..10.</summary>
    public static double Detail(IReadOnlyList<Leg> plan, IReadOnlyList<Leg> gold)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(gold);
        if (plan.Count == 0 || gold.Count == 0)
        {
            return 0;
        }

        double sum = (Same(plan[0].From, gold[0].From) ? 2 : 0) + (Same(plan[^1].To, gold[^1].To) ? 2 : 0);
        for (int i = 0; i < Math.Min(plan.Count, gold.Count); i++)
        {
            sum += Same(plan[i].Line, gold[i].Line) ? (i == 0 ? 3 : 4) : 0;
            sum += i + 1 < gold.Count && i + 1 < plan.Count && Same(plan[i].To, gold[i].To) ? 1 : 0;
        }

        return Math.Clamp(sum - (5 * Math.Max(0, plan.Count - gold.Count)), 0, 10);
    }

    private static bool Same(string a, string b) => a.Trim().Equals(b.Trim(), StringComparison.OrdinalIgnoreCase);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Legs(Gold.Field(reference, "legs")) ?? throw new GoldException("'legs' is no list of {line, from, to}");
        int difficulty = (int)Gold.Number(reference, "difficulty", 0);
        if (difficulty < 0 || difficulty >= s_weights.Length)
        {
            throw new GoldException($"difficulty is {difficulty}; known: 0, 1, 2");
        }

        double format = Answers.ThinkAnswer(sample.Response);
        var plan = Answers.Data(sample.Response, ref work) is { } data ? Legs(data) : null;
        double correct = plan is not null && plan.Count == gold.Count && plan.Zip(gold).All(p => Same(p.First.Line, p.Second.Line) && Same(p.First.From, p.Second.From) && Same(p.First.To, p.Second.To)) ? 1 : 0;
        double detail = plan is null ? 0 : Detail(plan, gold);
        double weight = s_weights[difficulty] + (gold.Count > 1 ? 0.5 : 0);
        return new MethodScore((weight * ((10 * correct) + (0.5 * detail))) + format, format, correct, detail) { Reason = plan is null ? "unparsed" : null };
    }

    private static List<Leg>? Legs(DataValue data)
    {
        if (data.Kind != DataKind.List || data.Items.Count > Assignment.Most || data.Items.Any(l => l.Field("line") is not { Kind: DataKind.Text } || l.Field("from") is not { Kind: DataKind.Text } || l.Field("to") is not { Kind: DataKind.Text }))
        {
            return null;
        }

        return [.. data.Items.Select(l => new Leg(l.Field("line")!.Text, l.Field("from")!.Text, l.Field("to")!.Text))];
    }
}
