using Meed.Rewards.Geometry;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>GUI-G²: Gaussian point and coverage rewards for pointing at interface elements.</summary>
/// <remarks>
/// r = format + point + coverage, each 0..1 (<see cref="GaussianGrounding"/>); the point is the middle of the answered box, format 1 when exactly one box is answered. A box that is degenerate or the wrong way round counts as unreadable: 0.
/// <para>Reference: the target box, in the frame of the answer. "GUI-G²: Gaussian Reward Modeling for GUI Grounding", arXiv:2507.15846 (row 145).</para>
/// </remarks>
public static class GuiG2
{
    /// <summary>The reward <c>gui-g2</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("gui-g2", 0, 3, ["format", "point", "coverage"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var target = Gold.Box(reference);
        if (GeometryReader.Boxes(sample.Response, ref work) is not [var own] || !own.Box.IsValid)
        {
            return MethodScore.Unparsed;
        }

        double point = GaussianGrounding.Point(own.Box.Center, target), coverage = GaussianGrounding.Coverage(own.Box, target);
        return new MethodScore(1 + point + coverage, 1, point, coverage);
    }
}
