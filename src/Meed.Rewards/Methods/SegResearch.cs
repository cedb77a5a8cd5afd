using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>Seg-ReSearch: search, then show where.</summary>
/// <remarks>
/// r = [IoU &gt; 0.5] + [mean L1 of the corners &lt; 10] + [point inside the box and within 100 units of the reference point] + [keyframe is one where the object is visible] + ½·([first query is near a reference step] + (1 − 0.3^k) + [format]).
/// A query is near when its bidirectional max-average similarity to a reference step is at least 0.7 (to confirm). k is the number of different searches: the bonus saturates at once, so many searches pay no more than few. Range 0..5.5.
/// <para>Reference: <c>{"box":[..],"point":[x,y],"keyframes":[..],"steps":[texts]}</c>; answer: <c>{"bbox_2d":[..],"point_2d":[..],"keyframe":n}</c>; searches are <c>search</c> tags.
/// "Seg-ReSearch: Segmentation with Interleaved Reasoning and External Search", 2026 (row 201).</para>
/// </remarks>
public static class SegResearch
{
    private const double Near = 0.7, PointRadius = 100, CornerDistance = 10;

    /// <summary>The reward <c>seg-research</c>.</summary>
    public static IReward<TextSample> Reward(ITokenEmbedding embedding) => new MethodReward("seg-research", 0, 5.5, ["iou", "corners", "point", "keyframe", "search"], (TextSample s, DataValue r, ref Work w) => Check(s, r, embedding, ref w));

    /// <summary>½·(guidance + (1 − 0.3^k) + format), 0..1.5, where format is 1 or 0 and guidance is 1 when the first query is near a reference step.</summary>
    public static double Search(bool guided, int searches, bool format) => 0.5 * ((guided ? 1 : 0) + (1 - Math.Pow(0.3, searches)) + (format ? 1 : 0));

    private static MethodScore Check(TextSample sample, DataValue reference, ITokenEmbedding embedding, ref Work work)
    {
        var box = Gold.Box(Gold.Field(reference, "box"), "box");
        var goldPoint = Gold.Points(Gold.Field(reference, "point"), "point")[0];
        var keyframes = Gold.Field(reference, "keyframes").Items.Select(k => Gold.Number(k, "keyframes")).ToHashSet();
        var steps = Gold.Texts(Gold.Field(reference, "steps"), "steps");
        var texts = sample.Turns.Where(t => t.Role == "assistant").Select(t => t.Content).Append(sample.Response).Distinct(StringComparer.Ordinal);
        var queries = texts.SelectMany(Queries).ToList();
        work.Charge(queries.Sum(q => (long)q.Length) + 1);
        bool guided = false;
        foreach (var step in queries.Count > 0 && queries[0].Length <= 500 ? steps : [])
        {
            guided |= EmbeddingSimilarity.MaxAverage(Words.Answer(queries[0]), Words.Answer(step), embedding, ref work) >= Near;
        }

        var data = Answers.Data(sample.Response, ref work);
        bool format = data is { Kind: DataKind.Map } && queries.TrueForAll(q => q.Length > 0);
        double iou = 0, corners = 0, point = 0, keyframe = 0;
        if (data is { Kind: DataKind.Map })
        {
            if (data.Field("bbox_2d") is { } b && GeometryReader.Boxes(b) is [var one] && one.Box.IsValid)
            {
                iou = Box.Iou(one.Box, box) > 0.5 ? 1 : 0;
                corners = (Math.Abs(one.Box.X1 - box.X1) + Math.Abs(one.Box.Y1 - box.Y1) + Math.Abs(one.Box.X2 - box.X2) + Math.Abs(one.Box.Y2 - box.Y2)) / 4 < CornerDistance ? 1 : 0;
            }

            point = data.Field("point_2d") is { } p && GeometryReader.Points(p) is [var own] && box.Contains(own) && Point.Distance(own, goldPoint) <= PointRadius ? 1 : 0;
            keyframe = data.Field("keyframe") is { Kind: DataKind.Number } k && keyframes.Contains(k.Number) ? 1 : 0;
        }

        double search = Search(guided, queries.Select(q => q.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Count(), format);
        return new MethodScore(iou + corners + point + keyframe + search, iou, corners, point, keyframe, search);
    }

    private static IEnumerable<string> Queries(string text)
    {
        for (int i = text.IndexOf("<search>", StringComparison.Ordinal); i >= 0; i = text.IndexOf("<search>", i + 8, StringComparison.Ordinal))
        {
            int end = text.IndexOf("</search>", i, StringComparison.Ordinal);
            yield return end < 0 ? "" : text[(i + 8)..end].Trim();
        }
    }
}
