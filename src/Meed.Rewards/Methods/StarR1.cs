using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>STAR-R1: a set of edits, each with tiered credit, and charges for enumerating too much or too little.</summary>
/// <remarks>
/// Each reference edit (object, attribute, value) is paired one to one with an answered edit: 5.0 when all three are equal, 1.5 for object and attribute, 0.5 for the object alone. Each answered edit without a pair costs 1.0,
/// each reference edit without one 1.0 (constants to confirm in the paper; 1.0 is above the 0.5 that naming an object earns, so guessing objects never pays). Plus 1 for the form. The sum is divided by 5·n + 1 and kept within −1..1.
/// <para>Reference and answer: lists of <c>[object, attribute, value]</c>. "STAR-R1: Spatial TrAnsformation Reasoning by Reinforcing Multimodal LLMs", 2025 (row 120).</para>
/// </remarks>
public static class StarR1
{
    private const double All = 5, Attribute = 1.5, Object = 0.5, Charge = 1;

    /// <summary>The reward <c>star-r1</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("star-r1", -1, 1, ["format", "exact", "extra", "missing"], Check);

    /// <summary>Credit of one pair of edits.</summary>
    public static double Credit(IReadOnlyList<string> made, IReadOnlyList<string> gold)
        => !Same(made[0], gold[0]) ? 0 : !Same(made[1], gold[1]) ? Object : !Same(made[2], gold[2]) ? Attribute : All;

    private static bool Same(string a, string b) => a.Trim().Equals(b.Trim(), StringComparison.OrdinalIgnoreCase);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Edits(reference) ?? throw new GoldException("the reference is no list of [object, attribute, value]");
        double format = Answers.ThinkAnswer(sample.Response);
        if (Answers.Data(sample.Response, ref work) is not { } data || Edits(data) is not { } made)
        {
            return MethodScore.Unparsed;
        }

        Assignment.Charge(gold.Count, made.Count, ref work);
        var gain = new double[gold.Count, made.Count];
        for (int i = 0; i < gold.Count; i++)
        {
            for (int j = 0; j < made.Count; j++) { gain[i, j] = Credit(made[j], gold[i]); }
        }

        var pairs = Assignment.Maximum(gain, ref work);
        int paired = 0, exact = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            paired += pairs[i] >= 0 && gain[i, pairs[i]] > 0 ? 1 : 0;
            exact += pairs[i] >= 0 && gain[i, pairs[i]] == All ? 1 : 0;
        }

        int extra = made.Count - paired, missing = gold.Count - paired;
        double sum = format + Assignment.Total(gain, pairs) - (Charge * (extra + missing));
        return new MethodScore(Math.Max(-1, sum / ((All * gold.Count) + 1)), format, exact, extra, missing);
    }

    private static List<List<string>>? Edits(DataValue data)
    {
        if (data.Kind != DataKind.List || data.Items.Count > Assignment.Most || data.Items.Any(e => e.Kind != DataKind.List || e.Items.Count != 3 || e.Items.Any(p => p.Kind is not (DataKind.Text or DataKind.Number))))
        {
            return null;
        }

        return [.. data.Items.Select(e => e.Items.Select(p => p.Text).ToList())];
    }
}
