using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Shop-R1: staged credit for an action, with the hard part scaled up.</summary>
/// <remarks>
/// r = 0.5·format + type·(0.3 + 0.2·fields + λ·text) + 0.005·certainty. Type: 1 for the right action type, otherwise nothing more is paid. Fields: share of the reference action's other fields that are present. Text: mean over those
/// fields of ROUGE-L F1 where it exceeds 0.75, else 0. λ is the difficulty factor (10 here; the paper scales long texts far more; to confirm), so that the easy action without fields (terminate) cannot dominate.
/// Certainty: mean over tokens of KL(uniform‖p) as <see cref="SelfCertainty"/>, clipped to 0..10, from the item's <c>self_certainty</c> when whoever sampled recorded it.
/// <para>Reference: <c>{"type":..,other fields}</c>; the response is a JSON object with <c>rationale</c> and <c>action</c>. "Shop-R1: Rewarding LLMs to Simulate Human Behavior in Online Shopping via Reinforcement Learning", 2025 (row 103).</para>
/// </remarks>
public static class ShopR1
{
    private const double Format = 0.5, Type = 0.3, Fields = 0.2, Difficulty = 10, Certainty = 0.005, TextThreshold = 0.75, MostCertain = 10;

    /// <summary>The reward <c>shop-r1</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("shop-r1", 0, Format + Type + Fields + Difficulty + (Certainty * MostCertain), ["format", "type", "fields", "text"], Check);

    /// <summary>Mean over rows of KL(U‖p) = −log V − (1/V)·Σ_v log p_v, in nats, from log-probabilities [T, V]; 0 for uniform rows.</summary>
    public static double SelfCertainty(ReadOnlySpan<double> logProbabilities, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        if (logProbabilities.Length == 0 || logProbabilities.Length % vocabulary != 0)
        {
            throw new ArgumentException($"ShopR1.SelfCertainty: {logProbabilities.Length} values are no rows of {vocabulary}; give [T, V] with T at least 1.");
        }

        double sum = 0;
        foreach (double value in logProbabilities) { sum += value; }
        int rows = logProbabilities.Length / vocabulary;
        return -Math.Log(vocabulary) - (sum / vocabulary / rows);
    }

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Text(Gold.Field(reference, "type"), "type");
        var data = DataAnswer.Find(sample.Response, whole: true, ref work);
        var action = data?.Field("action");
        double format = data?.Field("rationale") is { Kind: DataKind.Text } && action is { Kind: DataKind.Map } ? 1 : 0;
        double type = format == 1 && action!.Field("type") is { Kind: DataKind.Text } own && own.Text == gold ? 1 : 0, fields = 0, text = 0;
        var others = reference.Fields.Where(f => f.Key != "type").ToList();
        foreach (var (name, value) in others)
        {
            if (type == 0 || action!.Field(name) is not { Kind: DataKind.Text } given)
            {
                continue;
            }

            fields += 1.0 / others.Count;
            double rouge = Rouge.L(Rouge.Tokenize(given.Text), Rouge.Tokenize(Gold.Text(value, name)), ref work).F1;
            text += rouge > TextThreshold ? rouge / others.Count : 0;
        }

        double certainty = DataValue.From(sample.Item)?.Field("self_certainty") is { Kind: DataKind.Number } c ? Math.Clamp(c.Number, 0, MostCertain) : 0;
        double reward = (Format * format) + (type * (Type + (Fields * fields) + (Difficulty * text))) + (format == 1 ? Certainty * certainty : 0);
        return new MethodScore(reward, format, type, fields, text) { Reason = data is null ? "unparsed" : null };
    }
}
