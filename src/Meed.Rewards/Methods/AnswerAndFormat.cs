using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Exact answer plus format, for multiple-choice questions.</summary>
/// <remarks>
/// r = [right option or equal answer in the only answer tag] + format, 0..2. Reference: the option letter or the answer. "Enhancing Spatial Reasoning in Vision-Language Models via Chain-of-Thought Prompting and Reinforcement Learning",
/// 2025 (row 143). The same sum is the reward of DeepSeek-R1-Zero (arXiv:2501.12948).
/// </remarks>
public static class AnswerAndFormat
{
    /// <summary>The reward <c>answer-and-format</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("answer-and-format", 0, 2, ["format", "accuracy"], (TextSample s, DataValue r, ref Work w) =>
    {
        double format = Answers.ThinkAnswer(s.Response), accuracy = Answers.Choice(Answers.Only(s.Response), Gold.Text(r));
        return new MethodScore(format + accuracy, format, accuracy);
    });
}
