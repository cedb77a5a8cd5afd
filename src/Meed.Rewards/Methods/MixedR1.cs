using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Mixed-R1: one run with a reward for each kind of task.</summary>
/// <remarks>
/// r = accuracy + format, each 0..1. Accuracy by the reference's kind: <c>match</c> exact answer or option; <c>chart</c> 1 when |p − g| ≤ 0.05·|g| (ChartQA's relaxed accuracy; to confirm in the paper), texts exactly;
/// <c>box</c> IoU; <c>text</c> bidirectional max-average similarity of token vectors (<see cref="EmbeddingSimilarity.MaxAverage"/>), negative values as 0.
/// <para>Reference: <c>{"kind":"match|chart|box|text","answer":..}</c>. "Mixed-R1: Unified Reward Perspective For Reasoning Capability in Multimodal Large Language Models", 2025 (row 8).</para>
/// </remarks>
public static class MixedR1
{
    private const double ChartTolerance = 0.05;

    /// <summary>The reward <c>mixed-r1</c>.</summary>
    public static IReward<TextSample> Reward(ITokenEmbedding embedding) => new MethodReward("mixed-r1", 0, 2, ["format", "accuracy"], (TextSample s, DataValue r, ref Work w) => Check(s, r, embedding, ref w));

    private static MethodScore Check(TextSample sample, DataValue reference, ITokenEmbedding embedding, ref Work work)
    {
        var kind = Gold.Text(Gold.Field(reference, "kind"), "kind");
        var gold = Gold.Field(reference, "answer");
        var answer = Answers.Only(sample.Response);
        double format = Answers.ThinkAnswer(sample.Response);
        double accuracy = kind switch
        {
            "match" => Answers.Choice(answer, Gold.Text(gold, "answer")),
            "chart" => Answers.Same(answer, Gold.Text(gold, "answer"), ChartTolerance),
            "box" => Answers.Data(sample.Response, ref work) is { } data && GeometryReader.Boxes(data) is { Count: 1 } one ? Box.Iou(one[0].Box, Gold.Box(gold, "answer")) : 0,
            "text" => answer is null ? 0 : Math.Max(0, EmbeddingSimilarity.MaxAverage(Words.Answer(answer), Words.Answer(Gold.Text(gold, "answer")), embedding, ref work)),
            _ => throw new GoldException($"kind is '{kind}'; known: match, chart, box, text"),
        };
        return new MethodScore(accuracy + format, format, accuracy) { Reason = answer is null ? "unparsed" : null };
    }
}
