using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Reinforcement learning tuning for video models: option match, interval IoU, or both.</summary>
/// <remarks>
/// r = 0.9·accuracy + 0.1·format. Accuracy: right option; temporal IoU of the span; with both in the reference their mean. The answer is an option, a span, or <c>{"option":..,"start":..,"end":..}</c> for both.
/// <para>Reference: <c>{"option":"B"}</c>, <c>{"span":[s,e]}</c> or both. "Reinforcement Learning Tuning for VideoLLMs: Reward Design and Data Efficiency", 2025 (row 42).</para>
/// </remarks>
public static class VideoTuning
{
    /// <summary>The reward <c>video-tuning</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("video-tuning", 0, 1, ["format", "option", "span"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        double format = Answers.ThinkAnswer(sample.Response), option = 0, span = 0;
        var data = Answers.Data(sample.Response, ref work);
        if (reference.Field("option") is { } letter)
        {
            var own = data?.Field("option") is { Kind: DataKind.Text } field ? field.Text : Answers.Only(sample.Response);
            option = Answers.Choice(own, Gold.Text(letter, "option"));
        }

        if (reference.Field("span") is { } gold)
        {
            span = data is not null && GeometryReader.Spans(data) is { Count: 1 } own && Gold.Spans(gold, "span") is [var only] ? Interval.Iou(own[0], only) : 0;
        }

        double accuracy = (reference.Field("option"), reference.Field("span")) switch
        {
            (null, null) => throw new GoldException("the reference has neither 'option' nor 'span'"),
            (not null, not null) => (option + span) / 2,
            (not null, _) => option,
            _ => span,
        };
        return new MethodScore((0.9 * accuracy) + (0.1 * format), format, option, span);
    }
}
