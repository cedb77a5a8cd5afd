using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Tool-augmented thinking with medical images: answer, overlap, form, and a bonus for tools only with a right answer.</summary>
/// <remarks>
/// r = answer + overlap + 0.5·format + 0.5·[answer right and at least one tool call] (weights to confirm in the paper). Overlap: IoU of the region answered with the reference box; for masks the item's <c>mask</c> gives the runs.
/// A wrong answer earns nothing for tools, so calls without use do not pay; more than one call pays no more.
/// <para>Reference: <c>{"answer":..,"box":[..]}</c>; answer tag: <c>{"answer":..,"box":[..]}</c>; tool calls are the assistant turns that carry any, or <c>tool_call</c> tags.
/// "Incentivizing Tool-augmented Thinking with Images for Medical Image Analysis", 2025 (row 95).</para>
/// </remarks>
public static class ToolThinking
{
    /// <summary>The reward <c>tool-thinking</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("tool-thinking", 0, 3, ["format", "answer", "overlap", "tool"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Text(Gold.Field(reference, "answer"), "answer");
        var region = reference.Field("box") is { } box ? Gold.Box(box, "box") : (Box?)null;
        double format = Answers.ThinkAnswer(sample.Response);
        var data = Answers.Data(sample.Response, ref work);
        var text = data?.Field("answer") is { } own ? (own.Kind == DataKind.Text ? own.Text : own.ToString()) : Answers.Only(sample.Response);
        double answer = Answers.Choice(text, gold);
        double overlap = region is { } target && data?.Field("box") is { } found && GeometryReader.Boxes(found) is { Count: 1 } one ? Box.Iou(one[0].Box, target) : 0;
        bool called = sample.Turns.Any(t => t.Role == "assistant" && t.ToolCalls.ValueKind == System.Text.Json.JsonValueKind.Array && t.ToolCalls.GetArrayLength() > 0) || sample.Turns.Any(t => t.Role == "tool");
        double tool = answer == 1 && called ? 1 : 0;
        return new MethodScore(answer + overlap + (0.5 * format) + (0.5 * tool), format, answer, overlap, tool);
    }
}
