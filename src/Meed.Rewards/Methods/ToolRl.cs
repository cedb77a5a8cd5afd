using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>ToolRL: tool names, argument names and argument values, each with credit.</summary>
/// <remarks>
/// r = format + correctness; format 0 or 1, correctness = 6·R/S − 3 in −3..3. R = Jaccard of the sets of tool names + max over one-to-one pairings of Σ_calls [Jaccard of argument names + number of exactly equal argument values];
/// S = 1 + calls + Σ_calls arguments of the reference. Pairs with different names give nothing. No call expected: correctness is 3 when none is made, −3 otherwise.
/// <para>Format: <c>think</c>, then <c>tool_call</c> when calls are expected, or <c>response</c>. Reference: a list of calls. "ToolRL: Reward is All Tool Learning Needs", arXiv:2504.13958 (row 62).</para>
/// </remarks>
public static class ToolRl
{
    private const double Scale = 6, Shift = 3;
    private static readonly DataComparison s_exact = new();

    /// <summary>The reward <c>tool-rl</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("tool-rl", -3, 4, ["format", "correctness"], Check);

    /// <summary>Correctness of the calls, −3..3.</summary>
    public static double Correctness(IReadOnlyList<ToolCall> made, IReadOnlyList<ToolCall> expected, ref Work work)
    {
        if (expected.Count == 0)
        {
            return made.Count == 0 ? Scale - Shift : -Shift;
        }

        Assignment.Charge(expected.Count, made.Count, ref work);
        var gain = new double[expected.Count, made.Count];
        for (int i = 0; i < expected.Count; i++)
        {
            for (int j = 0; j < made.Count; j++) { gain[i, j] = Pair(made[j], expected[i], ref work); }
        }

        double names = Text.SetOverlap.Jaccard(made.Select(c => c.Name), expected.Select(c => c.Name));
        double most = 1 + expected.Count + expected.Sum(c => c.Arguments.Fields.Count);
        double score = names + Assignment.Total(gain, Assignment.Maximum(gain, ref work));
        return (Scale * score / most) - Shift;
    }

    private static double Pair(ToolCall made, ToolCall expected, ref Work work)
    {
        if (made.Name != expected.Name)
        {
            return 0;
        }

        double sum = Text.SetOverlap.Jaccard(made.Arguments.Fields.Keys, expected.Arguments.Fields.Keys);
        foreach (var (name, value) in expected.Arguments.Fields)
        {
            sum += made.Arguments.Field(name) is { } own && DataEquality.AreEqual(own, value, s_exact, ref work) ? 1 : 0;
        }

        return sum;
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var expected = ToolCall.FromData(reference, ref work) ?? throw new GoldException("the reference is no list of calls");
        double format = expected.Count > 0 ? Answers.Format(sample.Response, "think", "tool_call") : Answers.Format(sample.Response, "think", "response");
        if (ToolCall.Read(sample, ref work) is not { } made)
        {
            return new MethodScore(format - Shift, format, -Shift) { Reason = "unparsed", Fault = true };
        }

        double correctness = Correctness(made, expected, ref work);
        return new MethodScore(format + correctness, format, correctness);
    }
}
