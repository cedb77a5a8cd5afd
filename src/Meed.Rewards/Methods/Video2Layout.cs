using System.Globalization;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Video2Layout: graded credit for numbers, exact match for texts.</summary>
/// <remarks>
/// r = 0.9·accuracy + 0.1·format. Numeric accuracy: share of the ten thresholds 50 %, 45 %, …, 5 % that the relative error |p − g|/|g| does not exceed (for g = 0 only 0 is right); texts and options exactly. Format: tags <c>map</c>, <c>think</c>, <c>answer</c>.
/// <para>Reference: the answer. "Video2Layout: Recall and Reconstruct Metric-Grounded Cognitive Map for Spatial Reasoning", 2025 (row 162); the measure is the mean relative accuracy of VSI-Bench (arXiv:2412.14171).</para>
/// </remarks>
public static class Video2Layout
{
    /// <summary>The reward <c>video-2-layout</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("video-2-layout", 0, 1, ["format", "accuracy"], (TextSample s, DataValue r, ref Work w) =>
    {
        double format = Answers.Format(s.Response, "map", "think", "answer");
        var answer = Answers.Only(s.Response);
        double accuracy = r.Kind == DataKind.Number || double.TryParse(r.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out double own) ? Graded(own, double.Parse(Gold.Text(r), NumberStyles.Float, CultureInfo.InvariantCulture)) : 0
            : Answers.Choice(answer, Gold.Text(r));
        return new MethodScore((0.9 * accuracy) + (0.1 * format), format, accuracy);
    });

    /// <summary>Share of the ten relative-error thresholds that are met.</summary>
    public static double Graded(double answer, double gold)
    {
        if (!double.IsFinite(answer) || gold == 0)
        {
            return answer == gold ? 1 : 0;
        }

        double error = Math.Abs(answer - gold) / Math.Abs(gold);
        int met = 0;
        for (int i = 1; i <= 10; i++) { met += error <= (0.05 * i) + 1e-12 ? 1 : 0; }
        return met / 10.0;
    }
}
