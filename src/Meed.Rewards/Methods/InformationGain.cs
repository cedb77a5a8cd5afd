using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Dialogue as Discovery: a question is worth the entropy it removes.</summary>
/// <remarks>
/// The belief holds a distribution over values for each slot of a specification. A question about a slot, answered by a user whose reply is the true value with probability 1 − ε and any other value with equal probability, has the closed-form
/// gain H(before) − E[H(after)] in nats; for a perfect reply (ε = 0) that is H(before). r = gain of the question / Σ_slots H, 0..1: a question about a known slot earns 0, so does one that names no slot or several.
/// <para>Reference: <c>{"belief":{slot:{value:p,..},..},"error":ε}</c>; the response names the slot in its only <c>ask</c> tag. "Dialogue as Discovery: Navigating Human Intent Through Principled Inquiry", 2025 (row 153).</para>
/// </remarks>
public static class InformationGain
{
    /// <summary>The reward <c>information-gain</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("information-gain", 0, 1, ["gain"], Check);

    /// <summary>−Σ p·ln p of a distribution.</summary>
    public static double Entropy(ReadOnlySpan<double> p)
    {
        double sum = 0;
        foreach (double v in p) { sum -= v > 0 ? v * Math.Log(v) : 0; }
        return sum;
    }

    /// <summary>Mutual information of the slot's value and the reply: H(reply) − H(reply | value).</summary>
    public static double Gain(ReadOnlySpan<double> p, double error)
    {
        if (p.Length < 2)
        {
            return 0;
        }

        double other = error / (p.Length - 1);
        Span<double> reply = p.Length <= 256 ? stackalloc double[p.Length] : new double[p.Length];
        for (int i = 0; i < p.Length; i++) { reply[i] = (p[i] * (1 - error)) + ((1 - p[i]) * other); }
        double noise = (error > 0 ? -error * Math.Log(other) : 0) - (error < 1 ? (1 - error) * Math.Log(1 - error) : 0);
        return Math.Max(0, Entropy(reply) - noise);
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var belief = Gold.Field(reference, "belief");
        double error = Gold.Number(reference, "error", 0), total = 0;
        if (belief.Fields.Count == 0 || error < 0 || error >= 1)
        {
            throw new GoldException("the belief has no slots, or the error is not from 0 to below 1");
        }

        foreach (var (name, slot) in belief.Fields)
        {
            var p = Distribution(slot, name);
            total += Entropy(p);
        }

        var asked = Answers.Only(sample.Response, "ask");
        if (asked is null)
        {
            return MethodScore.Unparsed;
        }

        double gain = belief.Field(asked) is { } about ? Gain(Distribution(about, asked), error) : 0;
        return new MethodScore(total > 0 ? Math.Min(1, gain / total) : 0, gain);
    }

    private static double[] Distribution(DataValue slot, string name)
    {
        double[] p = [.. slot.Fields.Values.Select(v => Gold.Number(v, name))];
        return p.Length > 0 && p.All(v => v >= 0) && Math.Abs(p.Sum() - 1) < 1e-6 ? p : throw new GoldException($"slot '{name}' is no distribution");
    }
}
