using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Hybrid and multi-aspect reward: rules where an answer can be checked, similarity elsewhere, form and length beside it.</summary>
/// <remarks>
/// r = accuracy + 0.5·format − 0.5·length. Accuracy: 1 for the right answer when the reference is checkable (a number, or an option letter), otherwise max(0, BMAS) of the answer and the reference over the supplied embedding
/// (or a learned score, by the combinators <c>route</c> and <c>sum</c>). Length: clamp((n − n₀)/n₀, 0, 1) with n words and n₀ = 2·words of the reference + 256 (weights and n₀ to confirm in the paper). Range −0.5..1.5.
/// <para>Reference: a text. "Beyond Monolithic Rewards: A Hybrid and Multi-Aspect Reward Optimization for MLLM Alignment", 2025 (row 110).</para>
/// </remarks>
public static class HybridReward
{
    private const double Weight = 0.5;
    private const int FreeWords = 256;

    /// <summary>The reward <c>hybrid</c>.</summary>
    public static IReward<TextSample> Reward(ITokenEmbedding embedding) => new MethodReward("hybrid", -Weight, 1 + Weight, ["format", "accuracy", "length"], (TextSample s, DataValue r, ref Work w) => Check(s, r, embedding, ref w));

    /// <summary>The length penalty, 0..1.</summary>
    public static double Length(int words, int free) => Math.Clamp((double)(words - free) / free, 0, 1);

    private static MethodScore Check(TextSample sample, DataValue reference, ITokenEmbedding embedding, ref Work work)
    {
        var gold = Gold.Text(reference);
        double format = Answers.ThinkAnswer(sample.Response);
        var answer = Answers.Only(sample.Response);
        bool checkable = Answers.Option(gold) is not null || double.TryParse(gold.Replace(",", "", StringComparison.Ordinal), out _);
        double accuracy = checkable ? Answers.Choice(answer, gold)
            : answer is null ? 0 : Math.Max(0, EmbeddingSimilarity.MaxAverage(Words.Answer(answer), Words.Answer(gold), embedding, ref work));
        double length = Length(Words.CountRuns(sample.Response), FreeWords + (2 * Words.CountRuns(gold)));
        return new MethodScore(accuracy + (Weight * format) - (Weight * length), format, accuracy, length) { Reason = answer is null ? "unparsed" : null };
    }
}
