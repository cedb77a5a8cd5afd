using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Video-o3: a right answer, and clips that overlap the clues, worth less as turns add up.</summary>
/// <remarks>
/// r = answer + 0.5·format + 0.5·[answer right]·γ^(turns − 1)·IoU(requested clips, clue segments), γ = 0.9 (to confirm in the paper). IoU is that of the unions, so requesting the whole video does not pay; without a right answer clips earn nothing.
/// <para>Reference: <c>{"answer":..,"clues":[[s,e],..]}</c>. Requests are <c>clip</c> tags holding a span, one a turn, in the assistant's turns or the response. "Video-o3: Native Interleaved Clue Seeking for Long Video Multi-Hop Reasoning", 2026 (row 166).</para>
/// </remarks>
public static class ClueSeeking
{
    private const double Discount = 0.9;
    private const int MostClips = 64;

    /// <summary>The reward <c>clue-seeking</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("clue-seeking", 0, 2, ["format", "answer", "clues", "turns"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var clues = Gold.Spans(Gold.Field(reference, "clues"), "clues");
        double answer = Answers.Choice(Answers.Only(sample.Response), Gold.Text(Gold.Field(reference, "answer"), "answer"));
        var clips = new List<Interval>();
        bool readable = true;
        foreach (var text in sample.Turns.Where(t => t.Role == "assistant").Select(t => t.Content).Append(sample.Response).Distinct(StringComparer.Ordinal))
        {
            work.Charge(text.Length + 1L);
            for (int i = text.IndexOf("<clip>", StringComparison.Ordinal); i >= 0 && clips.Count <= MostClips; i = text.IndexOf("<clip>", i + 6, StringComparison.Ordinal))
            {
                int end = text.IndexOf("</clip>", i, StringComparison.Ordinal);
                readable &= end >= 0 && end - i < 200 && GeometryReader.Spans(text[(i + 6)..end], ref work) is [{ IsValid: true } one] && Add(clips, one);
            }
        }

        double format = readable && clips.Count <= MostClips && Answers.Only(sample.Response) is not null ? 1 : 0;
        double overlap = format == 1 ? Interval.Iou(clips, clues, ref work) : 0;
        double found = answer * overlap * Math.Pow(Discount, Math.Max(0, clips.Count - 1));
        return new MethodScore(answer + (0.5 * format) + (0.5 * found), format, answer, overlap, clips.Count);
    }

    private static bool Add(List<Interval> clips, Interval clip)
    {
        clips.Add(clip);
        return true;
    }
}
