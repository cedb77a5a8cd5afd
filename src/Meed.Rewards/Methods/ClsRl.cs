using Meed.Rewards.Structure;
using Meed.Rewards.Text;

namespace Meed.Rewards.Methods;

/// <summary>CLS-RL: the right label in the answer tag, or the label alone.</summary>
/// <remarks>
/// Thinking: r = format + [label in the only answer tag equals the gold without case]. Without thinking (<see cref="ClsRlOptions.NoThinking"/>): r = 1 when the whole output equals the label, otherwise 0.
/// Whole labels are compared: a list of all labels is none. "CLS-RL: Image Classification with Rule-Based Reinforcement Learning", arXiv:2503.16188 (row 111).
/// </remarks>
public static class ClsRl
{
    /// <summary>The reward <c>cls-rl</c>.</summary>
    public static IReward<TextSample> Reward(ClsRlOptions options) => new MethodReward("cls-rl", 0, options.NoThinking ? 1 : 2, ["format", "label"], (TextSample s, DataValue r, ref Work w) =>
    {
        var gold = Words.TrimSpace(Gold.Text(r));
        double format = options.NoThinking ? 0 : Answers.ThinkAnswer(s.Response);
        var own = options.NoThinking ? Words.TrimSpace(s.Response) : Answers.Only(s.Response);
        double label = own is not null && own.Equals(gold, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        return new MethodScore(format + label, format, label);
    });
}

/// <summary>Options of <c>cls-rl</c>.</summary>
public sealed record ClsRlOptions
{
    /// <summary>The output must be the label alone, without thinking.</summary>
    public bool NoThinking { get; init; }
}
