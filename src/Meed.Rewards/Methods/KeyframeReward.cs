using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>EgoVLM: answer, format, and the frames the model names.</summary>
/// <remarks>
/// r = accuracy + format + F1 of the set of frames in the only <c>frames</c> tag against the salient keyframes (keyframe formula to confirm in the paper; F1 so that naming every frame does not pay), 0..3. The whole form is
/// <c>think</c>, <c>frames</c>, <c>answer</c>.
/// <para>Reference: <c>{"answer":..,"keyframes":[..]}</c>. "EgoVLM: Policy Optimization for Egocentric Video Understanding", 2025 (row 211).</para>
/// </remarks>
public static class KeyframeReward
{
    /// <summary>The reward <c>keyframe</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("keyframe", 0, 3, ["format", "accuracy", "frames"], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Gold.Field(r, "keyframes").Items.Select(k => (int)Gold.Number(k, "keyframes")).ToHashSet();
        double format = Answers.Format(s.Response, "think", "frames", "answer"), accuracy = Answers.Choice(Answers.Only(s.Response), Gold.Text(Gold.Field(r, "answer"), "answer"));
        var named = Answers.Data(s.Response, ref w, "frames");
        double frames = named is { Kind: DataKind.List } && named.Items.All(i => i is { Kind: DataKind.Number, IsInteger: true } && Math.Abs(i.Number) < 1e9) ? Citations.Score(named.Items.Select(i => (int)i.Number), gold).F1 : 0;
        return new MethodScore(format + accuracy + frames, format, accuracy, frames);
    });
}
